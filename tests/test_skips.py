"""With `--no-skips` every test that does not run is a failure, except one that is expected to fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent

TESTS = """
import pytest

def test_that_runs(): pass

@pytest.mark.xfail(run=False)
def test_that_is_expected_to_fail(): raise AssertionError

@pytest.mark.skip("by a mark")
def test_marked(): pass

def test_that_skips(): pytest.skip("in its body")

@pytest.fixture
def server(): pytest.skip("in a fixture")

def test_with_a_server(server): pass
"""
MODULE = "import pytest; pytest.skip('as a module', allow_module_level=True)"
REASONS = ("by a mark", "in its body", "in a fixture", "as a module")


def run(folder: Path, *options: str) -> str:
    """Run the tests above by the plugin alone, and return what is said."""
    (folder / "test_some.py").write_text(TESTS)
    (folder / "test_module.py").write_text(MODULE)
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "pytest", "-p", "tests.support.skips", "-p", "no:cacheprovider", "-c", os.devnull,
         "--continue-on-collection-errors", "--rootdir", folder, *options, folder],
        cwd=ROOT, env={**os.environ, "PYTEST_ADDOPTS": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout


def test_a_skip_fails_if_that_is_asked_for(tmp_path: Path) -> None:
    said = run(tmp_path, "--no-skips")
    assert [reason for reason in REASONS if f"{reason} (not allowed by --no-skips)" in said] == [*REASONS]
    assert " 1 failed, 1 passed, 1 xfailed, 3 errors " in said


def test_a_skip_is_a_skip_otherwise(tmp_path: Path) -> None:
    assert " 1 passed, 4 skipped, 1 xfailed " in run(tmp_path)

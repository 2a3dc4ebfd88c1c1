"""The package as it is installed elsewhere: one import name, with all that a database, every language and the demo need."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment in which nothing is installed but the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(wheel) as package:
        package.extractall(folder / "installed")
    return folder / "installed"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of somebody else's, which has folders of its own that are named as ours are."""
    for name in ("core", "bots"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(
            "raise ImportError('this is the project, not Tickertape')\n"
        )
    return tmp_path


def python(installed: Path, *arguments: str, cwd: Path) -> str:
    """Run Python on the installed package and return what it prints."""
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    done = subprocess.run(  # noqa: S603 - our own program
        [
            sys.executable,
            "-S",
            *arguments,
        ],  # without the paths to our sources, which an editable installation adds
        cwd=cwd,
        env={"PYTHONPATH": os.pathsep.join([str(installed), *libraries]), "PATH": os.defpath},
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_is_installed_but_tickertape_with_its_types(installed: Path) -> None:
    names = {each.name for each in installed.iterdir() if not each.name.endswith(".dist-info")}
    assert names == {"tickertape"}
    assert (installed / "tickertape" / "py.typed").is_file()


def test_it_can_make_a_database_and_speak(installed: Path, tmp_path: Path) -> None:
    script = (
        "import asyncio, sys, structlog, tickertape.durable.store\n"
        "from tickertape.languages import SUPPORTED, Language\n"
        "from tickertape.languages.words import STOPPED\n"
        "from tickertape.durable.store import DatabaseSettings, Store\n"
        "structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))\n"
        "async def main():\n"
        "    async with await Store.open(DatabaseSettings(sys.argv[1])):\n"
        "        print(tickertape.durable.store.__file__, *(Language(tag).say(STOPPED) for tag in SUPPORTED))\n"
        "asyncio.run(main())\n"
    )
    said = python(installed, "-c", script, f"sqlite:///{tmp_path / 'store.db'}", cwd=tmp_path)
    where = installed / "tickertape" / "durable" / "store" / "__init__.py"
    assert said.strip() == f"{where} Gestoppt. Stopped."
    assert (tmp_path / "store.db").stat().st_size > 0


def test_it_is_imported_beside_a_project_with_folders_of_the_same_names(
    installed: Path, project: Path
) -> None:
    script = "import tickertape.discord, tickertape.slack; print(*tickertape.__path__)"
    assert python(installed, "-c", script, cwd=project).strip() == str(installed / "tickertape")


@pytest.mark.real_time
def test_the_demo_runs_beside_a_project_with_folders_of_the_same_names(
    installed: Path, project: Path
) -> None:
    assert "429" in python(installed, "-m", "tickertape", "demo", cwd=project)

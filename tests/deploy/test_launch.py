"""One line starts everything: what it installs, how often, and what it says when it cannot."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import signal
import socket
import zipfile
from pathlib import Path

import pytest

from tests.deploy.project import ROOT, Project, ended

pytestmark = pytest.mark.real_time

LAUNCH = ROOT / "deploy" / "launch.py"
DEMO = ["demo.txt build.txt", "project"]
TESTS = ["constraints.txt", "project"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.at(tmp_path)


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    """A pipe at which the stand-in for pip waits for the test."""
    path = tmp_path / "gate"
    os.mkfifo(path)
    return path


def site(folder: Path, lines: str) -> Path:
    """Return a folder whose code runs first in every Python that has it on its path."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(f"import sys\n{lines}\n", encoding="utf-8")
    return folder


# What is installed, and when.


def test_the_first_start_sets_up_and_the_second_is_immediate(project: Project) -> None:
    first = project.start("demo", "--serve")
    assert (first.status, project.calls) == (0, DEMO), first.err
    assert first.out == f"tickertape demo --serve in {project.cwd}\n"
    second = project.start("demo")
    assert (second.status, second.err, project.calls) == (0, "", DEMO)


def test_pip_takes_only_what_the_lists_promise(project: Project) -> None:
    project.start("run")
    lists, itself = (project.cwd / "calls").read_text().splitlines()
    assert {"--require-hashes", "--no-deps", "--only-binary=:all:"} <= set(lists.split())
    assert {"--no-index", "--no-deps", "--no-build-isolation"} <= set(itself.split())


@pytest.mark.parametrize(
    ("command", "says"), [("run", "tickertape run -c x"), ("check", "tickertape check -c x")]
)
def test_the_bot_finds_its_settings_where_the_user_is(project: Project, command: str, says: str) -> None:
    assert project.start(command, "-c", "x").out == f"{says} in {project.cwd}\n"
    assert project.calls == ["build.txt runtime.txt", "project"]


def test_the_tests_run_in_the_project(project: Project) -> None:
    assert project.start("test", "-k", "x").out == f"pytest -k x in {project.folder}\n"


def test_the_status_is_the_programs(project: Project) -> None:
    assert [project.start("demo", PROGRAM_STATUS=str(status)).status for status in (0, 3)] == [0, 3]


def test_what_serves_the_tests_serves_all(project: Project) -> None:
    project.start("test")
    assert [project.start(name).status for name in ("demo", "check", "run")] == [0, 0, 0]
    assert project.calls == TESTS


def test_the_tests_are_added_to_the_demo(project: Project) -> None:
    project.start("demo")
    (project.venv / "mine").touch()
    assert project.start("test").status == 0
    assert project.start("demo").status == 0
    assert project.calls == [*DEMO, *TESTS]
    assert (project.venv / "mine").exists()


@pytest.mark.parametrize("changed", ["deploy/demo.txt", "deploy/build.txt", "pyproject.toml"])
def test_a_change_of_what_is_needed_is_installed(project: Project, changed: str) -> None:
    project.start("demo")
    (project.venv / "mine").touch()
    with (project.folder / changed).open("a", encoding="utf-8") as file:
        file.write("\n# another\n")
    assert project.start("demo").status == 0
    assert project.calls == [*DEMO, *DEMO]
    assert (project.venv / "mine").exists(), "a refreshed .venv is not made anew"


# A `.venv` that is not whole.


def leave_a_folder(venv: Path) -> None:
    shutil.rmtree(venv)
    (venv / "bin").mkdir(parents=True)


def leave_a_file(venv: Path) -> None:
    shutil.rmtree(venv)
    venv.touch()


def leave_a_dangling_link(venv: Path) -> None:
    shutil.rmtree(venv)
    venv.symlink_to("nowhere")


def upgrade_python(venv: Path) -> None:
    (venv / "bin" / "python").unlink()
    (venv / "bin" / "python").symlink_to("python-of-last-year")


def lose_the_stamp(venv: Path) -> None:
    (venv / "launch.stamp").unlink()


@pytest.mark.parametrize(
    "damage", [leave_a_folder, leave_a_file, leave_a_dangling_link, upgrade_python, lose_the_stamp]
)
def test_a_half_made_environment_is_made_anew(project: Project, damage: object) -> None:
    assert callable(damage)
    project.start("demo")
    damage(project.venv)
    done = project.start("demo")
    assert (done.status, project.calls) == (0, [*DEMO, *DEMO]), done.err


def test_a_project_that_was_moved_is_set_up_anew(project: Project) -> None:
    project.start("demo")
    moved = Project(project.folder.with_name("moved"), project.cwd)
    project.folder.rename(moved.folder)
    done = moved.start("demo")
    assert (done.status, moved.calls) == (0, [*DEMO, *DEMO])
    assert "made anew" in done.err


def interrupted(project: Project, gate: Path, step: str) -> str:
    """Interrupt a start of the tests at that step of pip's, and return the last line on the screen."""
    process = project.begin("test", PIP_GATE=str(gate), PIP_GATE_AT=step, PIP_STAYS="yes")
    assert gate.read_text() == step
    process.send_signal(signal.SIGINT)
    done = ended(process)
    assert done.status == 130
    return done.sentence


def test_an_interrupted_unpacking_is_begun_anew(project: Project, gate: Path) -> None:
    project.start("demo")
    (project.venv / "mine").touch()
    assert "start this again" in interrupted(project, gate, "unpacking")
    assert project.start("test").status == 0
    assert not (project.venv / "mine").exists()


def test_an_interrupted_download_leaves_what_was_there(project: Project, gate: Path) -> None:
    project.start("demo")
    assert "start this again" in interrupted(project, gate, "fetching")
    assert project.start("demo").err == ""


def test_two_starts_at_once_install_once(project: Project, gate: Path) -> None:
    first = project.begin("demo", PIP_GATE=str(gate))
    second = project.begin("demo", PIP_GATE=str(gate))
    said = {process: [process.stderr.readline()] for process in (first, second) if process.stderr}
    assert gate.read_text() == "fetching"  # one of them has come so far; the project is the second run of pip
    assert gate.read_text() == "fetching"
    done = [ended(process) for process in (first, second)]
    assert [each.status for each in done] == [0, 0]
    assert project.calls == DEMO
    lines = [line for first_lines in said.values() for line in first_lines]
    assert sum("waiting for it" in line for line in [*lines, *(each.err for each in done)]) == 1


# What stands in the way: one sentence, the last on the screen.


def test_any_python_can_read_the_sentence_about_its_age() -> None:
    tree = ast.parse(LAUNCH.read_text(encoding="utf-8"), feature_version=(3, 6))
    before = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))][:-1]
    names = {alias.name for node in before if isinstance(node, ast.Import) for alias in node.names}
    assert names == {"os", "shlex", "shutil", "sys"}


@pytest.mark.parametrize(("here", "wayout"), [(None, "install a newer one"), ("python3.12", "python3.12 ")])
def test_an_old_python_says_so(project: Project, tmp_path: Path, here: str | None, wayout: str) -> None:
    old = site(tmp_path / "old", "sys.version_info, sys.version = (3, 9, 18), '3.9.18 (main)'")
    if here:
        (old / here).write_text("#!/bin/sh\n", encoding="utf-8")
        (old / here).chmod(0o755)
    done = project.start("demo", path=old, PATH=str(old))
    assert (done.status, len(done.err.splitlines())) == (2, 1)
    assert "needs Python 3.11 or newer, and this is 3.9.18" in done.sentence
    assert wayout in done.sentence
    assert not project.venv.exists()


def test_a_python_without_venv_is_told_where_it_is(project: Project, tmp_path: Path) -> None:
    bare = site(tmp_path / "bare", "sys.modules.update(ensurepip=None, pip=None)")
    done = project.start("demo", path=bare)
    assert done.status == 2
    assert "venv" in done.sentence
    assert "install" in done.sentence
    assert not project.venv.exists()


def test_a_python_without_ensurepip_takes_its_own_pip(project: Project, tmp_path: Path) -> None:
    debian = site(tmp_path / "debian", "sys.modules.update(ensurepip=None)")
    assert project.start("demo", path=debian).status == 0
    calls = (project.cwd / "calls").read_text().splitlines()
    assert all(call.startswith(f"--python {project.venv}/bin/python install") for call in calls)
    assert project.calls == DEMO


@pytest.mark.parametrize(
    ("words", "sentence", "status"),
    [
        ("Could not install packages due to an OSError: [Errno 28] No space left", "The disk is full", 1),
        ("OSError: [Errno 122] Disk quota exceeded", "The disk is full", 1),
        ("ERROR: [Errno 13] Permission denied: '/x'", "You may not write", 2),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "A package is not the one", 1),
        (
            "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]",
            "This machine does not trust",
            1,
        ),
        (
            "Retrying after connection broken by 'NewConnectionError('",
            "The package index cannot be reached",
            1,
        ),
        (
            "ReadTimeoutError(\"HTTPSConnectionPool(host='x', port=443)",
            "The package index cannot be reached",
            1,
        ),
        ("ERROR: HTTP error 403 while getting x", "The package index refuses", 1),
        ("ERROR: No matching distribution found for x==1", "The package index has none", 2),
        ("ERROR: something else", "The installation failed", 1),
    ],
)
def test_why_pip_failed(project: Project, words: str, sentence: str, status: int) -> None:
    done = project.start("demo", PIP_SAYS=words)
    assert (done.status, words in done.err) == (status, True)
    assert done.sentence.startswith(sentence)
    assert done.sentence.endswith(f"{project.folder}/deploy/launch.py' demo") or "remove" in done.sentence
    assert words in (project.venv / "launch.log").read_text()


def test_a_folder_that_is_not_ones_own(project: Project) -> None:
    done = project.start("demo", VENV_SAYS=f"Error: [Errno 13] Permission denied: '{project.venv}'")
    assert done.status == 2
    assert done.sentence.startswith(f"You may not write {project.venv}")


def test_a_failure_leaves_what_was_installed(project: Project) -> None:
    project.start("demo")
    assert project.start("test", PIP_SAYS="ERROR: No matching distribution found").status == 2
    assert project.start("demo").err == ""


def test_an_unknown_command_is_told_the_known_ones(project: Project) -> None:
    done = project.start("dmo")
    assert (done.status, done.err) == (2, "There is no command dmo: take one of demo, test, check, run.\n")


@pytest.mark.parametrize(("arguments", "status"), [((), 2), (("--help",), 0)])
def test_the_usage_names_all_commands(project: Project, arguments: tuple[str, ...], status: int) -> None:
    done = project.start(*arguments)
    assert done.status == status
    assert all(f"  {name}" in done.err for name in ("demo", "test", "check", "run"))


# With pip itself, which has only to say why it fails: it never gets as far as to install.

ISOLATED = {"PIP_CONFIG_FILE": os.devnull, "PIP_DRY_RUN": "1"}
OTHER_HASH = f"    --hash=sha256:{'0' * 64}\n"


@pytest.fixture
def real_pip(tmp_path: Path) -> Path:
    """A path with pip itself, which goes before its stand-in."""
    spec = importlib.util.find_spec("pip")
    if spec is None or spec.origin is None:
        pytest.skip("this environment was made without pip")
    folder = tmp_path / "real"
    folder.mkdir()
    (folder / "pip").symlink_to(Path(spec.origin).parent)
    return folder


def test_without_a_network_the_sentence_says_so(project: Project, real_pip: Path) -> None:
    (project.folder / "deploy" / "demo.txt").write_text(f"rich==1{OTHER_HASH}", encoding="utf-8")
    (project.folder / "deploy" / "build.txt").write_text("", encoding="utf-8")
    with socket.socket() as taken:  # bound, but not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        index = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        done = project.start("demo", path=real_pip, **ISOLATED, PIP_RETRIES="1", PIP_INDEX_URL=index)
    assert done.status == 1
    assert done.sentence.startswith(
        "The package index cannot be reached: connect this machine to the internet"
    )


def test_a_package_with_another_hash_is_refused(project: Project, real_pip: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "rich-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("rich-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: rich\nVersion: 1\n")
        wheel.writestr(
            "rich-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
    (project.folder / "deploy" / "demo.txt").write_text(f"rich==1{OTHER_HASH}", encoding="utf-8")
    (project.folder / "deploy" / "build.txt").write_text("", encoding="utf-8")
    done = project.start("demo", path=real_pip, **ISOLATED, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(tmp_path))
    assert done.status == 1
    assert done.sentence.startswith("A package is not the one whose hash stands in deploy/*.txt")

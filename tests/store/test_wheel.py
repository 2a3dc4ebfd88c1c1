"""The package that is installed elsewhere has everything that a new database needs, and speaks all languages."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]


def test_an_installed_package_can_make_a_database_and_speak(tmp_path: Path) -> None:
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(wheel) as package:
        package.extractall(tmp_path / "installed")
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
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script, f"sqlite:///{tmp_path / 'store.db'}"],
        cwd=tmp_path / "installed", capture_output=True, text=True, check=True,
    )  # fmt: skip
    where = tmp_path / "installed" / "tickertape" / "durable" / "store" / "__init__.py"
    assert done.stdout.strip() == f"{where} Gestoppt. Stopped."
    assert (tmp_path / "store.db").stat().st_size > 0

#!/usr/bin/env python3
"""Sets Tickertape up in `.venv` and starts it: `python3 deploy/launch.py demo`, from any folder, any number of times.

It takes nothing but Python's standard library, because it runs before anything is installed. A Python that is too old
has to get as far as the sentence about it, so this file keeps to Python 3.6; the modules that it then imports need not.
"""

import os
import shlex
import shutil
import sys

OLDEST = (3, 11)

if sys.version_info < OLDEST:
    newer = next(filter(shutil.which, [f"python3.{minor}" for minor in range(20, OLDEST[1] - 1, -1)]), None)
    wayout = (
        "start this with the newer one here"
        if newer
        else "install a newer one, such as 3.13, and start this with it"
    )
    typed = " ".join(map(shlex.quote, [newer or "python3.13", *sys.argv]))
    sys.stderr.write(
        f"Tickertape needs Python 3.11 or newer, and this is {sys.version.split()[0]}: {wayout}: {typed}\n"
    )
    sys.exit(2)

if os.name != "posix":
    sys.stderr.write(
        "Tickertape runs on Linux and macOS: on Windows, start it in the Linux subsystem (WSL).\n"
    )
    sys.exit(2)

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - `python3 -P` leaves it out
from launcher.commands import main  # noqa: E402 - only a Python that is new enough can read it

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

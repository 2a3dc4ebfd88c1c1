"""Makes as much of a virtual environment as the launcher looks at."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    if refusal := os.environ.get("VENV_SAYS"):
        sys.exit(refusal)
    venv = Path(sys.argv[-1])
    (venv / "bin").mkdir(parents=True)
    (venv / "lib" / "python{}.{}".format(*sys.version_info) / "site-packages").mkdir(parents=True)
    # With this, pip takes it for a place of its own, and leaves Python's own packages alone.
    (venv / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).parent}\n", encoding="utf-8")
    (venv / "bin" / "python").symlink_to(sys.executable)
    if "--without-pip" not in sys.argv:
        (venv / "bin" / "pip").touch()


if __name__ == "__main__":
    main()

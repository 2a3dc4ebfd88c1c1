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
    (venv / "lib" / "python3" / "site-packages").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    if "--without-pip" not in sys.argv:
        (venv / "bin" / "pip").touch()


if __name__ == "__main__":
    main()

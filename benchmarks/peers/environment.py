"""The peers' own Python: a virtual environment with what requirements.txt names."""

import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def python(folder: Path) -> str:
    """The Python of the environment in `folder`, made anew if its requirements have changed.

    Raises:
        SystemExit: the packages could not be installed.
    """
    installed = folder / "requirements.txt"
    wanted = REQUIREMENTS.read_text(encoding="utf-8")
    executable = str(folder / "bin" / "python")
    if installed.is_file() and installed.read_text(encoding="utf-8") == wanted:
        return executable
    print(f"installing the peers' packages in {folder}", file=sys.stderr, flush=True)
    install = [executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([*install, "--requirement", str(REQUIREMENTS)], check=True)
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"error: the peers' packages could not be installed: {error}") from error
    installed.write_text(wanted, encoding="utf-8")
    return executable

"""Write what the action installs: each runtime dependency in one version, with all its hashes.

`python -m pip install uv`, then `python tools/lock.py`, after any change of the dependencies in
pyproject.toml or of their versions in constraints.txt. The lock holds every file of a release, so
that one lock serves all platforms and interpreters.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "tools" / "action" / "requirements.txt"
HEAD = """\
# What the action installs, with the hashes of every file of each release.
# Written by tools/lock.py from pyproject.toml and constraints.txt: do not edit.
"""
OLDEST = "3.11"
OPTIONS = (
    "--constraints=constraints.txt",
    "--universal",
    f"--python-version={OLDEST}",
    "--only-binary=:all:",
    "--generate-hashes",
    "--no-config",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
)


def main() -> None:
    """Resolve and write the lock."""
    words = ("uv", "pip", "compile", "pyproject.toml", "--extra=sam", *OPTIONS)
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    LOCK.write_text(HEAD + done.stdout, encoding="utf-8")
    pins = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    print(f"{LOCK.relative_to(ROOT)}: {len(pins)} distributions")


if __name__ == "__main__":
    main()

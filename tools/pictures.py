"""Make the pictures of README anew: the HTML page and the terminal, in a headless Chromium.

    python tools/pictures.py

Needs `chromium`; what a terminal shows is set as HTML by rich. The pictures go to
`fixtures/pictures/`.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "fixtures" / "pictures"
SCENARIO = "fixtures/scenarios/basics/orders-broken"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def tfcheck(*words: str) -> None:
    """Run tfcheck on the scenario; it finds faults, so its exit code is 1."""
    subprocess.run(
        [sys.executable, "-m", "checker", "plan", SCENARIO, *words], cwd=ROOT, check=False
    )


def shoot(page: Path, picture: str, width: int, height: int) -> None:
    """Take a picture of a page."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        raise SystemExit("no chromium on the path")
    with tempfile.TemporaryDirectory() as profile:
        size = f"--window-size={width},{height}"
        words = [browser, *FLAGS, f"--user-data-dir={profile}", size]
        words += [f"--screenshot={OUT / picture}", page.as_uri()]
        subprocess.run(words, check=True, capture_output=True)


def terminal(file: Path) -> None:
    """Write what a terminal shows of the scenario as a page."""
    from rich.console import Console
    from rich.text import Text

    code = (
        "import sys; sys.stdout.isatty = lambda: True; from checker.cli import main;"
        f" main(['plan', '{SCENARIO}'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    console = Console(record=True, width=140, file=io.StringIO())
    console.print(Text.from_ansi(done.stdout))
    file.write_text(console.export_html(), encoding="utf-8")


def main() -> None:
    """Make every picture."""
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        page, screen = Path(place) / "report.html", Path(place) / "terminal.html"
        tfcheck("--format", f"html={page}", "--quiet")
        shoot(page, "page.png", 1100, 1180)
        terminal(screen)
        shoot(screen, "terminal.png", 860, 1010)
    tfcheck("--format", f"markdown={OUT / 'comment.md'}")


if __name__ == "__main__":
    main()

"""Make the pictures of README anew: the terminal, the HTML page and the comment.

    python tools/pictures.py [terminal] [page] [comment]

Needs `chromium` with `chromedriver`; what a terminal shows is set as HTML by rich. The pictures go
to `fixtures/pictures/`.
"""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from headless import browser

if TYPE_CHECKING:
    from selenium.webdriver.chrome.webdriver import WebDriver

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "fixtures" / "pictures"
SCENARIO = "fixtures/scenarios/basics/orders-broken"
OF_SEVERAL = "fixtures/scenarios/modules/for-each-one-blocked"
SCHEMES = ("light", "dark")
COLUMNS = (80, 140)
WIDTH = 1100
SCREEN = """<!doctype html><meta charset="utf-8"><style>{stylesheet}
body {{ color: {foreground}; background: {background}; margin: 0; padding: 12px }}
body {{ width: max-content }}
pre {{ font: 13px/1.35 "DejaVu Sans Mono", monospace; margin: 0 }}
</style><body><pre><code style="font-family: inherit">{code}</code></pre></body>"""
SIZE = """
const { width, height } = document.body.getBoundingClientRect();
return [Math.ceil(width), Math.ceil(height)];
"""


def shoot(started: WebDriver, picture: str, height: int | None = None) -> None:
    """Take a picture of what is shown: all of it, or as much as a height in pixels has."""
    wide, high = started.execute_script(SIZE)
    clip = {"x": 0, "y": 0, "width": wide, "height": height or high, "scale": 1}
    words = {"captureBeyondViewport": True, "clip": clip}
    taken = started.execute_cdp_cmd("Page.captureScreenshot", words)
    (OUT / picture).write_bytes(base64.b64decode(taken["data"]))


def tfcheck(scenario: str, *words: str, program: str = "", **environment: str) -> str:
    """Run tfcheck in the directory of a scenario, and return what it writes.

    It finds faults, so its exit code is 1.
    """
    code = f"import sys; {program}from checker.cli import main; main(['plan', *sys.argv[1:]])"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", code, "--root", ".", *words],
        cwd=ROOT / scenario,
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def on_a_terminal(columns: int) -> str:
    """Return what a terminal of so many columns is sent."""
    return tfcheck(
        SCENARIO,
        program="sys.stdout.isatty = lambda: True; ",
        COLUMNS=str(columns),
        TERM="xterm-256color",
    )


def terminals(started: WebDriver, place: Path) -> None:
    """Take a picture of a narrow and a wide terminal, in the light and in the dark."""
    from rich.console import Console
    from rich.terminal_theme import DEFAULT_TERMINAL_THEME, MONOKAI
    from rich.text import Text

    themes = dict(zip(SCHEMES, (DEFAULT_TERMINAL_THEME, MONOKAI), strict=True))
    for columns in COLUMNS:
        shown = Text.from_ansi(on_a_terminal(columns))
        for scheme, theme in themes.items():
            console = Console(record=True, width=columns, file=io.StringIO())
            console.print(shown)
            screen = place / "terminal.html"
            html = console.export_html(theme=theme, code_format=SCREEN)
            screen.write_text(html, encoding="utf-8")
            started.get(screen.as_uri())
            shoot(started, f"terminal-{columns}-{scheme}.png")


def pages(started: WebDriver, place: Path) -> None:
    """Take a picture of the page in the light and in the dark, the first mapping opened."""
    page = place / "report.html"
    tfcheck(OF_SEVERAL, "--format", f"html={page}", "--quiet")
    size = {"width": WIDTH, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    for scheme in SCHEMES:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        started.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        started.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        started.get(page.as_uri())
        started.find_element("css selector", ".open").click()
        started.execute_script("document.activeElement.blur()")
        shoot(started, f"page-{scheme}.png")


def main() -> None:
    """Make the pictures that are asked for, or every one."""
    asked = set(sys.argv[1:]) or {"terminal", "page", "comment"}
    OUT.mkdir(exist_ok=True)
    if asked & {"terminal", "page"}:
        with browser() as started, tempfile.TemporaryDirectory() as place:
            if "terminal" in asked:
                terminals(started, Path(place))
            if "page" in asked:
                pages(started, Path(place))
    if "comment" in asked:
        tfcheck(SCENARIO, "--format", f"markdown={OUT / 'comment.md'}")


if __name__ == "__main__":
    main()

"""What the comment says: the report as Markdown, cut where it is longer than GitHub takes."""

from __future__ import annotations

import os
import re
from pathlib import Path

from mark import PLAIN, is_of

NOTHING = "### tfcheck: nothing was checked\n\nSee the log of the workflow.\n"
LONGEST = 65_536
"""Characters, in UTF-16 units, that GitHub takes of a comment."""
TAIL = 500
"""Characters that are kept free for what is said of a cut comment."""
COUNTS = ("ERRORS", "WARNINGS", "UNKNOWN")


def body(mark: str) -> str:
    """Return the report under a mark; of a run that ended before there was one, that it did."""
    path = os.environ.get("MARKDOWN", "")
    text = NOTHING
    if path and Path(path).is_file():
        text = Path(path).read_text(encoding="utf-8", errors="replace")
    if is_of(text, PLAIN):
        text = text.partition("\n")[2].lstrip("\n")
    return fitting(f"{mark}\n\n{text}")


def fitting(text: str) -> str:
    """Return a body that GitHub takes: whole lines of it, what they open closed, and its counts.

    The report is cut where it is made; this holds for whatever else makes it too long.
    """
    if size(text) <= LONGEST:
        return text
    kept: list[str] = []
    free = LONGEST - TAIL
    for line in text.split("\n"):
        free -= size(line) + 1 + len("</details>\n") * line.count("<details")
        if free < 0:
            break
        kept.append(line)
    counts = ", ".join(f"{os.environ.get(name) or '0'} {name.lower()}" for name in COUNTS)
    tail = (
        f"**This comment is cut: the report has more than {LONGEST:,} characters.** "
        f"It tells of {counts}; its exit code is {os.environ.get('CODE') or '2'}. "
        "The log of the step has the rest."
    )
    return "\n".join([*kept, *closing(kept), "", tail, ""])


def size(text: str) -> int:
    """Return the length of a text in UTF-16 units: at least that in characters."""
    return len(text.encode("utf-16-le", "replace")) // 2


def closing(lines: list[str]) -> list[str]:
    """Return what closes the fence and the `<details>` that lines leave open."""
    fence, details = "", 0
    for line in lines:
        found = re.match(r"`{3,}", line)
        if found and not fence:
            fence = found[0]
        elif found and len(found[0]) >= len(fence) and line.strip() == found[0]:
            fence = ""
        elif not fence:
            details += line.count("<details") - line.count("</details>")
    return [fence] * bool(fence) + ["</details>"] * details

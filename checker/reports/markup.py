"""Texts of strangers in Markdown: set so that GitHub reads nothing in them, and bounded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from checker.reports.terminal import visible, visible_lines

MOST_NAME = 160
"""How many characters of one name are shown: of a longer one the beginning and the end."""
_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_LEAST, _SPARE = 16, 8
_TICKS = re.compile("`+")
_CODE = re.compile(r"`([^`]*)`")
_MEANING = re.compile(r"(@|#|:(?=//)|(?<=www)\.)|([\\`*_{}\[\]()<>+!|~&:$-])", re.IGNORECASE)
"""What GitHub makes links and mentions of once the text is HTML, and what Markdown reads."""


def size(text: str) -> int:
    """Return how long a text is in UTF-16 code units, of which it has no fewer than characters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def shortened(text: str, most: int) -> str:
    """Return a text without its middle if it has more characters than `most`, at least 3."""
    if len(text) <= most:
        return text
    before = most // 2
    return f"{text[:before]}{_ELLIPSIS}{text[len(text) - (most - before - 1) :]}"


def within(text: str, most: int, write: Callable[[str], str]) -> str:
    """Return what `write` makes of a text, or of its beginning and end where that is too long."""
    text = shortened(text, _SPARE * most)
    written = write(text)
    length = min(len(text), most)
    while size(written) > most and length > _LEAST:
        length = max(length // 2, _LEAST)
        written = write(shortened(text, length))
    return written


def fitting(
    pieces: Iterable[str], most: int, between: int, measure: Callable[[str], int] = size
) -> list[str]:
    """Return the first pieces that fit, with the size of what stands between.

    One that does not fit ends them, so that what is shown is the first of them all; those behind it
    are not made.
    """
    found: list[str] = []
    for piece in pieces:
        most -= measure(piece) + between
        if most < 0:
            break
        found.append(piece)
    return found


def code(text: str) -> str:
    """Set a text as code, whatever backticks are in it; a long one without its middle."""
    return _code(visible(text))


def _code(shown: str) -> str:
    shown = shortened(shown, MOST_NAME)
    longest = max((len(run) for run in _TICKS.findall(shown)), default=0)
    ticks = "`" * (longest + 1)
    space = " " if longest or shown != shown.strip() or not shown else ""
    return f"{ticks}{space}{shown}{space}{ticks}"


def cell(text: str) -> str:
    """Set a text as code in a table, where a bar would end the cell."""
    return code(text.replace("|", "\N{BROKEN BAR}"))


def prose(text: str) -> str:
    """Escape a sentence: what stands in backticks is code, and the rest has no meaning."""
    shown = visible(text)
    parts: list[str] = []
    end = 0
    for match in _CODE.finditer(shown):
        parts += [_plain(shown[end : match.start()]), _code(match[1]) if match[1] else ""]
        end = match.end()
    return "".join([*parts, _plain(shown[end:])])


def _plain(text: str) -> str:
    """Take its meaning from a text: a sign that makes a link or a mention stands as code, alone."""
    return _MEANING.sub(_harmless, text)


def _harmless(match: re.Match[str]) -> str:
    entity = f"&#{ord(match[0])};"
    return f"<code>{entity}</code>" if match[1] else entity


def fenced(text: str, language: str = "") -> str:
    """Set lines as a block of code of a language, whatever fences are in it."""
    shown = visible_lines(text)
    longest = max((len(run) for run in _TICKS.findall(shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def linked(written: str, url: str) -> str:
    """Return code as a link; as it is where there is no address, which holds no bracket."""
    return f"[{written}]({url})" if url else written

"""How text reaches a terminal: colours, and nothing that could steer the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Literal, TypeAlias

from checker.characters import shown
from checker.reports.log import broken

Tone: TypeAlias = Literal["bad", "doubtful", "warn", "good", "strong", "faint"]
Paint: TypeAlias = Callable[[str, Tone], str]

_CODES: dict[Tone, str] = {
    "bad": "1;31",
    "doubtful": "1;35",
    "warn": "1;33",
    "good": "1;32",
    "strong": "1",
    "faint": "2",
}


def plain(text: str, _tone: Tone) -> str:
    """Return the text as it is."""
    return text


def ansi(text: str, tone: Tone) -> str:
    """Return the text in a tone, by ANSI escape codes (ECMA-48, SGR)."""
    return f"\x1b[{_CODES[tone]}m{text}\x1b[0m"


def visible(text: str) -> str:
    r"""Return the text with everything that a reader would not see as an escape (`\x1b`, `\n`).

    Names come from strangers: a control or bidirectional character could forge a line, and some
    logs take `##[...]` for a command.
    """
    return shown(broken(text, lambda sign: f"\\x{ord(sign):02x}"))


def visible_lines(text: str) -> str:
    """Return a text whose lines stay lines, each as `visible` makes it."""
    return "\n".join(map(visible, text.split("\n")))


def wrapped(text: str, width: int | None) -> list[str]:
    """Return the lines that a text is wrapped to; one where no width is given.

    A word that is longer than the width stays whole, so that it can be copied.
    """
    if width is None or len(text) <= width:
        return [text]
    lines = textwrap.wrap(text, max(width, 20), break_long_words=False, break_on_hyphens=False)
    return [visible(line) for line in lines]  # a line may begin with what a log takes for a command

"""How text reaches a terminal: colours, and nothing that could steer the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

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
    r"""Return the text with everything that does not print shown as an escape (`\x1b`, `\n`).

    Names come from strangers: a control or bidirectional character could forge a line, and some
    logs take `##[...]` for a command.
    """
    text = broken(text, lambda sign: f"\\x{ord(sign):02x}")
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")

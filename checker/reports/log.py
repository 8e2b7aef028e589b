"""What a pipeline's log would take for a command: `::error::`, `##[error]`, `##vso[...]`.

GitHub's runner reads `::` at the beginning of a line and `##[` anywhere in one, Azure's agent and
TeamCity read theirs; no report may hold a stranger's. Each format writes the sign that begins a
command in a way of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from checker import characters

_ANYWHERE = re.compile(r"##(?=\w*\[)")
_AT_BEGINNING = re.compile(r"(?:^|\r)[^\S\r\n]*::", re.MULTILINE)


def broken(text: str, escaped: Callable[[str], str]) -> str:
    """Return the text with the last sign that makes a command of it escaped."""
    for sign, command in (("##", _ANYWHERE), ("::", _AT_BEGINNING)):
        if sign in text:
            text = command.sub(lambda match: match[0][:-1] + escaped(match[0][-1]), text)
    return text


def json_text(value: object) -> str:
    """Return a value as indented JSON in ASCII that prints, with a line feed at its end."""
    text = characters.json_text(value, indent=2)
    return broken(text, lambda sign: f"\\u{ord(sign):04x}") + "\n"

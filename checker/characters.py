"""Characters that a reader does not see, or that turn round what he sees: one table for all output.

Letters that look like others are not among them: one name does not show one name.
"""

from __future__ import annotations

import json

BLANK = (
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),  # Khmer inherent vowels
    (0x180B, 0x180D),  # Mongolian variation selectors
    (0x180F, 0x180F),
    (0x2800, 0x2800),  # Braille pattern without a dot
    (0x3164, 0x3164),  # Hangul filler
    (0xFE00, 0xFE0F),  # variation selectors
    (0xFFA0, 0xFFA0),  # halfwidth Hangul filler
    (0x16FE4, 0x16FE4),  # Khitan filler
    (0x1D159, 0x1D159),  # musical symbol null notehead
    (0xE0100, 0xE01EF),  # variation selectors, supplement
)
"""Letters, marks and symbols that show nothing, beside what Unicode does not call printable.

They are the code points of `Default_Ignorable_Code_Point` that are letters or marks, and blank
symbols; see https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point. Python says of all
controls, formats (bidirectional, zero width, tags), separators but the space, surrogates, private
and unassigned code points that they do not print.
"""
_HCL = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BLANK = frozenset(chr(code) for first, last in BLANK for code in range(first, last + 1))


def is_hidden(character: str) -> bool:
    """Tell whether a reader would not see a character."""
    return character in _BLANK or not character.isprintable()


def is_plain(text: str) -> bool:
    """Tell whether a text holds no hidden character."""
    return text.isprintable() and (text.isascii() or _BLANK.isdisjoint(text))


def shown(text: str) -> str:
    r"""Return a text with its hidden characters as escapes (`\x1b`, `\n`, `\u202e`)."""
    if is_plain(text):
        return text
    return "".join(_python(c) if is_hidden(c) else c for c in text)


def hcl_string(text: str) -> str:
    """Write a string of HCL, in which nothing is interpolated; hidden characters are escapes.

    See https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences.
    """
    escaped = "".join(_HCL.get(c) or (_hcl(c) if is_hidden(c) else c) for c in text)
    return f'"{escaped}"'.replace("${", "$${").replace("%{", "%%{")


def json_text(value: object, indent: int | None = None) -> str:
    """Write JSON in ASCII that prints: the data are exact, and no character of theirs is hidden."""
    return json.dumps(value, indent=indent).replace("\x7f", "\\u007f")


def _python(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _hcl(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x1_0000 else f"\\U{code:08x}"  # noqa: PLR2004 - the plane

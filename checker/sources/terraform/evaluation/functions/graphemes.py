"""User-perceived characters, by which Terraform counts, cuts and turns strings.

The boundaries are those of https://www.unicode.org/reports/tr29/ (extended grapheme clusters).
"""

from __future__ import annotations

import unicodedata

_ZWJ = "\u200d"
_PREPEND = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e"
    "\U000110bd\U000110cd\U000111c2\U000111c3"
)
_SPACING_TOO = frozenset("\u0e33\u0eb3")
_EXTEND_TOO = frozenset("\u200c\uff9e\uff9f") | frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_PICTURES = (
    (0xA9, 0xA9),
    (0xAE, 0xAE),
    (0x203C, 0x203C),
    (0x2049, 0x2049),
    (0x2122, 0x2122),
    (0x2139, 0x2139),
    (0x2194, 0x21AA),
    (0x231A, 0x23FF),
    (0x24C2, 0x24C2),
    (0x25AA, 0x25FE),
    (0x2600, 0x27BF),
    (0x2934, 0x2935),
    (0x2B05, 0x2B55),
    (0x3030, 0x303D),
    (0x3297, 0x3299),
    (0x1F000, 0x1F1E5),
    (0x1F200, 0x1F3FA),
    (0x1F400, 0x1FAFF),
    (0x1FC00, 0x1FFFD),
)


def count(text: str) -> int:
    """Return how many characters a reader would count."""
    return len(text) if _simple(text) else len(clusters(text))


def effort(text: str) -> int:
    """Return how many steps it takes to split a text."""
    return 0 if _simple(text) else len(text) // 2


def clusters(text: str) -> list[str]:
    """Split a text into user-perceived characters."""
    if _simple(text):
        return list(text)
    out: list[str] = []
    start = 0
    flags = 0  # regional indicators that stand before this place, one after another
    picture = False  # whether a picture, and what extends it, stands before this place
    for n, character in enumerate(text):
        kind = _kind(character)
        if n and not _joined(_kind(text[n - 1]), kind, flags=flags, picture=picture):
            out.append(text[start:n])
            start = n
        flags = flags + 1 if kind == "flag" else 0
        picture = kind == "picture" or (picture and kind in ("extend", "zwj"))
    if text:
        out.append(text[start:])
    return out


def _simple(text: str) -> bool:
    return text.isascii() and "\r" not in text


def _joined(before: str, kind: str, *, flags: int, picture: bool) -> bool:
    """Tell whether two neighbours belong to one cluster (the rules GB3 to GB13)."""
    if before == "cr" and kind == "lf":
        return True
    if before in ("cr", "lf", "control") or kind in ("cr", "lf", "control"):
        return False
    if kind in ("extend", "zwj", "spacing") or before == "prepend":
        return True
    if (before, kind) in _HANGUL:
        return True
    if before == "zwj" and kind == "picture":
        return picture
    return before == "flag" and kind == "flag" and flags % 2 == 1


_HANGUL = frozenset(
    (before, after)
    for before, followers in {
        "L": ("L", "V", "LV", "LVT"),
        "LV": ("V", "T"),
        "V": ("V", "T"),
        "LVT": ("T",),
        "T": ("T",),
    }.items()
    for after in followers
)


def _kind(character: str) -> str:
    """Return a character's Grapheme_Cluster_Break, near enough."""
    code = ord(character)
    if code < 0x300:  # noqa: PLR2004 - below the first combining mark
        return _latin(character, code)
    if 0x1100 <= code <= 0xD7FB:  # noqa: PLR2004 - Hangul stands in here
        hangul = _hangul(code)
        if hangul:
            return hangul
    if character == _ZWJ:
        return "zwj"
    if 0x1F1E6 <= code <= 0x1F1FF:  # noqa: PLR2004 - regional indicators
        return "flag"
    if character in _PREPEND:
        return "prepend"
    category = unicodedata.category(character)
    if category in ("Mn", "Me") or character in _EXTEND_TOO or 0xE0020 <= code <= 0xE007F:  # noqa: PLR2004 - tags
        return "extend"
    if category == "Mc" or character in _SPACING_TOO:
        return "spacing"
    if category in ("Zl", "Zp", "Cc", "Cf"):
        return "control"
    return "picture" if any(low <= code <= high for low, high in _PICTURES) else "other"


def _latin(character: str, code: int) -> str:
    if character in "\r\n":
        return "cr" if character == "\r" else "lf"
    if code in (0xA9, 0xAE):
        return "picture"
    return "control" if code < 0x20 or 0x7F <= code < 0xA0 or code == 0xAD else "other"  # noqa: PLR2004 - control characters and the soft hyphen


def _hangul(code: int) -> str:
    if 0xAC00 <= code <= 0xD7A3:  # noqa: PLR2004 - the syllables
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    for low, high, kind in (
        (0x1100, 0x115F, "L"),
        (0x1160, 0x11A7, "V"),
        (0x11A8, 0x11FF, "T"),
        (0xA960, 0xA97C, "L"),
        (0xD7B0, 0xD7C6, "V"),
        (0xD7CB, 0xD7FB, "T"),
    ):
        if low <= code <= high:
            return kind
    return ""

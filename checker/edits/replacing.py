"""An edit as a change of one line of the input, where the line says all that the edit is about.

That is an attribute whose value is written out on its line: whatever else is made from an
expression, or from a variable, is not changed by the way.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence

from checker.characters import is_plain
from checker.edits.terraform import literal
from checker.knowledge.partial import Location
from checker.rules.fix import Edit, RemoveAttribute, Replacement, SetAttribute

MOST_LINE = 500
"""How many characters the line may have."""
MOST_FILES = 500
"""How many files one report changes lines of."""
_LITERAL = r"-?\d+(?:\.\d+)?|true|false|null|\"[^\"\\$%]*\""
_ATTRIBUTE = re.compile(rf"([A-Za-z_][\w-]*)(\s*=\s*)({_LITERAL})")
_HEAD = re.compile(r'(?:resource\s+"([\w-]+)"|(module))\s+"([\w-]+)"\s*\{')
_IN_MODULE = re.compile(r"(?:^|[:.])module\.[\w-]+.*\.")
_INSTANCE = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*"|\*)\]')


class SourceText:
    """A file as lines, and the blocks that begin at the left edge in it."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self._heads: list[tuple[int, str]] = []
        for number, line in enumerate(self.lines, 1):
            if line[:1] in {"", " ", "\t", "}", "#"}:
                continue
            found = _HEAD.match(line)
            name = f"{found[1] or found[2]}.{found[3]}" if found else ""
            self._heads.append((number, name))

    def block(self, line: int) -> str:
        """Return the address of the block that a line is in, without modules; empty if unknown."""
        n = bisect(self._heads, line, key=lambda head: head[0])
        return self._heads[n - 1][1] if n else ""


def replacement(edits: Sequence[Edit], at: Location, text: SourceText) -> Replacement | None:
    """Return the change of one line that does what edits say; None if it takes more."""
    if len(edits) != 1 or not 0 < at.line <= len(text.lines) or at.end_line != at.line:
        return None
    (edit,) = edits
    if not isinstance(edit, SetAttribute | RemoveAttribute):
        return None
    line = text.lines[at.line - 1].removesuffix("\r")
    old = line[at.column - 1 : at.end_column - 1]
    found = _ATTRIBUTE.fullmatch(old)
    if (
        found is None
        or found[1] != edit.name
        or len(line) > MOST_LINE
        or not is_plain(line.strip())
    ):
        return None
    if _named(edit.block) != text.block(at.line):
        return None
    # Another instance of the block may need what this one must not have: there is only more.
    shared = _INSTANCE.search(edit.block) or _IN_MODULE.search(edit.block)
    if isinstance(edit, RemoveAttribute):
        alone = not line[: at.column - 1].strip() and not line[at.end_column - 1 :].strip()
        return Replacement(at, old, "") if alone and not shared else None
    value = literal(edit.value)
    if value is None or (shared and not _is_more(found[3], value)):
        return None
    return Replacement(at, old, f"{edit.name}{found[2]}{value}")


def _is_more(old: str, new: str) -> bool:
    """Tell whether a value is a greater number than another."""
    try:
        return float(new) > float(old)
    except ValueError:
        return False


def _named(block: str) -> str:
    """Return the address of a block without the modules and root module that it is in."""
    *_, kind, name = ("", *_INSTANCE.sub("", block).split("."))
    return f"{kind.rpartition(':')[2]}.{name}"

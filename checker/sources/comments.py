"""Comments that waive rules: `# tfcheck: ignore[rule] reason until=YYYY-MM-DD`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.knowledge.partial import Location
from checker.model import InlineWaiver
from checker.records import dataclass

MARK = "tfcheck:"
"""A file without this text has no waiver."""
_COMMENT = re.compile(r"(?:#|//)[ \t]*tfcheck:[ \t]*ignore\b[ \t]*(?:\[([^\]\n]*)\])?([^\n]*)")
_RULE = re.compile(r"[ \t]*([^\s,]*)(.*)", re.DOTALL)
_UNTIL = re.compile(r"(?:^|\s)until=(\S*)")
_ABOVE = re.compile(r"[ \t]*(?:#|//)")


@dataclass(frozen=True, slots=True)
class Comment:
    """A waiver as written; `line` is that of the block that it may stand at."""

    waiver: InlineWaiver
    line: int


def comments(text: str, source: str) -> Iterator[Comment]:
    """Yield the waivers of a file, each with the line that it stands at or above."""
    lines = text.split("\n") if MARK in text else []
    found: list[Comment] = []
    code = 0
    for number in range(len(lines), 0, -1):
        line = lines[number - 1]
        if not _ABOVE.match(line):
            code = number
        match = _COMMENT.search(line) if MARK in line else None
        if match is not None:
            end = len(line.rstrip()) + 1
            at = Location(source, number, match.start() + 1, number, end)
            found.append(Comment(_waiver(match, at), code))
    yield from reversed(found)


def _waiver(match: re.Match[str], at: Location) -> InlineWaiver:
    rules = tuple(name.strip() for name in (match[1] or "").split(",") if name.strip())
    until = _UNTIL.search(match[2])
    reason = " ".join(_UNTIL.sub(" ", match[2]).split())
    return InlineWaiver(rules, reason, until[1] if until else "", at)


def named(text: str, at: Location) -> InlineWaiver:
    """Return the waiver of a text `RULE reason until=YYYY-MM-DD`, where there are no comments."""
    match = _RULE.match(text)
    return _waiver(match, at) if match is not None else InlineWaiver((), "", "", at)

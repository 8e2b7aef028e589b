"""What the things of an earlier report are called today."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from checker.reports.report import Report

_STEP = re.compile(r'\.[\w-]+|\[(?:\d+|\*|"(?:[^"\\]|\\.)*")\]')
_ADDRESS = re.compile(rf"[A-Za-z_][\w-]*(?:{_STEP.pattern})+")
MOST_CHAINED = 20
"""How often a thing may have been renamed."""


class Renames:
    """Gives today's addresses in a text of an earlier report.

    `moves` are old and new addresses, `roots` today's names of root modules (`envs/prod:`) by those
    that they had, `whole` other texts that are replaced as a whole.
    """

    def __init__(
        self,
        moves: Iterable[tuple[str, str]],
        roots: Mapping[str, str] | None = None,
        whole: Mapping[str, str] | None = None,
    ) -> None:
        self._moves, self._whole = dict(moves), dict(whole or {})
        self._roots = {old: new for old, new in (roots or {}).items() if old != new}

    def __call__(self, text: str) -> str:
        """Return a text with today's addresses; in linear time."""
        if text in self._whole:
            return self._whole[text]
        if not self._moves and not self._roots:
            return text
        parts: list[str] = []
        end = 0
        for match in _ADDRESS.finditer(text):
            before = text[end : match.start()]
            root = _root_before(before)
            kept = before[: len(before) - len(root)]
            parts += [kept, self._renamed(root, match[0])]
            end = match.end()
        return "".join((*parts, text[end:]))

    def _renamed(self, root: str, address: str) -> str:
        root = self._roots.get(root, root)
        for _ in range(MOST_CHAINED):
            found = self._once(root, address)
            if found == address:
                break
            address = found
        return f"{root}{address}"

    def _once(self, root: str, address: str) -> str:
        ends = [match.end() for match in _STEP.finditer(address)]
        for end in reversed(ends):
            old = f"{root}{address[:end]}"
            new = self._moves.get(old)
            # `x` that becomes `x[0]` has become it once.
            become = new is not None and len(new) > len(old) and _begins(f"{root}{address}", new)
            if new is not None and not become:
                return new.removeprefix(root) + address[end:]
        return address


def _begins(address: str, beginning: str) -> bool:
    """Tell whether an address is another or in it."""
    return address.startswith(beginning) and address[len(beginning) :][:1] in {"", ".", "["}


def _root_before(text: str) -> str:
    """Return the name of a root module that a text ends with, empty if it ends with none."""
    if not text.endswith(":"):
        return ""
    word = re.split(r"[\s`{}()\"']", text)[-1]
    return "" if word.startswith("arn:") else word


def sound(
    moves: Iterable[tuple[str, str]], now: Report, then: Report, roots: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return the moves that Terraform follows, and those that it makes by itself.

    A thing is not moved to an address that is taken, nor from one that is still there. Where
    `count` comes or goes, a thing without a key and the one of key 0 are the same.
    """
    ours = _ids(now)
    theirs = set(map(Renames((), roots), _ids(then)))
    there, taken = _beginnings(ours), _beginnings(theirs)
    listed = list(moves)
    old = {one for one, _ in listed}
    followed = [
        (one, other)
        for one, other in listed
        if one not in there and (other not in taken or other in old)
    ]
    return (*followed, *_counted(ours - theirs, theirs - ours))


def _beginnings(ids: Iterable[str]) -> set[str]:
    """Return ids and the addresses of the modules and blocks that they are in."""
    return {each[: step.start()] for each in ids for step in _STEP.finditer(each)} | set(ids)


def _ids(report: Report) -> set[str]:
    things = [
        thing.id
        for row in report.mappings
        for thing in (row.source, row.function, row.role, row.key, row.dead_letter)
        if thing is not None
    ]
    subjects = [finding.subject for finding in report.findings]
    return {*things, *subjects, *(row.id for row in report.mappings)}


def _counted(new: set[str], gone: set[str]) -> Sequence[tuple[str, str]]:
    """Return pairs of ids that differ by `[0]` alone."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for each in sorted(new):
        by_name[each.replace("[0]", "")].append(each)
    pairs = ((each, by_name.get(each.replace("[0]", ""), [])) for each in sorted(gone))
    return [(old, found[0]) for old, found in pairs if len(found) == 1]

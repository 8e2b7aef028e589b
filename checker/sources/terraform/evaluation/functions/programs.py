"""Regular expressions as small programs, for texts of which a part is unknown.

Only what Go and Python write alike is taken: literals, classes, groups, alternatives, repetitions,
`^` and `$`. The program is that of a Pike machine: threads in order of preference, see
https://swtch.com/~rsc/regexp/regexp2.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeAlias

from checker.records import dataclass
from checker.sources.terraform.language.evaluation_errors import UnknownResultError

MOST_STEPS = 400
"""How long a program may be."""
Ranges: TypeAlias = tuple[tuple[int, int], ...]
Parsed: TypeAlias = Iterable[tuple[object, Any]]
"""Operations and their arguments, of Python's own parser of patterns, which has no types."""
_DIGITS: Ranges = ((48, 57),)
_WORDS: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_SPACES: Ranges = ((9, 10), (12, 13), (32, 32))
_LAST = 0x10FFFF
_FOREIGN = re.compile(r"\\[0-9A-Zabpz]|\[\[|\[:|\{,|&&|--|\|\||~~|\(\?(?!:|P<)|[*+?}][+]")
"""What Go and Python read differently, or what is not taken."""
_CLASSES = re.compile(r"\\[DSW]")


@dataclass(frozen=True, slots=True)
class ProgramStep:
    """One instruction: `char`, `split`, `jump`, `save`, `begin`, `end` or `match`.

    `to` are the instructions that may follow, the preferred first.
    """

    kind: str
    to: tuple[int, ...] = ()
    ranges: Ranges = ()
    slot: int = 0

    def has(self, character: str) -> bool:
        """Tell whether a `char` takes a character."""
        code = ord(character)
        return any(least <= code <= most for least, most in self.ranges)


@dataclass(frozen=True, slots=True)
class Program:
    """The instructions, how many groups there are, and their names."""

    steps: tuple[ProgramStep, ...]
    groups: int
    names: tuple[tuple[str, int], ...]

    @property
    def borders(self) -> frozenset[int]:
        """Where what its classes take begins and ends."""
        return frozenset(
            code for step in self.steps for least, most in step.ranges for code in (least, most + 1)
        )


@lru_cache(maxsize=128)
def program(pattern: str) -> Program:
    """Return the program of a pattern; NotTold for one that is not taken."""
    if _FOREIGN.search(_CLASSES.sub("", pattern.replace("\\\\", ""))):
        raise UnknownResultError
    try:
        from re import _parser

        parsed = _parser.parse(pattern, re.ASCII)
    except (re.error, RecursionError, OverflowError, ValueError, Warning):
        raise UnknownResultError from None
    made = _Builder()
    made.add("save", slot=0)
    made.sequence(parsed)
    made.add("save", slot=1)
    made.add("match")
    names = tuple(sorted(parsed.state.groupdict.items()))
    return Program(tuple(made.steps), parsed.state.groups - 1, names)


class _Builder:
    def __init__(self) -> None:
        self.steps: list[ProgramStep] = []

    def add(self, kind: str, ranges: Ranges = (), slot: int = 0) -> int:
        """Add an instruction that the next one follows."""
        if len(self.steps) >= MOST_STEPS:
            raise UnknownResultError
        self.steps.append(ProgramStep(kind, (len(self.steps) + 1,), ranges, slot))
        return len(self.steps) - 1

    def lead(self, at: int, *to: int) -> None:
        """Say what follows an instruction."""
        step = self.steps[at]
        self.steps[at] = ProgramStep(step.kind, to, step.ranges, step.slot)

    def sequence(self, items: Parsed) -> None:
        for operation, argument in items:
            name = str(operation)
            method = getattr(self, f"_{name.lower()}", None)
            if method is None:
                raise UnknownResultError
            method(argument)

    def _literal(self, code: int) -> None:
        self.add("char", ((code, code),))

    def _not_literal(self, code: int) -> None:
        self.add("char", _others(((code, code),)))

    def _any(self, _: object) -> None:
        self.add("char", _others(((10, 10),)))

    def _in(self, items: Parsed) -> None:
        self.add("char", _class(items))

    def _at(self, where: object) -> None:
        kind = {"AT_BEGINNING": "begin", "AT_END": "end"}.get(str(where))
        if kind is None:
            raise UnknownResultError
        self.add(kind)

    def _subpattern(self, argument: tuple[Any, ...]) -> None:
        group, plus, minus, inner = argument
        if plus or minus:
            raise UnknownResultError
        if group is not None:
            self.add("save", slot=2 * group)
        self.sequence(inner)
        if group is not None:
            self.add("save", slot=2 * group + 1)

    def _branch(self, argument: tuple[Any, ...]) -> None:
        ends = []
        branches = argument[1]
        for branch in branches[:-1]:
            split = self.add("split")
            self.sequence(branch)
            ends.append(self.add("jump"))
            self.lead(split, split + 1, len(self.steps))
        self.sequence(branches[-1])
        for end in ends:
            self.lead(end, len(self.steps))

    def _max_repeat(self, argument: tuple[Any, ...], *, greedy: bool = True) -> None:
        least, most, inner = argument
        for _ in range(int(least)):
            self.sequence(inner)
        if str(most) == "MAXREPEAT":
            split = self.add("split")
            before = len(self.steps)
            self.sequence(inner)
            if _may_be_empty(self.steps[before:], before):
                raise UnknownResultError
            self.lead(self.add("jump"), split)
            self._lead_past(split, greedy=greedy)
            return
        splits = []
        for _ in range(int(most) - int(least)):
            splits.append(self.add("split"))
            self.sequence(inner)
        for split in splits:
            self._lead_past(split, greedy=greedy)

    def _min_repeat(self, argument: tuple[Any, ...]) -> None:
        self._max_repeat(argument, greedy=False)

    def _lead_past(self, split: int, *, greedy: bool) -> None:
        ways = (split + 1, len(self.steps))
        self.lead(split, *(ways if greedy else ways[::-1]))


def _may_be_empty(steps: list[ProgramStep], base: int) -> bool:
    """Tell whether a loop's body may take no character: Go and RE2 differ there."""
    seen: set[int] = set()
    pending = [base]
    while pending:
        at = pending.pop()
        if at == base + len(steps):
            return True
        if at in seen or steps[at - base].kind == "char":
            continue
        seen.add(at)
        pending.extend(steps[at - base].to)
    return False


def _others(ranges: Ranges) -> Ranges:
    """Return all characters but some."""
    out: list[tuple[int, int]] = []
    start = 0
    for least, most in sorted(ranges):
        if least > start:
            out.append((start, least - 1))
        start = max(start, most + 1)
    return (*out, (start, _LAST)) if start <= _LAST else tuple(out)


def _class(items: Parsed) -> Ranges:
    found: list[tuple[int, int]] = []
    negated = False
    for operation, argument in items:
        name = str(operation)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            found.append((argument, argument))
        elif name == "RANGE":
            found.append(argument)
        elif name == "CATEGORY" and str(argument) in _CATEGORIES:
            found.extend(_CATEGORIES[str(argument)])
        else:
            raise UnknownResultError
    return _others(tuple(found)) if negated else tuple(sorted(found))


_CATEGORIES = {
    "CATEGORY_DIGIT": _DIGITS,
    "CATEGORY_NOT_DIGIT": _others(_DIGITS),
    "CATEGORY_WORD": _WORDS,
    "CATEGORY_NOT_WORD": _others(_WORDS),
    "CATEGORY_SPACE": _SPACES,
    "CATEGORY_NOT_SPACE": _others(_SPACES),
}

"""Regular expressions on texts of which a part is unknown: what matches, whatever that part is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.records import dataclass
from checker.sources.terraform.evaluation.functions.programs import Program, program
from checker.sources.terraform.language.evaluation_errors import UnknownResultError

MOST_STATES = 60
"""How many states of a search for the first match are distinguished."""
MOST_SETS = 500
"""How many sets of threads are distinguished."""
MOST_TOKENS = 5_000
"""How many characters and holes a text may have that is searched."""
MOST_KINDS = 400
"""How many kinds of characters are distinguished."""
_INSIDE = -1  # a place somewhere in a hole
Caps: TypeAlias = tuple[int | None, ...]
Threads: TypeAlias = tuple[tuple[int, Caps], ...]
Spend: TypeAlias = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _State:
    """The threads in order of preference, the best match so far, and which holes were empty."""

    threads: Threads
    match: Caps | None = None
    empty: frozenset[int] = frozenset()


class Matcher:
    """A pattern and a text with holes; places are counted in characters, a hole being one."""

    def __init__(self, pattern: str, text: Text, spend: Spend) -> None:
        self.program: Program = program(pattern)
        self.tokens: list[str | Hole] = []
        for part in text.parts:
            self.tokens.extend([part] if isinstance(part, Hole) else part)
        if len(self.tokens) > MOST_TOKENS:
            raise UnknownResultError
        self._spend = spend
        self._kinds = {hole.name: self._characters(hole) for hole in text.holes}

    def _characters(self, hole: Hole) -> tuple[str, ...]:
        """Return a character of each kind that the program tells apart and a hole may hold."""
        alphabet = hole.kind.alphabet
        borders = {0, *self.program.borders}
        for character in (*(alphabet.only or ()), *alphabet.never):
            borders |= {ord(character), ord(character) + 1}
        if len(borders) > MOST_KINDS:
            raise UnknownResultError
        found = (chr(code) for code in sorted(borders) if code <= 0x10FFFF)  # noqa: PLR2004
        return tuple(character for character in found if alphabet.has(character))

    # The first match, with its groups.

    def first(self, start: int) -> Caps | None:
        """Return the places of the first match from a place on and of its groups; None if none.

        Raises:
            NotTold: it depends on what the holes hold.
        """
        blank: Caps = (None,) * (2 * self.program.groups + 2)
        states = {_State(*self._closed([(0, blank)], start, None))}
        for at in range(start, len(self.tokens)):
            token = self.tokens[at]
            if isinstance(token, Hole):
                states = self._through(states, token, at)
            else:
                states = {self._step(each, token, at + 1) for each in states}
        return self._agreed([(self._ended(each), each.empty) for each in states])

    def _ended(self, state: _State) -> Caps | None:
        """Return the match at the end of the text, for which some threads wait."""
        steps = self.program.steps
        waiting = [(pc, caps) for pc, caps in state.threads if steps[pc].kind == "end"]
        return self._closed(waiting, len(self.tokens), state.match, ending=True)[1]

    def _agreed(self, matches: list[tuple[Caps | None, frozenset[int]]]) -> Caps | None:
        """Return the one match that all are: before and after an empty hole is one place."""
        made = next(match for match, empty in matches if not empty)
        for match, empty in matches:
            if (match is None) != (made is None):
                raise UnknownResultError
            if match is None or made is None:
                continue
            if _INSIDE in match or _merged(match, empty) != _merged(made, empty):
                raise UnknownResultError
        return made

    def _through(self, states: set[_State], hole: Hole, at: int) -> set[_State]:
        """Go through a hole: return every state that what it may hold leads to."""
        kinds = self._kinds[hole.name]
        within: set[_State] = set()
        new = states
        while new:
            new = {self._step(one, each, _INSIDE) for one in new for each in kinds} - within
            within |= new
            if len(within) > MOST_STATES:
                raise UnknownResultError
        after = {self._step(one, each, at + 1) for one in states | within for each in kinds}
        if not hole.kind.alphabet.least:
            after |= {replace(each, empty=each.empty | {at}) for each in states}
        if len(after) > MOST_STATES:
            raise UnknownResultError
        return after

    def _step(self, state: _State, character: str, place: int) -> _State:
        """Take one character, after which the place is another."""
        self._spend(4 + len(state.threads))
        steps = self.program.steps
        following = [
            (steps[pc].to[0], caps)
            for pc, caps in state.threads
            if steps[pc].kind == "char" and steps[pc].has(character)
        ]
        if state.match is None:
            following.append((0, (None,) * (2 * self.program.groups + 2)))
        return _State(*self._closed(following, place, state.match), state.empty)

    def _closed(
        self,
        threads: Iterable[tuple[int, Caps]],
        place: int,
        match: Caps | None,
        *,
        ending: bool = False,
    ) -> tuple[Threads, Caps | None]:
        """Follow what takes no character; a match ends the threads that are less preferred.

        At the end of the text, `ending`, those that wait for it go on.
        """
        out: list[tuple[int, Caps]] = []
        seen: set[int] = set()
        steps = self.program.steps
        pending = list(reversed(list(threads)))
        while pending:
            pc, caps = pending.pop()
            if pc in seen:
                continue
            seen.add(pc)
            step = steps[pc]
            if step.kind == "match":
                return tuple(out), caps
            if step.kind == "save":
                caps = (*caps[: step.slot], place, *caps[step.slot + 1 :])
            elif step.kind == "char" or (step.kind == "end" and not ending):
                out.append((pc, caps))
                continue
            elif step.kind == "begin" and place != 0:
                continue
            pending.extend((each, caps) for each in reversed(step.to))
        return tuple(out), match

    # Whether there is a match at all.

    def matches(self, start: int) -> bool:
        """Tell whether there is a match from a place on.

        Raises:
            NotTold: it depends on what the holes hold.
        """
        states = {self._set(frozenset([0]), start)}
        for at in range(start, len(self.tokens)):
            token = self.tokens[at]
            if not isinstance(token, Hole):
                states = {self._taken(each, token) for each in states}
                continue
            kinds, alphabet = self._kinds[token.name], token.kind.alphabet
            for _ in range(alphabet.least):
                states = {self._taken(each, kind) for each in states for kind in kinds}
            new = states if alphabet.open_ended else set()
            while new:
                new = {self._taken(each, kind) for each in new for kind in kinds} - states
                states |= new
                if len(states) > MOST_SETS:
                    raise UnknownResultError
        answers = {each is None or self._ends(each) for each in states}
        if len(answers) > 1:
            raise UnknownResultError
        return answers.pop()

    def _taken(self, state: frozenset[int] | None, character: str) -> frozenset[int] | None:
        if state is None:
            return None
        self._spend(2 + len(state))
        steps = self.program.steps
        found = {
            steps[pc].to[0] for pc in state if steps[pc].kind == "char" and steps[pc].has(character)
        }
        return self._set(frozenset(found | {0}), _INSIDE)

    def _set(
        self, state: frozenset[int], place: int, *, ending: bool = False
    ) -> frozenset[int] | None:
        """Follow what takes no character; None stands for a match."""
        steps = self.program.steps
        seen: set[int] = set()
        pending = list(state)
        while pending:
            pc = pending.pop()
            step = steps[pc]
            if pc in seen:
                continue
            seen.add(pc)
            if step.kind == "match":
                return None
            if step.kind == "char" or (step.kind == "end" and not ending):
                continue
            if step.kind == "begin" and place != 0:
                continue
            pending.extend(step.to)
        return frozenset(pc for pc in seen if steps[pc].kind in {"char", "end"})

    def _ends(self, state: frozenset[int]) -> bool:
        waiting = frozenset(pc for pc in state if self.program.steps[pc].kind == "end")
        return self._set(waiting, len(self.tokens), ending=True) is None

    def text(self, start: int, end: int) -> str | Text:
        """Return what stands between two places."""
        found = Text(tuple(self.tokens[start:end]))
        return found if found.literal is None else found.literal


def _merged(caps: Caps, empty: frozenset[int]) -> Caps:
    """Return places with one name for what is before and after an empty hole."""
    for at in sorted(empty, reverse=True):
        caps = tuple(at if cap == at + 1 else cap for cap in caps)
    return caps

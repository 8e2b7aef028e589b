"""What is being worked out, and what turns out to refer to itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from checker.errors import Reason, SourceError
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.sources.terraform.evaluation.refusals import CYCLE, Refusals
from checker.sources.terraform.values.terraform_values import TerraformValue

MOST_DESCENTS = 150
NO_CYCLE = "break the cycle: Terraform refuses it"


class InProgress:
    """The names whose values are being worked out, the first one outermost.

    Root modules that are read beside one another share it, since their states may refer to one
    another. A cycle is noted among the `refusals`.
    """

    def __init__(self, refusals: Refusals) -> None:
        self._refusals = refusals
        self._working: dict[str, int] = {}
        self._readings: list[int] = []
        self._cut: tuple[int, str, str] | None = None

    def work_out(
        self, name: str, at: Location, work: Callable[[], TerraformValue], *, block: bool = False
    ) -> TerraformValue:
        """Return what `work` gives as the value of a name; a member of a cycle is unknown.

        Of a `block` with instances these are unknown themselves. SourceError where a value hangs
        on too many references.
        """
        if name in self._working:
            return self._cycle(name, at)
        depth = len(self._working)
        if depth >= MOST_DESCENTS:
            place = f"{at.source}:{at.line}:{at.column}"
            raise SourceError(Reason("the references are nested too deeply", place))
        self._working[name] = depth
        try:
            value = work()
        finally:
            del self._working[name]
        if self._cut is not None and depth >= self._cut[0]:
            start, why, remedy = self._cut
            if depth == start:
                self._cut = None
            if not block:
                # What was worked out inside a cycle holds a part that is no value.
                value = Hole(name, why=why, at=at, remedy=remedy)
        return value

    def __contains__(self, name: str) -> bool:
        """Tell whether a name is being worked out."""
        return name in self._working

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Note that what is worked out meanwhile is read from the state of another root module."""
        self._readings.append(len(self._working))
        try:
            yield
        finally:
            self._readings.pop()

    def _cycle(self, name: str, at: Location) -> Hole:
        """Note a cycle and return the unknown that stands for the thing which asks for itself."""
        start = self._working[name]
        members = (*list(self._working)[start:], name)
        said = " → ".join(f"`{each}`" for each in members)
        why = f"`{name}` refers to itself: {said}"
        if any(depth > start for depth in self._readings):
            # Terraform reads what the states held before.
            why, remedy = f"root modules read each other's states: {said}", ""
        else:
            self._refusals.add(CYCLE, why, at, name)
            remedy = NO_CYCLE
        if self._cut is None or start < self._cut[0]:
            self._cut = (start, why, remedy)
        return Hole(name, why=why, at=at, remedy=remedy)

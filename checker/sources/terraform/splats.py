"""Splats of blocks that have an unknown number of instances."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checker.partial import Hole, Location
from checker.sources.terraform.values import Lazy, Value


class EachOf(Lazy):
    """What a splat makes of a block with an unknown number of instances: `x[*].arn`.

    `step` is what follows the splat, put to one instance.
    """

    def __init__(self, of: Lazy, step: Callable[[Any], Value]) -> None:
        self.uncertain = of.uncertain
        self.counted = of.counted
        self._of, self._step = of, step

    def __str__(self) -> str:
        return f"{self._of}[*]"

    @property
    def sample(self) -> Any:  # noqa: ANN401 - a Value or a Lazy
        """What the step makes of any one of the instances."""
        return self._step(self._of.sample)

    def attribute(self, name: str, at: Location) -> Hole:
        """Return an unknown: a list has no attributes."""
        hole: Hole = self._of.attribute(f"[*].{name}", at)
        return hole

    def index(self, key: Value, at: Location) -> Value:
        """Return what the step makes of one instance."""
        return self._step(self._of.index(key, at))

    def members(self) -> tuple[Value, ...]:
        """Return what is known to be in the list, and a Hole for whatever else is."""
        met = (self._step(each) for each in self._of.known())
        why = self.uncertain.why if self.uncertain is not None else ""
        return (
            self.sample,
            *met,
            Hole(str(self), why=f"the elements of `{self}` are unknown: {why}"),
        )

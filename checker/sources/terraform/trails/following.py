"""One trail: its leads are followed one by one, depth first, within bounds."""

from __future__ import annotations

from dataclasses import replace

from checker.knowledge.partial import Location
from checker.knowledge.trail import TrailStep
from checker.sources.terraform.language import tree
from checker.sources.terraform.trails.expressions import parts_of
from checker.sources.terraform.trails.frames import Frame, Lead, Steps
from checker.sources.terraform.trails.references import ReferenceTargets

MOST_STEPS = 50
"""How many places a trail has at most."""
MOST_LEADS = 2_000
"""How many expressions are looked at for one trail."""


class Following:
    """The places met so far; `left` is how many expressions may still be looked at."""

    def __init__(self, references: ReferenceTargets, left: int) -> None:
        self._references = references
        self._left = min(left, MOST_LEADS)
        self.looked_at = 0
        self.steps: list[TrailStep] = []
        self._places: set[Location] = set()
        self._seen: set[tuple[object, ...]] = set()
        self._pending: list[tuple[Lead, int | None]] = []

    def pass_by(self, step: TrailStep) -> int | None:
        """Note a place, once; return its number, None if it is no new one."""
        if step.at in self._places or len(self.steps) >= MOST_STEPS:
            return None
        self._places.add(step.at)
        self.steps.append(step)
        return len(self.steps) - 1

    def follow(self, lead: Lead) -> None:
        """Follow a lead to every place that it comes to."""
        self._pending.append((lead, None))
        while self._pending and len(self.steps) < MOST_STEPS and self.looked_at < self._left:
            (node, frame, steps, step, at), number = self._pending.pop()
            if step is not None:
                number = self.pass_by(step)
            elif at is not None and number is not None:
                self._narrow(number, at)
            if node is not None and self._is_new(node, frame, steps):
                self.looked_at += 1
                self._expand(node, frame, steps, number)
        self._pending.clear()

    def _is_new(self, node: tree.Expression, frame: Frame, steps: Steps) -> bool:
        loops = tuple((name, each.key) for name, each in frame.elements.items())
        key = id(node), id(frame.module), frame.scope.path, loops, steps
        if key in self._seen:
            return False
        self._seen.add(key)
        return True

    def _expand(
        self, node: tree.Expression, frame: Frame, steps: Steps, number: int | None
    ) -> None:
        if isinstance(node, tree.Name):
            leads = list(self._references.leads(node.name, frame, steps))
        else:
            leads = list(parts_of(node, frame, steps))
        if len(leads) > 1:
            number = None  # none of the parts alone is the place
        self._pending.extend((lead, number) for lead in reversed(leads))

    def _narrow(self, number: int, at: Location) -> None:
        """Take the entry of a literal for a place, if it lies in it and is no place yet."""
        step = self.steps[number]
        if number and at not in self._places and holds(step.at, at):
            self._places.add(at)
            self.steps[number] = replace(step, at=at)


def holds(outer: Location, inner: Location) -> bool:
    """Tell whether a location lies in another one that has an end."""
    if outer.source != inner.source:
        return False
    begin, end = (outer.line, outer.column), (outer.end_line, outer.end_column)
    return begin <= (inner.line, inner.column) < end

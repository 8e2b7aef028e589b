"""Elements that stand for any number of others, each with unknowns of its own."""

from __future__ import annotations

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.sources.terraform.values.marks import rebuilt
from checker.sources.terraform.values.partial_values import InPart
from checker.sources.terraform.values.terraform_values import Lazy, Marked, TerraformValue

_SHARED = {Kind.ACCOUNT, Kind.REGION, Kind.PARTITION}  # these come of no element


def another(value: TerraformValue, step: str) -> TerraformValue:
    """Return an element like a given one, whose unknowns have names of its own.

    Two of the same name would be equal, although they may be of different elements.
    """

    def renamed(hole: Hole) -> Hole:
        if hole.kind in _SHARED:
            return hole
        return Hole(f"{hole.name}@{step}", hole.kind, hole.why, hole.at, hole.remedy)

    def work(one: TerraformValue) -> TerraformValue:
        if isinstance(one, InPart):
            return renamed(one.whole())
        if isinstance(one, Lazy):
            return one
        if isinstance(one, Hole):
            return renamed(one)
        if isinstance(one, Text):
            parts = (renamed(part) if isinstance(part, Hole) else part for part in one.parts)
            return Text(tuple(parts), one.origin) if one.holes else one
        if isinstance(one, Marked):
            return Marked(work(one.value), one.marks)
        return rebuilt(one, work)

    return work(value)

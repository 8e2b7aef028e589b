"""Elements that stand for any number of others, each with unknowns of its own."""

from __future__ import annotations

from checker.knowledge.holes import Hole, Kind
from checker.sources.terraform.values.marks import with_holes
from checker.sources.terraform.values.terraform_values import TerraformValue

_SHARED = {Kind.ACCOUNT, Kind.REGION, Kind.PARTITION}  # these come of no element


def another(value: TerraformValue, step: str) -> TerraformValue:
    """Return an element like a given one, whose unknowns have names of its own.

    Two of the same name would be equal, although they may be of different elements.
    """

    def renamed(hole: Hole) -> Hole:
        if hole.kind in _SHARED:
            return hole
        return Hole(f"{hole.name}@{step}", hole.kind, hole.why, hole.at, hole.remedy)

    return with_holes(value, renamed)

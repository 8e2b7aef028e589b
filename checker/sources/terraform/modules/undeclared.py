"""Mappings that a plan makes and the configuration beside it does not declare.

A plan and a configuration that belong together never differ so: the configuration was taken out of
the plan's JSON, or is not the one that was planned. Nothing tells what the mapping refers to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from checker.errors import Reason, SourceError
from checker.model.identities import without_keys
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.plan.model import Action
from checker.sources.terraform.plan.planned import Planned

MAPPING = "aws_lambda_event_source_mapping"
WHY = "is in the plan, and not in the configuration"
MOST_NAMED = 20
_OWN = re.compile(rf"(?:.*\.)?{MAPPING}\.[\w-]+")


def refuse_undeclared(project: Project, declared: Iterable[str]) -> None:
    """Refuse mappings that only the plan holds; `declared` are the addresses of all blocks.

    Raises SourceError.
    """
    known = {each.removeprefix(project.prefix) for each in declared}
    found = [
        address
        for address in _made(project.plan)
        if (block := without_keys(address)) not in known
        if _OWN.fullmatch(block) and not _is_left_out(block, project)
    ]
    if found:
        source = "" if project.plan.plan is None else project.plan.plan.at.source
        raise SourceError(
            *(Reason(f"`{each}` {WHY}", source) for each in found[:MOST_NAMED]),
            hint="give the whole plan, and the configuration that it was made of",
        )


def _made(planned: Planned) -> list[str]:
    changes = {} if planned.plan is None or not planned.known else planned.plan.changes
    return [
        each
        for each in changes
        if MAPPING in each and not each.startswith("data.") and ".data." not in each
        if planned.lives(each) and changes[each].action is not Action.FORGET
    ]


def _is_left_out(block: str, project: Project) -> bool:
    """Tell whether a module that a block would lie in was not read, which is said already."""
    steps = block.split(".")
    calls = sum(1 for _ in takewhile(lambda n: steps[n] == "module", range(0, len(steps), 2)))
    above = {".".join(steps[: 2 * n]) for n in range(1, calls + 1)}
    return not above.isdisjoint(
        without_keys(each.removeprefix(project.prefix)) for each in project.unread
    )

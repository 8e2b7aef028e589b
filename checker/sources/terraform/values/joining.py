"""What the configuration tells of a value, and what a plan knows of it, as one."""

from __future__ import annotations

import json
from decimal import Decimal

from checker.knowledge import sensitive
from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.language.numbers import number_text
from checker.sources.terraform.values.marks import bare, deep_marks, mark, unmark
from checker.sources.terraform.values.terraform_values import Marked, Set, TerraformValue, holes


def joined(value: TerraformValue, planned: TerraformValue) -> TerraformValue:
    """Return the value that holds: the configuration's, with its places, where both agree.

    What a plan does not know takes nothing away. Where both know and differ the plan is right:
    `ignore_changes` keeps what was there.
    """
    if isinstance(value, Marked) or isinstance(planned, Marked):
        one, marks = unmark(value)
        other, more = unmark(planned)
        made = joined(one, other)
        return Marked(made, marks) if made is one and not more else mark(made, marks | more)
    if isinstance(planned, Hole) or (planned is None and value is not None and not holes(value)):
        return value
    if holes(planned):
        return planned if isinstance(value, Hole) else value
    if isinstance(value, Hole) or holes(value):
        return _of_the_same(value, planned)
    if not _agree(bare(value), bare(planned)):
        return planned
    # What the plan marks in it and the configuration does not is marked as a whole.
    return mark(value, deep_marks(planned) - deep_marks(value))


def _of_the_same(value: TerraformValue, planned: TerraformValue) -> TerraformValue:
    """Return a planned text as one that was taken of the same block as the configuration's."""
    if isinstance(value, Text) and value.thing and isinstance(planned, (str, Text)):
        return Text.of(planned).taken_of(value.thing)
    return planned


def _agree(value: TerraformValue, planned: TerraformValue) -> bool:
    if isinstance(value, Set):
        value = value.members
    if isinstance(value, tuple) and isinstance(planned, tuple):
        # A set has no order in a plan.
        return sorted(map(written, value)) == sorted(map(written, planned))
    if isinstance(value, (tuple, dict)) or isinstance(planned, (tuple, dict)):
        return True  # objects differ in what is not set, which says nothing
    return alike(value, planned)


def alike(value: TerraformValue, planned: TerraformValue) -> bool:
    """Tell whether two plain values are one: as texts, or as what JSON in them says."""
    one, other = written(value), written(planned)
    if one == other:
        return True
    try:
        return bool(json.loads(one) == json.loads(other))
    except (ValueError, RecursionError):
        return False


def written(value: TerraformValue) -> str:
    """Return a text, number or boolean as texts write it; nothing for what has parts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return number_text(sensitive.opened(value))
    if isinstance(value, Text):
        return value.spelled
    return sensitive.plain(value) if isinstance(value, str) else ""

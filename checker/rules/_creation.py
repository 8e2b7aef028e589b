"""What the rules share on permissions that AWS tests when it makes a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import Function, Inventory, Role, region_of
from checker.records import dataclass
from checker.requests import Lack, creation, role_layers
from checker.rules._permission import Wording, ask, leave_out, named, reference_to, tell
from checker.rules.fix import HERE, AddStatement, Fix, ValueToWrite, statement
from checker.rules.rule import Evidence, Said


@dataclass(frozen=True, slots=True)
class Demand:
    """Actions that an option of a function demands of its role, and how a rule speaks of them.

    `needed` tells whether the option is on, `open_point` says that it is unknown.
    """

    actions: tuple[str, ...]
    needed: Value[bool]
    where: str
    open_point: str
    evidence: Callable[[str], tuple[Evidence, ...]]


def demanded(demand: Demand, function: Function, inventory: Inventory) -> Iterator[Said]:
    """Yield what a role lacks that an option of a function demands, and what is left open.

    Raises NotKnown where the role is unknown and the option is on.
    """
    needed = demand.needed
    if not function.closed or (isinstance(needed, Known) and not needed.value):
        return
    found = inventory.role_of(function)
    if isinstance(found, Unknown) and isinstance(needed, Unknown):
        yield needed.leaves(demand.open_point)
        return
    role = found.get()
    asked = [
        ask(creation(action, function, role, None), role_layers(role), inventory)
        for action in demand.actions
    ]
    if isinstance(needed, Unknown):
        if any(each.decision.allowed is not Truth.YES for each in asked):
            yield needed.leaves(demand.open_point)
        return
    yield from tell(asked, wording(demand, function, role))


def wording(demand: Demand, function: Function, role: Role) -> Wording:
    """Return how a rule says that a role lacks what a function's option demands."""
    return Wording(
        who=named("role", role.id),
        where=demand.where,
        subject=role.id,
        at=role.at if role.closed else function.at,
        fix=fix_of(role, "*"),
        evidence=lambda action: (*_place(demand), *demand.evidence(action)),
    )


def _place(demand: Demand) -> tuple[Evidence, ...]:
    """Return the option as evidence, where it is written."""
    at = demand.needed.at
    return (Evidence("this option demands it", at),) if at.line else ()


def fix_of(role: Role, resource: ValueToWrite) -> Callable[[tuple[str, ...], Lack], Fix]:
    """Return the fix for a role that lacks actions on a resource, or on none."""

    def fix(actions: tuple[str, ...], missing: Lack) -> Fix:
        if missing is Lack.DENY:
            return leave_out(role.id, reference_to(role))
        allow = statement(actions, Resource=resource)
        if missing is Lack.BOUNDARY:
            edit = AddStatement(role.id, allow, "permissions boundary")
            return Fix(
                f"add to the permissions boundary of `{role.id}`: {HERE}", (edit,), safe=True
            )
        edit = AddStatement(role.id, allow, "identity policy")
        return Fix(f"add to a policy of `{role.id}`: {HERE}", (edit,), safe=True)

    return fix


def in_other_region(function: Function, named: Text, what: str, at: Location) -> str | Unknown:
    """Say that what an ARN names is in another Region than a function; empty if it is not.

    Unknown where a part of it is written and it is unknown whether the two are the same. What
    nothing is known of is taken for one of the function's Region, and so is what is named in a
    module without a provider of its own: its caller has one.
    """
    here, there = region_of(function.arn), region_of(named)
    if here is None or here == _OF_THE_CALLER or (there is not None and not there.parts):
        return ""  # an ARN without a Region is one of AWS's own
    if there is None:
        return _perhaps_elsewhere(function, here, named, what, at)
    same = here.equals(there)
    if same is Truth.MAYBE:
        open_text = there if there.holes else here
        return open_text.why_unknown(
            at, f"it is unknown whether {what} is in the Region of function `{function.id}`"
        )
    return "" if same is Truth.YES else f"is in `{there}`, the function in `{here}`"


def _perhaps_elsewhere(
    function: Function, here: Text, named: Text, what: str, at: Location
) -> str | Unknown:
    """Compare the Region of an ARN of which it is unknown where its fields end."""
    head, *rest = named.parts or ("",)
    fields = (part for part in rest if isinstance(part, str) and ":" in part)
    if not isinstance(head, str) or not head.startswith("arn:") or next(fields, None) is None:
        return ""  # nothing of it is written
    same = named.like(Text.of("arn:*:*:", here, ":*"))
    if same is Truth.YES:
        return ""
    if same is Truth.NO:
        return f"is not in `{here}`, where the function is"
    why = f"it is unknown whether {what} is in the Region of function `{function.id}`"
    return named.why_unknown(at, why)


_OF_THE_CALLER = Text.of(Hole("region", Kind.REGION))
"""The Region where no provider names it."""

"""Ids that begin with the template, or the stack, that they are of: one run checks several."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.model import Inventory
from checker.model.cases import Answer, Question
from checker.model.inventory import Cases
from checker.model.order import Order
from checker.records import dataclass


def prefixed(found: Inventory, prefix: str) -> Inventory:
    """Return an inventory of which every id begins with a prefix, in its cases too."""
    return replace(
        found,
        prefix=prefix,
        mappings=tuple(replace(each, id=prefix + each.id) for each in found.mappings),
        sources=tuple(replace(each, id=prefix + each.id) for each in found.sources),
        functions=tuple(replace(each, id=prefix + each.id) for each in found.functions),
        # What is only referred to is called by its ARN, in every stack.
        roles=tuple(
            replace(each, id=prefix + each.id) if each.closed else each for each in found.roles
        ),
        keys=tuple(replace(each, id=prefix + each.id) for each in found.keys),
        waivers=tuple(
            replace(each, ids=frozenset(prefix + own for own in each.ids)) for each in found.waivers
        ),
        unread=tuple(replace(each, id=prefix + each.id) for each in found.unread),
        order=None if found.order is None else _PrefixedOrder(found.order, prefix),
        cases=None if found.cases is None else _PrefixedCases(found.cases, prefix),
    )


@dataclass(frozen=True, slots=True)
class _PrefixedCases:
    """The cases of an inventory by the same ids as its own."""

    cases: Cases
    prefix: str

    @property
    def questions(self) -> Sequence[Question]:
        """What is open, each with its answers."""
        return self.cases.questions

    def inventory(self, answers: Sequence[Answer]) -> Inventory | None:
        """Read the input with these answers; None where it is refused with them."""
        found = self.cases.inventory(answers)
        return None if found is None else prefixed(found, self.prefix)


@dataclass(frozen=True, slots=True)
class _PrefixedOrder:
    """The order of a stack's resources by ids that begin with the path of its template."""

    order: Order
    prefix: str

    def unordered(self, id: str, others: Collection[str], at: Location) -> Value[tuple[str, ...]]:
        """Return those of the other resources that may be created after the one."""
        own = {each.removeprefix(self.prefix): each for each in others}
        found = self.order.unordered(id.removeprefix(self.prefix), tuple(own), at)
        if isinstance(found, Unknown):
            return found
        return Known(tuple(own[each] for each in found.value), found.at)

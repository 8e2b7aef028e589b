"""Does a statement of a policy concern a mapping: its source, its key or its deployer?

A role may do much besides: a wrong action on a table is no fault of the mapping.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from checker.iam.document import Statement
from checker.iam.match import Layer, resource_applies
from checker.iam.request import Caller, Request
from checker.knowledge.partial import Known, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import SOURCE_TYPES, EventSourceMapping, Inventory, type_of
from checker.records import dataclass


class DocumentHolder(Enum):
    """Whose document it is, as a mapping sees it."""

    SOURCE = "source"
    ROLE = "role"
    DEPLOYER = "deployer"


@dataclass(frozen=True, slots=True)
class Concern:
    """What a mapping is about: the ARNs of its source and of its key, None where unknown.

    `service` is that of the source; `key` is an empty text where there is no key.
    """

    service: str
    source: Text | None
    key: Text | None

    def of(self, statement: Statement, holder: DocumentHolder) -> bool:
        """Tell whether a statement of somebody's document may concern the mapping."""
        if holder is DocumentHolder.SOURCE:
            return True
        services = statement.services
        if holder is DocumentHolder.DEPLOYER:
            return services is None or "lambda" in services
        return any(
            (services is None or service in services) and _speaks_of(statement, service, arn)
            for service, arn in ((self.service, self.source), ("kms", self.key))
        )

    def of_any(self, statements: Iterable[Statement], holder: DocumentHolder) -> bool:
        """Tell whether one of some statements may concern the mapping; none may, too."""
        every = tuple(statements)
        return not every or any(self.of(each, holder) for each in every)


def concern_of(mapping: EventSourceMapping, inventory: Inventory) -> Concern:
    """Return what a mapping is about."""
    source = inventory.source_of(mapping)
    if isinstance(source, Unknown):
        return Concern(SOURCE_TYPES[0].service, None, None)
    service, arn = type_of(source.value).service, source.value.arn
    key = inventory.key_of(source.value)
    if isinstance(key, Known):
        return Concern(service, arn, Text.of() if key.value is None else key.value.arn)
    return Concern(service, arn, None)


def _speaks_of(statement: Statement, service: str, arn: Text | None) -> bool:
    """Tell whether a statement may speak of a resource of a service; empty is none."""
    if arn is None:
        return True
    if not arn.parts:
        return False
    request = Request(Caller.anonymous(), f"{service}:*", arn)
    return resource_applies(statement, request, Layer.IDENTITY) is not Truth.NO

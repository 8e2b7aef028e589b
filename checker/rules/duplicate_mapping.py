"""The rule `duplicate-mapping`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.holes import Kind
from checker.knowledge.lookup import TooManyError
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import EventSourceMapping, Inventory, SourceType, arn_field, type_named
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, aws="refuses the second")
def duplicate_mapping(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """Two mappings join the same queue to the same function.

    ## Why

    AWS takes one mapping for each queue and function, and refuses the second:

        ResourceConflictException: An event source mapping with SQS arn (" arn:aws:sqs:eu-west-1:111122223333:orders ") and function (" worker ") already exists. Please update or delete the existing mapping with UUID ...

    The function counts with its qualifier: `worker`, `worker:live` and `worker:1` are three. That
    a disabled one counts too is inference: it is there all the same.

    Source: recorded against AWS (localstack/localstack). Confidence: high, low for a disabled
    mapping.

    <https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html>

    ## Fix

    Remove one of the two, or set apart what they read or call:

    ```terraform
    resource "aws_lambda_event_source_mapping" "orders" {
      event_source_arn = aws_sqs_queue.orders.arn
      function_name    = aws_lambda_alias.live.arn
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    first = inventory.rivals.first(mapping)
    if first is not mapping:
        yield _problem(first, mapping, type_named(mapping.source.get()))
    try:
        for other in inventory.rivals.perhaps(mapping):
            open_point = _unknown(mapping, other)
            if open_point is not None and not _apart(inventory, mapping, other):
                why = f"it is unknown whether it has the same queue and function as `{other.id}`"
                yield open_point.leaves(why)
                return
    except TooManyError as error:
        why = f"it is unknown whether another mapping has the same queue and function: {error}"
        yield Unknown(why, mapping.at)


def _apart(inventory: Inventory, one: EventSourceMapping, other: EventSourceMapping) -> bool:
    """Tell whether both are surely apart: in two places, or of queues that are made.

    A queue that is made with a name that the provider makes up is no other.
    """
    if _in_two_places(one.source, other.source) or _in_two_places(one.function, other.function):
        return True
    found = inventory.source_of(one), inventory.source_of(other)
    sources = [each.value for each in found if isinstance(each, Known) and each.value.closed]
    made_up = any(h.name.startswith(f"{each.id}.") for each in sources for h in each.arn.holes)
    return made_up and len({each.id for each in sources}) > 1


def _in_two_places(one: Value[Text], other: Value[Text]) -> bool:
    """Tell whether two ARNs are of two provider configurations of unknown accounts or Regions.

    That these are two places is an assumption, which the report lists.
    """
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return False
    pairs = ((arn_field(one.value, n), arn_field(other.value, n)) for n in (3, 4))
    return any(
        ours is not None and theirs is not None and ours != theirs and _open(ours) and _open(theirs)
        for ours, theirs in pairs
    )


def _open(place: Text) -> bool:
    return (
        len(place.parts) == 1
        and all(hole.kind in {Kind.ACCOUNT, Kind.REGION} for hole in place.holes[:1])
        and bool(place.holes)
    )


def _same(one: Value[Text], other: Value[Text]) -> Truth:
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return Truth.MAYBE
    return one.value.equals(other.value)


def _unknown(mapping: EventSourceMapping, other: EventSourceMapping) -> Unknown | None:
    """Return what is not known of this mapping, if it decides whether both are one.

    What is not known of the other one is reported of the other one.
    """
    pairs = (mapping.source, other.source), (mapping.function, other.function)
    truths = [_same(one, two) for one, two in pairs]
    if min(truths) is not Truth.MAYBE:
        return None
    for (one, rival), truth in zip(pairs, truths, strict=True):
        if truth is Truth.MAYBE and not (_vague(rival) and not _vague(one)):
            open_point = one if isinstance(one, Unknown) else one.value.unknown(one.at)
            if open_point is not None:
                return open_point
    return None


def _vague(value: Value[Text]) -> bool:
    """Tell whether more is unknown of an ARN than its account or Region."""
    if isinstance(value, Unknown):
        return True
    return any(hole.kind in {Kind.ANY, Kind.JSON} for hole in value.value.holes)


def _problem(first: EventSourceMapping, second: EventSourceMapping, kind: SourceType) -> Problem:
    source, function = second.source.get(), second.function.get()
    text = (
        f'An event source mapping with {kind.brand} arn (" {source} ") and function'
        f' (" {_name(function)} ") already exists.'
    )
    return Problem(
        message=f"`{first.id}` and `{second.id}` both map {kind.noun} `{source}`"
        f" to function `{function}`",
        at=second.at,
        fix=Fix(f"remove `{second.id}` or `{first.id}`"),
        because=(
            Evidence("the first mapping", first.at),
            Evidence(f"AWS refuses the second mapping: `{text}`"),
        ),
        mappings=(first.id, second.id),
    )


def _name(function: Text) -> Text:
    fields = function.split(":", 6)
    return fields[-1] if fields is not None else function

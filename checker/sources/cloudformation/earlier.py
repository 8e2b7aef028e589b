"""The mappings that a stack has before an update, and which the update deletes last.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import EarlierMapping, EventSourceMapping
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.identifiers import MeantResources
from checker.sources.cloudformation.resources.mappings import mappings
from checker.sources.cloudformation.values.attributes import FUNCTION, QUEUE
from checker.sources.cloudformation.values.nodes import same
from checker.sources.cloudformation.values.stack import Stack

_REPLACING = {
    QUEUE: ("QueueName", "FifoQueue"),
    FUNCTION: ("FunctionName", "PackageType", "TenancyConfig"),
}
"""Properties whose change makes CloudFormation create another resource."""


def earlier_mappings(
    now: Stack, then: Stack, made: Iterable[EventSourceMapping]
) -> dict[str, tuple[EarlierMapping, ...]]:
    """Return for each new mapping those of the stack that have its queue and function, or may have.

    A mapping whose logical id stays is updated, or was one of a queue that is another now.
    """
    had, _ = mappings(then, MeantResources(then))
    by_id = {each.id: each for each in had}
    new = frozenset(_new(now, then))
    found: dict[str, tuple[EarlierMapping, ...]] = {}
    kept = {each.id: each for each in made}
    for mapping in made:
        if mapping.id not in by_id:
            rivals = (_earlier(mapping, each, kept, new) for each in had)
            found[mapping.id] = tuple(each for each in rivals if each is not None)
    return {new_id: rivals for new_id, rivals in found.items() if rivals}


def _earlier(
    mapping: EventSourceMapping,
    earlier: EventSourceMapping,
    kept: Mapping[str, EventSourceMapping],
    new: frozenset[str],
) -> EarlierMapping | None:
    stays = kept.get(earlier.id)
    if stays is not None and _equal(stays.source, earlier.source, new) is Truth.YES:
        return None  # it is updated in place; two of one function are found without the stack
    pairs = (mapping.source, earlier.source), (mapping.function, earlier.function)
    truths = [_equal(one, other, new) for one, other in pairs]
    if Truth.NO in truths:
        return None
    open_points = [
        _open_point(one, other)
        for (one, other), truth in zip(pairs, truths, strict=True)
        if truth is Truth.MAYBE
    ]
    unsure = (*open_points, earlier.unsure, mapping.unsure)
    return EarlierMapping(
        earlier.id, earlier.at, next((each for each in unsure if each is not None), None)
    )


def _equal(one: Value[Text], other: Value[Text], new: frozenset[str]) -> Truth:
    """Compare what two mappings name; a resource that is new has a name that nothing had."""
    if isinstance(one, Unknown) or isinstance(other, Unknown):
        return Truth.MAYBE
    if any(_maker(hole) in new for hole in one.value.holes):
        return Truth.NO
    return one.value.equals(other.value)


def _maker(hole: Hole) -> str:
    return hole.name.removesuffix(".name")


def _open_point(one: Value[Text], other: Value[Text]) -> Unknown | None:
    """Return what is not known of one of two texts, and stands in it alone."""
    for this, that in ((one, other), (other, one)):
        if isinstance(this, Unknown):
            return this
        both = that.value.holes if isinstance(that, Known) else ()
        own = [hole for hole in this.value.holes if hole not in both]
        if own:
            return Text.of(own[0]).why_unknown(this.at)
    return None


def _new(now: Stack, then: Stack) -> Iterator[str]:
    """Yield the ids of queues and functions that the update creates."""
    for each in now.of_type(*_REPLACING):
        if each.stack not in then.scopes and each.stack.partition("/")[0] in then.resources:
            continue  # of a nested stack that is not read
        before = then.resources.get(each.id)
        if before is None or before.type != each.type or _replaced(now, each, then, before):
            yield each.id


def _replaced(
    now: Stack, resource: TemplateResource, then: Stack, before: TemplateResource
) -> bool:
    return any(
        not same(now.property(resource, name), then.property(before, name))
        for name in _REPLACING[resource.type]
    )

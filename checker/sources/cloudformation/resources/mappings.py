"""`AWS::Lambda::EventSourceMapping`.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.knowledge.json_nodes import JsonNode, Members
from checker.knowledge.lookup import Lookup
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.model import EventSourceMapping, Foreign, Pollers
from checker.model.identifier_forms import FUNCTION as FUNCTION_FORM
from checker.model.identifier_forms import SOURCE_ARN
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.given_values import given_values
from checker.sources.cloudformation.resources.identifiers import MAPPING, MeantResources
from checker.sources.cloudformation.resources.reading import (
    boolean,
    integer,
    listed,
    naming,
    optional_integer,
    optional_text,
    text,
)
from checker.sources.cloudformation.values.attributes import ALIAS, FUNCTION, QUEUE
from checker.sources.cloudformation.values.nodes import text_of
from checker.sources.cloudformation.values.stack import Stack

DEFAULT_BATCH = 10
# Properties that only a mapping of another source takes; they settle what an unknown source is.
_OTHERS = ("StartingPosition", "StartingPositionTimestamp", "Topics", "Queues",
           "ParallelizationFactor", "TumblingWindowInSeconds", "BisectBatchOnFunctionError",
           "SelfManagedEventSource", "SelfManagedKafkaEventSourceConfig",
           "AmazonManagedKafkaEventSourceConfig", "DocumentDBEventSourceConfig",
           "SourceAccessConfigurations")  # fmt: skip
_FOREIGN = (*_OTHERS, "MaximumRecordAgeInSeconds", "MaximumRetryAttempts", "DestinationConfig")
_REPORTS = "ReportBatchItemFailures"


def mappings(stack: Stack, meant: MeantResources) -> tuple[tuple[EventSourceMapping, ...], int]:
    """Return every mapping of a queue, and how many mappings read something else."""
    found: list[EventSourceMapping] = []
    aliases = Lookup((stack.attributes.arn(each), each) for each in stack.of_type(ALIAS))
    others = 0
    for resource in stack.of_type(MAPPING):
        written = naming(stack.property(resource, "EventSourceArn"), "EventSourceArn", resource.at)
        source = meant.arn(written, SOURCE_ARN, QUEUE)
        if _reads_something_else(stack, resource, source):
            others += 1
        else:
            mapping = _mapping(stack, resource, source, meant)
            found.append(replace(mapping, alias=_alias(stack, resource, mapping, aliases)))
    return tuple(found), others


def _alias(
    stack: Stack,
    resource: TemplateResource,
    mapping: EventSourceMapping,
    aliases: Lookup[TemplateResource],
) -> str:
    """Return the id of the alias that a mapping's function names; empty where none surely is it."""
    named = mapping.function
    found = aliases.named(named.value) if isinstance(named, Known) else []
    return next((each.id for each in found if stack.unsure(each, resource) is None), "")


def _reads_something_else(stack: Stack, resource: TemplateResource, source: Value[Text]) -> bool:
    if isinstance(source, Known):
        fields = source.value.split(":", 3) or Text(source.value.parts[:1]).split(":", 3) or ()
        service = fields[2] if len(fields) > 2 else Text.of()  # noqa: PLR2004 - arn:partition:service
        if len(fields) > 3 and service.literal is not None:  # noqa: PLR2004 - it is whole
            return service.literal != "sqs"
        start = service.parts[0] if service.parts else ""
        if isinstance(start, str) and not "sqs".startswith(start):
            return True
    return any(each.unknown is None for each in _foreign(stack, resource, _OTHERS))


def _foreign(stack: Stack, resource: TemplateResource, names: tuple[str, ...]) -> Iterator[Foreign]:
    for name in names:
        node = stack.property(resource, name)
        if node is not None:
            yield Foreign(name, node.at, node.value if isinstance(node.value, Unknown) else None)


def _mapping(
    stack: Stack, resource: TemplateResource, source: Value[Text], meant: MeantResources
) -> EventSourceMapping:
    at = resource.at

    def of(name: str) -> JsonNode | None:
        return stack.property(resource, name)

    window = "MaximumBatchingWindowInSeconds"
    return EventSourceMapping(
        id=resource.id,
        at=at,
        source=source,
        function=_function(stack, resource, meant),
        region=Known(stack.parameters.region, at),
        batch_size=integer(of("BatchSize"), "BatchSize", DEFAULT_BATCH, at),
        batching_window=integer(of(window), window, 0, at),
        enabled=boolean(of("Enabled"), "Enabled", at, default=True),
        # CloudFormation adds tags of its own to each mapping.
        tagged=Known(value=True, at=at),
        unsure=_unsure(stack, resource),
        maximum_concurrency=_inner(stack, of("ScalingConfig"), "MaximumConcurrency", at),
        pollers=_pollers(stack, of("ProvisionedPollerConfig"), at),
        reports_failures=_reports(of("FunctionResponseTypes"), at),
        foreign=tuple(_foreign(stack, resource, _FOREIGN)),
        filters=_filters(stack, of("FilterCriteria"), at),
        filter_key=optional_text(of("KmsKeyArn"), at),
        given=given_values(stack, resource),
    )


def _unsure(stack: Stack, resource: TemplateResource) -> Unknown | None:
    """Say why a mapping may not be there, or another than is written: a macro may change it."""
    unsure, macro = stack.unsure(resource), stack.scope(resource).macro
    if unsure is not None or not macro or macro.startswith("AWS::"):
        return unsure
    return Unknown(f"the macro `{macro}` may change it when the stack is deployed", resource.at)


def _function(stack: Stack, resource: TemplateResource, meant: MeantResources) -> Value[Text]:
    written = naming(stack.property(resource, "FunctionName"), "FunctionName", resource.at)
    named = meant.arn(written, FUNCTION_FORM, FUNCTION)
    if isinstance(named, Unknown):
        return named
    arn = stack.attributes.function_arn(named.value)
    if arn is None:
        return named.value.why_unknown(named.at)
    meant_one = stack.resources.get(named.value.thing)
    of_function = meant_one is not None and meant_one.type == FUNCTION
    return Known(arn.taken_of(named.value.thing) if of_function else arn, named.at)


def _inner(stack: Stack, node: JsonNode | None, name: str, at: Location) -> Value[int | None]:
    if node is not None and isinstance(node.value, Unknown):
        return node.value
    return optional_integer(stack.member(node, name), name, at)


def _pollers(stack: Stack, node: JsonNode | None, at: Location) -> Value[Pollers | None]:
    if node is None:
        return Known(None, at, default=True)
    if isinstance(node.value, Unknown):
        return node.value
    least = _inner(stack, node, "MinimumPollers", node.at)
    return Known(Pollers(least, _inner(stack, node, "MaximumPollers", node.at), node.at), node.at)


def _reports(node: JsonNode | None, at: Location) -> Value[bool]:
    if node is None:
        return Known(value=False, at=at, default=True)
    types = listed(node, "FunctionResponseTypes")
    if isinstance(types, Unknown):
        return types
    texts = [text_of(each) for each in types]
    if any(isinstance(each, Text) and each.literal == _REPORTS for each in texts):
        return Known(value=True, at=node.at)
    for each in texts:
        if isinstance(each, Unknown):
            return each
        if each.holes:
            return each.why_unknown(node.at)
    return Known(value=False, at=node.at)


def _filters(stack: Stack, node: JsonNode | None, at: Location) -> Value[tuple[Value[Text], ...]]:
    if node is None:
        return Known((), at, default=True)
    if isinstance(node.value, Unknown) or not isinstance(node.value, Members):
        return (
            node.value
            if isinstance(node.value, Unknown)
            else Unknown("it is not an object", node.at)
        )
    filters = listed(stack.member(node, "Filters"), "Filters")
    if isinstance(filters, Unknown):
        return filters
    patterns = tuple(
        each.value
        if isinstance(each.value, Unknown)
        else text(stack.member(each, "Pattern"), "Pattern", each.at)
        for each in filters
    )
    return Known(patterns, node.at)

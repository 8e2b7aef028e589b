"""The values that a resource gives to properties for which AWS takes some only."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.json_nodes import JsonNode
from checker.knowledge.partial import Known, Unknown, Value
from checker.model import GivenValue, ValueRange, ranges_of
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.reading import listed, optional_integer
from checker.sources.cloudformation.values.nodes import text_of
from checker.sources.cloudformation.values.stack import Stack

_TERRAFORM = {
    "AWS::IAM::Role": "aws_iam_role",
    "AWS::Lambda::EventSourceMapping": "aws_lambda_event_source_mapping",
    "AWS::Lambda::Function": "aws_lambda_function",
    "AWS::SQS::Queue": "aws_sqs_queue",
}
"""The table names types and arguments as Terraform does."""
_NAME = "FunctionName"


def given_values(stack: Stack, resource: TemplateResource) -> tuple[GivenValue, ...]:
    """Return what a resource gives; what is left out is not among it."""
    ranges = ranges_of(_TERRAFORM[resource.type])
    return tuple(each for range_ in ranges for each in _given(stack, resource, range_))


def _given(stack: Stack, resource: TemplateResource, range_: ValueRange) -> Iterator[GivenValue]:
    path = range_.aws.split(".")[1:] or [_NAME]
    node = stack.property(resource, path[0])
    for name in path[1:]:
        if node is not None and isinstance(node.value, Unknown):
            break
        node = stack.member(node, name)
    if node is not None:
        yield from (GivenValue(range_, value) for value in _values(node, path[-1], range_))


def _values(node: JsonNode, name: str, range_: ValueRange) -> Iterator[Value[int | str]]:
    if range_.most is not None:
        number = optional_integer(node, name, node.at)
        if isinstance(number, Unknown):
            yield number
        elif number.value is not None:
            yield Known(number.value, number.at)
        return
    words = listed(node, name)
    if isinstance(words, Unknown):
        yield words
        return
    for each in words:
        found = text_of(each)
        if isinstance(found, Unknown):
            yield found
        elif found.literal is None:
            yield found.why_unknown(each.at)
        else:
            yield Known(found.literal, each.at)

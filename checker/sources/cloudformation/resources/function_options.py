"""What AWS tests of an `AWS::Lambda::Function` when it creates it: its VPC, tracing, key and code.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.json_nodes import JsonNode, Members
from checker.knowledge.lookup import TooManyError
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.model import FunctionOptions, LayerVersion
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.mentions import Mentions
from checker.sources.cloudformation.resources.reading import (
    inner,
    is_word,
    listed,
    optional_integer,
    optional_text,
    text,
)
from checker.sources.cloudformation.values.attributes import TOPIC
from checker.sources.cloudformation.values.nodes import NonEmptyList, PerhapsAbsent, text_of
from checker.sources.cloudformation.values.stack import Stack

TOPIC_POLICY, TOPIC_INLINE = "AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy"


class StackFunctionOptions:
    """Reads the options of functions, and which topics have a policy of their own."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._anywhere: list[TemplateResource] = []
        arns = (stack.attributes.arn(each) for each in stack.of_type(TOPIC))
        self._policies = Mentions(self._topics(), arns)

    def of(self, resource: TemplateResource, dead_letter: Value[Text | None]) -> FunctionOptions:
        """Return the options of a function; `dead_letter` is its own dead-letter target."""
        at = resource.at

        def under(*names: str) -> JsonNode | None:
            return inner(self._stack.property(resource, names[0]), *names[1:])

        return FunctionOptions(
            vpc=_any_of(under("VpcConfig", "SubnetIds"), "SubnetIds", at),
            tracing=is_word(under("TracingConfig", "Mode"), "Active", at),
            key=_key(under("KmsKeyArn"), under("Environment", "Variables"), at),
            image=optional_text(under("Code", "ImageUri"), at),
            layers=tuple(_layers(under("Layers"))),
            layered=_any_of(under("Layers"), "Layers", at),
            package=_package(under("PackageType"), at),
            run_by=self._run_by(resource),
            dead_letter_policy=self._policy(dead_letter),
            durable=_durable(under("DurableConfig"), at),
            managed=managed(under("CapacityProviderConfig"), at),
            tenants=is_word(under("TenancyConfig", "TenantIsolationMode"), "PER_TENANT", at),
        )

    def _run_by(self, resource: TemplateResource) -> Value[str | None]:
        """Return a property that says how an archive is run; None where there is none."""
        unknown: Unknown | None = None
        for name in ("Runtime", "Handler"):
            node = self._stack.property(resource, name)
            if node is None:
                continue
            if not isinstance(node.value, Unknown):
                return Known(name, node.at)
            unknown = node.value if unknown is None else unknown
        return Known(None, resource.at, default=True) if unknown is None else unknown

    def _topics(self) -> Iterator[tuple[Text, TemplateResource]]:
        """Yield the policies of topics by the ARNs of these."""
        for each in self._stack.of_type(TOPIC_POLICY, TOPIC_INLINE):
            name = "Topics" if each.type == TOPIC_POLICY else "TopicArn"
            arns = listed(self._stack.property(each, name), name)
            for arn in arns if isinstance(arns, tuple) else ():
                found = text_of(arn)
                if isinstance(found, Text):
                    yield found, each
                else:
                    self._anywhere.append(each)
            if isinstance(arns, Unknown):
                self._anywhere.append(each)

    def _policy(self, target: Value[Text | None]) -> Unknown | None:
        """Say that a topic has a policy of its own, which is not read; None if it has none."""
        if not isinstance(target, Known) or target.value is None:
            return None
        for each in self._policies.named(target.value):
            return Unknown(f"the policy of the topic, `{each.id}`, is not read", each.at)
        try:
            others = [*self._policies.perhaps(target.value), *self._anywhere]
        except TooManyError as error:
            return Unknown(f"it is unknown which policy the topic has: {error}", target.at)
        for each in others:
            return Unknown(f"it is unknown whether `{each.id}` is a policy of the topic", each.at)
        return None


def managed(node: JsonNode | None, at: Location) -> Value[bool]:
    """Tell whether a function runs on managed instances: it has a capacity provider."""
    if node is None:
        return Known(value=False, at=at, default=True)
    return node.value if isinstance(node.value, Unknown) else Known(value=True, at=node.at)


def _any_of(node: JsonNode | None, name: str, at: Location) -> Value[bool]:
    """Tell whether a list has members: no subnets and no layers are as good as no list."""
    if node is None:
        return Known(value=False, at=at, default=True)
    if isinstance(node.value, NonEmptyList):
        return Known(value=True, at=node.at)
    members = listed(node, name)
    if isinstance(members, Unknown):
        return members
    named = [each for each in members if not isinstance(each.value, PerhapsAbsent)]
    written = [each for each in named if not _is_empty(each)]
    if written:
        return Known(value=True, at=node.at)
    if named:
        return Unknown(f"it is unknown what Lambda makes of an empty member of `{name}`", node.at)
    unsure = (each.value for each in members if isinstance(each.value, Unknown))
    return next(unsure, Known(value=False, at=node.at))


def _is_empty(node: JsonNode) -> bool:
    return isinstance(node.value, Text) and not node.value.parts


def _key(key: JsonNode | None, variables: JsonNode | None, at: Location) -> Value[Text | None]:
    """Return the key of the environment variables: without variables AWS keeps none."""
    found = optional_text(key, at)
    if variables is None or (isinstance(found, Known) and found.value is None):
        return found if variables is not None else Known(None, at, default=True)
    if isinstance(variables.value, Unknown):
        return variables.value
    values = [each.value for _, each in variables.value.items] if isinstance(
        variables.value, Members
    ) else []  # fmt: skip
    if any(not isinstance(each, PerhapsAbsent) for each in values):
        return found
    unsure = (each for each in values if isinstance(each, Unknown))
    return next(unsure, Known(None, at, default=True))


def _package(node: JsonNode | None, at: Location) -> Value[str]:
    """Return the package type of a function: `Zip` unless it says another."""
    if node is None:
        return Known("Zip", at, default=True)
    found = text_of(node)
    if isinstance(found, Unknown):
        return found
    if found.literal is None:
        return found.why_unknown(node.at)
    return Known(found.literal, node.at)


def _layers(node: JsonNode | None) -> Iterator[LayerVersion]:
    """Yield the layers of a function: all that a stack makes is of its own account."""
    layers = listed(node, "Layers")
    for each in layers if isinstance(layers, tuple) else ():
        yield LayerVersion(text(each, "Layers", each.at))


def _durable(node: JsonNode | None, at: Location) -> Value[int | None]:
    """Return how long an execution of a durable function may take, in seconds."""
    if node is None:
        return Known(None, at, default=True)
    if isinstance(node.value, Unknown):
        return node.value
    longest = inner(node, "ExecutionTimeout")
    if longest is None:
        return Unknown("`ExecutionTimeout` is not set, and its default is unknown", node.at)
    return optional_integer(longest, "ExecutionTimeout", node.at)

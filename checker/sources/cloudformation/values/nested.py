"""Nested stacks: which template one has, and what is passed to it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from checker.knowledge.json_nodes import JsonNode, Members
from checker.knowledge.partial import Known, Unknown, Value
from checker.records import dataclass
from checker.sources.cloudformation.language.calls import call_of, member
from checker.sources.cloudformation.language.template import StackTemplate, TemplateResource
from checker.sources.cloudformation.values.evaluation import Evaluator
from checker.sources.cloudformation.values.nodes import plain_text
from checker.sources.cloudformation.values.parameters import Passed
from checker.sources.cloudformation.values.scope import StackScope
from checker.yaml import Scalar, YamlMapping, YamlNode

NESTED = "AWS::CloudFormation::Stack"
MOST_DEEP = 10
"""How deep stacks may be nested in one another; deeper ones are not read."""
MOST_STACKS = 200
"""How many stacks of one template are read."""
_ASSET = "aws:asset:path"
"""Where CDK says which file it packages for a nested stack."""


@dataclass(frozen=True, slots=True)
class NestedTemplate:
    """The template of a nested stack as it is written, and as it is deployed.

    `left_out` are resources that could not be expanded, each with the reason.
    """

    written: StackTemplate
    template: StackTemplate
    left_out: tuple[tuple[str, Unknown], ...] = ()


class NestedTemplates(Protocol):
    """What reads the templates of nested stacks."""

    def read(
        self, beside: StackTemplate, path: str, parameters: Mapping[str, str]
    ) -> NestedTemplate | Unknown:
        """Return the template at a path that another names; unknown where it is not in reach."""


def template_path(scope: StackScope, resource: TemplateResource) -> Value[str]:
    """Return the path of a nested stack's template, as the template around it names it."""
    asset = member(member(resource.node, "Metadata"), _ASSET)
    if isinstance(asset, Scalar) and asset.text:
        return Known(asset.text, scope.place(asset))
    url = scope.text_property(resource, "TemplateURL")
    if url is None:
        return Unknown("it names no template", resource.at)
    if isinstance(url, Unknown):
        return url
    if url.literal is None:
        return url.why_unknown(resource.at)
    if "://" in url.literal:
        why = f"its template `{url}` is not in this repository"
        return Unknown(why, resource.at, "check the template before it is packaged")
    return Known(url.literal, resource.at)


def passed_to(scope: StackScope, resource: TemplateResource) -> Passed:
    """Return what a nested stack gets for each parameter, which is worked out when it is asked for.

    A parameter may come of an output of another nested stack.
    """
    written = _written(resource)

    def passed(name: str) -> JsonNode | None:
        if written is not None:
            node = written.get(name)
            return None if node is None else Evaluator(scope, resource.loops).value(node)
        found = scope.property(resource, "Parameters")
        if found is None:
            return None
        match found.value:
            case Members():
                return found.value.get(name)
            case Unknown():
                return found
            case _:
                return JsonNode(Unknown("it is not a mapping of parameters", found.at), found.at)

    return passed


def passed_names(resource: TemplateResource) -> dict[str, YamlNode] | None:
    """Return the parameters that are passed, by name; None where a function makes them."""
    node = next((v for k, v in _properties(resource) if k.text == "Parameters"), None)
    return {} if node is None else _written(resource)


def literal_parameters(resource: TemplateResource) -> dict[str, str]:
    """Return the parameters that are passed as they are written."""
    written = _written(resource) or {}
    return {
        name: plain_text(node)
        for name, node in written.items()
        if isinstance(node, Scalar) and not node.tag
    }


def _written(resource: TemplateResource) -> dict[str, YamlNode] | None:
    node = next((v for k, v in _properties(resource) if k.text == "Parameters"), None)
    if not isinstance(node, YamlMapping) or call_of(node) is not None:
        return None
    if any(key.text.startswith("Fn::") for key, _ in node.entries):
        return None
    return {key.text: value for key, value in node.entries}


def _properties(resource: TemplateResource) -> tuple[tuple[Scalar, YamlNode], ...]:
    return () if resource.properties is None else resource.properties.entries

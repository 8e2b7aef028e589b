"""The names that `Ref` and `Fn::GetAtt` take, which functions may make.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-aws-languageextensions.html
"""

from __future__ import annotations

from typing import Protocol

from checker.knowledge.json_nodes import JsonNode
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.sources.cloudformation.language.calls import GET_ATT, REF, IntrinsicCall, call_of
from checker.yaml import Scalar, Sequence, YamlNode

_LEAST_OF_ATTRIBUTE = 2
"""A resource, and the words of an attribute."""


class NameValues(Protocol):
    """What works out the functions that make names."""

    def value(self, node: YamlNode) -> JsonNode | None:
        """Return what a node comes to; None for `AWS::NoValue`."""

    def text(self, node: JsonNode | None) -> Text:
        """Return a value as a part of a text; what is unknown is a hole."""

    def looped(self, written: str) -> str:
        """Return a word with the variables of the loops around it filled in."""

    def may_loop(self) -> bool:
        """Tell whether the template has the transform that lets functions make any name."""

    def place(self, node: YamlNode) -> Location:
        """Return where a node stands."""


def referenced_name(of: NameValues, node: YamlNode) -> str | Unknown | None:
    """Return the name that `Ref`, or the first part of `Fn::GetAtt`, takes.

    None where CloudFormation refuses what stands there.
    """
    return _name(of, node, functions=of.may_loop())


def attribute_name(of: NameValues, call: IntrinsicCall) -> tuple[str, str] | Unknown | None:
    """Return the resource and the attribute that `Fn::GetAtt` takes.

    The attribute may be a `Ref` in every template. None where CloudFormation refuses it.
    """
    parts = call.argument.items if isinstance(call.argument, Sequence) else ()
    if len(parts) < _LEAST_OF_ATTRIBUTE:
        return None
    found = [referenced_name(of, parts[0])]
    for each in parts[1:]:
        made = call_of(each)
        by_parameter = made is not None and made.name == REF
        found.append(_name(of, each, functions=by_parameter or of.may_loop()))
    names: list[str] = []
    for name in found:
        if not isinstance(name, str):
            return name
        names.append(name)
    return names[0], ".".join(names[1:])


def named_by(of: NameValues, call: IntrinsicCall) -> tuple[str, str] | None:
    """Return what a `Ref` or `Fn::GetAtt` names, with its attribute; None where it is unknown."""
    if call.name == GET_ATT:
        found = attribute_name(of, call)
        return found if isinstance(found, tuple) else None
    name = referenced_name(of, call.argument)
    return (name, "") if isinstance(name, str) else None


def _name(of: NameValues, node: YamlNode, *, functions: bool) -> str | Unknown | None:
    if call_of(node) is None:
        return of.looped(node.text) if isinstance(node, Scalar) else None
    if not functions:
        return None
    found = of.text(of.value(node))
    return found.why_unknown(of.place(node)) if found.literal is None else found.literal

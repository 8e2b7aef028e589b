"""Intrinsic functions as a template writes them, in their long and short forms.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

from dataclasses import replace

from checker.records import dataclass
from checker.yaml import Scalar, Sequence, YamlMapping, YamlNode

REF, GET_ATT, SUB, IF, CONDITION = "Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If", "Condition"
FOR_EACH = "Fn::ForEach"
_SHORT = frozenset((REF, CONDITION))


@dataclass(frozen=True, slots=True)
class IntrinsicCall:
    """A call of an intrinsic function: its long name and its argument."""

    name: str
    argument: YamlNode
    node: YamlNode


def call_of(node: YamlNode, *, conditions: bool = False) -> IntrinsicCall | None:
    """Return the call that a node is; None for a plain value.

    `{"Condition": NAME}` is one only among `conditions`: elsewhere it is a property.
    """
    if node.tag.startswith("!") and not node.tag.startswith("tag:"):
        name = node.tag[1:]
        plain = replace(node, tag="")
        if name == "GetAtt" and isinstance(plain, Scalar):
            plain = _split(plain)
        return IntrinsicCall(name if name in _SHORT else f"Fn::{name}", plain, node)
    if not isinstance(node, YamlMapping) or len(node.entries) != 1:
        return None
    key, argument = node.entries[0]
    if key.text == CONDITION and not conditions:
        return None
    if key.text not in _SHORT and not key.text.startswith("Fn::"):
        return None
    if key.text.startswith(f"{FOR_EACH}::"):
        return None  # it makes members of what it stands in
    if key.text == GET_ATT and isinstance(argument, Scalar):
        argument = _split(argument)
    return IntrinsicCall(key.text, argument, node)


def _split(written: Scalar) -> Sequence:
    """Return the resource and the attribute of `Resource.Attribute`."""
    resource, _, attribute = written.text.partition(".")
    after = written.column + len(resource) + 1
    return Sequence(
        (
            replace(written, value=resource, text=resource),
            Scalar(attribute, attribute, written.line, after),
        ),
        written.line,
        written.column,
    )


def member(node: YamlNode | None, name: str) -> YamlNode | None:
    """Return the value of a key of a mapping; None if there is none, or no mapping."""
    if not isinstance(node, YamlMapping):
        return None
    return next((value for key, value in node.entries if key.text == name), None)


def words(node: YamlNode | None) -> tuple[Scalar, ...]:
    """Return the scalars of a list, or one that stands alone."""
    if isinstance(node, Scalar):
        return (node,)
    if isinstance(node, Sequence):
        return tuple(each for each in node.items if isinstance(each, Scalar))
    return ()

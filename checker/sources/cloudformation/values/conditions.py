"""The conditions of a template: what holds with the parameters that are known.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker.knowledge.json_nodes import JsonNode
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.cloudformation.language.calls import call_of
from checker.sources.cloudformation.values.loops import (
    LoopMember,
    LoopRun,
    UnknownLoopError,
    is_loop,
    looped_members,
)
from checker.sources.cloudformation.values.nodes import text_of
from checker.yaml import Scalar, Sequence, YamlNode

MOST_DEPTH = 50


class Conditions:
    """The conditions of a template by name, each worked out once."""

    def __init__(self, written: Mapping[str, YamlNode], values: LoopRun) -> None:
        self._written = written
        self._values = values
        self._made: dict[str, LoopMember[LoopRun]] | None = None
        self._unread: Unknown | None = None
        self._memo: dict[str, Value[bool]] = {}
        self._open: list[str] = []

    def has(self, name: str) -> bool:
        """Tell whether there is a condition of a name, or may be one that a loop makes."""
        return self._named(name) is not None or self._unread is not None

    def _named(self, name: str) -> LoopMember[LoopRun] | None:
        if name in self._written and not is_loop(name):
            return LoopMember(name, self._written[name], self._values)
        if self._made is None:
            self._made = {}
            try:
                for each in looped_members(self._loops(), self._values):
                    self._made[each.name] = each
            except UnknownLoopError as error:
                self._unread = error.unknown
        return self._made.get(name)

    def _loops(self) -> Iterator[tuple[str, YamlNode]]:
        return ((name, node) for name, node in self._written.items() if is_loop(name))

    def holds(self, name: str, at: Location) -> Value[bool]:
        """Tell whether a condition holds; unknown where there is none of the name."""
        written = self._named(name)
        if written is None:
            why = f"the template has no condition `{name}`"
            return Unknown(why, at) if self._unread is None else self._unread
        if name in self._open or len(self._open) > MOST_DEPTH:
            return Unknown(f"condition `{name}` refers to itself", at)
        if name not in self._memo:
            self._open.append(name)
            found = self._of(written.node, written.of)
            self._open.pop()
            if isinstance(found, Unknown):
                found = found.leaves(f"it is unknown whether condition `{name}` holds")
            self._memo[name] = found
        return self._memo[name]

    def _of(self, node: YamlNode, of: LoopRun) -> Value[bool]:
        at = self._values.place(node)
        call = call_of(node, conditions=True)
        if call is None:
            return _literal(of.value(node), at)
        if call.name == "Condition" and isinstance(call.argument, Scalar):
            return self.holds(of.looped(call.argument.text), at)
        parts = call.argument.items if isinstance(call.argument, Sequence) else ()
        if call.name == "Fn::Equals" and len(parts) == 2:  # noqa: PLR2004 - one and the other
            return self._equal(of, *parts, at)
        if call.name == "Fn::Not" and len(parts) == 1:
            found = self._of(parts[0], of)
            return found if isinstance(found, Unknown) else Known(not found.value, at)
        if call.name in {"Fn::And", "Fn::Or"} and parts:
            return self._several(of, parts, at, wanted=call.name == "Fn::Or")
        if call.name in {"Ref", "Fn::FindInMap", "Fn::If"}:
            return _literal(of.value(node), at)
        return Unknown(f"`{call.name}` is not a condition", at)

    def _several(
        self, of: LoopRun, parts: tuple[YamlNode, ...], at: Location, *, wanted: bool
    ) -> Value[bool]:
        unknown = None
        for each in parts:
            found = self._of(each, of)
            if isinstance(found, Unknown):
                unknown = found if unknown is None else unknown
            elif found.value is wanted:
                return Known(wanted, at)
        return Known(not wanted, at) if unknown is None else unknown

    def _equal(self, of: LoopRun, one: YamlNode, other: YamlNode, at: Location) -> Value[bool]:
        left, right = _text(of, one), _text(of, other)
        for each in (left, right):
            if isinstance(each, Unknown):
                return each
        if not isinstance(left, Text) or not isinstance(right, Text):
            return Unknown("it is not a text", at)
        truth = left.equals(right)
        if truth is Truth.MAYBE:
            open_one = left if left.holes else right
            return open_one.why_unknown(at)
        return Known(truth is Truth.YES, at)


def _text(of: LoopRun, node: YamlNode) -> Text | Unknown:
    found = of.value(node)
    return Text.of() if found is None else text_of(found)


def _literal(found: JsonNode | None, at: Location) -> Value[bool]:
    value = None if found is None else found.value
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Text):
        if value.holes:
            return value.why_unknown(at)
        value = {"true": True, "false": False}.get((value.literal or "").lower())
    if isinstance(value, bool):
        return Known(value, at)
    return Unknown("it is neither true nor false", at)

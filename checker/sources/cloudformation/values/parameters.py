"""Parameters and pseudo parameters of a stack.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.json_nodes import JsonNode
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.sensitive import sealed
from checker.knowledge.text import Text
from checker.model.partitions import DNS_SUFFIX, partition_of
from checker.sources.cloudformation.given import StackInput
from checker.sources.cloudformation.language.calls import member, words
from checker.sources.cloudformation.language.template import StackTemplate
from checker.sources.cloudformation.values.constraints import broken_constraint
from checker.sources.cloudformation.values.nodes import (
    NonEmptyList,
    joined,
    plain_text,
    text_of,
)
from checker.yaml import Scalar

_LISTS = ("CommaDelimitedList", "List<")
_OF_AWS = "List<AWS::"
_STORED = "AWS::SSM::Parameter"


Passed: TypeAlias = Callable[[str], JsonNode | None]
"""What a stack gives for a parameter of one that it nests; None where it gives nothing."""


def NOTHING_PASSED(_name: str) -> None:  # noqa: N802 - a value, and the default of what is passed
    """Give nothing: a stack that none nests."""


PSEUDO = frozenset(
    f"AWS::{name}"
    for name in ("AccountId", "NotificationARNs", "NoValue", "Partition", "Region", "StackId",
                 "StackName", "URLSuffix")
)  # fmt: skip
"""The parameters that every stack has."""


class StackParameters:
    """What `Ref` gives of parameters and of what every stack has.

    Those of a nested stack have what is passed to it. `prefix` tells what is not known of several
    stacks apart.
    """

    def __init__(
        self,
        template: StackTemplate,
        given: StackInput,
        prefix: str = "",
        passed: Passed = NOTHING_PASSED,
    ) -> None:
        self._template = template
        self._given = given
        self._prefix = prefix
        self._passed = passed
        region = given.region
        self.region = Text.of(region or _hole("AWS::Region", Kind.REGION, "--region NAME"))
        self.account = Text.of(
            given.account or _hole("AWS::AccountId", Kind.ACCOUNT, "--account ID")
        )
        partition = None if region is None else partition_of(region)
        self.partition = Text.of(
            partition or _hole("AWS::Partition", Kind.PARTITION, "--region NAME")
        )
        suffix = DNS_SUFFIX.get(partition or "")
        self.suffix = Text.of(suffix or _hole("AWS::URLSuffix", Kind.ANY, "--region NAME"))

    def has(self, name: str) -> bool:
        """Tell whether there is a parameter of a name."""
        return name in self._template.parameters

    def pseudo(self, name: str, at: Location) -> JsonNode | None:
        """Return a pseudo parameter; None for a name that is none."""
        if name == "AWS::NotificationARNs":
            return JsonNode(Unknown(f"`{name}` is known only when the stack is deployed", at), at)
        found = {
            "AWS::Region": self.region,
            "AWS::AccountId": self.account,
            "AWS::Partition": self.partition,
            "AWS::URLSuffix": self.suffix,
            "AWS::StackName": self.stack_name,
            "AWS::StackId": Text.of(
                Hole(f"{self._prefix}AWS::StackId", why=_LATER.format("AWS::StackId"))
            ),
        }.get(name)
        return None if found is None else JsonNode(found, at)

    @property
    def stack_name(self) -> Text:
        """The name of the stack."""
        given = self._given.stack_name
        if given is None and self._prefix.endswith("/"):
            why = "CloudFormation makes the name of a nested stack when it creates it"
            return Text.of(Hole(f"{self._prefix}AWS::StackName", Kind.NAME, why))
        unknown = _hole("AWS::StackName", Kind.NAME, "--stack-name NAME")
        return Text.of(given or replace(unknown, name=self._prefix + unknown.name))

    def value(self, name: str, at: Location) -> JsonNode:
        """Return the value of a parameter: the one that is given, or its default."""
        node = self._template.parameters[name]
        default, type_ = member(node, "Default"), member(node, "Type")
        kind = type_.text if isinstance(type_, Scalar) else "String"
        if kind.startswith(_STORED):
            why = f"parameter `{name}` is read from the Parameter Store when the stack is deployed"
            place = self._template.place(node)
            several = "List" in kind
            return JsonNode(
                Unknown(why, place) if several else Text.of(self._hole(name, why, place)), at
            )
        if name in self._given.kept:
            why = f"parameter `{name}` keeps the value that the stack has"
            place = self._template.place(node)
            if kind.startswith(_LISTS):
                return JsonNode(Unknown(why, place), at)
            return JsonNode(Text.of(self._hole(name, why, place)), at)
        passed = self._passed(name)
        if passed is not None:
            return self._of_stack(passed, name, kind)
        written = self._given.parameters.get(name)
        place = at
        if written is None and isinstance(default, Scalar):
            written, place = plain_text(default), self._template.place(default)
        if written is None:
            return JsonNode(self._unset(name, kind), at)
        written = sealed(written) if self._template.is_hidden(name) else written
        if kind.startswith(_LISTS):
            items = tuple(
                JsonNode(joined((each.strip(),), place), place) for each in written.split(",")
            )
            return JsonNode(items, place)
        return JsonNode(joined((written,), place), place)

    def _hole(self, name: str, why: str, at: Location) -> Hole:
        return Hole(self._prefix + name, why=why, at=at)

    def _of_stack(self, passed: JsonNode, name: str, kind: str) -> JsonNode:
        """Return what the stack around gives: a text, which a list of it is cut of."""
        at = passed.at
        found = _with_commas(passed) if isinstance(passed.value, tuple) else text_of(passed)
        if isinstance(found, Unknown):
            listed = kind.startswith(_LISTS)
            return JsonNode(found if listed else Text.of(self._hole(name, found.why, found.at)), at)
        if self._template.is_hidden(name):
            found = Text(tuple(map(sealed, found.parts)))
        if not kind.startswith(_LISTS):
            return JsonNode(found, at)
        pieces = found.split(",")
        if pieces is None:
            return JsonNode(found.why_unknown(at), at)
        return JsonNode(tuple(JsonNode(each, at) for each in pieces), at)

    def refused(self, name: str) -> tuple[str, Location] | None:
        """Return what CloudFormation answers to the value of a parameter, and where that is given.

        None where it takes the value, or where the value is unknown.
        """
        node = self._template.parameters[name]
        type_ = member(node, "Type")
        if name in self._given.kept or (isinstance(type_, Scalar) and _STORED in type_.text):
            return None
        default = member(node, "Default")
        passed = self._passed(name)
        written = self._given.parameters.get(name)
        place = self._template.place(node)
        if passed is not None:
            text = text_of(passed)
            written, place = text.literal if isinstance(text, Text) else None, passed.at
        elif written is None and isinstance(default, Scalar):
            written, place = plain_text(default), self._template.place(default)
        broken = None if written is None else broken_constraint(name, node, written)
        return None if broken is None else (broken.answer, place)

    def _unset(self, name: str, kind: str) -> Text | Unknown:
        why, remedy = unset(name), f"--parameter {name}=VALUE"
        place = self._template.place(self._template.parameters[name])
        if kind.startswith(_LISTS):
            # What a list of AWS's own types names has to exist, so it names something.
            listed = NonEmptyList if kind.startswith(_OF_AWS) else Unknown
            return listed(why, place, f"give it with `{remedy}`")
        never = frozenset(
            (self._prefix + name, each) for each in self._given.other_than.get(name, ())
        )
        remedy = f"give it with `{remedy}`"
        return Text.of(Hole(self._prefix + name, _kind_of(kind), why, place, remedy, never))

    @property
    def secrets(self) -> frozenset[str]:
        """The values of parameters with `NoEcho`: no report shows them."""
        found = set()
        for name, node in self._template.parameters.items():
            if self._template.is_hidden(name):
                default = member(node, "Default")
                values = [each.text for each in words(default)]
                values.append(self._given.parameters.get(name, ""))
                found.update(values)
                found.update(part.strip() for each in values for part in each.split(","))
        return frozenset(found - {""})


def unset(name: str) -> str:
    """Return what is said of a parameter without value."""
    return f"parameter `{name}` has no value"


def _kind_of(kind: str) -> Kind:
    return Kind.PART if kind == "Number" else Kind.ANY


def _with_commas(listed: JsonNode) -> Text | Unknown:
    """Return a list as the text that a parameter has of it."""
    parts: list[str | Text] = []
    for each in listed.value if isinstance(listed.value, tuple) else ():
        found = text_of(each)
        if isinstance(found, Unknown):
            return found
        parts += [",", found] if parts else [found]
    return joined(parts, listed.at)


_LATER = "`{}` is known only when the stack is deployed"


def _hole(name: str, kind: Kind, option: str) -> Hole:
    return Hole(name, kind, f"`{name}` is unknown", remedy=f"give it with `{option}`")

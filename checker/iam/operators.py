"""The condition operators: one small record each.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from operator import eq, ge, gt, le, lt
from typing import TypeAlias

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth, all_of
from checker.records import dataclass

Compare: TypeAlias = Callable[[Text, Text], Truth]


@dataclass(frozen=True, slots=True)
class Operator:
    """How a request's value is compared with one value of the policy.

    A negated operator holds where `compare` fails for every value of the policy. `variables`
    tells whether `${...}` is filled in (MAYBE where AWS's pages disagree), `patterns` whether
    `*` and `?` are wildcards.
    """

    name: str
    compare: Compare
    negated: bool = False
    variables: Truth = Truth.NO
    patterns: bool = False


class Quantifier(Enum):
    """How many of a key's values must satisfy the operator."""

    ONE = ""
    ALL = "ForAllValues"
    ANY = "ForAnyValue"


@dataclass(frozen=True, slots=True)
class Test:
    """An operator as it is written in a policy: `ForAllValues:StringLikeIfExists`."""

    operator: Operator
    quantifier: Quantifier = Quantifier.ONE
    if_exists: bool = False

    def __str__(self) -> str:
        prefix = f"{self.quantifier.value}:" if self.quantifier is not Quantifier.ONE else ""
        return f"{prefix}{self.operator.name}{'IfExists' if self.if_exists else ''}"


PUBLIC_ADDRESS = Text.of(Hole("address of AWS", Kind.ANY, "the caller's address is AWS's own"))
"""The value of `aws:SourceIp` of a caller inside AWS: some public IPv4 address of AWS."""

NULL = "Null"


@dataclass(frozen=True, slots=True)
class Clock(Hole):
    """A time that is not known, but surely not before `since`, in seconds since 1970."""

    since: Decimal = Decimal(0)


def clock_of(text: Text) -> Clock | None:
    """Return the clock that a text is, if it is one."""
    part = text.parts[0] if len(text.parts) == 1 else None
    return part if isinstance(part, Clock) else None


def read(name: str) -> Test | None:
    """Read an operator as written in a policy; None if there is no such operator."""
    quantifier = Quantifier.ONE
    prefix, colon, rest = name.partition(":")
    if colon:
        if prefix not in ("ForAllValues", "ForAnyValue"):
            return None
        quantifier, name = Quantifier(prefix), rest
    if name == NULL:
        return Test(OPERATORS[NULL], quantifier)
    plain = name.removesuffix("IfExists")
    operator = OPERATORS.get(plain)
    if operator is None or plain == NULL:
        return None
    return Test(operator, quantifier, if_exists=plain != name)


def _same(value: Text, wanted: Text) -> Truth:
    return value.equals(wanted)


def _same_letters(value: Text, wanted: Text) -> Truth:
    return value.lower().equals(wanted.lower())


def _like(value: Text, wanted: Text) -> Truth:
    return value.like(wanted)


_ARN_FIELDS = 6


def _arn_like(value: Text, wanted: Text) -> Truth:
    """Compare field by field: `*` crosses none of the first five colons."""
    if value.parts == wanted.parts or wanted.literal == "*":
        return Truth.YES
    whole = value.like(wanted)
    if whole is Truth.NO:
        return whole
    left, right = value.split(":", _ARN_FIELDS - 1), wanted.split(":", _ARN_FIELDS - 1)
    if left is None or right is None or not len(left) == len(right) == _ARN_FIELDS:
        return Truth.MAYBE  # unknown, or no ARN: AWS does not say what it does then
    return all_of(a.like(b) for a, b in zip(left, right, strict=True))


_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?")
_DATE = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_EPOCH = re.compile(r"[0-9]{5,15}")


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _instant(text: str) -> Decimal | None:
    """Read ISO 8601 or seconds since 1970; without an offset the time is UTC."""
    if _EPOCH.fullmatch(text):
        return Decimal(text)
    if not _DATE.fullmatch(text):
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    span = when - datetime(1970, 1, 1, tzinfo=UTC)
    return Decimal(span.days * 86400 + span.seconds) + Decimal(span.microseconds) / 1_000_000


def _ordered(
    parse: Callable[[str], Decimal | None],
    holds: Callable[[Decimal, Decimal], bool],
    value: Text,
    wanted: Text,
) -> Truth:
    """Compare as numbers or instants; a value that is none leaves it open."""
    clock = clock_of(value)
    if clock is not None:
        bound = None if wanted.literal is None else parse(wanted.literal)
        return Truth.MAYBE if bound is None else _from(clock.since, bound, holds)
    if value.literal is None or wanted.literal is None:
        return Truth.MAYBE
    left, right = parse(value.literal), parse(wanted.literal)
    return Truth.MAYBE if left is None or right is None else Truth.of(holds(left, right))


def _from(since: Decimal, bound: Decimal, holds: Callable[[Decimal, Decimal], bool]) -> Truth:
    """Tell whether a comparison with a bound holds for every time from one on, or for none."""
    times = (since, max(since, bound), max(since, bound) + 1)
    answers = {holds(time, bound) for time in times}
    return Truth.of(answers.pop()) if len(answers) == 1 else Truth.MAYBE


def _bool(value: Text, wanted: Text) -> Truth:
    if value.literal is None or wanted.literal is None:
        return Truth.MAYBE
    left, right = value.literal.lower(), wanted.literal.lower()
    if {left, right} - {"true", "false"}:
        return Truth.MAYBE
    return Truth.of(left == right)


def _binary(value: Text, wanted: Text) -> Truth:
    if value.literal is None or wanted.literal is None:
        return Truth.MAYBE
    try:
        left, right = (b64decode(t, validate=True) for t in (value.literal, wanted.literal))
    except (binascii.Error, ValueError):
        return Truth.MAYBE
    return Truth.of(left == right)


_RANGE = re.compile(r"[0-9a-fA-F:.]{2,45}(/[0-9]{1,3})?")


_PRIVATE = tuple(
    IPv4Network(block)
    for block in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
    )
)


def _public(block: IPv4Network | IPv6Network) -> Truth:
    """Tell whether some public IPv4 address, not known which, lies in a range."""
    if not isinstance(block, IPv4Network):
        return Truth.MAYBE
    if block.prefixlen == 0:
        return Truth.YES
    return Truth.NO if any(block.subnet_of(private) for private in _PRIVATE) else Truth.MAYBE


def _address(value: Text, wanted: Text) -> Truth:
    """Tell whether an address lies in a range; the families never mix."""
    text = wanted.literal
    if text is None or not _RANGE.fullmatch(text):
        return Truth.MAYBE
    try:
        block = ip_network(text, strict=False)
        if value.parts == PUBLIC_ADDRESS.parts:
            return _public(block)
        if value.literal is None:
            return Truth.MAYBE
        address = ip_address(value.literal)
    except ValueError:
        return Truth.MAYBE
    return Truth.of(address.version == block.version and address in block)


_YES = Truth.YES


def _records() -> tuple[Operator, ...]:
    number, instant = _number, _instant
    return (
        Operator("StringEquals", _same, variables=_YES),
        Operator("StringNotEquals", _same, negated=True, variables=_YES),
        Operator("StringEqualsIgnoreCase", _same_letters, variables=_YES),
        Operator("StringNotEqualsIgnoreCase", _same_letters, negated=True, variables=_YES),
        Operator("StringLike", _like, variables=_YES, patterns=True),
        Operator("StringNotLike", _like, negated=True, variables=_YES, patterns=True),
        Operator("ArnEquals", _arn_like, variables=_YES, patterns=True),
        Operator("ArnLike", _arn_like, variables=_YES, patterns=True),
        Operator("ArnNotEquals", _arn_like, negated=True, variables=_YES, patterns=True),
        Operator("ArnNotLike", _arn_like, negated=True, variables=_YES, patterns=True),
        Operator("NumericEquals", partial(_ordered, number, eq)),
        Operator("NumericNotEquals", partial(_ordered, number, eq), negated=True),
        Operator("NumericLessThan", partial(_ordered, number, lt)),
        Operator("NumericLessThanEquals", partial(_ordered, number, le)),
        Operator("NumericGreaterThan", partial(_ordered, number, gt)),
        Operator("NumericGreaterThanEquals", partial(_ordered, number, ge)),
        Operator("DateEquals", partial(_ordered, instant, eq)),
        Operator("DateNotEquals", partial(_ordered, instant, eq), negated=True),
        Operator("DateLessThan", partial(_ordered, instant, lt)),
        Operator("DateLessThanEquals", partial(_ordered, instant, le)),
        Operator("DateGreaterThan", partial(_ordered, instant, gt)),
        Operator("DateGreaterThanEquals", partial(_ordered, instant, ge)),
        Operator("Bool", _bool, variables=Truth.MAYBE),
        Operator("BinaryEquals", _binary),
        Operator("IpAddress", _address),
        Operator("NotIpAddress", _address, negated=True),
        Operator(NULL, _bool),
    )


OPERATORS = {operator.name: operator for operator in _records()}

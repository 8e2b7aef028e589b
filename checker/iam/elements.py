"""The elements of a statement out of JSON: strings, principals and conditions.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import chain

from checker.iam.listed import listed
from checker.iam.operators import OPERATORS, read
from checker.iam.placeholders import REMEDY, principal_placeholder
from checker.iam.statement import (
    Condition,
    Entries,
    PossibleEntry,
    PossiblePrincipal,
    Principal,
    PrincipalKind,
    Principals,
    UnknownPrincipal,
)
from checker.knowledge.json_nodes import JsonNode, Members
from checker.knowledge.lookup import Lookup, TooManyError
from checker.knowledge.partial import Invalid, Location, Unknown
from checker.knowledge.sensitive import carried, opened
from checker.knowledge.text import Text


class InvalidError(Exception):
    """The text is no policy document; the place is where it goes wrong."""

    def __init__(self, why: str, at: Location) -> None:
        super().__init__(why)
        self.why, self.at = why, at


def check_keys(members: Members, allowed: tuple[str, ...], at: Location) -> Unknown | None:
    """Check an object's keys; an unknown comes back where a key is unknown or stands twice."""
    for key, node in members.items:
        if key.literal is None:
            return key.why_unknown(node.at)
        if key.literal not in allowed:
            raise InvalidError(f"it has an element `{key}`, which AWS does not know", node.at)
    twice = members.repeated()
    if twice is not None:
        return Unknown(f"`{twice}` is written twice", at, f"write one `{twice}`")
    return None


def entries(members: Members, name: str) -> Entries | None:
    """Read a string or a list of strings; None if the element is not there."""
    node = members.get(name)
    return None if node is None else _list(node, _string(f"`{name}`"))


def _list(
    node: JsonNode, read_one: Callable[[JsonNode], Text | Unknown]
) -> tuple[Text | Unknown, ...]:
    return tuple(
        read_one(one) if why_unsure is None else _possible(one, why_unsure, read_one)
        for one, why_unsure in listed(node)
    )


def _possible(
    node: JsonNode, why_unsure: Unknown, read_one: Callable[[JsonNode], Text | Unknown]
) -> Unknown:
    """Read an element that may not be there, so that AWS need not refuse it."""
    try:
        found = read_one(node)
    except InvalidError as error:
        return Unknown(
            f"{error.why}, if the element is there: {why_unsure.why}",
            why_unsure.at,
            why_unsure.remedy,
            why_unsure,
        )
    if isinstance(found, Unknown):
        return found
    why = f"it is unknown whether `{found}` is in the list: {why_unsure.why}"
    return PossibleEntry(why, why_unsure.at, why_unsure.remedy, why_unsure, entry=found)


def _string(what: str) -> Callable[[JsonNode], Text | Unknown]:
    def read_one(node: JsonNode) -> Text | Unknown:
        if isinstance(node.value, Text | Unknown):
            return node.value
        raise InvalidError(f"{what} holds something that is not a string", node.at)

    return read_one


def _scalar(node: JsonNode) -> Text | Unknown:
    """Read a condition value, which may be a JSON boolean or number."""
    value = node.value
    if isinstance(value, Text | Unknown):
        return value
    if isinstance(value, bool):
        return Text.of("true" if value else "false")
    if isinstance(value, int | Decimal):
        return Text.of(carried(value, str(opened(value))))
    raise InvalidError("a `Condition` holds a value that is not a string", node.at)


def principals(node: JsonNode | None) -> Principals | None:
    """Read `Principal` or `NotPrincipal`; None if the element is not there."""
    if node is None:
        return None
    if isinstance(node.value, Unknown):
        return (node.value,)
    if isinstance(node.value, Text):
        if node.value.literal is None:
            return (node.value.why_unknown(node.at),)
        if node.value.literal != "*":
            raise InvalidError(f"`{node.value}` is not a principal: name its kind", node.at)
        return (Principal(PrincipalKind.AWS, node.value),)
    if not isinstance(node.value, Members):
        raise InvalidError("a `Principal` is neither `*` nor an object", node.at)
    kinds = tuple(kind.value for kind in PrincipalKind)
    unsure = check_keys(node.value, kinds, node.at)
    if unsure is not None:
        return (unsure,)
    found: list[Principal | Unknown] = []
    for key, value in node.value.items:
        kind = PrincipalKind(key.spelled)
        named = _list(value, _string("`Principal`"))
        found.extend(_principal(kind, one, value.at) for one in named)
    return tuple(found)


def _principal(
    kind: PrincipalKind, value: Text | Unknown, at: Location
) -> Principal | UnknownPrincipal | Invalid:
    """Return a principal; one that AWS refuses, since a value is not set, is invalid."""
    if isinstance(value, PossibleEntry):
        principal = Principal(kind, value.entry)
        return PossiblePrincipal(value.why, value.at, value.remedy, value.cause, principal)
    if isinstance(value, Unknown):
        return UnknownPrincipal(value.why, value.at, value.remedy, value.cause)
    lacking = principal_placeholder(value) if kind is PrincipalKind.AWS else None
    if lacking is None:
        return Principal(kind, value)
    return Invalid(f"{lacking}, so it is not a principal", at, REMEDY)


def conditions(node: JsonNode | None) -> tuple[Condition | Unknown, ...]:
    """Read `Condition`: one of them for each key below each operator."""
    if node is None:
        return ()
    if isinstance(node.value, Unknown):
        return (node.value,)
    if not isinstance(node.value, Members):
        raise InvalidError("a `Condition` is not an object", node.at)
    unsure = _one_each(node)
    if unsure is not None:
        return (unsure,)
    return tuple(test for operator, keys in node.value.items for test in _tests(operator, keys))


def _one_each(node: JsonNode) -> Unknown | None:
    """Say which key of an object stands twice, or may do so: which one counts is unknown."""
    if not isinstance(node.value, Members):
        return None
    names = [key.lower() for key, _ in node.value.items]
    places = Lookup((name, n) for n, name in enumerate(names))
    try:
        for n, name in enumerate(names):
            # only a hole can make two texts the same that are not written the same
            same = chain(places.named(name), places.perhaps(name))
            if any(other < n for other in same):
                return Unknown(
                    f"it is unknown whether `{name}` is written twice",
                    node.at,
                    f"write one `{name}`",
                )
    except TooManyError as error:
        return Unknown(f"it is unknown whether a key is written twice: {error}", node.at)
    return None


def _tests(operator: Text, node: JsonNode) -> tuple[Condition | Unknown, ...]:
    """Read the keys below one operator."""
    if operator.literal is None:
        return (operator.why_unknown(node.at),)
    if isinstance(node.value, Unknown):
        return (node.value,)
    if not isinstance(node.value, Members):
        raise InvalidError(f"`{operator}` holds no condition keys", node.at)
    test = read(operator.literal)
    if test is None:
        lower = operator.literal.lower()
        if not any(name.lower() in lower for name in OPERATORS):
            raise InvalidError(f"`{operator}` is not a condition operator", node.at)
        return (Unknown(f"`{operator}` is not a condition operator as AWS writes it", node.at),)
    unsure = _one_each(node)
    if unsure is not None:
        return (unsure,)
    return tuple(Condition(test, key, _list(one, _scalar), one.at) for key, one in node.value.items)

"""IAM policy documents: what a document says, each statement with its place.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from checker import jsontext
from checker.iam.operators import OPERATORS, read
from checker.iam.statement import (
    Condition,
    Effect,
    Entries,
    Principal,
    PrincipalKind,
    Principals,
    Statement,
)
from checker.jsontext import JsonError, Members, Node, NotTold
from checker.partial import Known, Location, Text, Truth, Unknown, Value

__all__ = ["Document", "Documents", "Effect", "Statement", "from_node", "parse"]

Candidate: TypeAlias = tuple[Statement, Truth, tuple[str, ...] | None]
Memo: TypeAlias = dict[str, tuple[Candidate, ...]]
"""For an action, the statements that speak of it, whether surely, and their resources' heads."""

VERSIONS = ("2012-10-17", "2008-10-17")


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document; `id` is what the user calls it (`aws_iam_role_policy.worker`, an ARN).

    `version` is the version as written, empty if there is none (which means `2008-10-17`).
    `memo` keeps what deciding works out about the document, so that it is worked out once.
    """

    id: str
    at: Location
    statements: tuple[Statement, ...] = ()
    version: str | Unknown = "2012-10-17"
    memo: Memo = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of one layer.

    A member may be unknown as a whole: it may then allow or deny anything. `unseen` says that
    further documents may exist out of sight: they may allow; that they do not deny is a named
    assumption of the report.
    """

    members: tuple[Document | Unknown, ...] = ()
    unseen: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Invalid(Unknown):
    """A document that AWS refuses, so that what it would allow or deny is of no account."""


class _InvalidError(Exception):
    """The text is no policy document; the place is where it goes wrong."""

    def __init__(self, why: str, at: Location) -> None:
        super().__init__(why)
        self.why, self.at = why, at


def parse(text: Text, *, id: str, at: Location) -> Value[Document]:
    """Read a policy document from JSON text.

    Unknown if the text is not a valid document, or if a hole stands where none can be read.
    """
    if text.literal is not None and not text.literal.strip():
        return _invalid(id, "it is empty", at)
    try:
        node = jsontext.parse(text, at)
    except NotTold as error:
        return error.unknown
    except JsonError as error:
        return _invalid(id, error.message, error.at)
    return from_node(node, id=id, at=at)


def from_node(node: Node, *, id: str, at: Location) -> Value[Document]:
    """Read a policy document from a JSON value."""
    try:
        return _document(node, id, at)
    except _InvalidError as error:
        return _invalid(id, error.why, error.at)


def _invalid(id: str, why: str, at: Location) -> Invalid:
    return Invalid(f"`{id}` is not a policy document: {why}", at, "mend the document")


def _document(node: Node, id: str, at: Location) -> Value[Document]:
    if isinstance(node.value, Unknown):
        return node.value
    if not isinstance(node.value, Members):
        raise _InvalidError("it is not an object", node.at)
    top = node.value
    unsure = _keys(top, ("Version", "Id", "Statement"), node.at)
    if unsure is not None:
        return unsure
    version = _version(top.get("Version"))
    statements = top.get("Statement")
    if statements is None:
        raise _InvalidError("it has no `Statement`", node.at)
    if isinstance(statements.value, Unknown):
        return statements.value
    nodes = statements.value if isinstance(statements.value, tuple) else (statements,)
    read_ones = tuple(_statement(one, id, version) for one in nodes)
    return Known(Document(id, at, read_ones, version), at)


def _keys(members: Members, allowed: tuple[str, ...], at: Location) -> Unknown | None:
    """Check an object's keys; an unknown comes back where a key is not told or stands twice."""
    for key, node in members.items:
        if key.literal is None:
            return key.untold(node.at)
        if key.literal not in allowed:
            raise _InvalidError(f"it has an element `{key}`, which AWS does not know", node.at)
    twice = members.repeated()
    if twice is not None:
        return Unknown(f"`{twice}` is written twice", at, f"write one `{twice}`")
    return None


def _version(node: Node | None) -> str | Unknown:
    if node is None:
        return ""
    if isinstance(node.value, Unknown):
        return node.value
    if not isinstance(node.value, Text):
        raise _InvalidError("its `Version` is not a string", node.at)
    if node.value.literal is None:
        return node.value.untold(node.at)
    if node.value.literal not in VERSIONS:
        raise _InvalidError(f"`{node.value}` is not a `Version`: it is 2012-10-17", node.at)
    return node.value.literal


_ELEMENTS = (
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Principal",
    "NotPrincipal",
    "Condition",
)


def _statement(node: Node, document: str, version: str | Unknown) -> Statement:
    if isinstance(node.value, Unknown):
        return _unknown_statement(node.value, node.at, document, version)
    if not isinstance(node.value, Members):
        raise _InvalidError("a statement is not an object", node.at)
    members = node.value
    unsure = _keys(members, _ELEMENTS, node.at)
    if unsure is not None:
        return _unknown_statement(unsure, node.at, document, version)
    for name in ("Action", "Resource", "Principal"):
        if members.get(name) is not None and members.get(f"Not{name}") is not None:
            raise _InvalidError(f"a statement has both `{name}` and `Not{name}`", node.at)
    actions, not_actions = _entries(members, "Action"), _entries(members, "NotAction")
    if actions is None and not_actions is None:
        raise _InvalidError("a statement has no `Action`", node.at)
    sid = members.get("Sid")
    return Statement(
        effect=_effect(members.get("Effect"), node.at),
        at=node.at,
        actions=actions,
        not_actions=not_actions,
        resources=_entries(members, "Resource"),
        not_resources=_entries(members, "NotResource"),
        principals=_principals(members.get("Principal")),
        not_principals=_principals(members.get("NotPrincipal")),
        conditions=_conditions(members.get("Condition")),
        sid=str(sid.value) if sid is not None and isinstance(sid.value, Text) else "",
        document=document,
        version=version,
    )


def _unknown_statement(
    unknown: Unknown, at: Location, document: str, version: str | Unknown
) -> Statement:
    """Return a statement of which nothing is known: it may allow and may deny anything."""
    return Statement(
        effect=unknown,
        at=at,
        actions=(unknown,),
        resources=(unknown,),
        principals=(unknown,),
        document=document,
        version=version,
    )


def _effect(node: Node | None, at: Location) -> Effect | Unknown:
    if node is None:
        raise _InvalidError("a statement has no `Effect`", at)
    if isinstance(node.value, Unknown):
        return node.value
    if isinstance(node.value, Text) and node.value.literal is None:
        return node.value.untold(node.at)
    if not isinstance(node.value, Text) or node.value.literal not in ("Allow", "Deny"):
        raise _InvalidError("an `Effect` is neither `Allow` nor `Deny`", node.at)
    return Effect(node.value.literal)


def _entries(members: Members, name: str) -> Entries | None:
    """Read a string or a list of strings; None if the element is not there."""
    node = members.get(name)
    return None if node is None else _list(node, _string(f"`{name}`"))


def _list(node: Node, read_one: Callable[[Node], Text | Unknown]) -> tuple[Text | Unknown, ...]:
    nodes = node.value if isinstance(node.value, tuple) else (node,)
    return tuple(read_one(one) for one in nodes)


def _string(what: str) -> Callable[[Node], Text | Unknown]:
    def read_one(node: Node) -> Text | Unknown:
        if isinstance(node.value, Text | Unknown):
            return node.value
        raise _InvalidError(f"{what} holds something that is not a string", node.at)

    return read_one


def _scalar(node: Node) -> Text | Unknown:
    """Read a condition value, which may be a JSON boolean or number."""
    value = node.value
    if isinstance(value, Text | Unknown):
        return value
    if isinstance(value, bool):
        return Text.of("true" if value else "false")
    if isinstance(value, int | Decimal):
        return Text.of(str(value))
    raise _InvalidError("a `Condition` holds a value that is not a string", node.at)


def _principals(node: Node | None) -> Principals | None:
    if node is None:
        return None
    if isinstance(node.value, Unknown):
        return (node.value,)
    if isinstance(node.value, Text):
        if node.value.literal is None:
            return (node.value.untold(node.at),)
        if node.value.literal != "*":
            raise _InvalidError(f"`{node.value}` is no principal: name its kind", node.at)
        return (Principal(PrincipalKind.AWS, node.value),)
    if not isinstance(node.value, Members):
        raise _InvalidError("a `Principal` is neither `*` nor an object", node.at)
    kinds = tuple(kind.value for kind in PrincipalKind)
    unsure = _keys(node.value, kinds, node.at)
    if unsure is not None:
        return (unsure,)
    found: list[Principal | Unknown] = []
    for key, value in node.value.items:
        for one in _list(value, _string("`Principal`")):
            kind = PrincipalKind(str(key))
            found.append(one if isinstance(one, Unknown) else Principal(kind, one))
    return tuple(found)


def _conditions(node: Node | None) -> tuple[Condition | Unknown, ...]:
    if node is None:
        return ()
    if isinstance(node.value, Unknown):
        return (node.value,)
    if not isinstance(node.value, Members):
        raise _InvalidError("a `Condition` is not an object", node.at)
    unsure = _one_each(node)
    if unsure is not None:
        return (unsure,)
    return tuple(test for operator, keys in node.value.items for test in _tests(operator, keys))


def _one_each(node: Node) -> Unknown | None:
    """Say which key of an object stands twice, or may do so: which one counts is not told."""
    if not isinstance(node.value, Members):
        return None
    seen: set[Text] = set()
    for name in (key.lower() for key, _ in node.value.items):
        # only a hole can make two texts the same that are not written the same
        rivals = seen if name.holes else (other for other in seen if other.holes)
        if name in seen or any(name.equals(other) is not Truth.NO for other in rivals):
            return Unknown(f"`{name}` may be written twice", node.at, f"write one `{name}`")
        seen.add(name)
    return None


def _tests(operator: Text, node: Node) -> tuple[Condition | Unknown, ...]:
    """Read the keys below one operator."""
    if operator.literal is None:
        return (operator.untold(node.at),)
    if isinstance(node.value, Unknown):
        return (node.value,)
    if not isinstance(node.value, Members):
        raise _InvalidError(f"`{operator}` holds no condition keys", node.at)
    test = read(operator.literal)
    if test is None:
        lower = operator.literal.lower()
        if not any(name.lower() in lower for name in OPERATORS):
            raise _InvalidError(f"`{operator}` is no condition operator", node.at)
        return (Unknown(f"`{operator}` is no condition operator as AWS writes it", node.at),)
    unsure = _one_each(node)
    if unsure is not None:
        return (unsure,)
    return tuple(Condition(test, key, _list(one, _scalar), one.at) for key, one in node.value.items)

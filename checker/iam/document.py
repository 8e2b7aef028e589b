"""IAM policy documents: what a document says, each statement with its place.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from dataclasses import field, replace
from itertools import islice

from checker.iam.comparisons import Weight
from checker.iam.elements import InvalidError, check_keys, conditions, entries, principals
from checker.iam.listed import listed
from checker.iam.odd_characters import odd_character
from checker.iam.statement import Effect, Statement
from checker.iam.unknown_documents import (
    Elsewhere,
    Unattachable,
    Unattached,
    UnknownDocument,
)
from checker.knowledge import jsontext
from checker.knowledge.arrays import characters, extent
from checker.knowledge.json_nodes import (
    JsonError,
    JsonNode,
    Members,
    UnknownArray,
    UnknownJsonError,
)
from checker.knowledge.partial import Invalid, Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.records import dataclass

__all__ = [
    "Document",
    "Documents",
    "Effect",
    "Elsewhere",
    "Statement",
    "Unattachable",
    "Unattached",
    "UnknownDocument",
    "attached_by",
    "from_node",
    "parse",
]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement that speaks of an action, and whether surely.

    `heads` is what its resources begin with, `weight` how many comparisons it takes to put a
    request to it.
    """

    statement: Statement
    truth: Truth
    heads: tuple[str, ...] | None
    weight: Weight


@dataclass(slots=True)
class Memo:
    """What deciding works out about a document: the statements that speak of an action.

    `allowing` is the document without its denies, once it was asked for.
    """

    candidates: dict[str, tuple[Candidate, ...]] = field(default_factory=dict)
    allowing: Document | None = None


VERSIONS = ("2012-10-17", "2008-10-17")
MOST_CHARACTERS = 200_000
"""How long a document may be; AWS takes at most 32,768 characters besides white space."""
MOST_STATEMENTS = 2_000
"""How many statements a document may have; AWS takes no document with as many."""


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document; `id` is what the user calls it (`aws_iam_role_policy.worker`, an ARN).

    `unsure` says why it is unknown whether it is attached, `via` is what attaches it, where that
    is something else. `version` is the version as written, empty if there is none (which means
    `2008-10-17`). `memo` keeps what deciding works out about the document, so that it is worked
    out once. `size` is how many characters besides white space it has at least; `inline` tells
    that it is part of its principal; `odd` is a character that IAM and KMS do not take.
    """

    id: str
    at: Location
    statements: tuple[Statement, ...] = ()
    version: str | Unknown = "2012-10-17"
    via: str = ""
    unsure: Unknown | None = None
    size: int = 0
    inline: bool = False
    odd: Invalid | None = None
    memo: Memo = field(default_factory=Memo, compare=False, repr=False)

    @property
    def allowing(self) -> Document:
        """The document without its denies."""
        if self.memo.allowing is None:
            statements = tuple(s for s in self.statements if s.effect is not Effect.DENY)
            self.memo.allowing = replace(self, statements=statements, memo=Memo())
        made = self.memo.allowing
        return replace(made, via=self.via, unsure=self.unsure)


def attached_by(member: Document | Unknown, id: str) -> Document | Unknown:
    """Return a document with the id of what attaches it; one that AWS refuses as it is."""
    if isinstance(member, Document | UnknownDocument):
        return replace(member, via=id)
    if isinstance(member, Invalid):
        return member
    return UnknownDocument(member.why, member.at, member.remedy, member.cause, id)


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of one layer.

    A member may be unknown as a whole: it may then allow or deny anything. `unseen` says that
    further documents may exist out of sight: they may allow; that they do not deny is a named
    assumption of the report.
    """

    members: tuple[Document | Unknown, ...] = ()
    unseen: Unknown | None = None


def parse(text: Text, *, id: str, at: Location) -> Value[Document]:
    """Read a policy document from JSON text.

    Unknown if the text is not a valid document, or if a hole stands where none can be read.
    """
    if text.literal is not None and not text.literal.strip():
        return _invalid(id, "it is empty", at)
    if extent((text,)) > MOST_CHARACTERS:
        return Unknown(f"`{id}` has more than {MOST_CHARACTERS} characters", at, _SHORTER)
    try:
        node = jsontext.parse(text, at)
    except UnknownJsonError as error:
        return error.unknown
    except JsonError as error:
        return _invalid(id, error.message, error.at)
    found = from_node(node, id=id, at=at)
    if isinstance(found, Unknown):
        return found
    return Known(replace(found.value, size=characters((text,))), found.at)


def from_node(node: JsonNode, *, id: str, at: Location) -> Value[Document]:
    """Read a policy document from a JSON value."""
    try:
        return _document(node, id, at)
    except InvalidError as error:
        return _invalid(id, error.why, error.at)


_SHORTER = "shorten the document: AWS refuses one as long"


def _invalid(id: str, why: str, at: Location) -> Invalid:
    return Invalid(f"`{id}` is not a policy document: {why}", at, "correct the document")


def _document(node: JsonNode, id: str, at: Location) -> Value[Document]:
    if isinstance(node.value, Unknown):
        return node.value
    if not isinstance(node.value, Members):
        raise InvalidError("it is not an object", node.at)
    top = node.value
    unsure = check_keys(top, ("Version", "Id", "Statement"), node.at)
    if unsure is not None:
        return unsure
    version = _version(top.get("Version"))
    statements = top.get("Statement")
    if statements is None:
        raise InvalidError("it has no `Statement`", node.at)
    if isinstance(statements.value, Unknown) and not isinstance(statements.value, UnknownArray):
        return statements.value
    nodes = tuple(islice(listed(statements), MOST_STATEMENTS + 1))
    if len(nodes) > MOST_STATEMENTS:
        return Unknown(f"`{id}` has more than {MOST_STATEMENTS} statements", at, _SHORTER)
    read_ones = tuple(
        _statement(one, id, version)
        if why_unsure is None
        else _possible(one, why_unsure, id, version)
        for one, why_unsure in nodes
    )
    return Known(Document(id, at, read_ones, version, odd=odd_character(node)), at)


def _possible(
    node: JsonNode, why_unsure: Unknown, document: str, version: str | Unknown
) -> Statement:
    """Read a statement that may not be there: whether it applies is unknown."""
    try:
        found = _statement(node, document, version)
    except InvalidError as error:
        why = f"{error.why}, if the statement is there: {why_unsure.why}"
        hole = Unknown(why, why_unsure.at, why_unsure.remedy, why_unsure)
        return _unknown_statement(hole, node.at, document, version)
    return replace(found, conditions=(*found.conditions, why_unsure))


def _version(node: JsonNode | None) -> str | Unknown:
    if node is None:
        return ""
    if isinstance(node.value, Unknown):
        return node.value
    if not isinstance(node.value, Text):
        raise InvalidError("its `Version` is not a string", node.at)
    if node.value.literal is None:
        return node.value.why_unknown(node.at)
    if node.value.literal not in VERSIONS:
        raise InvalidError(f"`{node.value}` is not a `Version`: it is 2012-10-17", node.at)
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


def _statement(node: JsonNode, document: str, version: str | Unknown) -> Statement:
    if isinstance(node.value, Unknown):
        return _unknown_statement(node.value, node.at, document, version)
    if not isinstance(node.value, Members):
        raise InvalidError("a statement is not an object", node.at)
    members = node.value
    unsure = check_keys(members, _ELEMENTS, node.at)
    if unsure is not None:
        return _unknown_statement(unsure, node.at, document, version)
    for name in ("Action", "Resource", "Principal"):
        if members.get(name) is not None and members.get(f"Not{name}") is not None:
            raise InvalidError(f"a statement has both `{name}` and `Not{name}`", node.at)
    actions, not_actions = entries(members, "Action"), entries(members, "NotAction")
    if actions is None and not_actions is None:
        raise InvalidError("a statement has no `Action`", node.at)
    sid = members.get("Sid")
    return Statement(
        effect=_effect(members.get("Effect"), node.at),
        at=node.at,
        actions=actions,
        not_actions=not_actions,
        resources=entries(members, "Resource"),
        not_resources=entries(members, "NotResource"),
        principals=principals(members.get("Principal")),
        not_principals=principals(members.get("NotPrincipal")),
        conditions=conditions(members.get("Condition")),
        sid=sid.value if sid is not None and isinstance(sid.value, Text | Unknown) else None,
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
        unread=unknown,
    )


def _effect(node: JsonNode | None, at: Location) -> Effect | Unknown:
    if node is None:
        raise InvalidError("a statement has no `Effect`", at)
    if isinstance(node.value, Unknown):
        return node.value
    if isinstance(node.value, Text) and node.value.literal is None:
        return node.value.why_unknown(node.at)
    if not isinstance(node.value, Text) or node.value.literal not in ("Allow", "Deny"):
        raise InvalidError("an `Effect` is neither `Allow` nor `Deny`", node.at)
    return Effect(node.value.literal)

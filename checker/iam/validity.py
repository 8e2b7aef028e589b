"""What AWS refuses in a document because of where the document is attached.

The grammar is the same everywhere and checked when a document is read; who and what a statement
must or must not name depends on the place.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from enum import Enum
from typing import TypeGuard

from checker.iam import actions
from checker.iam.document import Document
from checker.iam.statement import (
    Entries,
    Principal,
    PrincipalKind,
    Statement,
    UnknownPrincipal,
)
from checker.iam.variables import has_variables
from checker.knowledge.holes import Kind
from checker.knowledge.partial import Invalid, Location, Unknown
from checker.knowledge.text import Text

_SID = re.compile(r"[A-Za-z0-9]*")


class DocumentPlace(Enum):
    """What a document is attached to."""

    PRINCIPAL = "an identity document"
    RESOURCE = "a resource's document"
    QUEUE = "a queue's document"
    TRUST = "a trust document"


def refusals(document: Document, place: DocumentPlace) -> Iterator[tuple[Statement, str | Unknown]]:
    """Yield why AWS refuses a document at a place, each with the statement that is wrong.

    An unknown says that AWS may refuse the statement, and why that is unknown; an invalid part
    says what AWS refuses in it.
    """
    sids: set[Text] = set()
    for statement in document.statements:
        yield from ((statement, _if_there(statement, why)) for why in _refused(statement, place))
        if place in {DocumentPlace.RESOURCE, DocumentPlace.QUEUE}:
            continue  # every service has its own rules for these
        sid = statement.sid
        if isinstance(sid, Unknown):
            yield statement, _perhaps_misnamed(sid)
        if not isinstance(sid, Text) or not sid.parts:
            continue
        if sid in sids:
            yield statement, f"two statements have the `Sid` `{sid}`"
        yield from ((statement, why) for why in _misnamed(sid, statement.at))
        sids.add(sid)


def _if_there(statement: Statement, why: str | Unknown) -> str | Unknown:
    """Return what is refused as unknown where the statement has an unknown `Condition`."""
    unsure = next((each for each in statement.conditions if isinstance(each, Unknown)), None)
    if unsure is None or _is_unknown(why):
        return why
    said = why.why if isinstance(why, Invalid) else why
    return Unknown(
        f"{said}, if the statement is there: {unsure.why}", unsure.at, unsure.remedy, unsure
    )


def _misnamed(sid: Text, at: Location) -> Iterator[str | Unknown]:
    if not all(_SID.fullmatch(part) for part in sid.parts if isinstance(part, str)):
        yield f"the `Sid` `{sid}` holds more than letters and digits"
    elif any(hole.kind is not Kind.ACCOUNT for hole in sid.holes):
        yield _perhaps_misnamed(sid.why_unknown(at))


def _perhaps_misnamed(unknown: Unknown) -> Unknown:
    return replace(
        unknown, why=f"it is unknown whether the `Sid` holds only letters and digits: {unknown.why}"
    )


def _refused(statement: Statement, place: DocumentPlace) -> Iterator[str | Unknown]:
    if statement.unread is not None:
        yield statement.unread
        return
    named = statement.principals or statement.not_principals
    yield from (each for each in named or () if isinstance(each, Invalid))
    principal = statement.principals is not None or statement.not_principals is not None
    resource = statement.resources is not None or statement.not_resources is not None
    if place is DocumentPlace.PRINCIPAL:
        unsure = [each for each in named or () if _is_unknown(each)]
        if principal:
            # A block that is made for each of nobody knows what may not be there.
            only = unsure and len(unsure) == len(named or ())
            yield unsure[0] if only else f"{place.value} cannot name a principal"
        if not resource:
            yield f"a statement of {place.value} needs a `Resource`"
        yield from _not_arns(statement.resources or statement.not_resources or ())
    elif place is DocumentPlace.QUEUE:
        # SQS keeps a statement that names nobody, and it does nothing
        yield from _unknown_actions(statement)
    elif not principal:
        yield f"a statement of {place.value} needs a `Principal`"
    elif named is not None and len(named) == 1 and _may_not_be_there(named[0]):
        yield named[0]
    if place in {DocumentPlace.RESOURCE, DocumentPlace.TRUST}:
        yield from _patterns(statement)
    if place is DocumentPlace.TRUST and resource:
        yield f"{place.value} cannot name a `Resource`"
    yield from _without_service(statement.actions or statement.not_actions or ())


def _without_service(entries: Entries) -> Iterator[str]:
    for entry in entries:
        literal = entry.literal if isinstance(entry, Text) else None
        if literal is not None and ":" not in literal and literal.strip("*"):
            yield f"the action `{literal}` names no service"


def _patterns(statement: Statement) -> Iterator[str]:
    """Yield the principals that hold a wildcard: IAM and KMS take none but `*` alone."""
    for each in statement.principals or statement.not_principals or ():
        if isinstance(each, Principal) and is_pattern(each):
            yield f"the principal `{each.value}` holds a wildcard, and a principal is not a pattern"


def is_pattern(principal: Principal) -> bool:
    """Tell whether a principal surely holds a wildcard and something else."""
    known = [part for part in principal.value.parts if isinstance(part, str)]
    wild = any("*" in part or "?" in part for part in known)
    return principal.kind is PrincipalKind.AWS and wild and any(part.strip("*") for part in known)


def _unknown_actions(statement: Statement) -> Iterator[str]:
    """Yield the actions of SQS that do not exist: SQS refuses them in a queue's policy."""
    for entry in (*(statement.actions or ()), *(statement.not_actions or ())):
        if isinstance(entry, Text) and is_unknown_to_sqs(entry):
            yield f"SQS does not have the action `{entry.literal}`"


def is_unknown_to_sqs(entry: Text) -> bool:
    """Tell whether an entry is an action of SQS, and no pattern, that does not exist."""
    literal = entry.literal or ""
    named = literal.lower().startswith("sqs:") and not _WILD.search(literal)
    return named and not actions.exists(literal)


_WILD = re.compile(r"[*?$]")


def _is_unknown(each: object) -> TypeGuard[Unknown]:
    return isinstance(each, Unknown) and not isinstance(each, Invalid)


def _may_not_be_there(each: object) -> TypeGuard[Unknown]:
    """Tell whether an element is unknown as a whole: one that names somebody unknown is there."""
    return _is_unknown(each) and not isinstance(each, UnknownPrincipal)


def _not_arns(entries: Entries) -> Iterator[str]:
    for entry in entries:
        literal = entry.literal if isinstance(entry, Text) else None
        if literal is None or not isinstance(entry, Text) or has_variables(entry):
            continue
        if not literal.startswith(("arn:", "*")):
            yield f"the resource `{literal}` is neither an ARN nor `*`"
        elif literal.startswith("arn::"):
            yield f'Partition "" is not valid for resource "{literal}"'

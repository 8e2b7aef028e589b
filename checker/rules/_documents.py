"""The documents that a mapping rests on: the role's, the source's, its key's and the deployer's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TypeAlias

from checker.iam.document import Document, Elsewhere, Statement, Unattachable, Unattached
from checker.iam.validity import DocumentPlace
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import SOURCE_TYPES, EventSourceMapping, Inventory, Role, type_of
from checker.records import dataclass
from checker.rules._concern import DocumentHolder, concern_of
from checker.rules.rule import MOST_SAID, Problem, Said

OF_IAM = "MalformedPolicyDocument"
OF_KMS = "MalformedPolicyDocumentException"
"""With what the service that stores a document refuses it."""
_USER = Text.of("arn:*:iam::*:user/*")
_AWS = Text.of("arn:*:iam::aws:policy/*")


@dataclass(frozen=True, slots=True)
class Attached:
    """A document, or why it is not known, the place that it is attached to, and what refuses it."""

    document: Document | Unknown
    place: DocumentPlace
    refusal: str = OF_IAM

    @property
    def of_aws(self) -> bool:
        """Whether AWS wrote it."""
        written = self.document
        return isinstance(written, Document) and Text.of(written.id).like(_AWS) is not Truth.NO


def if_attached(said: Iterable[Said], document: Document) -> Iterator[Said]:
    """Yield what is said of a document: an unknown where it is unknown whether it is there.

    Of one that may be another role's nothing is said.
    """
    why_unsure = document.unsure
    for each in () if isinstance(why_unsure, Unattached) else said:
        if isinstance(each, Problem) and why_unsure is not None:
            yield why_unsure.leaves(f"{each.message}, if the document is attached")
        else:
            yield each


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule says of a document, and the statements that it is about; all if none is named."""

    said: Said
    about: tuple[Statement, ...] = ()


Judge: TypeAlias = Callable[[Attached], Iterable[Remark]]


def said_of_documents(
    mapping: EventSourceMapping, inventory: Inventory, rule: str, judge: Judge
) -> Iterator[Said]:
    """Yield what a rule says of every document that a mapping rests on.

    What is about statements that do not concern the mapping is said aside. Where it is unknown
    which documents these are, an unknown is judged. The documents of one role, source or key are
    judged once, however many mappings rest on them.
    """
    concern = concern_of(mapping, inventory)
    for holder, thing, documents in _holders(mapping, inventory):
        work = partial(_judged, documents, judge)
        for remark in inventory.decisions.once_of(rule, thing, work):
            if concern.of_any(remark.about, holder):
                yield remark.said
            elif isinstance(remark.said, Problem):
                yield replace(remark.said, aside=True)
    if mapping.id == inventory.mappings[0].id:
        yield from _of_unused_roles(inventory, rule, judge)


def _of_unused_roles(inventory: Inventory, rule: str, judge: Judge) -> Iterator[Problem]:
    """Yield aside, once a run, what is wrong with documents of roles that no mapping uses.

    What is unknown of these is no matter of this run.
    """
    used = inventory.decisions.once_of("used roles", inventory, lambda: _used_roles(inventory))
    unused = (each for each in inventory.roles if each.closed and each.id not in used)
    for role in islice(unused, MOST_UNUSED):
        documents = (*_of_role(Known(role, role.at)), *_trust(role))
        for remark in inventory.decisions.once_of(rule, role, partial(_judged, documents, judge)):
            if isinstance(remark.said, Problem):
                yield replace(remark.said, aside=True)


MOST_UNUSED = 500
"""So many roles that no mapping uses are looked at."""


def _used_roles(inventory: Inventory) -> frozenset[str]:
    """Return the ids of the roles that mappings use, and of the deployer's."""
    functions = map(inventory.function_of, inventory.mappings)
    roles = [inventory.role_of(each.value) for each in functions if isinstance(each, Known)]
    if inventory.deployer is not None:
        roles.append(inventory.deployer.role)
    return frozenset(each.value.id for each in roles if isinstance(each, Known))


def _judged(documents: Iterable[Attached], judge: Judge) -> tuple[Remark, ...]:
    known = (each for each in documents if not isinstance(each.document, _OF_OTHERS))
    return tuple(islice((said for each in known for said in judge(each)), MOST_SAID + 1))


_OF_OTHERS = (Elsewhere, Unattached, Unattachable)
"""Documents that AWS has taken already, that may be another role's or are none, are not judged."""
_Holding: TypeAlias = tuple[DocumentHolder, object, Iterable[Attached]]


def _holders(mapping: EventSourceMapping, inventory: Inventory) -> Iterator[_Holding]:
    """Yield each thing that has documents, with these."""
    source = inventory.source_of(mapping)
    if isinstance(source, Unknown):
        refusal = SOURCE_TYPES[0].refusal
        yield DocumentHolder.SOURCE, source, (Attached(source, DocumentPlace.QUEUE, refusal),)
    else:
        refusal = type_of(source.value).refusal
        members = source.value.policy.members
        documents = (Attached(member, DocumentPlace.QUEUE, refusal) for member in members)
        yield DocumentHolder.SOURCE, source.value, documents
        key = inventory.key_of(source.value)
        if isinstance(key, Known) and key.value is not None and key.value.closed:
            policy = _one(key.value.policy, DocumentPlace.RESOURCE, OF_KMS)
            yield DocumentHolder.SOURCE, key.value, (policy,)
    function = inventory.function_of(mapping)
    role = inventory.role_of(function.value) if isinstance(function, Known) else function
    thing = role.value if isinstance(role, Known) else role
    yield DocumentHolder.ROLE, thing, _of_role(role)
    if isinstance(role, Known):
        yield DocumentHolder.SOURCE, role.value.trust, _trust(role.value)
    if inventory.deployer is not None:
        who = inventory.deployer.role
        yield DocumentHolder.DEPLOYER, (who.value if isinstance(who, Known) else who), _of_role(who)
        if isinstance(who, Known):
            yield DocumentHolder.SOURCE, who.value.trust, _trust(who.value)


def _of_role(role: Value[Role]) -> Iterator[Attached]:
    if isinstance(role, Unknown):
        yield Attached(role, DocumentPlace.PRINCIPAL)
        return
    members = role.value.identity.members
    yield from (Attached(member, DocumentPlace.PRINCIPAL) for member in members)
    boundary = role.value.boundary
    if isinstance(boundary, Known) and boundary.value is not None:
        yield Attached(boundary.value, DocumentPlace.PRINCIPAL)
    elif isinstance(boundary, Unknown) and role.value.closed:
        yield Attached(boundary, DocumentPlace.PRINCIPAL)


def _trust(role: Role) -> Iterator[Attached]:
    """Yield the trust policy of a role, which every mapping of the role rests on."""
    user = role.arn.like(_USER) is Truth.YES
    if not user and (role.closed or isinstance(role.trust, Known)):
        yield _one(role.trust, DocumentPlace.TRUST)


def _one(document: Value[Document], place: DocumentPlace, refusal: str = OF_IAM) -> Attached:
    known = document.value if isinstance(document, Known) else document
    return Attached(known, place, refusal)

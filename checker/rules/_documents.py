"""The documents that a mapping rests on: the role's, the queue's, its key's and the deployer's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeAlias

from checker.iam.document import Document
from checker.iam.validity import Place
from checker.model import Inventory, Mapping, Role
from checker.partial import Known, Text, Truth, Unknown, Value
from checker.rule import MOST_SAID, Problem, Said

OF_IAM = "MalformedPolicyDocument"
OF_SQS = "InvalidAttributeValue: Invalid value for the parameter Policy"
OF_KMS = "MalformedPolicyDocumentException"
"""With what the service that stores a document refuses it."""
_USER = Text.of("arn:*:iam::*:user/*")
_AWS = Text.of("arn:*:iam::aws:policy/*")


@dataclass(frozen=True, slots=True)
class Attached:
    """A document, or why it is not known, the place that it is attached to, and what refuses it."""

    document: Document | Unknown
    place: Place
    refusal: str = OF_IAM

    @property
    def of_aws(self) -> bool:
        """Whether AWS wrote it."""
        written = self.document
        return isinstance(written, Document) and Text.of(written.id).like(_AWS) is not Truth.NO


def if_attached(said: Iterable[Said], document: Document) -> Iterator[Said]:
    """Yield what is said of a document: an unknown where it is not told whether it is there."""
    for each in said:
        if isinstance(each, Problem) and document.doubt is not None:
            doubt = document.doubt
            yield Unknown(f"{each.message}, if it is there: {doubt.why}", doubt.at, doubt.remedy)
        else:
            yield each


Judge: TypeAlias = Callable[[Attached], Iterable[Said]]


def said_of_documents(
    mapping: Mapping, inventory: Inventory, rule: str, judge: Judge
) -> Iterator[Said]:
    """Yield what a rule says of every document that a mapping rests on.

    Where it is not told which documents these are, an unknown is judged. The documents of one
    role, queue or key are judged once, however many mappings rest on them.
    """
    for thing, documents in _holders(mapping, inventory):
        said = partial(_judged, documents, judge)
        yield from inventory.decisions.once_of(rule, thing, said)


def _judged(documents: Iterable[Attached], judge: Judge) -> tuple[Said, ...]:
    return tuple(islice((said for each in documents for said in judge(each)), MOST_SAID + 1))


def _holders(mapping: Mapping, inventory: Inventory) -> Iterator[tuple[object, Iterable[Attached]]]:
    """Yield each thing that has documents, with these."""
    queue = inventory.queue_of(mapping)
    if isinstance(queue, Unknown):
        yield queue, (Attached(queue, Place.RESOURCE, OF_SQS),)
    else:
        members = queue.value.policy.members
        yield queue.value, (Attached(member, Place.RESOURCE, OF_SQS) for member in members)
        key = inventory.key_of(queue.value)
        if isinstance(key, Known) and key.value is not None and key.value.closed:
            yield key.value, (_one(key.value.policy, Place.RESOURCE, OF_KMS),)
    function = inventory.function_of(mapping)
    role = inventory.role_of(function.value) if isinstance(function, Known) else function
    yield (role.value if isinstance(role, Known) else role), _of_role(role)
    if inventory.deployer is not None:
        who = inventory.deployer.role
        yield (who.value if isinstance(who, Known) else who), _of_role(who)


def _of_role(role: Value[Role]) -> Iterator[Attached]:
    if isinstance(role, Unknown):
        yield Attached(role, Place.PRINCIPAL)
        return
    members = role.value.identity.members
    yield from (Attached(member, Place.PRINCIPAL) for member in members)
    boundary = role.value.boundary
    if isinstance(boundary, Known) and boundary.value is not None:
        yield Attached(boundary.value, Place.PRINCIPAL)
    elif isinstance(boundary, Unknown) and role.value.closed:
        yield Attached(boundary, Place.PRINCIPAL)
    user = role.value.arn.like(_USER) is Truth.YES
    if not user and (role.value.closed or isinstance(role.value.trust, Known)):
        yield _one(role.value.trust, Place.TRUST)


def _one(document: Value[Document], place: Place, refusal: str = OF_IAM) -> Attached:
    known = document.value if isinstance(document, Known) else document
    return Attached(known, place, refusal)

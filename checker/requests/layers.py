"""Documents that decide a request, and how they would be with less in the way."""

from __future__ import annotations

from dataclasses import replace

from checker.iam.authorize import Layers
from checker.iam.document import Document, Documents, parse
from checker.iam.request import NOWHERE, Caller, CallerKind
from checker.knowledge.partial import Known, Unknown
from checker.knowledge.text import Text
from checker.model import Role


def _everything(principal: str) -> Document:
    text = f'{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{principal}"Action":"*",'
    return parse(Text.of(text, '"Resource":"*"}]}'), id="everything", at=NOWHERE).get()


EVERYTHING = _everything("")
"""An identity document that allows everything."""
ANYBODY = _everything('"Principal":"*",')
"""A resource's document that allows everybody everything."""


def session_of(role: Role) -> Caller:
    """Return the caller that a service is as a role: some session of it, without tags of its own.

    Lambda passes no session tags, so the principal's tags are those of the role.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
    """
    return Caller(CallerKind.ROLE, role.arn, tags=role.tags, unique_id=role.unique_id)


def joined(documents: Documents | None, document: Document) -> Documents:
    """Return the documents of a layer with one more among them."""
    if documents is None:
        return _only(document)
    return replace(documents, members=(*documents.members, document))


def _only(document: Document) -> Documents:
    return Documents((document,))


def boundary_of(role: Role) -> Documents | None:
    """Return the permissions boundary as a layer; None if there is none."""
    match role.boundary:
        case Unknown() as unknown:
            return Documents((unknown,))
        case Known(value=document):
            return None if document is None else Documents((document,))


def admitted(layers: Layers) -> Layers:
    """Return the layers as if the resource's own document allowed everybody everything.

    What it denies stays denied: this leaves the caller's side to be judged.
    """
    return replace(layers, resource=joined(layers.resource, ANYBODY))


def admitting(documents: Documents) -> Layers:
    """Return layers of which only the allows of the resource's own document are left."""
    members = tuple(
        member if isinstance(member, Unknown) else member.allowing for member in documents.members
    )
    allows = replace(documents, members=members)
    return Layers(identity=_only(EVERYTHING), resource=allows)


def identity_free(layers: Layers) -> Layers:
    """Return the layers as if an identity document allowed everything."""
    return replace(layers, identity=joined(layers.identity, EVERYTHING))


def boundary_free(layers: Layers) -> Layers:
    """Return the layers as if the permissions boundary allowed everything."""
    if layers.boundary is None:
        return layers
    return replace(layers, boundary=joined(layers.boundary, EVERYTHING))


def free(layers: Layers) -> Layers:
    """Return the layers with everything allowed in each; what is denied stays denied."""
    return admitted(boundary_free(identity_free(layers)))

"""Does a statement speak of this action, and of this resource?

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from checker.iam.placeholders import completed, placeholder
from checker.iam.request import Request
from checker.iam.statement import Entries, PossibleEntry, Statement
from checker.iam.variables import FIRST_VERSION, before_resource, has_variables, plain, resolve
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth, any_of


class Layer(Enum):
    """Where a document is attached."""

    IDENTITY = "identity"
    BOUNDARY = "boundary"
    SESSION = "session"
    RESOURCE = "resource"
    SCP = "service control policy"
    RCP = "resource control policy"
    ENDPOINT = "VPC endpoint"


PRINCIPALS = frozenset({Layer.RESOURCE, Layer.RCP, Layer.ENDPOINT})
"""Where a document names principals."""


def action_applies(statement: Statement, action: str) -> Truth:
    """Tell whether a statement speaks of an action, by `Action` or `NotAction`."""
    if statement.not_actions is not None:
        return ~_any_action(statement.not_actions, action)
    return _any_action(statement.actions or (), action)


def _any_action(entries: Entries, action: str) -> Truth:
    found = Truth.NO
    for entry in entries:
        truth = action_like(entry, action)
        if truth is Truth.YES:
            return truth
        if truth is Truth.MAYBE:
            found = truth
    return found


def action_like(entry: Text | Unknown, action: str) -> Truth:
    """Tell whether an entry of `Action` covers an action; letters of any case are the same."""
    if isinstance(entry, PossibleEntry):
        return action_like(entry.entry, action) & Truth.MAYBE
    if isinstance(entry, Unknown):
        return Truth.MAYBE
    literal = entry.literal
    if literal is not None:
        return _literal_action(literal, action)
    pattern, text = entry.lower(), Text.of(action.lower())
    parts = pattern.split(":", 1)
    if parts is None or len(parts) == 1:
        return text.like(pattern) & Truth.MAYBE
    service, _, name = action.lower().partition(":")
    # a service that is unknown might hold a wildcard, whose meaning is not documented
    prefix = Text.of(service).like(parts[0])
    return prefix & Text.of(name).like(parts[1]) & Truth.MAYBE


@lru_cache(maxsize=65536)
def _literal_action(pattern: str, action: str) -> Truth:
    pattern, action = pattern.lower(), action.lower()
    if pattern and not pattern.strip("*"):
        return Truth.YES
    service, colon, name = pattern.partition(":")
    if not colon or not name or re.search(r"[\s,]", pattern):
        return Truth.NO
    wanted, _, called = action.partition(":")
    matches = Text.of(called).like(Text.of(name))
    if "*" in service or "?" in service:
        return Text.of(wanted).like(Text.of(service)) & matches & Truth.MAYBE
    return Truth.of(service == wanted) & matches


def heads(statement: Statement) -> tuple[str, ...] | None:
    """Return what the entries of `Resource` begin with, up to the first wildcard or variable.

    None if the statement may speak of a resource that begins with none of them.
    """
    if statement.resources is None:
        return None
    return tuple(_head(entry) for entry in statement.resources)


def _head(entry: Text | Unknown) -> str:
    if isinstance(entry, PossibleEntry):
        return _head(entry.entry)
    whole = completed(entry) if isinstance(entry, Text) else Text.of()
    first = whole.parts[0] if whole.parts else ""
    return _HEAD.match(first)[0] if isinstance(first, str) else ""  # type: ignore[index]


_HEAD = re.compile(r"[^*?$]*")


def begins(resource: Text, known: tuple[str, ...]) -> bool:
    """Tell whether a resource may begin with one of some heads; a quick look before a long one."""
    first = resource.parts[0] if resource.parts else ""
    if not isinstance(first, str):
        return True
    if first.startswith(known):
        return True
    return len(resource.parts) > 1 and any(head.startswith(first) for head in known)


def resource_applies(statement: Statement, request: Request, layer: Layer) -> Truth:
    """Tell whether a statement speaks of the request's resource; without the element it does."""
    if statement.not_resources is not None:
        # the pages do not say what a variable without a value means here
        if any(_unresolved(e, statement, request) for e in statement.not_resources):
            return Truth.MAYBE & ~_any_resource(statement.not_resources, statement, request, layer)
        return ~_any_resource(statement.not_resources, statement, request, layer)
    if statement.resources is None:
        return Truth.YES if layer is Layer.RESOURCE else Truth.MAYBE
    return _any_resource(statement.resources, statement, request, layer)


def _any_resource(entries: Entries, statement: Statement, request: Request, layer: Layer) -> Truth:
    return any_of(resource_like(e, statement.version, request, layer) for e in entries)


def _unresolved(entry: Text | Unknown, statement: Statement, request: Request) -> bool:
    """Tell whether an entry holds a variable that may have no value."""
    if isinstance(entry, PossibleEntry):
        return _unresolved(entry.entry, statement, request)
    if isinstance(entry, Unknown) or not has_variables(entry):
        return False
    if statement.version == FIRST_VERSION and before_resource(entry):
        return True
    resolved = resolve(entry, statement.version, request)
    return resolved.text is None or not resolved.sure


def resource_like(
    entry: Text | Unknown, version: str | Unknown, request: Request, layer: Layer
) -> Truth:
    """Tell whether an entry of `Resource` covers the request's resource."""
    if isinstance(entry, PossibleEntry):
        return resource_like(entry.entry, version, request, layer) & Truth.MAYBE
    if isinstance(entry, Unknown):
        return Truth.MAYBE
    if not has_variables(entry):
        found = arn_like(request.resource, entry, layer)
        if found is Truth.NO and placeholder(entry) is not None:
            return arn_like(request.resource, completed(entry), layer) & Truth.MAYBE
        return found
    if isinstance(version, str) and version != FIRST_VERSION:
        return arn_like(request.resource, entry, layer)
    if before_resource(entry):
        # AWS fills in variables after the fifth colon only: this one has no value
        old = Truth.NO if isinstance(version, str) else arn_like(request.resource, entry, layer)
        return old & Truth.MAYBE
    resolved = resolve(entry, version, request)
    if resolved.text is None:
        return Truth.NO
    text = plain(request.resource) if resolved.plain else request.resource
    if _late(entry):
        return resolved.cap(arn_like(text, resolved.text, layer))
    # which part of the ARN the variable stands in is unknown
    return text.like(resolved.text + "*") & Truth.MAYBE


def _late(entry: Text) -> bool:
    """Tell whether the first variable surely stands after the fifth colon."""
    colons = 0
    for part in entry.parts:
        if isinstance(part, str):
            before, dollar, _ = part.partition("$")
            colons += before.count(":")
            if dollar:
                break
    return colons >= _CUTS


_CUTS = 5
_STAR = Text.of("*")


def arn_like(text: Text, pattern: Text, layer: Layer) -> Truth:
    """Tell whether a resource's ARN matches a pattern, field by field.

    MAYBE also where AWS's pages leave the meaning open: a `*` that would have to cross a colon, a
    pattern with fewer than six fields, a wildcard in the type of the resource.
    """
    if text.literal is not None and pattern.literal is not None:
        return _literal_arn(text.literal, pattern.literal, layer)
    return _arn(text, pattern, layer)


@lru_cache(maxsize=65536)
def _literal_arn(text: str, pattern: str, layer: Layer) -> Truth:
    return _arn(Text.of(text), Text.of(pattern), layer)


def _arn(text: Text, pattern: Text, layer: Layer) -> Truth:
    if _stars(pattern) is Truth.YES or text.parts == pattern.parts:
        return Truth.YES
    if text.literal == "*":
        return _stars(pattern)
    if text.apart(pattern):
        return Truth.NO
    whole = text.like(pattern)
    if whole is Truth.NO and _all_fields(pattern) and _all_fields(text):
        return whole  # what matches field by field matches as a whole
    fields, known = _fields(pattern), _fields(text)
    if fields is None or known is None or len(known) <= _CUTS:
        # where the fields end is unknown: with what fills up a short pattern, it may match
        return (whole | text.like(pattern + ":*")) & Truth.MAYBE
    padded = (*fields, *[_STAR] * (_CUTS + 1 - len(fields)))
    by_field = _by_field(known, padded)
    if len(fields) <= _CUTS:
        return _short(by_field, whole, pattern, layer)
    if by_field is Truth.YES:
        return _typed(known, fields)
    return any_of((whole, by_field)) & Truth.MAYBE


@lru_cache(maxsize=16384)
def _fields(text: Text) -> tuple[Text, ...] | None:
    """Return the fields of an ARN; None if that is unknown."""
    return text.split(":", _CUTS)


def _by_field(known: tuple[Text, ...], wanted: tuple[Text, ...]) -> Truth:
    """Compare ARNs field by field, the last one first: it differs most often."""
    found = Truth.YES
    for one, other in zip(reversed(known), reversed(wanted), strict=True):
        found &= one.like(other)
        if found is Truth.NO:
            break
    return found


def _all_fields(arn: Text) -> bool:
    """Tell whether an ARN surely has all its fields, and where they end."""
    colons = sum(part.count(":") for part in arn.parts if isinstance(part, str))
    return colons >= _CUTS and not any(hole.kind in _FREE for hole in arn.holes)


def _stars(pattern: Text) -> Truth:
    """Tell whether a pattern is nothing but stars, which covers everything."""
    if not pattern.parts or any(isinstance(p, str) and p.strip("*") for p in pattern.parts):
        return Truth.NO
    if all(hole.kind in _FREE for hole in pattern.holes):
        return Truth.MAYBE if pattern.holes else Truth.YES
    return Truth.NO


_FREE = (Kind.ANY, Kind.JSON)


def _short(by_field: Truth, whole: Truth, pattern: Text, layer: Layer) -> Truth:
    """Judge a pattern with fewer than six fields, which AWS documents only if it ends in `*`."""
    text = pattern.parts[-1] if pattern.parts else ""
    starred = isinstance(text, str) and text.endswith("*")
    if by_field is Truth.YES and starred and layer is not Layer.RCP:
        return Truth.YES
    padded = layer in (Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION) or any(
        "*" in (part if isinstance(part, str) else str(part)) for part in pattern.parts
    )
    return (whole | (by_field & Truth.of(padded))) & Truth.MAYBE


_UNTYPED = frozenset({"s3", "sns", "sqs"})
_TYPE_END = re.compile(r"[:/]")


def _typed(known: tuple[Text, ...], fields: tuple[Text, ...]) -> Truth:
    """Judge a match by fields: of wildcards in the type AWS documents EC2's `*/*` alone."""
    service, wanted = known[2].literal, fields[_CUTS]
    every = (service, wanted.literal) == ("ec2", "*/*")
    if every or service in _UNTYPED or known[_CUTS].parts == wanted.parts:
        return Truth.YES
    wild = unsure = False
    for part in wanted.parts:
        if isinstance(part, Hole):
            unsure = unsure or wild or part.kind in _FREE
            continue
        head, *rest = _TYPE_END.split(part, maxsplit=1)
        wild = wild or "*" in head or "?" in head
        if rest:
            return Truth.MAYBE if wild or unsure else Truth.YES
    # without a separator the whole is a name; only what a hole holds could make it a type
    return Truth.MAYBE if unsure else Truth.YES

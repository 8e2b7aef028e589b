"""Why a decision came out as it did: the statements that settle it, or what leaves it open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checker.iam.condition import condition_holds, key_of
from checker.iam.document import Document
from checker.iam.layer import Match, Survey
from checker.iam.match import Layer, action_applies, action_like, resource_applies, resource_like
from checker.iam.operators import NULL
from checker.iam.principal import named, named_by
from checker.iam.request import ABSENT, Request
from checker.iam.statement import Condition, Effect, Principal, Statement
from checker.iam.variables import has_variables, resolve
from checker.partial import Location, Text, Truth, Unknown

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence that a decision rests on, its place, and what would change the answer."""

    text: str
    at: Location | None
    remedy: str = ""


MOST_REASONS = 3
"""How many of the nearest statements a refusal names."""


def denied(surveys: Iterable[Survey], request: Request) -> tuple[Reason, ...]:
    """Name the statements that surely deny."""
    return _once(
        Reason(f"denied by {_name(match)}", match.statement.at, _past_deny(match, request))
        for said in surveys
        for match in said.matches
        if match.truth is YES and match.statement.effect is Effect.DENY
    )


def _past_deny(match: Match, request: Request) -> str:
    return f"exempt `{request.caller.arn}` from {match.statement}"


def allowed(surveys: Iterable[Survey]) -> tuple[Reason, ...]:
    """Name the statements that surely allow."""
    return _once(
        Reason(f"allowed by {_name(match)}", match.statement.at)
        for said in surveys
        for match in said.matches
        if match.truth is YES and match.statement.effect is Effect.ALLOW
    )


def _name(match: Match) -> str:
    plain = match.layer in (Layer.IDENTITY, Layer.RESOURCE)
    return str(match.statement) if plain else f"{match.layer.value} {match.statement}"


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))


# -- what leaves a decision open ------------------------------------------------------------


def undecided(surveys: Iterable[Survey], request: Request, *, allows: bool) -> tuple[Reason, ...]:
    """Say what leaves a decision open: possible denies and, with `allows`, possible allows."""
    reasons: list[Reason] = []
    for said in surveys:
        wanted = allows and said.allows is MAYBE
        if wanted or (said.denies is MAYBE and said.open):
            reasons += [Reason(unknown.why, unknown.at, unknown.remedy) for unknown in said.open]
        for match in said.matches:
            denies = match.statement.effect is not Effect.ALLOW
            if match.truth is MAYBE and (denies or wanted):
                reasons += _open(match, request)
    if not reasons:
        why = "whether caller and resource are in one account is not told"
        reasons.append(Reason(why, None, "give the account of both"))
    return _once(reasons)


def _open(match: Match, request: Request) -> Iterator[Reason]:
    """Say what leaves a statement open."""
    statement, verb = match.statement, "deny"
    if isinstance(statement.effect, Unknown):
        verb = "allow or deny"
    elif statement.effect is Effect.ALLOW:
        verb = "allow"
    for unknown in _open_parts(statement, request, match.layer):
        why = f"{_name(match)} may {verb} it: {unknown.why}"
        yield Reason(why, statement.at, unknown.remedy)


def _open_parts(statement: Statement, request: Request, layer: Layer) -> Iterator[Unknown]:
    if isinstance(statement.effect, Unknown):
        yield statement.effect
        return
    found = [
        *_open_actions(statement, request),
        *_open_resources(statement, request, layer),
        *_open_principals(statement, request, layer),
    ]
    found += [
        _open_condition(condition, statement, request)
        for condition in statement.conditions
        if condition_holds(condition, statement.version, request) is MAYBE
    ]
    yield from found or [Unknown("AWS does not document how it is read", statement.at)]


def _open_actions(statement: Statement, request: Request) -> Iterator[Unknown]:
    if action_applies(statement, request.action) is not MAYBE:
        return
    for entry in statement.actions or statement.not_actions or ():
        if action_like(entry, request.action) is MAYBE:
            yield _untold(entry, statement.at, f"whether `{entry}` covers `{request.action}`")


def _open_resources(statement: Statement, request: Request, layer: Layer) -> Iterator[Unknown]:
    if resource_applies(statement, request, layer) is not MAYBE:
        return
    if statement.resources is None and statement.not_resources is None:
        why = f"AWS refuses a statement without `Resource` as {layer.value} document"
        yield Unknown(why, statement.at, "add `Resource`")
    for entry in statement.resources or statement.not_resources or ():
        if resource_like(entry, statement.version, request, layer) is not MAYBE:
            continue
        if isinstance(entry, Text) and has_variables(entry):
            yield from resolve(entry, statement.version, request).open
        held = request.resource.unknown(statement.at) if isinstance(entry, Text) else None
        if isinstance(entry, Text) and not entry.holes and held is not None:
            yield held
            continue
        yield _untold(entry, statement.at, f"whether `{entry}` covers `{request.resource}`")


def _open_principals(statement: Statement, request: Request, layer: Layer) -> Iterator[Unknown]:
    listed = statement.principals or statement.not_principals
    if listed is None:
        return
    if layer is not Layer.RESOURCE:
        why = f"AWS refuses a statement with a principal as {layer.value} document"
        yield Unknown(why, statement.at, "remove `Principal`")
        return
    if named_by(statement, request.caller, bounded=NO).at_all is not MAYBE:
        return
    for principal in listed:
        if named(principal, request.caller).at_all is NO:
            continue
        value = principal.value if isinstance(principal, Principal) else principal
        yield _untold(value, statement.at, f"whether `{value}` is `{request.caller.arn}`")


def _open_condition(
    condition: Condition | Unknown, statement: Statement, request: Request
) -> Unknown:
    if isinstance(condition, Unknown):
        return condition
    value = key_of(condition, request)
    if isinstance(value, Unknown):
        return value
    for text in (*(value if isinstance(value, tuple) else ()), *condition.values):
        unknown = text if isinstance(text, Unknown) else text.unknown(condition.at)
        if unknown is not None:
            return unknown
        if isinstance(text, Text) and has_variables(text):
            for open_one in resolve(text, statement.version, request).open:
                return open_one
    why = f"AWS does not document what `{condition.test}` on `{condition.key}` does here"
    return Unknown(why, condition.at)


def _untold(entry: Text | Unknown, at: Location, what: str) -> Unknown:
    """Say why an entry is open: it is not known, or AWS leaves its meaning open."""
    if isinstance(entry, Unknown):
        return entry
    return entry.untold(at, f"AWS does not document {what}")


# -- what a refusal lacks -------------------------------------------------------------------


def refused(
    surveys: Iterable[Survey], every: Iterable[Survey], request: Request
) -> tuple[Reason, ...]:
    """Name the layers that do not allow, and what their nearest statements lack.

    `every` are all layers that were asked: what allows in one is cut by another.
    """
    reasons: list[Reason] = []
    allowing = _allowing(every)
    for said in surveys:
        reasons += _headline(said, request, allowing)
        near = [
            lack
            for member in said.documents.members
            if isinstance(member, Document)
            for statement in member.statements
            if statement.effect is Effect.ALLOW
            and (lack := _lack(statement, request, said.layer)) is not None
        ]
        near.sort(key=lambda found: found[0])
        reasons += [reason for _, reason in near[:MOST_REASONS]]
    if not reasons:
        text = f"no statement allows `{request.action}` to `{request.caller.arn}`"
        reasons.append(Reason(text, None, f"allow `{request.action}` on `{request.resource}`"))
    return _once(reasons)


def _allowing(surveys: Iterable[Survey]) -> str:
    """Name a statement of the caller's or the resource's documents that surely allows."""
    for said in surveys:
        if said.layer not in (Layer.IDENTITY, Layer.RESOURCE):
            continue
        for match in said.matches:
            if match.truth is YES and match.statement.effect is Effect.ALLOW:
                return f"allowed by {_name(match)} ({match.statement.at}), "
    return ""


def _headline(said: Survey, request: Request, allowing: str) -> Iterator[Reason]:
    """Say which layer refused; for identity and resource only if no statement will."""
    remedy = f"allow `{request.action}` on `{request.resource}`"
    if said.layer in (Layer.IDENTITY, Layer.RESOURCE):
        if any(isinstance(m, Document) and m.statements for m in said.documents.members):
            return
        whose = request.caller.arn if said.layer is Layer.IDENTITY else request.resource
        yield Reason(f"no document of `{whose}` allows it", None, remedy)
        return
    members = [m for m in said.documents.members if isinstance(m, Document)]
    for member in members:
        text = f"{allowing}cut by {said.layer.value} `{member.id}`"
        yield Reason(text, member.at, f"{remedy} there too")
    if not members:
        yield Reason(f"no {said.layer.value} document allows it", None, remedy)


def _lack(statement: Statement, request: Request, layer: Layer) -> tuple[int, Reason] | None:
    """Say what a statement lacks to allow a request, the nearest first; None if it is far off."""
    act = action_applies(statement, request.action)
    resource = resource_applies(statement, request, layer)
    if act is NO:
        return _lacks_action(statement, request, resource)
    if resource is NO:
        where = _listed(statement.resources or ())
        text = f"{statement} allows it on {where} only" if where else f"{statement} excludes it"
        remedy = f"add `{request.resource}` to its `Resource`"
        return 2, Reason(text, statement.at, remedy)
    if layer is Layer.RESOURCE:
        found = named_by(statement, request.caller, bounded=NO)
        if found.at_all is NO:
            whom = _listed(
                p.value if isinstance(p, Principal) else p for p in statement.principals or ()
            )
            text = f"{statement} allows it to {whom} only" if whom else f"{statement} names nobody"
            remedy = f"add `{request.caller.arn}` to its `Principal`"
            return 1, Reason(text, statement.at, remedy)
        if found.direct is NO and found.role is NO:
            text = f"{statement} only lets the documents of `{request.caller.account}` allow it"
            return 1, Reason(text, statement.at, f"name `{request.caller.arn}` in it")
    for condition in statement.conditions:
        if condition_holds(condition, statement.version, request) is NO:
            return 0, _failed(statement, condition, request)
    return None


def _lacks_action(
    statement: Statement, request: Request, resource: Truth
) -> tuple[int, Reason] | None:
    prefix = f"{request.service}:"
    entries = [e for e in statement.actions or () if str(e).lower().startswith(prefix)]
    remedy = f"add `{request.action}` to its `Action`"
    if statement.not_actions is not None:
        return 3, Reason(f"{statement} excludes it by `NotAction`", statement.at, remedy)
    if not entries:
        return None
    text = f"{statement} allows only {_listed(entries)}"
    return (3 if resource is not NO else 4), Reason(text, statement.at, remedy)


def _failed(statement: Statement, condition: Condition | Unknown, request: Request) -> Reason:
    if isinstance(condition, Unknown):
        return Reason(f"{statement} has a condition", statement.at)
    value = key_of(condition, request)
    what = f"{statement} allows it only under `{condition.test}` on `{condition.key}`"
    if value is ABSENT and condition.test.operator.name != NULL:
        return Reason(f"{what}, which the request does not carry", condition.at)
    if isinstance(value, tuple) and value:
        what += f", which is {_listed(value)}"
    return Reason(what, condition.at)


def _listed(entries: Iterable[Text | Unknown]) -> str:
    """Quote the first few entries."""
    names = [f"`{entry if isinstance(entry, Text) else entry.why}`" for entry in entries]
    more = [] if len(names) <= MOST_REASONS else [f"{len(names) - MOST_REASONS} more"]
    return ", ".join([*names[:MOST_REASONS], *more])

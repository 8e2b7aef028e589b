"""What of a statement leaves a decision open."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from checker.iam.attributes import seen_by
from checker.iam.comparisons import weight_of
from checker.iam.condition import condition_holds, key_of, lacking_in
from checker.iam.match import (
    PRINCIPALS,
    Layer,
    action_applies,
    action_like,
    resource_applies,
    resource_like,
)
from checker.iam.operators import clock_of
from checker.iam.placeholders import REMEDY, placeholder
from checker.iam.principal import named, named_by
from checker.iam.request import Request
from checker.iam.statement import Condition, Principal, Statement
from checker.iam.variables import has_variables, resolve
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth

NO, MAYBE = Truth.NO, Truth.MAYBE
BOUNDED = "`NotPrincipal` denies every principal with a permissions boundary"
INSTEAD = "test `aws:PrincipalArn` with ArnNotEquals instead"


def open_parts(statement: Statement, request: Request, layer: Layer) -> Iterator[Unknown]:
    """Yield what leaves it open whether a statement speaks of a request."""
    request = seen_by(request, layer)
    if isinstance(statement.effect, Unknown):
        yield statement.effect
        return
    if weight_of(statement).cost(request) > _MOST_EXPLAINED:
        yield Unknown("the statement is too long to say which part of it is unknown", statement.at)
        return
    found = chain(
        _open_actions(statement, request),
        _open_resources(statement, request, layer),
        _open_principals(statement, request, layer),
        _open_conditions(statement, request),
    )
    first = next(found, None)
    if first is None:
        first = Unknown("AWS does not document how it reads the statement", statement.at)
    yield first
    yield from found


_MOST_EXPLAINED = 5_000
"""How many comparisons it may take to say what of a statement leaves a decision open."""


def _open_conditions(statement: Statement, request: Request) -> Iterator[Unknown]:
    for condition in statement.conditions:
        if condition_holds(condition, statement.version, request) is MAYBE:
            yield _open_condition(condition, statement, request)


def _open_actions(statement: Statement, request: Request) -> Iterator[Unknown]:
    if action_applies(statement, request.action) is not MAYBE:
        return
    for entry in statement.actions or statement.not_actions or ():
        if action_like(entry, request.action) is MAYBE:
            yield _unknown(entry, statement.at, f"whether `{entry}` covers `{request.action}`")


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
        lacking = placeholder(entry) if isinstance(entry, Text) else None
        if lacking is not None:
            yield Unknown(lacking, statement.at, REMEDY)
            continue
        held = request.resource.unknown(statement.at) if isinstance(entry, Text) else None
        if isinstance(entry, Text) and not entry.holes and held is not None:
            yield held
            continue
        yield _unknown(entry, statement.at, f"whether `{entry}` covers `{request.resource}`")


def _open_principals(statement: Statement, request: Request, layer: Layer) -> Iterator[Unknown]:
    listed = statement.principals or statement.not_principals
    if listed is None:
        if layer in (Layer.RCP, Layer.ENDPOINT):
            why = f"AWS refuses a statement without a principal as {layer.value} document"
            yield Unknown(why, statement.at, "name a `Principal`")
        return
    if layer not in PRINCIPALS:
        why = f"AWS refuses a statement with a principal as {layer.value} document"
        yield Unknown(why, statement.at, "remove `Principal`")
        return
    found = named_by(statement, request.caller, bounded=NO).at_all
    if found is NO and statement.principals is None:
        why = f"{BOUNDED}, and it is unknown whether `{request.caller.arn}` has one"
        yield Unknown(why, statement.at, INSTEAD)
    if found is not MAYBE:
        return
    if statement.principals is None and all(_sure(each, request) for each in listed):
        why = f"`NotPrincipal` lists `{request.caller.arn}` or its account, and AWS asks for both"
        yield Unknown(why, statement.at, "list both, or test `aws:PrincipalArn` with ArnNotEquals")
        return
    for principal in listed:
        if named(principal, request.caller).at_all is NO:
            continue
        value = principal.value if isinstance(principal, Principal) else principal
        caller = request.caller.arn
        held = caller.unknown(statement.at) if isinstance(value, Text) else None
        if isinstance(value, Text) and not value.holes and held is not None:
            yield held
            continue
        yield _unknown(value, statement.at, f"whether `{value}` is `{caller}`")


def _sure(principal: Principal | Unknown, request: Request) -> bool:
    return named(principal, request.caller).at_all is not MAYBE


def _open_condition(
    condition: Condition | Unknown, statement: Statement, request: Request
) -> Unknown:
    if isinstance(condition, Unknown):
        return condition
    value = key_of(condition, request)
    if isinstance(value, Unknown):
        return value
    if isinstance(value, tuple) and any(map(clock_of, value)):
        return _open_date(condition)
    lacking = lacking_in(condition)
    if lacking is not None:
        return Unknown(lacking, condition.at, REMEDY)
    for text in (*(value if isinstance(value, tuple) else ()), *condition.values):
        unknown = text if isinstance(text, Unknown) else text.unknown(condition.at)
        if unknown is not None:
            return unknown
        if isinstance(text, Text) and has_variables(text):
            for open_one in resolve(text, statement.version, request).open:
                return open_one
    why = f"AWS does not document what `{condition.test}` on `{condition.key}` does here"
    return Unknown(why, condition.at)


def _open_date(condition: Condition) -> Unknown:
    """Say from when on a condition on the time gives another answer."""
    dates = [str(each) for each in condition.values if isinstance(each, Text)]
    when = ", ".join(f"`{each}`" for each in dates[:MOST_DATES]) or "a date that is unknown"
    why = f"`{condition.key}` is compared with {when}, which has not passed on the day of this run"
    return Unknown(why, condition.at, "remove the date, or run again once it has passed")


MOST_DATES = 3
"""How many dates of a condition are named."""


def _unknown(entry: Text | Unknown, at: Location, what: str) -> Unknown:
    """Say why an entry is open: it is not known, or AWS leaves its meaning open."""
    if isinstance(entry, Unknown):
        return entry
    return entry.why_unknown(at, f"AWS does not document {what}")

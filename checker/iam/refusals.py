"""Why a request was refused without a deny: the layer, and what its nearest statements lack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.iam.attributes import seen_by
from checker.iam.comparisons import Comparisons, weight_of, weight_of_actions
from checker.iam.condition import condition_holds, key_of
from checker.iam.document import Document
from checker.iam.explain import DecisionReason, once, statement_of
from checker.iam.layer import Survey
from checker.iam.match import Layer, action_applies, resource_applies
from checker.iam.operators import NULL
from checker.iam.principal import named_by
from checker.iam.request import ABSENT, Request
from checker.iam.statement import Condition, Effect, Principal, Statement
from checker.iam.variables import before_resource, variable_in
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth

NO, MAYBE, YES = Truth.NO, Truth.MAYBE, Truth.YES
MOST_REASONS = 3
"""How many of the nearest statements a refusal names."""


def refused(
    surveys: Iterable[Survey],
    every: Iterable[Survey],
    request: Request,
    comparisons: Comparisons,
) -> tuple[DecisionReason, ...]:
    """Name the layers that do not allow, and what their nearest statements lack.

    `every` are all layers that were asked: what allows in one is cut by another.
    """
    reasons: list[DecisionReason] = []
    allowing = _allowing(every)
    for said in surveys:
        reasons += _headline(said, request, allowing)
        near = sorted(_near(said, request, comparisons), key=lambda found: found[0])
        reasons += [reason for _, reason in near[:MOST_REASONS]]
    if not reasons:
        text = f"no statement allows `{request.action}` to `{request.caller.arn}`"
        reasons.append(
            DecisionReason(text, None, f"allow `{request.action}` on `{request.resource}`")
        )
    return once(reasons)


def _near(
    said: Survey, request: Request, comparisons: Comparisons
) -> Iterator[tuple[int, DecisionReason]]:
    """Yield what the statements of a layer lack, as far as comparisons may be made."""
    if comparisons.spent:
        return  # even to weigh the statements takes long
    for member in said.documents.members:
        for statement in member.statements if isinstance(member, Document) else ():
            if statement.effect is not Effect.ALLOW:
                continue
            cost = weight_of(statement).cost(request) + weight_of_actions(statement)
            if not comparisons.charge(cost):
                return
            lack = _lack(statement, request, said.layer)
            if lack is not None:
                yield lack


def _allowing(surveys: Iterable[Survey]) -> str:
    """Name a statement of the caller's or the resource's documents that surely allows."""
    for said in surveys:
        if said.layer not in (Layer.IDENTITY, Layer.RESOURCE):
            continue
        for match in said.matches:
            if match.truth is YES and match.statement.effect is Effect.ALLOW:
                return f"allowed by {statement_of(match)} ({match.statement.at}), but "
    return ""


def _headline(said: Survey, request: Request, allowing: str) -> Iterator[DecisionReason]:
    """Say which layer refused; for identity and resource only if no statement will."""
    remedy = f"allow `{request.action}` on `{request.resource}`"
    if said.layer in (Layer.IDENTITY, Layer.RESOURCE):
        if any(isinstance(m, Document) and m.statements for m in said.documents.members):
            return
        whose = request.caller.arn if said.layer is Layer.IDENTITY else request.resource
        yield DecisionReason(f"no document of `{whose}` allows it", None, remedy)
        return
    members = [m for m in said.documents.members if isinstance(m, Document)]
    for member in members:
        text = f"{allowing}not allowed by {said.layer.value} `{member.id}`"
        yield DecisionReason(text, member.at, f"{remedy} there too")
    if not members:
        yield DecisionReason(f"no {said.layer.value} document allows it", None, remedy)


def _lack(
    statement: Statement, request: Request, layer: Layer
) -> tuple[int, DecisionReason] | None:
    """Say what a statement lacks to allow a request, the nearest first; None if it is far off."""
    request = seen_by(request, layer)
    act = action_applies(statement, request.action)
    resource = resource_applies(statement, request, layer)
    if act is NO:
        return _lacks_action(statement, request, resource)
    if resource is NO:
        where = _listed(statement.resources or ())
        text = f"{statement} allows it on {where} only" if where else f"{statement} excludes it"
        if any(isinstance(e, Text) and before_resource(e) for e in statement.resources or ()):
            text += "; AWS fills in no variable before the fifth colon of an ARN"
        remedy = f"add `{request.resource}` to its `Resource`"
        return 2, DecisionReason(text, statement.at, remedy, statement)
    if layer is Layer.RESOURCE:
        found = named_by(statement, request.caller, bounded=NO)
        if found.at_all is NO:
            whom = _listed(
                p.value if isinstance(p, Principal) else p for p in statement.principals or ()
            )
            text = f"{statement} allows it to {whom} only" if whom else f"{statement} names nobody"
            remedy = f"add `{request.caller.arn}` to its `Principal`"
            return 1, DecisionReason(text, statement.at, remedy, statement)
        if found.direct is NO and found.role is NO:
            text = f"{statement} only lets the documents of `{request.caller.account}` allow it"
            return 1, DecisionReason(
                text, statement.at, f"name `{request.caller.arn}` in it", statement
            )
    for condition in statement.conditions:
        if condition_holds(condition, statement.version, request) is NO:
            return 0, _failed(statement, condition, request)
    return None


def _lacks_action(
    statement: Statement, request: Request, resource: Truth
) -> tuple[int, DecisionReason] | None:
    prefix = f"{request.service}:"
    entries = [
        e
        for e in statement.actions or ()
        if isinstance(e, Text) and e.spelled.lower().startswith(prefix)
    ]
    remedy = f"add `{request.action}` to its `Action`"
    if statement.not_actions is not None:
        return 3, DecisionReason(
            f"{statement} excludes it by `NotAction`", statement.at, remedy, statement
        )
    if not entries:
        return None
    text = f"{statement} allows only {_listed(entries)}"
    return (3 if resource is not NO else 4), DecisionReason(text, statement.at, remedy, statement)


def _failed(
    statement: Statement, condition: Condition | Unknown, request: Request
) -> DecisionReason:
    if isinstance(condition, Unknown):
        return DecisionReason(f"{statement} has a condition", statement.at, statement=statement)
    value = key_of(condition, request)
    what = f"{statement} allows it only under `{condition.test}` on `{condition.key}`"
    if value is ABSENT and condition.test.operator.name != NULL:
        return DecisionReason(
            f"{what}, which the request does not carry", condition.at, "", statement
        )
    if isinstance(value, tuple) and value:
        what += f", which is {_listed(value)}"
    if condition.test.operator.variables is NO and any(
        isinstance(each, Text) and variable_in(each) for each in condition.values
    ):
        what += "; AWS fills in no variable with this operator"
    return DecisionReason(what, condition.at, "", statement)


def _listed(entries: Iterable[Text | Unknown]) -> str:
    """Quote the first few entries."""
    names = [f"`{entry if isinstance(entry, Text) else entry.why}`" for entry in entries]
    more = [] if len(names) <= MOST_REASONS else [f"{len(names) - MOST_REASONS} more"]
    return ", ".join([*names[:MOST_REASONS], *more])

"""What the permission rules share: decisions on several actions, reported as few findings.

Actions that are refused, or left open, for the same reasons make one finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from checker.iam.authorize import Decision, DecisionReason, Layers
from checker.iam.decisions import Decisions
from checker.iam.request import Request
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.truth import Truth
from checker.model import EventSource, Inventory, Key, Role, type_of
from checker.records import dataclass
from checker.requests import Lack, lack
from checker.rules.fix import (
    HERE,
    AddCondition,
    AddStatement,
    Fix,
    ObjectValue,
    Reference,
    principal,
    reference,
    statement,
)
from checker.rules.rule import Evidence, Problem, Said, resting_on

_MOST_EVIDENCE = 6


@dataclass(frozen=True, slots=True)
class AskedAction:
    """A request, the documents that decide it, what they decide, and what decided it."""

    request: Request
    layers: Layers
    decision: Decision
    decisions: Decisions

    @property
    def action(self) -> str:
        """The action that is asked for."""
        return self.request.action


def ask(request: Request, layers: Layers, inventory: Inventory) -> AskedAction:
    """Decide a request."""
    decisions = inventory.decisions
    return AskedAction(request, layers, decisions.authorize(request, layers), decisions)


@dataclass(frozen=True, slots=True)
class Wording:
    """How a rule tells that somebody may not do something.

    `who` and `where` frame the actions: "role `worker`" and "on queue `orders`". `subject` is the
    id of the thing to change, `at` its place, `fix` the change that allows the actions, and
    `evidence` what AWS says of an action that is refused.
    """

    who: str
    where: str
    subject: str
    at: Location
    fix: Callable[[tuple[str, ...], Lack], Fix]
    evidence: Callable[[str], tuple[Evidence, ...]] = lambda _: ()


def tell(asked: Iterable[AskedAction], wording: Wording) -> Iterator[Said]:
    """Yield a problem for what is refused and an unknown for what is left open."""
    groups: dict[tuple[Truth, tuple[Location | None, ...]], list[AskedAction]] = {}
    for one in asked:
        places = tuple(dict.fromkeys(reason.at for reason in one.decision.because))
        groups.setdefault((one.decision.allowed, places), []).append(one)
    for (allowed, _), members in groups.items():
        if allowed is Truth.NO:
            yield _refused(members, wording)
        elif allowed is Truth.MAYBE:
            yield _open(members, wording)


def _refused(members: list[AskedAction], wording: Wording) -> Problem:
    reasons = dict.fromkeys(reason for one in members for reason in one.decision.because)
    ground = tuple(resting_on(reason) for reason in reasons)[:_MOST_EVIDENCE]
    places = [each.at for each in ground if each.at is not None and each.at.line]
    says = wording.evidence(members[0].action)  # AWS names the first action that it lacks
    actions = [one.action for one in members]
    return Problem(
        message=f"{wording.who} is not allowed to {listed(actions, 'or')} {wording.where}".rstrip(),
        at=places[0] if places else wording.at,
        fix=wording.fix(tuple(actions), _lack(members[0])),
        because=(*ground, *says),
        subject=wording.subject,
    )


def _lack(asked: AskedAction) -> Lack:
    return lack(asked.request, asked.layers, asked.decisions)


def _open(members: list[AskedAction], wording: Wording) -> Unknown:
    actions = listed([one.action for one in members], "or")
    what = f"it is unknown whether {wording.who} is allowed to {actions} {wording.where}".rstrip()
    reasons = tuple(dict.fromkeys(r for one in members for r in one.decision.because))
    if not reasons:
        return Unknown(what, wording.at)
    why = "; ".join(reason.text for reason in reasons[:3])
    remedy = next((reason.remedy for reason in reasons if reason.remedy), "")
    at = next((reason.at for reason in reasons if reason.at is not None), wording.at)
    return Unknown(f"{what}: {why}", at, remedy, only_cause(reasons))


def only_cause(reasons: Iterable[DecisionReason]) -> Unknown | None:
    """Return the only unknown that leaves a decision open; None if there are several."""
    found = {None if reason.cause is None else reason.cause.root for reason in reasons}
    return found.pop() if len(found) == 1 else None


def listed(names: list[str], word: str) -> str:
    """Join names in backticks: "`a`, `b` or `c`"."""
    marked = [f"`{name}`" for name in names]
    return f" {word} ".join(filter(None, (", ".join(marked[:-1]), marked[-1])))


def named(kind: str, id: str) -> str:
    """Name a thing: "queue `aws_sqs_queue.orders`"."""
    return f"{kind} `{id}`"


def reference_to(thing: EventSource | Key | Role) -> Reference:
    """Return how a document names a thing: by its ARN."""
    noun = "key" if isinstance(thing, Key) else "role" if isinstance(thing, Role) else ""
    noun = noun or type_of(thing).noun if isinstance(thing, EventSource) else noun
    return reference(thing.id, noun, thing.arn, made=thing.closed)


def role_fix(role: Role, resource: Reference) -> Callable[[tuple[str, ...], Lack], Fix]:
    """Return the fix for a role that lacks actions on a resource."""

    def fix(actions: tuple[str, ...], missing: Lack) -> Fix:
        if missing is Lack.DENY:
            return leave_out(role.id, reference_to(role))
        return _added(role, statement(actions, Resource=resource), missing)

    return fix


def _added(role: Role, allow: ObjectValue, missing: Lack) -> Fix:
    bound = missing is Lack.BOUNDARY
    where = "the permissions boundary" if bound else "a policy"
    edit = AddStatement(role.id, allow, "permissions boundary" if bound else "identity policy")
    return Fix(f"add to {where} of `{role.id}`: {HERE}", (edit,), safe=True)


def leave_out(name: str, role: Reference) -> Fix:
    """Return the fix for a statement that denies what a role needs."""
    condition = principal("ArnNotEquals", principal("aws:PrincipalArn", role))
    return Fix(
        f"narrow the statement that denies it, so that it does not apply to `{name}`, with {HERE}",
        (AddCondition(name, condition),),
    )


def deployer_fix(deployer: Role) -> Callable[[tuple[str, ...], Lack], Fix]:
    """Return the fix for a deployer that lacks actions, which name no resource."""

    def fix(actions: tuple[str, ...], missing: Lack) -> Fix:
        if missing is Lack.DENY:
            return Fix(
                f"narrow the statement that denies it, so that it does not apply to `{deployer.id}`"
            )
        return _added(deployer, statement(actions, Resource="*"), missing)

    return fix

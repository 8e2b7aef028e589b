"""What the permission rules share: decisions on several actions, told as few findings.

Actions that are refused, or left open, for the same reasons make one finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from checker.iam.authorize import Decision, DecisionReason, Layers
from checker.iam.decisions import Decisions
from checker.iam.request import Request
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.truth import Truth
from checker.model import Inventory, Key, Queue
from checker.requests import Lack, lack
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
    `evidence` what AWS says of it.
    """

    who: str
    where: str
    subject: str
    at: Location
    fix: Callable[[str, Lack], str]
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
    says = tuple(each for one in members for each in wording.evidence(one.action))
    actions = [one.action for one in members]
    return Problem(
        message=f"{wording.who} may not {listed(actions, 'or')} {wording.where}".rstrip(),
        at=places[0] if places else wording.at,
        fix=wording.fix(quoted(actions), _lack(members[0])),
        because=(*ground, *says),
        subject=wording.subject,
    )


def _lack(asked: AskedAction) -> Lack:
    return lack(asked.request, asked.layers, asked.decisions)


def _open(members: list[AskedAction], wording: Wording) -> Unknown:
    actions = listed([one.action for one in members], "or")
    what = f"whether {wording.who} may {actions} {wording.where}".rstrip()
    reasons = tuple(dict.fromkeys(r for one in members for r in one.decision.because))
    if not reasons:
        return Unknown(f"{what} is not told", wording.at)
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


def quoted(names: list[str]) -> str:
    """Join names as a list in Terraform and JSON."""
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def named(kind: str, id: str) -> str:
    """Name a thing: "queue `aws_sqs_queue.orders`"."""
    return f"{kind} `{id}`"


_OWN = re.compile(r"[\w-]+\.[\w-]+(?:\[|$)")
"""The address of a resource of this root module; another's begins with the path of that one."""


def arn_to_paste(inventory: Inventory, thing: Queue | Key) -> str:
    """Return how a document beside a thing would name it: by reference if that can be told."""
    address = thing.id.removeprefix(inventory.prefix)
    here = thing.closed and _OWN.match(address) and not address.startswith("module.")
    return f"{address}.arn" if here else f'"{thing.arn}"'


def role_fix(role: str, resource: str) -> Callable[[str, Lack], str]:
    """Return the fix for a role that lacks actions on a resource."""

    def fix(actions: str, missing: Lack) -> str:
        statement = f'{{ Effect = "Allow", Action = {actions}, Resource = {resource} }}'
        if missing is Lack.DENY:
            return (
                f"narrow the statement that denies it, so that `{role}` is left out, with"
                ' `Condition = { ArnNotEquals = { "aws:PrincipalArn" = ROLE_ARN } }`'
            )
        where = "the permissions boundary" if missing is Lack.BOUNDARY else "a policy"
        return f"add to {where} of `{role}`: `{statement}`"

    return fix

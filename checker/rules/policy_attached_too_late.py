"""The rule `policy-attached-too-late`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from checker.iam.authorize import Decision, Layers
from checker.iam.decisions import Decisions
from checker.iam.document import Document, Documents, UnknownDocument
from checker.iam.request import Request
from checker.knowledge.partial import Unknown
from checker.knowledge.truth import Truth
from checker.model import EventSourceMapping, Inventory, Queue, Role, maker, makers
from checker.model.template_ids import root_and_steps
from checker.records import dataclass
from checker.requests import poll, source_layers
from checker.rules._permission import listed, only_cause
from checker.rules.fix import HERE, AddToList, BlockAddress, Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(
    on=EventSourceMapping,
    sources=(Queue,),
    aws="refuses the mapping at times",
    works=(SOURCE, PLAN, TEMPLATE),
)
def policy_attached_too_late(
    mapping: EventSourceMapping, queue: Queue, inventory: Inventory, settings: Settings
) -> Iterator[Said]:
    """The mapping does not wait for what gives its role the permission to read the queue.

    ## Why

    Terraform creates resources that do not depend on one another at the same time, in no order. A
    mapping refers to its function, the function to its role, but nothing refers to the policy or
    its attachment. If the mapping is made first, AWS tries the role and refuses:

        InvalidParameterValueException: The provided execution role does not have permissions to call ReceiveMessage on SQS

    The provider tries again for minutes, which is enough most of the time. When the
    configuration is destroyed, the role can lose the permission while the mapping still polls. The
    dependency can be indirect: through the function, a module or a data source. `kms:Decrypt` is
    not asked for: that AWS tests it when the mapping is created is not documented.

    Source: hashicorp/terraform-provider-aws issue 7384; Terraform documentation, depends_on.
    Confidence: high, medium for `kms:Decrypt`.

    <https://developer.hashicorp.com/terraform/language/meta-arguments/depends_on>
    <https://github.com/hashicorp/terraform-provider-aws/issues/7384>

    ## Fix

    ```terraform
    resource "aws_lambda_event_source_mapping" "orders" {
      event_source_arn = aws_sqs_queue.orders.arn
      function_name    = aws_lambda_function.worker.arn

      depends_on = [aws_iam_role_policy.read_orders]
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    if inventory.order is None:
        return
    role = inventory.role_of(inventory.function_of(mapping).get()).get()
    layers = source_layers(queue, role)
    others = inventory.decisions.once_of(("makers", queue.id), role, lambda: makers(role, queue))
    late = inventory.order.unordered(mapping.id, others, mapping.at).get()
    for action in settings.role_required if late else ():
        request = poll(action, queue, role)
        without = _Without(request, layers, late, inventory.decisions)
        answer = inventory.decisions.once(("late", late), request, layers, without.answer)
        if answer is None:
            continue
        if answer.open is None:
            yield _problem(mapping, role, answer.givers, inventory)
        else:
            yield _unknown(mapping, queue, role, answer)
        return


@dataclass(frozen=True, slots=True)
class _Late:
    """What comes late, and what leaves open whether that matters; None if it surely does."""

    givers: list[str]
    open: Decision | None


@dataclass(frozen=True, slots=True)
class _Without:
    """A request, and what decides it, of which some comes late."""

    request: Request
    layers: Layers
    late: tuple[str, ...]
    decisions: Decisions

    def answer(self) -> _Late | None:
        """Return what comes late and matters, or may matter; None if none of it does."""
        whole = self.decisions.authorize(self.request, self.layers)
        early = self._decide(self.late)
        if whole.allowed is Truth.NO or early.allowed is Truth.YES:
            return None
        few = self.late if len(self.late) <= _MOST_GIVERS else ()
        givers = [each for each in few if self._decide(set(few) - {each}).allowed is whole.allowed]
        open_ = next((each for each in (whole, early) if each.allowed is Truth.MAYBE), None)
        return _Late(givers or list(self.late[:_MOST_GIVERS]), open_)

    def _decide(self, late: Collection[str]) -> Decision:
        return self.decisions.decide(self.request, _without(self.layers, late))


_MOST_GIVERS = 20
"""Of how many policies that come late it is found out which one allows, and how many are named."""


def _without(layers: Layers, late: Collection[str]) -> Layers:
    """Return the layers without the documents that come late."""
    others = frozenset(late)
    identity = _early(layers.identity, others)
    resource = None if layers.resource is None else _early(layers.resource, others)
    return replace(layers, identity=identity, resource=resource)


def _early(documents: Documents, late: frozenset[str]) -> Documents:
    members = tuple(
        member
        for member in documents.members
        if not isinstance(member, Document | UnknownDocument) or maker(member) not in late
    )
    return replace(documents, members=members)


def _problem(
    mapping: EventSourceMapping, role: Role, late: list[str], inventory: Inventory
) -> Problem:
    ground = Evidence(
        f"role `{role.id}` is created before the resource that lets it read the queue", role.at
    )
    return Problem(
        message=f"`{mapping.id}` does not depend on {listed(late, 'or')}, which lets role"
        f" `{role.id}` read the queue",
        at=mapping.at,
        fix=_fix(mapping.id, late[0], inventory),
        because=(ground,),
    )


def _unknown(mapping: EventSourceMapping, queue: Queue, role: Role, late: _Late) -> Unknown:
    names = listed(late.givers, "or")
    why = (
        f"it is unknown whether role `{role.id}` is allowed to read queue `{queue.id}`"
        f" before {names} is created"
    )
    cause = only_cause(() if late.open is None else late.open.because)
    return Unknown(why, mapping.at, f"add {names} to `depends_on` of `{mapping.id}`", cause)


def _fix(mapping: str, late: str, inventory: Inventory) -> Fix:
    """Return the line to write, and the block where both names have a meaning."""
    if inventory.kind == "cloudformation":
        return _fix_of_template(mapping, late)
    prefix = inventory.prefix
    ours, theirs = (_path(each.removeprefix(prefix)) for each in (mapping, late))
    outer: list[str] = []
    while len(ours) > 1 and len(theirs) > 1 and ours[0] == theirs[0]:
        outer.append(ours[0])
        ours, theirs = ours[1:], theirs[1:]
    where = f"the call of `{_plain(ours[0])}`" if len(ours) > 1 else f"`{_plain(ours[0])}`"
    block = prefix + ".".join((*outer, ours[0]))
    edit = AddToList(block, "depends_on", BlockAddress(_plain(theirs[0])))
    return Fix(f"{HERE} in {where}", (edit,), safe=True)


def _fix_of_template(mapping: str, late: str) -> Fix:
    """Return the line to write in the template in which both are, or nested stacks with them."""
    root, ours = root_and_steps(mapping)
    other, theirs = root_and_steps(late)
    if root != other:
        return Fix(f"deploy the stack of `{other}` before that of `{root}`")
    outer: list[str] = []
    while len(ours) > 1 and len(theirs) > 1 and ours[0] == theirs[0]:
        outer.append(ours[0])
        ours, theirs = ours[1:], theirs[1:]
    block = f"{root}:" * bool(root) + "/".join((*outer, ours[0]))
    edit = AddToList(block, "depends_on", BlockAddress(theirs[0]))
    return Fix(f"{HERE} in `{ours[0]}`", (edit,), safe=True)


def _path(id: str) -> list[str]:
    """Cut an address into module calls and what stands in the last: `module.a`, `TYPE.NAME`."""
    words: list[str] = []
    depth = 0
    word = ""
    for character in id:
        depth += {"[": 1, "]": -1}.get(character, 0)
        if character == "." and depth == 0:
            words.append(word)
            word = ""
        else:
            word += character
    words.append(word)
    size = 2
    return [".".join(words[n : n + size]) for n in range(0, len(words), size)]


def _plain(name: str) -> str:
    return name.partition("[")[0]

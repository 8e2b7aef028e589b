"""What takes away every document that it does not list.

`aws_iam_role_policies_exclusive`, `aws_iam_role_policy_attachments_exclusive`, the arguments
`inline_policy` and `managed_policy_arns` of a role, and `aws_iam_policy_attachment`, which is
alone with its policy in the whole account. When one configuration also attaches what they do not
list, the last one applied wins, and nothing tells which that is.

See https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_role_policies_exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Literal

from checker.knowledge.lookup import MOST_COMPARISONS, Lookup, TooManyError
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth, any_of
from checker.model.identities import Identities
from checker.records import dataclass
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.resources.identifiers import ATTACHED, OF_ROLE, MeantBlocks
from checker.sources.terraform.resources.names import listed, name_in, principal_name
from checker.sources.terraform.resources.walk import Walk

AttachmentKind = Literal["inline", "managed"]


@dataclass(frozen=True, slots=True)
class Exclusive:
    """A resource that leaves a role only the policies of a kind that it lists, by name or ARN.

    `there` tells whether it surely is there: it may be one of an unknown number.
    """

    kind: AttachmentKind
    account: Text
    role: Text
    policies: tuple[Text, ...]
    id: str
    at: Location
    there: Truth = Truth.YES


def exclusives(walk: Walk, meant: MeantBlocks) -> Iterator[Exclusive]:
    """Yield everything in a configuration that takes documents away from roles."""
    yield from _resources(walk, meant, "aws_iam_role_policies_exclusive", "inline")
    yield from _resources(walk, meant, "aws_iam_role_policy_attachments_exclusive", "managed")
    yield from _arguments(walk)


def _resources(
    walk: Walk, meant: MeantBlocks, type_: str, kind: AttachmentKind
) -> Iterator[Exclusive]:
    argument = "policy_names" if kind == "inline" else "policy_arns"
    for found in walk.beside(type_):
        instance = found.instance
        role = instance.written.text("role_name")
        if role is not None:
            listed_ = listed(instance.written.get(argument), instance, argument)
            names = kind == "inline"
            policies = tuple(each if names else meant.text(each, ATTACHED) for each in listed_)
            name = principal_name(meant.text(role, OF_ROLE))
            made = _exclusive(kind, instance, name, policies)
            yield made if found.unsure is None else replace(made, there=Truth.MAYBE)


def _arguments(walk: Walk) -> Iterator[Exclusive]:
    for found in walk.named("aws_iam_role"):
        if found.instance.module.project.plan.is_state:
            continue  # a state lists what a role has, whoever gave it
        instance = found.instance
        name = instance.text("name")
        inline = list(instance.written.nested("inline_policy"))
        if inline:
            named = (block.text("name") for block in inline if isinstance(block, Written))
            yield _exclusive("inline", instance, name, tuple(t for t in named if t is not None))
        managed = instance.written.get("managed_policy_arns")
        if managed is not None:
            arns = tuple(listed(managed, instance, "managed_policy_arns"))
            yield _exclusive("managed", instance, name, arns)


def _exclusive(
    kind: AttachmentKind, instance: Instance, role: Text, policies: tuple[Text, ...]
) -> Exclusive:
    account = instance.provider.account
    return Exclusive(kind, account, role, policies, instance.address, instance.at)


class Takers:
    """What takes documents away, by the role; `made` are the roles of the configuration."""

    def __init__(
        self, found: Iterable[Exclusive], made: Identities, most: int = MOST_COMPARISONS
    ) -> None:
        self._made = made
        self._all = tuple(found)
        self._by_role = Lookup((name_in(each.account, each.role), each) for each in self._all)
        self._kept = {id(each): _Kept(each.policies) for each in self._all}
        self._left = most

    def of(
        self, kind: AttachmentKind, policy: Text, role: Text, account: Text
    ) -> tuple[Exclusive | None, Truth]:
        """Return what takes a policy away from a role, and whether surely; None if nothing does.

        Where too much would have to be compared, something may.
        """
        try:
            return self._of(kind, policy, role, account)
        except TooManyError:
            return self._all[0], Truth.MAYBE

    def _of(
        self, kind: AttachmentKind, policy: Text, role: Text, account: Text
    ) -> tuple[Exclusive | None, Truth]:
        key = name_in(account, role).among(self._made)
        for each in chain(self._by_role.named(key), self._by_role.perhaps(key)):
            kept = self._kept[id(each)]
            self._left -= 1 + len(kept.compared(policy))
            if self._left < 0:
                raise TooManyError(MOST_COMPARISONS)
            holds = kept.holds(policy)
            if each.kind == kind and holds is not Truth.YES:
                return each, each.there & ~holds & key.equals(name_in(each.account, each.role))
        return None, Truth.NO


class _Kept:
    """The names that are kept; only those that are not wholly known need a comparison."""

    def __init__(self, names: tuple[Text, ...]) -> None:
        self._all = names
        self._named = frozenset(names)
        self._partly = tuple(each for each in names if each.holes)

    def compared(self, name: Text) -> tuple[Text, ...]:
        """Return those with which a name has to be compared."""
        if name in self._named:
            return ()
        return self._all if name.holes else self._partly

    def holds(self, name: Text) -> Truth:
        """Tell whether a name is among them."""
        if name in self._named:
            return Truth.YES
        return any_of(each.equals(name) for each in self.compared(name))


@dataclass(frozen=True, slots=True)
class Sole:
    """An `aws_iam_policy_attachment`: it detaches its policy from everybody whom it does not name.

    `kept` are the principals of one kind that it names. `there` tells whether it surely is there.
    """

    id: str
    at: Location
    kept: _Kept
    there: Truth


def soles(walk: Walk, argument: Literal["roles", "users"]) -> Lookup[Sole]:
    """Return what is alone with its policy, by the ARN of that.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_policy_attachment
    """
    return Lookup(_soles(walk, argument))


def _soles(walk: Walk, argument: str) -> Iterator[tuple[Text, Sole]]:
    for found in walk.beside("aws_iam_policy_attachment"):
        instance = found.instance
        policy = instance.written.text("policy_arn")
        if policy is not None:
            names = listed(instance.written.get(argument), instance, argument)
            kept = _Kept(tuple(map(principal_name, names)))
            there = Truth.YES if found.unsure is None else Truth.MAYBE
            yield policy, Sole(instance.address, instance.at, kept, there)


MOST_SOLE = 20
"""So many of those that are alone with one policy are looked at for each attachment."""


def takes_from(soles: Iterable[Sole], name: Text, id: str) -> tuple[Sole | None, Truth]:
    """Return what takes a policy from a principal that `id` attaches, and whether surely."""
    for sole in islice(soles, MOST_SOLE):
        taken = ~sole.kept.holds(name) & sole.there
        if sole.id != id and taken is not Truth.NO:
            return sole, taken
    return None, Truth.NO

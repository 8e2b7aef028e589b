"""`aws_iam_role` and `aws_iam_user` with every document that the configuration attaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checker.errors import UsageError
from checker.iam.document import Document, Documents
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.model import Deployer, Role, Undone, open_role
from checker.model.identities import Identities
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.resources.documents import (
    Attachment,
    Attachments,
    InlineBlock,
    role_attachments,
    user_attachments,
)
from checker.sources.terraform.resources.exclusive import exclusives, soles
from checker.sources.terraform.resources.given_values import given_values
from checker.sources.terraform.resources.identifiers import MeantBlocks
from checker.sources.terraform.resources.names import (
    listed,
    principal,
    principal_name,
    read_by_name,
)
from checker.sources.terraform.resources.policies import Policies, PolicyMember
from checker.sources.terraform.resources.reading import inline, last_read, policy, sent
from checker.sources.terraform.resources.tags import tags_of
from checker.sources.terraform.resources.walk import FoundInstance, Walk


class NoSuchDeployerError(UsageError):
    """A root module has no role or user at the deployer's address."""


class IamPrincipals:
    """The roles and users of a configuration."""

    def __init__(self, walk: Walk, meant: MeantBlocks) -> None:
        self._walk = walk
        self._policies = Policies(walk)
        self._roles = Attachments(
            role_attachments(walk, self._policies, meant),
            _made(walk, "aws_iam_role"),
            exclusives(walk, meant),
            _inline_blocks(walk),
            soles(walk, "roles"),
        )
        self._users = Attachments(
            user_attachments(walk, self._policies, meant),
            _made(walk, "aws_iam_user"),
            sole=soles(walk, "users"),
        )

    def roles(self, referred: Iterable[Value[Text]]) -> tuple[Role, ...]:
        """Return the roles that the configuration creates, and open ones that are referred to."""
        closed = [
            self._closed(found, "role", self._roles) for found in self._walk.named("aws_iam_role")
        ]
        read = read_by_name(self._walk, "aws_iam_role")
        closed = [replace(role, also=tuple(read.get(role.id, ()))) for role in closed]
        known = {arn for role in closed for arn in (role.arn, *role.also)}
        names = {
            f.instance.text("arn"): f.instance.text("name")
            for f in self._walk.of("aws_iam_role", "data")
        }
        opened: dict[Text, Role] = {}
        for arn in referred:
            if isinstance(arn, Known) and arn.value not in known and _is_arn(arn.value):
                name = names.get(arn.value, principal_name(arn.value))
                opened[arn.value] = self._open(arn.value, name, arn.at, self._roles)
        return (*closed, *opened.values())

    def deployer(self, named: str, roles: tuple[Role, ...]) -> Deployer:
        """Return the deployer named by ARN or address; UsageError if no such address exists."""
        if named.startswith("arn:"):
            arn = Text.of(named)
            for role in roles:
                if role.arn == arn:
                    return Deployer(named, Known(role, role.at))
            users = ":user/" in named
            attachments = self._users if users else self._roles
            at = Location("command line")
            return Deployer(named, Known(self._open(arn, principal_name(arn), at, attachments), at))
        for role in roles:
            if role.id == named:
                return Deployer(named, Known(role, role.at))
        for found in self._walk.of("aws_iam_user"):
            if found.instance.address == named:
                user = self._closed(found, "user", self._users)
                return Deployer(named, Known(user, user.at))
        raise NoSuchDeployerError(
            f"`--deployer {named}`: the configuration has no such role or user",
            hint="name an ARN, or the address of an `aws_iam_role` or `aws_iam_user`",
        )

    def _open(self, arn: Text, name: Text, at: Location, attachments: Attachments) -> Role:
        role = open_role(arn, at)
        fields = arn.split(":", 5)
        account = fields[4] if fields is not None and len(fields) > 4 else arn  # noqa: PLR2004
        members = attachments.to(name, account, str(arn))
        return Role(
            id=role.id,
            arn=arn,
            at=at,
            closed=False,
            identity=Documents(members, role.identity.unseen),
            boundary=role.boundary,
            trust=role.trust,
            undone=attachments.undone(name, account),
            tags=role.tags,
        )

    def _closed(self, found: FoundInstance, kind: str, attachments: Attachments) -> Role:
        instance = found.instance
        name = instance.text("name")
        members = [
            *self._inline(instance),
            *self._managed(instance),
            *attachments.to(
                name, instance.provider.account, instance.address, instance.module.address
            ),
        ]
        at = instance.written.place("assume_role_policy")
        trust: Value[Document] = Unknown(f"`{instance.address}` is a user", at)
        if kind == "role":
            document = policy(instance, "assume_role_policy")
            trust = Known(document, at) if isinstance(document, Document) else document
        return Role(
            id=instance.address,
            arn=instance.text("arn"),
            at=instance.at,
            closed=True,
            identity=Documents(tuple(members), self._unseen(instance, kind)),
            boundary=self._boundary(instance),
            trust=trust,
            undone=(
                *attachments.undone(name, instance.provider.account),
                *(each for _, _, each in self._own(instance) if each is not None),
            ),
            tags=tags_of(instance),
            unique_id=instance.text("unique_id"),
            given=given_values(instance.written, "aws_iam_role") if kind == "role" else (),
        )

    def _inline(self, instance: Instance) -> Iterable[PolicyMember]:
        for block in instance.written.nested("inline_policy"):
            if isinstance(block, Hole):
                yield Unknown(block.why, instance.at, block.remedy)
            elif sent(block, "policy") is not None:
                what = f"inline policy `{block.text('name')}`"
                member = last_read(inline(policy(instance, "policy", block)), what, instance)
                yield self._unless_overwritten(member, instance, block)

    def _unless_overwritten(
        self, member: PolicyMember, instance: Instance, block: Written
    ) -> PolicyMember:
        """Mark an inline policy as unsure that another block writes under the same name."""
        account, name = instance.provider.account, instance.text("name")
        why = self._roles.overwritten(account, name, block.text("name") or Text.of(), block.at)
        if why is None or not isinstance(member, Document):
            return member
        return replace(member, unsure=why)

    def _managed(self, instance: Instance) -> Iterable[PolicyMember]:
        for arn, member, taken in self._own(instance):
            found = member
            if isinstance(found, Document):
                unsure = found.unsure if taken is None else taken.unsure
                found = replace(found, via=instance.address, unsure=unsure)
            yield last_read(found, f"policy `{arn}`", instance)

    def _own(self, instance: Instance) -> Iterator[tuple[Text, PolicyMember, Undone | None]]:
        """Yield the managed policies that a role lists itself, and what takes each away."""
        argument, name = "managed_policy_arns", instance.text("name")
        at, account = instance.written.place(argument), instance.provider.account
        state = instance.module.project.plan.is_state  # lists what a role has, whoever gave it
        for arn in listed(instance.written.get(argument), instance, argument):
            if not arn.parts:
                continue
            member = self._policies.of(arn, at, instance.module.address)
            found, address = FoundInstance(instance), instance.address
            own = Attachment(account, name, member, address, at, "managed", arn, found)
            yield arn, member, None if state else self._roles.taken_away(own, name, account)

    def _boundary(self, instance: Instance) -> Value[Document | None]:
        arn = sent(instance.written, "permissions_boundary")
        at = instance.written.place("permissions_boundary")
        if arn is None:
            return Known(None, at, default=True)
        member = self._policies.of(arn, at, instance.module.address)
        return Known(member, at) if isinstance(member, Document) else member

    def _unseen(self, instance: Instance, kind: str) -> Unknown | None:
        """Say where else the principal may get documents that are not read, if so."""
        return self._groups(instance) if kind == "user" else self._walk.handed_on(instance)

    def _groups(self, instance: Instance) -> Unknown | None:
        """A user's groups give permissions too, and are not read."""
        for type_ in ("aws_iam_user_group_membership", "aws_iam_group_membership"):
            for found in self._walk.of(type_):
                return Unknown(
                    f"the groups of `{instance.address}` are not read", found.instance.at
                )
        return None


def _inline_blocks(walk: Walk) -> Iterator[InlineBlock]:
    """Yield the inline policies that stand in the blocks of roles."""
    for found in walk.named("aws_iam_role"):
        instance = found.instance
        for n, block in enumerate(instance.written.nested("inline_policy")):
            name = None if isinstance(block, Hole) else block.text("name")
            if isinstance(block, Written) and name is not None:
                document = block.text("policy") or Text.of()
                yield principal(instance), name, f"{instance.address}.inline_policy[{n}]", document


def _made(walk: Walk, type_: str) -> Identities:
    """Return the roles or users that the configuration makes, by account and name."""
    made = (found.instance for found in walk.named(type_))
    return Identities(((principal(each), each.address) for each in made), walk.elsewhere)


def _is_arn(text: Text) -> bool:
    return text.spelled.startswith("arn:")

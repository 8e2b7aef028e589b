"""Which IAM documents a configuration attaches to which role or user, and how.

Attachments name their role by its name, policies are named by their ARN; both may hold holes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from checker.iam.document import Unattached, attached_by
from checker.knowledge.lookup import Lookup, TooManyError
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.model import Undone
from checker.model.identities import Identities
from checker.records import dataclass
from checker.sources.terraform.resources.exclusive import (
    AttachmentKind,
    Exclusive,
    Sole,
    Takers,
    takes_from,
)
from checker.sources.terraform.resources.identifiers import ATTACHED, OF_ROLE, MeantBlocks
from checker.sources.terraform.resources.inline_writers import InlinePolicy, InlineWriters
from checker.sources.terraform.resources.names import listed, name_in, principal_name
from checker.sources.terraform.resources.policies import Policies, PolicyMember
from checker.sources.terraform.resources.reading import inline, made_unsure, policy
from checker.sources.terraform.resources.walk import FoundInstance, Walk

InlineBlock: TypeAlias = tuple[Text, Text, str, Text]
"""An inline policy in the block of its principal: both names, what it is called, its document."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document attached to the principal of this name in this account.

    `policy` is its name if it is `inline`, else its ARN. One that is `listed` stands in a list of
    all attachments, beside those that have a resource of their own.
    """

    account: Text
    name: Text
    member: PolicyMember
    id: str
    at: Location
    kind: AttachmentKind
    policy: Text
    found: FoundInstance
    listed: bool = False


def role_attachments(walk: Walk, policies: Policies, meant: MeantBlocks) -> Iterator[Attachment]:
    """Yield every document that a resource of its own attaches to a role."""
    yield from _inline(walk, meant, "aws_iam_role_policy", "role")
    yield from _by_arn(walk, policies, meant, "aws_iam_role_policy_attachment", "role")
    yield from _for_several(walk, policies, meant, "roles")
    yield from _of_exclusive(walk, policies, meant)


def user_attachments(walk: Walk, policies: Policies, meant: MeantBlocks) -> Iterator[Attachment]:
    """Yield every document that a resource of its own attaches to a user."""
    yield from _inline(walk, meant, "aws_iam_user_policy", "user")
    yield from _by_arn(walk, policies, meant, "aws_iam_user_policy_attachment", "user")
    yield from _for_several(walk, policies, meant, "users")


def _inline(walk: Walk, meant: MeantBlocks, type_: str, argument: str) -> Iterator[Attachment]:
    for found in walk.beside(type_):
        instance = found.instance
        name = instance.written.text(argument)
        if name is not None:
            named = instance.text("name")
            member = inline(policy(instance))
            yield _attachment(found, _principal(name, meant), member, "inline", named)


def _by_arn(
    walk: Walk, policies: Policies, meant: MeantBlocks, type_: str, argument: str
) -> Iterator[Attachment]:
    for found in walk.beside(type_):
        instance = found.instance
        name = instance.written.text(argument)
        if name is not None:
            member, arn = _policy(found, policies, meant)
            yield _attachment(found, _principal(name, meant), member, "managed", arn)


def _for_several(
    walk: Walk, policies: Policies, meant: MeantBlocks, argument: str
) -> Iterator[Attachment]:
    for found in walk.beside("aws_iam_policy_attachment"):
        instance = found.instance
        names = instance.written.get(argument)
        member, arn = _policy(found, policies, meant)
        for name in listed(names, instance, argument):
            yield _attachment(found, _principal(name, meant), member, "managed", arn)


def _of_exclusive(walk: Walk, policies: Policies, meant: MeantBlocks) -> Iterator[Attachment]:
    """Yield what a list of a role's only attachments attaches, as its provider does."""
    for found in walk.beside("aws_iam_role_policy_attachments_exclusive"):
        instance = found.instance
        name = instance.written.text("role_name")
        if name is None:
            continue
        at = instance.written.place("policy_arns")
        for each in listed(instance.written.get("policy_arns"), instance, "policy_arns"):
            arn = meant.text(each, ATTACHED)
            member = policies.of(arn, at, instance.module.address)
            made = _attachment(found, _principal(name, meant), member, "managed", arn)
            yield replace(made, listed=True)


def _policy(
    found: FoundInstance, policies: Policies, meant: MeantBlocks
) -> tuple[PolicyMember, Text]:
    written = found.instance.written
    arn = written.text("policy_arn")
    at = written.place("policy_arn")
    if arn is None:
        return Unknown(f"`{found.instance.address}` has no `policy_arn`", at), Text.of()
    arn = meant.text(arn, ATTACHED)
    return policies.of(arn, at, found.instance.module.address), arn


def _principal(name: Text, meant: MeantBlocks) -> Text:
    """Return the name of a role or user; one that is named in another way is meant all the same."""
    return principal_name(meant.text(name, OF_ROLE))


def _attachment(
    found: FoundInstance, name: Text, member: PolicyMember, kind: AttachmentKind, policy: Text
) -> Attachment:
    instance = found.instance
    account = instance.provider.account
    return Attachment(account, name, member, instance.address, instance.at, kind, policy, found)


class Attachments:
    """The documents that resources of their own attach to principals, by the principal's name.

    `made` are the principals of the configuration, as `name_in` names them: what names one of
    them names no other. `sole` is what is alone with a policy, by the ARN of that.
    """

    def __init__(
        self,
        attachments: Iterable[Attachment],
        made: Identities,
        exclusive: Iterable[Exclusive] = (),
        inline: Iterable[InlineBlock] = (),
        sole: Lookup[Sole] | None = None,
    ) -> None:
        found = tuple(_once(attachments))
        self._made = made
        self._found = found
        self._by_name = Lookup((name_in(each.account, each.name), each) for each in found)
        self._sole: Lookup[Sole] = Lookup(()) if sole is None else sole
        self._takers = Takers(exclusive, made)
        self._writers = InlineWriters(_written(found, inline))
        self._sure: dict[tuple[Text, str, str], tuple[PolicyMember, ...]] = {}
        self._undone: dict[Text, tuple[Undone, ...]] = {}

    def to(self, name: Text, account: Text, who: str, home: str = "") -> tuple[PolicyMember, ...]:
        """Return the documents attached to a principal; an unknown for each that only may be.

        `home` is the address of the module instance that makes it.
        """
        key = name_in(account, name)
        members = list(self._surely(key, name, account, home, who))
        try:
            members += (
                _given(attachment, _unknown(attachment, who), home)
                for attachment in self._by_name.perhaps(key.among(self._made))
            )
        except TooManyError as error:
            at = self._found[0].at
            members.append(Unknown(f"what is attached to `{who}` is unknown: {error}", at))
        return tuple(members)

    def undone(self, name: Text, account: Text) -> tuple[Undone, ...]:
        """Return what attaches a document to a principal that something else takes away."""
        key = name_in(account, name)
        if key not in self._undone:
            here = self._by_name.named(key)
            taken = (self.taken_away(each, name, account) for each in here)
            self._undone[key] = tuple(each for each in taken if each is not None)
        return self._undone[key]

    def _surely(
        self, key: Text, name: Text, account: Text, home: str, who: str
    ) -> tuple[PolicyMember, ...]:
        """Return the documents of a name, but for those that name another principal that has it.

        Many principals may have one name, in a configuration that nobody can apply.
        """
        who = who if self._made.few(key) else ""
        if (key, home, who) not in self._sure:
            self._sure[key, home, who] = tuple(
                _given(each, self._unsure(each, name, account), home)
                for each in self._by_name.named(key)
                if not self._made.another(key, each.name, who)
            )
        return self._sure[key, home, who]

    def _unsure(self, attachment: Attachment, name: Text, account: Text) -> Unknown | None:
        taken = self.taken_away(attachment, name, account)
        if taken is not None:
            return taken.unsure
        if attachment.kind != "inline":
            return None
        return self.overwritten(account, name, attachment.policy, attachment.at)

    def overwritten(self, account: Text, name: Text, policy: Text, at: Location) -> Unknown | None:
        """Say why it is unknown which inline policy of a name a principal has, if several do."""
        return self._writers.overwritten(name_in(account, name), policy, at)

    def taken_away(self, attachment: Attachment, name: Text, account: Text) -> Undone | None:
        """Say what takes an attachment away, or may; None if nothing does."""
        taker, sure = self._takers.of(attachment.kind, attachment.policy, name, account)
        if taker is not None:
            why = f"`{taker.id}` removes what it does not list"
            why_unsure = _unsure_of(attachment, why, taker.at, f"list it in `{taker.id}`")
            return Undone(attachment.id, attachment.at, taker.id, taker.at, sure, why_unsure)
        sole, sure = takes_from(self._sole.named(attachment.policy), name, attachment.id)
        if sole is None:
            return None
        why = f"`{sole.id}` takes its policy from others"
        why_unsure = _unsure_of(attachment, why, sole.at, f"name the role in `{sole.id}`")
        return Undone(attachment.id, attachment.at, sole.id, sole.at, sure, why_unsure)


def _written(found: Iterable[Attachment], blocks: Iterable[InlineBlock]) -> Iterator[InlinePolicy]:
    for each in found:
        if each.kind == "inline":
            written = each.found.instance.written
            principal = name_in(each.account, each.name)
            document = written.text("policy") or Text.of()
            yield principal, each.policy, each.id, document, written.text("name") is not None
    for principal, name, block, document in blocks:
        yield principal, name, block, document, True


def _once(attachments: Iterable[Attachment]) -> Iterator[Attachment]:
    """Yield attachments, of the listed ones those that no resource of its own makes, too."""
    made: set[tuple[Text, Text, Text]] = set()
    for each in attachments:
        key = (each.account, each.name, each.policy)
        if not each.listed or key not in made:
            yield each
        made.add(key)


def _given(attachment: Attachment, why_unsure: Unknown | None, home: str) -> PolicyMember:
    found = attachment.found
    member = made_unsure(attachment.member, found.unsure_beside(home), found.instance)
    if isinstance(member, Unknown):
        return attached_by(
            why_unsure if isinstance(why_unsure, Unattached) else member, attachment.id
        )
    via = "" if member.id == attachment.id else attachment.id
    if why_unsure is None and via == member.via:
        return member
    return replace(member, via=via, unsure=member.unsure if why_unsure is None else why_unsure)


def _unsure_of(attachment: Attachment, why: str, at: Location, remedy: str) -> Unknown:
    return Unknown(f"it is unknown whether `{attachment.id}` stays attached: {why}", at, remedy)


def _unknown(attachment: Attachment, who: str) -> Unknown:
    hole = next(iter(attachment.name.holes), None)
    why = hole.why if hole is not None and hole.why else f"`{attachment.name}` might name another"
    text = f"it is unknown whether `{attachment.id}` is attached to `{who}`: {why}"
    return Unattached(text, attachment.at, hole.remedy if hole is not None else "")

"""Which IAM documents a configuration attaches to which role or user, and how.

Attachments name their role by its name, policies are named by their ARN; both may hold holes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from checker.iam.document import Document
from checker.iam.managed import managed_policy
from checker.lookup import Lookup, TooManyError
from checker.model import Undone
from checker.model.identities import Identities
from checker.partial import TOLD_ELSEWHERE, Location, Text, Truth, Unknown, any_of
from checker.sensitive import opened
from checker.sources.terraform.instances import Instance
from checker.sources.terraform.project import LiveData
from checker.sources.terraform.resources.exclusive import Exclusive, Kind, Takers
from checker.sources.terraform.resources.names import listed, name_in, principal_name, read_by_name
from checker.sources.terraform.resources.reading import doubted, policy
from checker.sources.terraform.resources.walk import Found, Walk

Member = Document | Unknown
MOST_OF_AWS = 1_000
"""How many AWS managed policies a configuration may attach; each is searched in a long file."""
MOST_SUGGESTED = 50
"""For how many of those that do not exist the nearest is looked for."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document attached to the principal of this name in this account.

    `policy` is its name if it is `inline`, else its ARN. `sole` are all principals that keep the
    policy, where the resource that attaches it takes it away from the others. One that is `listed`
    stands in a list of all attachments, beside those that have a resource of their own.
    """

    account: Text
    name: Text
    member: Member
    id: str
    at: Location
    kind: Kind
    policy: Text
    sole: bool = False
    listed: bool = False


class Policies:
    """Policy documents by ARN: those that the configuration creates, AWS's own, the account's."""

    def __init__(self, walk: Walk) -> None:
        self._live = walk.live
        self._walk = walk
        found = walk.of("aws_iam_policy")
        self._own = Lookup((f.instance.text("arn"), f) for f in found)
        by_address = {f.instance.address: f for f in found}
        self._read = {
            arn: by_address[address]
            for address, arns in read_by_name(walk, "aws_iam_policy").items()
            if address in by_address
            for arn in arns
        }
        self._indexed: dict[Text, Found] = {}
        self._counted = 0
        self._parsed: dict[str, Member] = {}
        self._aws: dict[tuple[str, Location], Member] = {}
        self._searched: set[str] = set()
        self._missing = 0

    def of(self, arn: Text, at: Location) -> Member:
        """Return the document behind a policy ARN; an unknown if it is not part of the input."""
        indexed = self._by_index(arn)
        if indexed is not None:
            return self._document(indexed)
        named = self._own.named(arn)
        if named or arn in self._read:
            return self._document(named[-1] if named else self._read[arn])
        for hole in arn.holes:
            if hole.why and arn.split(":", 5) is None:
                return Unknown(f"which policy is attached is not told: {hole.why}", at, hole.remedy)
        fields = arn.split(":", 5)
        if fields is not None and len(fields) == 6 and fields[4].literal == "aws":  # noqa: PLR2004
            return self._of_aws(arn, at)
        try:
            others = list(islice(self._own.perhaps(arn), 3))
        except TooManyError as error:
            return Unknown(f"whether policy `{arn}` is part of the input is not told: {error}", at)
        if others:
            names = ", ".join(f"`{f.instance.address}`" for f in others)
            return Unknown(f"policy `{arn}` may be {names} or another", at)
        if self._live is not None and arn.literal is not None:
            return self._asked(self._live, opened(arn.literal))
        why = f"policy `{arn}` is not created by this input, so its document is not told"
        return Unknown(why, at, TOLD_ELSEWHERE)

    def _by_index(self, arn: Text) -> Found | None:
        """Return a policy that a reference names by an index, where the count is unknown."""
        count = self._walk.count_indexed("aws_iam_policy")
        if self._counted < count:
            self._counted = count
            more = self._walk.indexed("aws_iam_policy")
            self._indexed = {each.instance.text("arn"): each for each in more}
        return self._indexed.get(arn)

    def _of_aws(self, arn: Text, at: Location) -> Member:
        """Return the document of an AWS managed policy, or of one that the account has."""
        found = self._aws.get((str(arn), at))
        if found is None:
            found = self._search(arn, at)
            self._aws[str(arn), at] = found
        if isinstance(found, Document) or self._live is None or arn.literal is None:
            return found
        return self._asked(self._live, opened(arn.literal))

    def _search(self, arn: Text, at: Location) -> Member:
        self._searched.add(str(arn))
        if len(self._searched) > MOST_OF_AWS:
            return Unknown(f"more than {MOST_OF_AWS} AWS managed policies are attached", at)
        found = managed_policy(arn, at, suggest=self._missing < MOST_SUGGESTED)
        self._missing += isinstance(found, Unknown)
        return found if isinstance(found, Unknown) else found.value

    def _asked(self, live: LiveData, arn: str) -> Member:
        if arn not in self._parsed:
            self._parsed[arn] = live.policy(arn)
        return self._parsed[arn]

    def _document(self, found: Found) -> Member:
        address = found.instance.address
        if address not in self._parsed:
            self._parsed[address] = doubted(policy(found.instance), found.unsure, found.instance)
        return self._parsed[address]


def role_attachments(walk: Walk, policies: Policies) -> Iterator[Attachment]:
    """Yield every document that a resource of its own attaches to a role."""
    yield from _inline(walk, "aws_iam_role_policy", "role")
    yield from _by_arn(walk, policies, "aws_iam_role_policy_attachment", "role")
    yield from _for_several(walk, policies, "roles")
    yield from _of_exclusive(walk, policies)


def user_attachments(walk: Walk, policies: Policies) -> Iterator[Attachment]:
    """Yield every document that a resource of its own attaches to a user."""
    yield from _inline(walk, "aws_iam_user_policy", "user")
    yield from _by_arn(walk, policies, "aws_iam_user_policy_attachment", "user")
    yield from _for_several(walk, policies, "users")


def _inline(walk: Walk, type_: str, argument: str) -> Iterator[Attachment]:
    for found in walk.of(type_):
        instance = found.instance
        name = instance.written.text(argument)
        if name is not None:
            member = doubted(policy(instance), found.unsure, instance)
            named = instance.text("name")
            yield _attachment(instance, principal_name(name), member, "inline", named)


def _by_arn(walk: Walk, policies: Policies, type_: str, argument: str) -> Iterator[Attachment]:
    for found in walk.of(type_):
        instance = found.instance
        name = instance.written.text(argument)
        if name is not None:
            member, arn = _policy(found, policies)
            yield _attachment(instance, principal_name(name), member, "managed", arn)


def _for_several(walk: Walk, policies: Policies, argument: str) -> Iterator[Attachment]:
    for found in walk.of("aws_iam_policy_attachment"):
        instance = found.instance
        names = instance.written.get(argument)
        member, arn = _policy(found, policies)
        for name in listed(names, instance, argument):
            made = _attachment(instance, principal_name(name), member, "managed", arn)
            yield replace(made, sole=True)


def _of_exclusive(walk: Walk, policies: Policies) -> Iterator[Attachment]:
    """Yield what a list of a role's only attachments attaches, as its provider does."""
    for found in walk.of("aws_iam_role_policy_attachments_exclusive"):
        instance = found.instance
        name = instance.written.text("role_name")
        if name is None:
            continue
        at = instance.written.place("policy_arns")
        for arn in listed(instance.written.get("policy_arns"), instance, "policy_arns"):
            member = doubted(policies.of(arn, at), found.unsure, instance)
            made = _attachment(instance, principal_name(name), member, "managed", arn)
            yield replace(made, listed=True)


def _policy(found: Found, policies: Policies) -> tuple[Member, Text]:
    written = found.instance.written
    arn = written.text("policy_arn")
    at = written.place("policy_arn")
    if arn is None:
        return Unknown(f"`{found.instance.address}` has no `policy_arn`", at), Text.of()
    return doubted(policies.of(arn, at), found.unsure, found.instance), arn


def _attachment(
    instance: Instance, name: Text, member: Member, kind: Kind, policy: Text
) -> Attachment:
    account = instance.provider.account
    return Attachment(account, name, member, instance.address, instance.at, kind, policy)


class Attachments:
    """The documents that resources of their own attach to principals, by the principal's name.

    `made` are the principals of the configuration, as `name_in` names them: what names one of
    them names no other.
    """

    def __init__(
        self,
        attachments: Iterable[Attachment],
        made: Identities,
        exclusive: Iterable[Exclusive] = (),
    ) -> None:
        found = tuple(_once(attachments))
        self._made = made
        self._found = found
        self._by_name = Lookup((each.name, each) for each in found)
        self._sole = Lookup((each.policy, each) for each in found if each.sole)
        self._takers = Takers(exclusive, made)
        self._sure: dict[tuple[Text, Text], tuple[Member | Attachment, ...]] = {}
        self._undone: dict[tuple[Text, Text], tuple[Undone, ...]] = {}

    def to(self, name: Text, account: Text, who: str) -> tuple[Member, ...]:
        """Return the documents attached to a principal; an unknown for each that only may be."""
        members = [
            _given(each, _untold(each, who)) if isinstance(each, Attachment) else each
            for each in self._named(name, account)
        ]
        try:
            members += (
                _given(attachment, _untold(attachment, who))
                for attachment in self._by_name.perhaps(name)
                if self._may_name(attachment, name, account)
            )
        except TooManyError as error:
            at = self._found[0].at
            members.append(Unknown(f"what is attached to `{who}` is not told: {error}", at))
        return tuple(members)

    def undone(self, name: Text, account: Text) -> tuple[Undone, ...]:
        """Return what attaches a document to a principal that something else takes away."""
        key = (name, account)
        if key not in self._undone:
            found = self._by_name.named(name)
            here = [each for each in found if each.account.equals(account) is Truth.YES]
            taken = (self._taken_away(each, name, account) for each in here)
            self._undone[key] = tuple(each for each in taken if each is not None)
        return self._undone[key]

    def _named(self, name: Text, account: Text) -> tuple[Member | Attachment, ...]:
        """Return the documents of a name; the attachment where its account is not told.

        Many principals may have one name, in a configuration that nobody can apply.
        """
        key = (name, account)
        if key not in self._sure:
            self._sure[key] = tuple(
                _given(each, self._doubt(each, name, account))
                if each.account.equals(account) is Truth.YES
                else each
                for each in self._by_name.named(name)
                if self._may_name(each, name, account)
            )
        return self._sure[key]

    def _may_name(self, attachment: Attachment, name: Text, account: Text) -> bool:
        """Tell whether an attachment, whose name may be this one, may be of this account too."""
        if attachment.account.equals(account) is Truth.NO:
            return False
        theirs = name_in(attachment.account, attachment.name)
        return not self._made.apart(name_in(account, name), theirs)

    def _doubt(self, attachment: Attachment, name: Text, account: Text) -> Unknown | None:
        taken = self._taken_away(attachment, name, account)
        return None if taken is None else taken.doubt

    def _taken_away(self, attachment: Attachment, name: Text, account: Text) -> Undone | None:
        """Say what takes an attachment away, or may; None if nothing does."""
        taker, sure = self._takers.of(attachment.kind, attachment.policy, name, account)
        if taker is not None:
            why = f"`{taker.id}` takes away what it does not list"
            doubt = _doubtful(attachment, why, taker.at, f"list it in `{taker.id}`")
            return Undone(attachment.id, attachment.at, taker.id, taker.at, sure, doubt)
        rivals = [] if attachment.sole else self._sole.named(attachment.policy)
        if not rivals or any(each.name.equals(name) is Truth.YES for each in rivals):
            return None
        sole = rivals[0]
        sure = ~any_of(each.name.equals(name) for each in rivals)
        why = f"`{sole.id}` takes its policy from others"
        doubt = _doubtful(attachment, why, sole.at, f"name the role in `{sole.id}`")
        return Undone(attachment.id, attachment.at, sole.id, sole.at, sure, doubt)


def _once(attachments: Iterable[Attachment]) -> Iterator[Attachment]:
    """Yield attachments, of the listed ones those that no resource of its own makes, too."""
    made: set[tuple[Text, Text, Text]] = set()
    for each in attachments:
        key = (each.account, each.name, each.policy)
        if not each.listed or key not in made:
            yield each
        made.add(key)


def _given(attachment: Attachment, doubt: Unknown | None) -> Member:
    member = attachment.member
    if isinstance(member, Unknown):
        return member
    via = "" if member.id == attachment.id else attachment.id
    if doubt is None and via == member.via:
        return member
    return replace(member, via=via, doubt=member.doubt if doubt is None else doubt)


def _doubtful(attachment: Attachment, why: str, at: Location, remedy: str) -> Unknown:
    return Unknown(f"whether `{attachment.id}` stays is not told: {why}", at, remedy)


def _untold(attachment: Attachment, who: str) -> Unknown:
    hole = next(iter(attachment.name.holes), None)
    why = hole.why if hole is not None and hole.why else f"`{attachment.name}` may be another"
    text = f"whether `{attachment.id}` is attached to `{who}` is not told: {why}"
    return Unknown(text, attachment.at, hole.remedy if hole is not None else "")

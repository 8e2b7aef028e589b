"""Which IAM documents a configuration attaches to which role or user, and how.

Attachments name their role by its name, policies are named by their ARN; both may hold holes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from checker.iam.document import Document
from checker.iam.managed import managed_policy
from checker.lookup import Lookup
from checker.partial import Hole, Known, Location, Text, Truth, Unknown
from checker.sources.terraform.convert import to_string
from checker.sources.terraform.instances import Instance
from checker.sources.terraform.project import text_of
from checker.sources.terraform.resources.reading import maybe, policy
from checker.sources.terraform.resources.walk import Found, Walk
from checker.sources.terraform.values import Set, Value

Member = Document | Unknown


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document attached to the principal of this name in this account."""

    account: Text
    name: Text
    member: Member
    id: str
    at: Location


class Policies:
    """Policy documents by ARN: those that the configuration creates, and AWS's own."""

    def __init__(self, walk: Walk) -> None:
        found = walk.of("aws_iam_policy")
        self._own = Lookup((_arn(f.instance), f) for f in found)
        self._parsed: dict[str, Member] = {}

    def of(self, arn: Text, at: Location) -> Member:
        """Return the document behind a policy ARN; an unknown if it is not part of the input."""
        named = self._own.named(arn)
        if named:
            return self._document(named[-1])
        for hole in arn.holes:
            if hole.why and arn.split(":", 5) is None:
                return Unknown(f"which policy is attached is not told: {hole.why}", at, hole.remedy)
        fields = arn.split(":", 5)
        if fields is not None and len(fields) == 6 and fields[4].literal == "aws":  # noqa: PLR2004
            found = managed_policy(arn, at)
            return found.value if isinstance(found, Known) else found
        others = list(islice(self._own.perhaps(arn), 3))
        if others:
            names = ", ".join(f"`{f.instance.address}`" for f in others)
            return Unknown(f"policy `{arn}` may be {names} or another", at)
        why = f"policy `{arn}` is not created by this input, so its document is not told"
        return Unknown(why, at, "check it together with the configuration that creates it")

    def _document(self, found: Found) -> Member:
        address = found.instance.address
        if address not in self._parsed:
            self._parsed[address] = maybe(policy(found.instance), found.unsure, found.instance)
        return self._parsed[address]


def _arn(instance: Instance) -> Text:
    text = text_of(instance.attribute("arn", instance.at))
    return text if text is not None else Text.of(instance.hole("arn"))


def role_attachments(walk: Walk, policies: Policies) -> Iterator[Attachment]:
    """Yield every document that a resource of its own attaches to a role."""
    yield from _inline(walk, "aws_iam_role_policy", "role")
    yield from _by_arn(walk, policies, "aws_iam_role_policy_attachment", "role")
    yield from _for_several(walk, policies, "roles")


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
            member = maybe(policy(instance), found.unsure, instance)
            yield _attachment(instance, principal_name(name), member)


def _by_arn(walk: Walk, policies: Policies, type_: str, argument: str) -> Iterator[Attachment]:
    for found in walk.of(type_):
        instance = found.instance
        name = instance.written.text(argument)
        if name is not None:
            yield _attachment(instance, principal_name(name), _policy(found, policies))


def _for_several(walk: Walk, policies: Policies, argument: str) -> Iterator[Attachment]:
    for found in walk.of("aws_iam_policy_attachment"):
        instance = found.instance
        names = instance.written.get(argument)
        for name in listed(names, instance, argument):
            yield _attachment(instance, principal_name(name), _policy(found, policies))


def _policy(found: Found, policies: Policies) -> Member:
    written = found.instance.written
    arn = written.text("policy_arn")
    at = written.place("policy_arn")
    if arn is None:
        return Unknown(f"`{found.instance.address}` has no `policy_arn`", at)
    return maybe(policies.of(arn, at), found.unsure, found.instance)


def _attachment(instance: Instance, name: Text, member: Member) -> Attachment:
    return Attachment(instance.provider.account, name, member, instance.address, instance.at)


def listed(value: Value, instance: Instance, argument: str) -> Iterator[Text]:
    """Yield the texts of a list argument; one hole that stands for all if they are not told."""
    if isinstance(value, Set):
        value = value.members
    if isinstance(value, Hole):
        yield Text.of(value)
    elif isinstance(value, tuple):
        for element in value:
            text = to_string(element)
            if isinstance(text, Text):
                yield text
            elif text is not None:
                yield Text.of(text)
    elif value is not None:
        yield Text.of(Hole(f"{instance.address}.{argument}", why=f"`{argument}` is no list"))


def principal_name(text: Text) -> Text:
    """Return a role's or user's name out of a name, an ARN or a path and name."""
    last = text.parts[-1] if text.parts else ""
    if isinstance(last, str) and "/" in last:
        return Text.of(last.rsplit("/", 1)[1])
    first = text.parts[0] if text.parts else ""
    if isinstance(first, str) and first.startswith("arn:"):
        cut = [i for i, part in enumerate(text.parts) if isinstance(part, str) and "/" in part]
        if cut:
            part = str(text.parts[cut[-1]]).rsplit("/", 1)[1]
            return Text((part, *text.parts[cut[-1] + 1 :]))
    return text


class Attachments:
    """The documents that resources of their own attach to principals, by the principal's name."""

    def __init__(self, attachments: Iterable[Attachment]) -> None:
        self._by_name = Lookup((each.name, each) for each in attachments)

    def to(self, name: Text, account: Text, who: str) -> tuple[Member, ...]:
        """Return the documents attached to a principal; an unknown for each that only may be."""
        members: list[Member] = []
        found = [(each, Truth.YES) for each in self._by_name.named(name)]
        found += [(each, Truth.MAYBE) for each in self._by_name.perhaps(name)]
        for attachment, named in found:
            same = named & attachment.account.equals(account)
            if same is Truth.YES:
                members.append(attachment.member)
            elif same is Truth.MAYBE:
                members.append(_untold(attachment, who))
        return tuple(members)


def _untold(attachment: Attachment, who: str) -> Unknown:
    hole = next(iter(attachment.name.holes), None)
    why = hole.why if hole is not None and hole.why else f"`{attachment.name}` may be another"
    text = f"whether `{attachment.id}` is attached to `{who}` is not told: {why}"
    return Unknown(text, attachment.at, hole.remedy if hole is not None else "")

"""`AWS::IAM::Role` with every document that the template attaches to it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TypeAlias

from checker.iam.document import Document, Documents, Elsewhere, attached_by
from checker.iam.managed import managed_policy
from checker.knowledge.json_nodes import JsonNode
from checker.knowledge.lookup import Lookup, TooManyError
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import Deployer, Role, open_role
from checker.model.identifier_forms import ROLE_NAME
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.given_values import given_values
from checker.sources.cloudformation.resources.identifiers import MeantResources
from checker.sources.cloudformation.resources.inline_policies import INLINE, InlinePolicies
from checker.sources.cloudformation.resources.mentions import Mentions
from checker.sources.cloudformation.resources.reading import document, inner, listed
from checker.sources.cloudformation.values.attributes import MANAGED_POLICY, ROLE
from checker.sources.cloudformation.values.nodes import text_of
from checker.sources.cloudformation.values.stack import Stack

_AWS = Text.of("arn:*:iam::aws:policy/*")
_ATTACHING = {**INLINE, MANAGED_POLICY: "Roles"}
_Member: TypeAlias = Document | Unknown


class StackRoles:
    """The roles of a stack."""

    def __init__(self, stack: Stack, meant: MeantResources, inline: InlinePolicies) -> None:
        self._stack = stack
        self._meant = meant
        self._written = inline
        self._anywhere: list[tuple[TemplateResource, Unknown]] = []
        names = (stack.attributes.name(each) for each in stack.of_type(ROLE))
        self._by_name = Mentions(self._named(), names)
        self._policies = Lookup(
            (stack.attributes.arn(each), each) for each in stack.of_type(MANAGED_POLICY)
        )

    def _named(self) -> Iterator[tuple[Text, TemplateResource]]:
        for each in self._stack.of_type(*_ATTACHING):
            argument = _ATTACHING[each.type]
            names = listed(self._stack.property(each, argument), argument)
            if isinstance(names, Unknown):
                self._anywhere.append((each, names))
                continue
            for name in names:
                text = text_of(name)
                if isinstance(text, Text):
                    yield self._meant.reference(text, ROLE_NAME, ROLE), each
                else:
                    self._anywhere.append((each, text))

    def roles(self, referred: Iterable[Value[Text] | Value[Text | None]]) -> tuple[Role, ...]:
        """Return the roles that the stack creates, and open ones that are referred to."""
        made = [self._made(each) for each in self._stack.of_type(ROLE)]
        known = {role.arn for role in made}
        opened: dict[Text, Role] = {}
        for arn in referred:
            named = arn.value if isinstance(arn, Known) else None
            if named is not None and named not in known and _is_arn(named):
                opened[named] = self._open(Known(named, arn.at))
        return (*made, *opened.values())

    def deployer(self, named: str, made: Iterable[Role]) -> Deployer:
        """Return the principal of an ARN that deploys the stack."""
        at = Location("command line")
        arn = Text.of(named)
        for role in made:
            if role.arn == arn:
                return Deployer(named, Known(role, role.at))
        known = Known(arn, at)
        return Deployer(
            named, Known(open_role(arn, at) if _is_user(arn) else self._open(known), at)
        )

    def deploying(self, named: str | None, made: Iterable[Role]) -> Deployer | None:
        """Return the role of an ARN that deploys the stack; None if it is not one of the stack's.

        What another input gives it is not known here, and most often it is everything.
        """
        role = next((each for each in made if named is not None and str(each.arn) == named), None)
        return None if role is None or not role.closed else Deployer(role.id, Known(role, role.at))

    def _open(self, arn: Known[Text]) -> Role:
        role = open_role(arn.value, arn.at)
        fields = arn.value.split("/")
        if fields is None:
            return role
        members = self._attached(fields[-1], None)
        return replace(role, identity=Documents(members, role.identity.unseen))

    def _made(self, resource: TemplateResource) -> Role:
        stack = self._stack
        name = stack.attributes.name(resource)
        trust = document(
            stack.property(resource, "AssumeRolePolicyDocument"), resource.id, resource.at
        )
        members = (
            *self._inline(resource),
            *self._managed(resource),
            *self._attached(name, resource),
        )
        return Role(
            id=resource.id,
            arn=stack.attributes.arn(resource),
            at=resource.at,
            closed=True,
            identity=Documents(members),
            boundary=self._boundary(resource),
            trust=Known(trust, trust.at) if isinstance(trust, Document) else trust,
            given=given_values(self._stack, resource),
        )

    def _inline(self, resource: TemplateResource) -> Iterator[_Member]:
        """Yield the documents in the role itself, which exist as soon as it does."""
        policies = listed(self._stack.property(resource, "Policies"), "Policies")
        if isinstance(policies, Unknown):
            yield policies
            return
        for each in policies:
            if isinstance(each.value, Unknown):
                yield each.value
                continue
            found = document(self._stack.member(each, "PolicyDocument"), resource.id, each.at)
            name = inner(each, "PolicyName")
            role = self._stack.attributes.name(resource)
            made = self._overwritten(_inline(found), role, name)
            yield attached_by(made, resource.id)

    def _managed(self, resource: TemplateResource) -> Iterator[_Member]:
        arns = listed(self._stack.property(resource, "ManagedPolicyArns"), "ManagedPolicyArns")
        if isinstance(arns, Unknown):
            yield arns
            return
        for each in arns:
            yield attached_by(self._policy(each, resource), resource.id)

    def _policy(self, node: JsonNode, beside: TemplateResource) -> _Member:
        """Return the policy of an ARN: AWS's, one of the stack, or one that is not shown."""
        arn = text_of(node)
        if isinstance(arn, Unknown):
            return arn
        if arn.like(_AWS) is Truth.YES:
            found = managed_policy(arn, node.at)
            return found.value if isinstance(found, Known) else found
        for policy in self._policies.named(arn):
            read = document(self._stack.property(policy, "PolicyDocument"), policy.id, policy.at)
            unsure = self._stack.unsure(policy, beside)
            return (
                read
                if unsure is None or isinstance(read, Unknown)
                else replace(read, unsure=unsure)
            )
        why = f"`{arn}` is not created by this input, so its document is unknown"
        return Elsewhere(why, node.at, "run with `--live`")

    def _attached(self, name: Text, role: TemplateResource | None) -> tuple[_Member, ...]:
        found = [
            self._overwritten(
                self._attachment(each, role), name, self._stack.property(each, "PolicyName")
            )
            for each in self._by_name.named(name)
        ]
        try:
            others = [*self._by_name.perhaps(name, made=role is not None)]
        except TooManyError as error:
            at = next(iter(self._stack.resources.values())).at
            return (*found, Unknown(f"it is unknown which policies `{name}` has: {error}", at))
        for policy in (*others, *(each for each, _ in self._anywhere)):
            why = f"it is unknown whether `{policy.id}` is attached to `{name}`"
            read = self._attachment(policy, role)
            unsure = Unknown(why, policy.at)
            found.append(unsure if isinstance(read, Unknown) else replace(read, unsure=unsure))
        return tuple(found)

    def _attachment(self, policy: TemplateResource, role: TemplateResource | None) -> _Member:
        written = self._stack.property(policy, "PolicyDocument")
        read = document(written, policy.id, policy.at)
        found = attached_by(read if policy.type == MANAGED_POLICY else _inline(read), policy.id)
        unsure = self._stack.unsure(policy, role)
        if unsure is None or isinstance(found, Unknown):
            return found
        return replace(found, unsure=unsure)

    def _overwritten(self, member: _Member, role: Text, name: JsonNode | None) -> _Member:
        """Return an inline policy, which is unsure where another of its name may overwrite it."""
        named = None if name is None else text_of(name)
        if isinstance(member, Unknown) or not member.inline or not isinstance(named, Text):
            return member
        why = self._written.overwritten(role, named, member.at)
        return member if why is None else replace(member, unsure=why)

    def _boundary(self, resource: TemplateResource) -> Value[Document | None]:
        node = self._stack.property(resource, "PermissionsBoundary")
        if node is None:
            return Known(None, resource.at, default=True)
        found = self._policy(node, resource)
        return Known(found, node.at) if isinstance(found, Document) else found


def _inline(member: _Member) -> _Member:
    """Mark a document as part of its principal."""
    return replace(member, inline=True) if isinstance(member, Document) else member


def _is_user(arn: Text) -> bool:
    return ":user/" in arn.spelled


def _is_arn(text: Text) -> bool:
    return text.spelled.startswith("arn:")

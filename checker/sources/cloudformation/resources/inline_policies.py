"""Inline policies that overwrite one another: of one role and name the last one written stays.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model.identifier_forms import ROLE_NAME
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.exclusion import exclude
from checker.sources.cloudformation.resources.identifiers import MeantResources
from checker.sources.cloudformation.resources.reading import inner, listed
from checker.sources.cloudformation.values.attributes import ROLE
from checker.sources.cloudformation.values.nodes import text_of
from checker.sources.cloudformation.values.stack import Stack

INLINE = {"AWS::IAM::Policy": "Roles", "AWS::IAM::RolePolicy": "RoleName"}
_MOST_COMPARED = 50
"""With so many other names of one role a name is compared."""
_REMEDY = "give each of them a name of its own"


class InlinePolicies:
    """What writes each inline policy, by role and name."""

    def __init__(self, stack: Stack, meant: MeantResources) -> None:
        self._stack = stack
        self._meant = meant
        self._of: dict[Text, dict[Text, list[TemplateResource]]] = {}
        for role, name, writer in self._written():
            self._of.setdefault(role, {}).setdefault(name, []).append(writer)

    def _written(self) -> Iterator[tuple[Text, Text, TemplateResource]]:
        """Yield each inline policy: its role, its name, and the resource that writes it."""
        stack = self._stack
        for role in stack.of_type(ROLE):
            policies = listed(stack.property(role, "Policies"), "Policies")
            for each in policies if isinstance(policies, tuple) else ():
                name = inner(each, "PolicyName")
                named = None if name is None else text_of(name)
                if isinstance(named, Text):
                    yield stack.attributes.name(role), named, role
        for policy in stack.of_type(*INLINE):
            named = stack.text_property(policy, "PolicyName")
            roles = listed(stack.property(policy, INLINE[policy.type]), INLINE[policy.type])
            for each in roles if isinstance(roles, tuple) else ():
                of = text_of(each)
                if isinstance(named, Text) and isinstance(of, Text):
                    yield self._meant.reference(of, ROLE_NAME, ROLE), named, policy

    def overwritten(self, role: Text, policy: Text, at: Location) -> Unknown | None:
        """Say why it is unknown which policy of a name a role has, if it is."""
        names = self._of.get(role, {})
        writers = names.get(policy, [])
        for other in writers[1:]:
            if not exclude(self._stack, writers[0], other):
                shown = f"`{writers[0].id}` and `{other.id}`" if other.id != writers[0].id else ""
                why = f"{shown or f'`{other.id}` twice'} write inline policy `{policy}` of one role"
                return Unknown(f"{why}, and the last one written stays", at, _REMEDY)
        for name, others in islice(names.items(), _MOST_COMPARED):
            if name == policy or not writers or policy.equals(name) is not Truth.MAYBE:
                continue
            why = (
                f"it is unknown whether `{writers[0].id}` and `{others[0].id}` write one inline"
                " policy"
            )
            return (policy if policy.holes else name).why_unknown(at).leaves(why)
        return None

    def several(self) -> Iterator[tuple[Text, Text, list[TemplateResource]]]:
        """Yield the policies that several resources write: the role, the name, what writes it."""
        for role, names in self._of.items():
            for name, writers in names.items():
                if len(writers) > 1:
                    yield role, name, writers

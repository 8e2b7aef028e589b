"""A CloudFormation template to an inventory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from checker.knowledge.partial import Location, Value
from checker.knowledge.text import Text
from checker.model import (
    EarlierMapping,
    EventSourceMapping,
    InlineWaiver,
    Inventory,
    TemplateForm,
    Unread,
)
from checker.model.identities import Identities
from checker.sources.cloudformation.cases import TemplateCases, questions
from checker.sources.cloudformation.earlier import earlier_mappings
from checker.sources.cloudformation.given import StackInput
from checker.sources.cloudformation.language.calls import member
from checker.sources.cloudformation.language.template import (
    KNOWN_TRANSFORMS,
    SERVERLESS,
    StackTemplate,
)
from checker.sources.cloudformation.resources.functions import functions
from checker.sources.cloudformation.resources.identifiers import (
    MeantResources,
    wrong_identifiers,
)
from checker.sources.cloudformation.resources.inline_policies import InlinePolicies
from checker.sources.cloudformation.resources.keys import keys
from checker.sources.cloudformation.resources.mappings import mappings
from checker.sources.cloudformation.resources.order import StackOrder
from checker.sources.cloudformation.resources.producers import (
    identified,
    producers,
    sources_made,
)
from checker.sources.cloudformation.resources.queues import QueuePolicies, queues
from checker.sources.cloudformation.resources.refusals import refusals
from checker.sources.cloudformation.resources.roles import StackRoles
from checker.sources.cloudformation.resources.taken_names import name_clashes
from checker.sources.cloudformation.sam.expansion import Expanded, expanded
from checker.sources.cloudformation.values.nested import NestedTemplates
from checker.sources.cloudformation.values.stack import RootStack, Stack
from checker.sources.cloudformation.values.unlooped import unlooped
from checker.sources.cloudformation.waivers import waivers
from checker.yaml import Scalar

_MAKING_MAPPINGS = frozenset(
    f"AWS::Serverless::{each}" for each in ("Function", "Application", "Connector")
)
"""Types of SAM of which mappings may be made."""
_TOGETHER = (
    "what a template imports is what another template of this run exports under that name",
    "a stack is deployed after those of this run that create what it imports or names",
)
ASSUMPTIONS = (
    "no service control policy or resource control policy denies the actions",
    "nothing outside this template attaches, detaches or denies permissions on what it names",
)


def read_together(
    roots: Sequence[RootStack], target: str, nested: NestedTemplates | None = None
) -> Inventory:
    """Return everything that stacks create or refer to which import from one another.

    They can be read again by cases. `nested` reads the templates of nested stacks; without it they
    are not read.
    """
    found = _read(roots, target, nested)
    asked = questions(roots)
    if any(not each.unsure for each in found.refusals) or not asked:
        return found
    cases = TemplateCases(asked, roots, lambda again: _read(again, target, nested))
    return replace(found, cases=cases)


def _read(roots: Sequence[RootStack], target: str, nested: NestedTemplates | None) -> Inventory:
    plain = [replace(each, template=unlooped(each)) for each in roots]
    made = [expanded(each.template, each.given.parameters, each.given.region) for each in plain]
    deployed = [replace(r, template=e.template) for r, e in zip(roots, made, strict=True)]
    stack = Stack(*deployed, nested=nested)
    unread = [*_unread(stack), *_left_out(plain, made)]
    found = _things(stack, roots[0].given, StackOrder(stack), unread)
    return replace(
        found,
        target=target,
        assumptions=(*ASSUMPTIONS, *(() if len(roots) == 1 else _TOGETHER)),
        prefix=roots[0].prefix if len(roots) == 1 else "",
        secrets=_secrets(stack),
        earlier=_earlier(stack, roots[0], nested, found.mappings),
        waivers=_waivers(stack, {each.prefix: each.template for each in roots}),
    )


def _things(stack: Stack, given: StackInput, order: StackOrder, unread: list[Unread]) -> Inventory:
    """Return what stacks create or refer to."""
    meant = MeantResources(stack)
    found, others = mappings(stack, meant)
    made = functions(stack, meant)
    inline, policies = InlinePolicies(stack, meant), QueuePolicies(stack, meant)
    of_stack = StackRoles(stack, meant, inline)
    made_queues, made_keys = queues(stack, meant, policies), keys(stack)
    sending = producers(stack, meant)
    roles = of_stack.roles((*(each.role for each in made), *(each.role for each in sending)))
    deployer = None if given.deployer is None else of_stack.deployer(given.deployer, roles)
    deployer = deployer or of_stack.deploying(given.execution_role, roles)
    identities = Identities.of(made_queues, made, roles, made_keys, others=sources_made(stack))
    return Inventory(
        kind="cloudformation",
        mappings=tuple(_identified(each, identities) for each in found),
        sources=identities.given(made_queues),
        functions=identities.given(made),
        roles=identities.given(roles),
        keys=identities.given(made_keys),
        producers=identified(sending, identities),
        deployer=deployer,
        unread=tuple(unread),
        other_sources=others,
        order=order,
        clashes=name_clashes(stack, policies, inline),
        wrong_identifiers=wrong_identifiers(stack),
        refusals=refusals(stack, order, unread[0].why if unread else ""),
        size=sum(each.template.size for each in stack.scopes.values()),
        form=_form(stack),
    )


def _form(stack: Stack) -> TemplateForm:
    templates = [(scope.prefix, scope.template) for scope in stack.scopes.values()]
    return TemplateForm(
        frozenset(each.source for _, each in templates if each.in_json),
        {prefix + a: prefix + b for prefix, each in templates for a, b in each.made_of.items()},
    )


def _left_out(roots: Iterable[RootStack], made: Iterable[Expanded]) -> Iterator[Unread]:
    """Yield the resources that could not be expanded."""
    for root, each in zip(roots, made, strict=True):
        for name, why in each.left_out:
            type_ = member(root.template.resources[name], "Type")
            hides = not isinstance(type_, Scalar) or type_.text in _MAKING_MAPPINGS
            yield Unread(root.prefix + name, why.why, why.at, mappings=hides)


def _earlier(
    stack: Stack,
    root: RootStack,
    nested: NestedTemplates | None,
    found: Iterable[EventSourceMapping],
) -> Mapping[str, tuple[EarlierMapping, ...]]:
    """Return the mappings that the stack has before an update, by the new ones of their queue."""
    if root.before is None:
        return {}
    earlier = unlooped(replace(root, template=root.before))
    before = expanded(earlier, root.given.parameters, root.given.region).template
    then = Stack(replace(root, template=before), nested=nested)
    return earlier_mappings(stack, then, found)


def _secrets(stack: Stack) -> frozenset[str]:
    every = (each.parameters.secrets for each in stack.scopes.values())
    return frozenset[str]().union(*every)


def _waivers(stack: Stack, written: Mapping[str, StackTemplate]) -> tuple[InlineWaiver, ...]:
    """Return the waivers of every template as it is written; one is for each stack that has it."""
    found: dict[Location, InlineWaiver] = {}
    for prefix, template in (dict(written) | stack.written).items():
        resources = stack.scopes[prefix].resources.values()
        for waiver in waivers(template, ((each.name, each.at) for each in resources)):
            before = found.get(waiver.at, waiver)
            ids = {prefix + each for each in waiver.ids}
            found[waiver.at] = replace(
                before, ids=frozenset(ids if before is waiver else ids | before.ids)
            )
    return tuple(found.values())


def _unread(stack: Stack) -> list[Unread]:
    found = [Unread(name, why.why, why.at, mappings=True) for name, why in stack.unread]
    for each in stack.resources.values():
        if each.type.startswith("AWS::Serverless::"):
            why = f"a template with `{each.type}` has `Transform: {SERVERLESS}`, and this has not"
            found.append(Unread(each.id, why, each.at, mappings=each.type in _MAKING_MAPPINGS))
    found.extend(
        Unread(scope.prefix + each, f"transform `{each}` is run by CloudFormation", mappings=True)
        for scope in stack.scopes.values()
        for each in scope.template.transforms
        if each not in KNOWN_TRANSFORMS
    )
    return found


def _identified(mapping: EventSourceMapping, identities: Identities) -> EventSourceMapping:
    source: Value[Text] = identities.identified(mapping.source)
    return replace(mapping, source=source, function=identities.identified(mapping.function))

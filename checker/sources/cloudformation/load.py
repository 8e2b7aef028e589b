"""A CloudFormation template to an inventory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from checker.errors import Reason, SourceError
from checker.files import FileError, Repository, absolute
from checker.knowledge.partial import Unknown, Value
from checker.knowledge.text import Text
from checker.model import EventSourceMapping, Inventory, Unread
from checker.model.identities import Identities
from checker.sources.cloudformation.cases import TemplateCases, questions
from checker.sources.cloudformation.given import StackInput
from checker.sources.cloudformation.language.template import (
    LANGUAGE_EXTENSIONS,
    SERVERLESS,
    StackTemplate,
    parse,
)
from checker.sources.cloudformation.resources.functions import functions
from checker.sources.cloudformation.resources.keys import keys
from checker.sources.cloudformation.resources.mappings import mappings
from checker.sources.cloudformation.resources.order import StackOrder
from checker.sources.cloudformation.resources.queues import queues
from checker.sources.cloudformation.resources.refusals import refusals
from checker.sources.cloudformation.resources.roles import StackRoles
from checker.sources.cloudformation.values.stack import Stack
from checker.sources.cloudformation.waivers import waivers
from checker.yaml import MOST_CHARACTERS

ASSUMPTIONS = (
    "no service control policy or resource control policy denies the actions",
    "nothing outside this template attaches, detaches or denies permissions on what it names",
)
_HIDING = frozenset(("AWS::CloudFormation::Stack", "AWS::Serverless::Application"))
"""Types that are stacks of their own, in which mappings may hide."""


def load(target: Path, repository: Repository, given: StackInput | None = None) -> Inventory:
    """Read a template's file; SourceError with every reason if it cannot be read."""
    name = repository.name(absolute(target))
    try:
        text = repository.read(absolute(target), MOST_CHARACTERS).decode()
    except (FileError, UnicodeDecodeError) as error:
        why = error.why if isinstance(error, FileError) else "it is not UTF-8"
        raise SourceError(Reason(why, name)) from None
    return read(parse(text, name), str(target), given or StackInput())


def read(template: StackTemplate, target: str, given: StackInput) -> Inventory:
    """Return everything that a template creates or refers to; it can be read again by cases."""
    found = _read(template, target, given)
    asked = questions(template, given)
    if any(not each.unsure for each in found.refusals) or not asked:
        return found
    return replace(
        found, cases=TemplateCases(asked, given, lambda again: _read(template, target, again))
    )


def _read(template: StackTemplate, target: str, given: StackInput) -> Inventory:
    as_written = template
    left_out: tuple[tuple[str, Unknown], ...] = ()
    if SERVERLESS in template.transforms:
        from checker.sources.cloudformation.sam.expansion import expand

        expanded = expand(template, given.parameters, given.region)
        template, left_out = expanded.template, expanded.left_out
    stack = Stack(template, given)
    unread = [*_unread(stack)]
    unread += [Unread(name, why.why, why.at, mappings=True) for name, why in left_out]
    found, others = mappings(stack)
    made = functions(stack)
    of_stack = StackRoles(stack)
    roles = of_stack.roles(function.role for function in made)
    deployer = None if given.deployer is None else of_stack.deployer(given.deployer, roles)
    deployer = deployer or of_stack.deploying(given.execution_role, roles)
    made_queues, made_keys = queues(stack), keys(stack)
    order = StackOrder(stack)
    identities = Identities.of(made_queues, made, roles, made_keys)
    return Inventory(
        kind="cloudformation",
        target=target,
        mappings=tuple(_identified(each, identities) for each in found),
        sources=identities.given(made_queues),
        functions=identities.given(made),
        roles=identities.given(roles),
        keys=identities.given(made_keys),
        deployer=deployer,
        unread=tuple(unread),
        assumptions=ASSUMPTIONS,
        other_sources=others,
        secrets=stack.parameters.secrets,
        order=order,
        waivers=waivers(as_written, ((each.id, each.at) for each in stack.resources.values())),
        refusals=refusals(stack, order, unread[0].why if unread else ""),
        size=template.size,
    )


def _unread(stack: Stack) -> list[Unread]:
    found = [Unread(name, why.why, why.at, mappings=True) for name, why in stack.unread]
    for each in stack.resources.values():
        if each.type in _HIDING:
            why = "a nested stack is not read"
            found.append(Unread(each.id, why, each.at, mappings=True))
        elif each.type.startswith("AWS::Serverless::"):
            why = f"{each.type} is not read yet"
            found.append(Unread(each.id, why, each.at, mappings=True))
    found.extend(
        Unread(each, f"transform `{each}` is run by CloudFormation", mappings=True)
        for each in stack.template.transforms
        if each not in {SERVERLESS, LANGUAGE_EXTENSIONS}
    )
    return found


def _identified(mapping: EventSourceMapping, identities: Identities) -> EventSourceMapping:
    source: Value[Text] = identities.identified(mapping.source)
    return replace(mapping, source=source, function=identities.identified(mapping.function))

"""What CloudFormation refuses of a template before it creates anything, or when it does."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.json_nodes import Members
from checker.model import Refusal
from checker.sources.cloudformation.language.calls import member, words
from checker.sources.cloudformation.language.properties import (
    ATTRIBUTES,
    PROPERTIES,
    REQUIRED,
    REQUIRED_IN,
)
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.circles import circles
from checker.sources.cloudformation.resources.condition_refusals import condition_refusals
from checker.sources.cloudformation.resources.order import StackOrder
from checker.sources.cloudformation.resources.queue_names import name_refusal
from checker.sources.cloudformation.resources.reading import listed
from checker.sources.cloudformation.values.nested import passed_names
from checker.sources.cloudformation.values.parameters import PSEUDO
from checker.sources.cloudformation.values.references import NameReference, references
from checker.sources.cloudformation.values.scope import OUTPUTS, StackScope
from checker.sources.cloudformation.values.stack import Stack
from checker.yaml import Scalar, Sequence, YamlMapping, YamlNode

_FORMAT, _ERROR = "Template format error", "Template error"
_UNRESOLVED = "Unresolved resource dependencies [{}] in the Resources block of the template"


def refusals(stack: Stack, order: StackOrder, unread: str) -> tuple[Refusal, ...]:
    """Return what is refused; `unread` says why names may be declared where they are not seen."""
    found: dict[tuple[str, str], Refusal] = {}
    for each in _all(stack, order, unread):
        found.setdefault((each.why, each.address), each)
    return tuple(found.values())


def _all(stack: Stack, order: StackOrder, unread: str) -> Iterator[Refusal]:
    for scope in stack.scopes.values():
        yield from _parameters(stack, scope)
        yield from _nulls(scope)
        owner = None if scope.owner is None else stack.unsure(scope.owner)
        yield from condition_refusals(scope, "" if owner is None else owner.why, unread)
    for resource in stack.resources.values():
        if stack.is_absent(resource):
            continue
        unsure = stack.unsure(resource)
        why = "" if unsure is None else unsure.why
        yield from _names(stack, resource, why, unread)
        yield from _shape(stack, resource, why)
        name = name_refusal(stack, resource, why)
        if name is not None:
            yield name
    for circle in circles(stack.resources, order.surely_before):
        first = stack.resources[circle[0]]
        names = ", ".join(stack.resources[each].name for each in circle)
        text = f"Circular dependency between resources: [{names}]"
        yield Refusal("ValidationError", text, first.at, first.id)
    for at, (text, why) in stack.refused.items():
        yield Refusal(_ERROR, text, at, "", why)


def _parameters(stack: Stack, scope: StackScope) -> Iterator[Refusal]:
    unsure = None if scope.owner is None else stack.unsure(scope.owner)
    why = "" if unsure is None else unsure.why
    for name, node in scope.template.parameters.items():
        if not isinstance(member(node, "Type"), Scalar):
            text = "Every Parameters object must contain a Type member."
            yield Refusal(_FORMAT, text, scope.place(node), scope.prefix + name, why)
            continue
        found = scope.parameters.refused(name)
        if found is not None:
            text, place = found
            yield Refusal("ValidationError", text, place, scope.prefix + name, why)
    if scope.owner is not None:
        yield from _passed(scope, scope.owner, why)


def _passed(scope: StackScope, owner: TemplateResource, why: str) -> Iterator[Refusal]:
    """Yield what is wrong with the parameters that a nested stack gets."""
    given = passed_names(owner)
    if given is None:
        return
    declared = scope.template.parameters
    unset = [n for n, node in declared.items() if n not in given and not member(node, "Default")]
    other = [name for name in given if name not in declared]
    texts = (
        (unset, f"Parameters: [{', '.join(unset)}] must have values"),
        (other, f"Parameters: [{', '.join(other)}] do not exist in the template"),
    )
    for names, text in texts:
        if names:
            yield Refusal("ValidationError", text, owner.at, owner.id, why)


def _names(stack: Stack, resource: TemplateResource, why: str, unread: str) -> Iterator[Refusal]:
    of, scope = stack.evaluator(resource), stack.scope(resource)
    for name in map(of.looped, resource.depends_on):
        if name not in scope.resources:
            text = _UNRESOLVED.format(name)
            yield Refusal(_FORMAT, text, resource.at, resource.id, unread)
    condition = resource.condition
    if condition is not None and not scope.has_condition(of.looped(condition.text)):
        text = f"Unresolved condition dependency {condition.text} in the Resources block"
        text = f"{text} of the template"
        yield Refusal(_FORMAT, text, scope.place(condition), resource.id, unread)
    for each in references(stack, resource):
        unsure = "it depends on a condition" if each.unsure else why
        yield from _reference(stack, resource, each, unsure, unread)


def _reference(
    stack: Stack, resource: TemplateResource, each: NameReference, why: str, unread: str
) -> Iterator[Refusal]:
    name, scope = each.name, stack.scope(resource)
    if not each.attribute and (name in PSEUDO or scope.parameters.has(name)):
        return
    target = scope.resources.get(name)
    if target is None or stack.is_absent(target):
        text = _UNRESOLVED.format(name)
        if target is None and each.attribute:
            text = f"instance of Fn::GetAtt references undefined resource {name}"
        yield Refusal(
            _FORMAT, text, each.at, resource.id, why or (unread if target is None else "")
        )
        return
    nested = stack.nested(target)
    if nested is not None and each.attribute.startswith(OUTPUTS):
        output = each.attribute.removeprefix(OUTPUTS)
        if output not in nested.template.outputs:
            text = f"instance of Fn::GetAtt references undefined output {output} of {name}"
            yield Refusal(_ERROR, text, each.at, resource.id, why)
        return
    known = ATTRIBUTES.get(target.type)
    if each.attribute and known is not None and each.attribute not in known:
        text = f"resource {name} does not support attribute type {each.attribute} in Fn::GetAtt"
        yield Refusal(_ERROR, text, each.at, resource.id, why)


def _shape(stack: Stack, resource: TemplateResource, why: str) -> Iterator[Refusal]:
    """Yield what a resource lacks, and what its type does not have."""
    head = f"Properties validation failed for resource {resource.name} with message: [#: "
    summary = "ValidationError"
    entries = () if resource.properties is None else resource.properties.entries
    for name in REQUIRED.get(resource.type, ()):
        if stack.property(resource, name) is None:
            text = f"{head}required key [{name}] not found]"
            yield Refusal(summary, text, resource.at, resource.id, why)
    yield from _members(stack, resource, head, why)
    known = PROPERTIES.get(resource.type)
    for key, _ in entries if known is not None else ():
        if known is not None and key.text not in known and not key.text.startswith("Fn::"):
            text = f"{head}extraneous key [{key.text}] is not permitted]"
            yield Refusal(summary, text, stack.scope(resource).place(key), resource.id, why)


def _members(stack: Stack, resource: TemplateResource, head: str, why: str) -> Iterator[Refusal]:
    """Yield what the members of a list lack."""
    if resource.type not in REQUIRED_IN:
        return
    name, needed = REQUIRED_IN[resource.type]
    held = listed(stack.property(resource, name), name)
    for n, each in enumerate(held if isinstance(held, tuple) else ()):
        for key in needed if isinstance(each.value, Members) else ():
            if stack.member(each, key) is None:
                text = f"{head[:-2]}/{name}/{n}: required key [{key}] not found]"
                yield Refusal("ValidationError", text, each.at, resource.id, why)


def _nulls(scope: StackScope) -> Iterator[Refusal]:
    """Yield values that are left empty; what a transform makes of them is not known."""
    if words(scope.template.sections.get("Transform")):
        return
    pending: list[tuple[str, str, YamlNode]] = [
        (f"/Resources/{name}", name, node) for name, node in scope.template.resources.items()
    ]
    while pending:
        path, name, node = pending.pop()
        if isinstance(node, YamlMapping):
            pending += [(f"{path}/{key.text}", name, value) for key, value in node.entries]
        elif isinstance(node, Sequence):
            pending += [(f"{path}/{n}", name, each) for n, each in enumerate(node.items)]
        elif node.value is None and not node.tag:
            text = f"[{path}] 'null' values are not allowed in templates"
            yield Refusal("ValidationError", text, scope.place(node), scope.prefix + name)

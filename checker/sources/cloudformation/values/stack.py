"""The stacks of one run: one, those that it nests, and those that it exports to or imports from."""

from __future__ import annotations

from collections.abc import Iterator

from checker.errors import Reason, SourceError
from checker.knowledge.json_nodes import JsonNode, Members
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.records import dataclass
from checker.sources.cloudformation.given import StackInput
from checker.sources.cloudformation.language.template import StackTemplate, TemplateResource
from checker.sources.cloudformation.values.attributes import StackAttributes
from checker.sources.cloudformation.values.evaluation import MOST_STEPS, Evaluator
from checker.sources.cloudformation.values.exports import Exports
from checker.sources.cloudformation.values.nested import (
    MOST_DEEP,
    MOST_STACKS,
    NESTED,
    NestedTemplate,
    NestedTemplates,
    literal_parameters,
    passed_to,
    template_path,
)
from checker.sources.cloudformation.values.parameters import StackParameters
from checker.sources.cloudformation.values.scope import StackScope


@dataclass(frozen=True, slots=True)
class RootStack:
    """A stack that none nests: its template, what is given to it, and what its ids begin with.

    It is deployed after the stacks of the run that it imports from: `after` are their prefixes.
    `before` is the template that an update replaces.
    """

    template: StackTemplate
    given: StackInput
    prefix: str = ""
    after: frozenset[str] = frozenset()
    before: StackTemplate | None = None


class Stack:
    """The resources of some stacks and of those that they nest, and what properties come to.

    `resources` are by id. `after` tells which stacks each is deployed after, by prefix. `unread`
    says why there may be further resources, if so. `written` are the templates of nested stacks as
    they are written, by what their ids begin with.
    """

    def __init__(self, *roots: RootStack, nested: NestedTemplates | None = None) -> None:
        self.open: set[tuple[str, str]] = set()
        self.refused: dict[Location, tuple[str, str]] = {}
        self.scopes: dict[str, StackScope] = {}
        self.unread: list[tuple[str, Unknown]] = []
        self.written: dict[str, StackTemplate] = {}
        self.attributes = StackAttributes(self)
        self._left = MOST_STEPS
        self._templates = nested
        self._exports = Exports(self.scopes.values())
        self.after = {root.prefix: root.after for root in roots}
        for root in roots:
            self._add(StackScope(root.template, root.given, self, root.prefix), root.given)
        self.resources: dict[str, TemplateResource] = {}
        for scope in self.scopes.values():
            for each in scope.resources.values():
                if each.id in self.resources:
                    raise _twice(each.id, each.at)
                self.resources[each.id] = each

    # Stacks.

    @property
    def template(self) -> StackTemplate:
        """The template of the first stack."""
        return next(iter(self.scopes.values())).template

    @property
    def parameters(self) -> StackParameters:
        """The account, Region and partition, which all stacks of a run share."""
        return next(iter(self.scopes.values())).parameters

    def scope(self, resource: TemplateResource) -> StackScope:
        """Return the template that a resource stands in."""
        return self.scopes[resource.stack]

    def evaluator(self, resource: TemplateResource) -> Evaluator:
        """Return what works out values of a resource."""
        return Evaluator(self.scope(resource), resource.loops)

    def nested(self, resource: TemplateResource) -> StackScope | None:
        """Return the template of a nested stack; None where it is not read."""
        return self.scopes.get(f"{resource.id}/") if resource.type == NESTED else None

    def imported(self, name: Text, by: StackScope, at: Location) -> JsonNode | None:
        """Return what another stack of the run exports; None where none surely does."""
        found = self._exports.of(name, by)
        return None if found is None else found.scope.output(found.output, at)

    def _add(self, root: StackScope, given: StackInput) -> None:
        """Add a stack with all that it nests."""
        pending = [root]
        while pending:
            scope = pending.pop()
            if scope.prefix in self.scopes:
                at = next(iter(scope.resources.values())).at
                raise _twice(scope.prefix, at)
            self.scopes[scope.prefix] = scope
            self.unread += [(scope.prefix + name, why) for name, why in scope.unread]
            for resource in scope.resources.values():
                if resource.type == NESTED and not self.is_absent(resource):
                    found = self._nested(scope, resource, given)
                    if isinstance(found, StackScope):
                        pending.append(found)
                    else:
                        why = f"the nested stack is not read: {found.why}"
                        self.unread.append((resource.id, Unknown(why, found.at, found.remedy)))

    def _nested(
        self, scope: StackScope, resource: TemplateResource, given: StackInput
    ) -> StackScope | Unknown:
        path = template_path(scope, resource)
        if isinstance(path, Unknown):
            return path
        above = list(self._around(resource))
        if len(above) >= MOST_DEEP or len(self.scopes) >= MOST_STACKS:
            why = f"more than {MOST_DEEP} stacks in one another, or {MOST_STACKS} in all"
            return Unknown(why, resource.at)
        if self._templates is None:
            return Unknown("there is no directory to read it from", resource.at)
        found = self._templates.read(scope.template, path.value, literal_parameters(resource))
        if isinstance(found, Unknown):
            return found
        if any(each.template.source == found.template.source for each in above):
            return Unknown(f"`{path.value}` nests itself", resource.at)
        return self._scope_of(found, scope, resource, given)

    def _scope_of(
        self,
        found: NestedTemplate,
        scope: StackScope,
        resource: TemplateResource,
        given: StackInput,
    ) -> StackScope:
        prefix = f"{resource.id}/"
        self.written[prefix] = found.written
        self.unread += [(prefix + name, why) for name, why in found.left_out]
        around = StackInput(account=given.account, region=given.region, stand_ins=given.stand_ins)
        passed = passed_to(scope, resource)
        return StackScope(found.template, around, self, prefix, passed, resource)

    def _around(self, resource: TemplateResource) -> Iterator[StackScope]:
        """Yield the stacks that a resource stands in, from its own outwards."""
        inner: TemplateResource | None = resource
        while inner is not None:
            scope = self.scopes[inner.stack]
            yield scope
            inner = scope.owner

    # Resources.

    def of_type(self, *types: str) -> Iterator[TemplateResource]:
        """Yield the resources of some types that surely or perhaps are there."""
        for each in self.resources.values():
            if each.type in types and not self.is_absent(each):
                yield each

    def is_absent(self, resource: TemplateResource) -> bool:
        """Tell whether a resource surely is not there."""
        found = self.there(resource)
        return isinstance(found, Known) and not found.value

    def there(self, resource: TemplateResource) -> Value[bool]:
        """Tell whether a resource is there: its condition holds, and those of its stacks."""
        return self._there(resource, beside=None)

    def unsure(
        self, resource: TemplateResource, beside: TemplateResource | None = None
    ) -> Unknown | None:
        """Say why a resource may not be there; None if it is.

        One of the same condition as the one `beside` which it counts is there with it.
        """
        found = self._there(resource, beside)
        if isinstance(found, Known):
            return None
        return found.leaves(f"it is unknown whether `{resource.id}` is created")

    def _there(self, resource: TemplateResource, beside: TemplateResource | None) -> Value[bool]:
        known = set(self._conditions(beside)) if beside is not None else set()
        unknown: Unknown | None = None
        for scope, each in self._with_stacks(resource):
            found = scope.there(each)
            if isinstance(found, Known) and not found.value:
                return found
            if isinstance(found, Unknown) and _condition(scope, each) not in known:
                unknown = found if unknown is None else unknown
        return Known(value=True, at=resource.at) if unknown is None else unknown

    def _conditions(self, resource: TemplateResource) -> Iterator[tuple[str, str]]:
        return (_condition(scope, each) for scope, each in self._with_stacks(resource))

    def _with_stacks(
        self, resource: TemplateResource
    ) -> Iterator[tuple[StackScope, TemplateResource]]:
        """Yield a resource and the nested stacks that it stands in, each with its template."""
        inner: TemplateResource | None = resource
        while inner is not None:
            scope = self.scopes[inner.stack]
            yield scope, inner
            inner = scope.owner

    # Values.

    def refuse(self, why: str, at: Location, unsure: str) -> None:
        """Note what CloudFormation refuses, and why that is not sure, if so."""
        if at not in self.refused or not unsure:
            self.refused[at] = why, unsure

    def spend(self, steps: int) -> bool:
        """Take steps of the run's budget; tell whether there were any left."""
        self._left -= steps
        return self._left >= 0

    def stack_name(self, resource: TemplateResource) -> Text:
        """Return the name of the stack that a resource is of."""
        return self.scope(resource).parameters.stack_name

    def property(self, resource: TemplateResource, name: str) -> JsonNode | None:
        """Return a property of a resource; None where it is absent, or `AWS::NoValue`."""
        return self.scope(resource).property(resource, name)

    def text_property(self, resource: TemplateResource, name: str) -> Text | Unknown | None:
        """Return a property that is a text; None where it is absent."""
        return self.scope(resource).text_property(resource, name)

    def member(self, node: JsonNode | None, name: str) -> JsonNode | None:
        """Return a member of an object that was worked out."""
        if node is None or not isinstance(node.value, Members):
            return None
        return node.value.get(name)


def _twice(id: str, at: Location) -> SourceError:
    """Return the error of two resources of one id: logical ids have letters and digits only."""
    return SourceError(
        Reason(f"two resources are called `{id}`", f"{at.source}:{at.line}:{at.column}")
    )


def _condition(scope: StackScope, resource: TemplateResource) -> tuple[str, str]:
    return scope.prefix, "" if resource.condition is None else resource.condition.text

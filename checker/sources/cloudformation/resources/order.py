"""What CloudFormation creates before what: `DependsOn`, and references in properties.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
"""

from __future__ import annotations

from collections.abc import Collection

from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.values.references import references
from checker.sources.cloudformation.values.stack import Stack


class StackOrder:
    """The graph of the resources of some stacks.

    A nested stack is created when all in it is, and nothing in it before what it depends on: it has
    a node for its end, its id, and one for its beginning, which is what the ids in it begin with.
    """

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._before: dict[str, dict[str, bool]] = {}

    def unordered(self, id: str, others: Collection[str], at: Location) -> Value[tuple[str, ...]]:
        """Return those of the other resources that may be created after the one."""
        surely = self.before(id, surely=True)
        late = tuple(each for each in others if each not in surely)
        if late:
            perhaps = self.before(id, surely=False)
            unsure = [each for each in late if each in perhaps]
            if unsure:
                why = f"it depends on a condition whether `{id}` depends on `{unsure[0]}`"
                return Unknown(why, at)
        return Known(late, at)

    def before(self, id: str, *, surely: bool) -> set[str]:
        """Return what is created before a resource, itself among it."""
        seen: set[str] = set()
        pending = [id]
        while pending:
            one = pending.pop()
            if one in seen:
                continue
            seen.add(one)
            if not surely or self._is_there(one, id):
                pending.extend(n for n, sure in self._direct(one).items() if sure or not surely)
        return seen

    def surely_before(self, id: str) -> list[str]:
        """Return what a resource itself surely depends on, of its own template."""
        resource = self._stack.resources.get(id)
        return [] if resource is None else [n for n, sure in self._named(resource).items() if sure]

    def _is_there(self, id: str, beside: str) -> bool:
        """Tell whether a resource surely is there whenever another is."""
        resources = self._stack.resources
        if id in self._stack.after:
            return True
        one, other = resources.get(id.rstrip("/")), resources.get(beside)
        return id == beside or (one is not None and self._stack.unsure(one, other) is None)

    def _direct(self, id: str) -> dict[str, bool]:
        """Return what a resource depends on, and whether it surely does."""
        if id not in self._before:
            self._before[id] = self._of(id)
        return self._before[id]

    def _of(self, id: str) -> dict[str, bool]:
        if id in self._stack.after:
            return self._all_of(self._stack.after[id])
        resource = self._stack.resources.get(id.rstrip("/"))
        if resource is None:
            return {}
        begins = self._begins(resource.stack)
        if id.endswith("/"):
            return self._named(resource) | begins
        nested = self._stack.nested(resource)
        if nested is None:
            return self._named(resource) | begins
        inside = {
            each.id: True for each in nested.resources.values() if not self._stack.is_absent(each)
        }
        return inside | {nested.prefix: True}

    def _all_of(self, roots: Collection[str]) -> dict[str, bool]:
        """Return the resources of stacks that are deployed before another one."""
        scopes = (self._stack.scopes[each] for each in roots)
        return {each.id: True for scope in scopes for each in scope.resources.values()}

    def _begins(self, stack: str) -> dict[str, bool]:
        """Return the beginning of the stack that a resource stands in."""
        return {stack: True}

    def _named(self, resource: TemplateResource) -> dict[str, bool]:
        """Return what a resource refers to or depends on in its template."""
        scope, of = self._stack.scope(resource), self._stack.evaluator(resource)
        named = [(of.looped(each), True) for each in resource.depends_on]
        named += [(each.name, not each.unsure) for each in references(self._stack, resource)]
        found: dict[str, bool] = {}
        for name, sure in named:
            other = scope.resources.get(name)
            if other is not None and not self._stack.is_absent(other):
                found[other.id] = found.get(other.id, False) or sure
        return found

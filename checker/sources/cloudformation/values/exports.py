"""What stacks of one run export, and which of it another one imports.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from checker.knowledge.lookup import Lookup
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.records import dataclass
from checker.sources.cloudformation.language.calls import member
from checker.sources.cloudformation.values.functions import output_name
from checker.sources.cloudformation.values.nodes import text_of
from checker.sources.cloudformation.values.scope import StackScope


@dataclass(frozen=True, slots=True)
class Export:
    """An output that a stack exports under a name."""

    scope: StackScope
    output: str
    name: Text


class Exports:
    """The exports of some stacks; their names are worked out when the first is asked for."""

    def __init__(self, scopes: Iterable[StackScope]) -> None:
        self._scopes = scopes

    @cached_property
    def _by_name(self) -> Lookup[Export]:
        return Lookup((each.name, each) for scope in self._scopes for each in exports_of(scope))

    def of(self, name: Text, by: StackScope) -> Export | None:
        """Return the one export that a stack imports by a name; None where none surely is it.

        A name is one export of an account and Region.
        """
        found = [each for each in self._by_name.named(name) if _same_place(each.scope, by)]
        return found[0] if len(found) == 1 and found[0].scope is not by else None


def exports_of(scope: StackScope) -> Iterator[Export]:
    """Yield what a stack exports; what has a name that is not known is left out.

    An output of a stack whose name is known can be read without an export, too.
    """
    stack = scope.parameters.stack_name.literal
    for output, node in scope.template.outputs.items():
        if stack is not None:
            yield Export(scope, output, output_name(stack, output))
        export = member(node, "Export")
        written = None if export is None else member(export, "Name")
        value = None if written is None else scope.value(written)
        name = None if value is None else text_of(value)
        if isinstance(name, Text):
            yield Export(scope, output, name)


def _same_place(one: StackScope, other: StackScope) -> bool:
    mine, theirs = one.parameters, other.parameters
    return all(
        a.equals(b) is Truth.YES
        for a, b in ((mine.region, theirs.region), (mine.account, theirs.account))
    )

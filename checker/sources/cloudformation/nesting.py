"""Which of several templates are those of nested stacks: they are read in the stack around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import dirname, join, normpath

from checker.sources.cloudformation.language.calls import member
from checker.sources.cloudformation.language.template import StackTemplate
from checker.sources.cloudformation.values.nested import NESTED
from checker.sources.cloudformation.values.stack import RootStack
from checker.yaml import Scalar

_NAMED_BY = {NESTED: "TemplateURL", "AWS::Serverless::Application": "Location"}


def outermost(roots: Sequence[RootStack]) -> list[RootStack]:
    """Return the stacks that no other one nests; of templates that nest one another all stay."""
    inner = {each.template.source: set(nested_in(each.template)) for each in roots}
    nested = set().union(*inner.values()) if inner else set()
    reached: set[str] = set()
    pending = [source for source in inner if source not in nested]
    begun = set(pending)
    while pending:
        for each in inner.get(pending.pop(), ()):
            if each not in reached:
                reached.add(each)
                pending.append(each)
    return [each for each in roots if each.template.source in begun | (inner.keys() - reached)]


def nested_in(template: StackTemplate) -> Iterator[str]:
    """Yield the paths in the repository of the templates that one names for nested stacks."""
    for node in template.resources.values():
        type_ = member(node, "Type")
        named_by = _NAMED_BY.get(type_.text) if isinstance(type_, Scalar) else None
        path = None if named_by is None else member(member(node, "Properties"), named_by)
        if isinstance(path, Scalar) and not path.tag and "://" not in path.text:
            yield normpath(join(dirname(template.source), path.text))

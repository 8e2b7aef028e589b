"""Which stacks name what another stack creates by the name that its template sets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from checker.sources.cloudformation.language.calls import member
from checker.sources.cloudformation.values.attributes import NAMES
from checker.sources.cloudformation.values.stack import RootStack
from checker.yaml import Scalar, YamlMapping
from checker.yaml import Sequence as YamlSequence

_PARTS = re.compile(r"[:/]")
_Place: TypeAlias = tuple[str, str]
_BY_NAME = {"FunctionName", "Roles", "RoleName"}
"""Properties that name what exists by its name alone."""


def named_elsewhere(roots: Sequence[RootStack]) -> Iterator[tuple[str, str]]:
    """Yield a stack and another one that it names a resource of, both by their prefixes.

    Only stacks of one account and Region count, where both are known: the names are theirs alone.
    Two that name one another have no order, so they are left out.
    """
    makers: dict[tuple[_Place, str], set[str]] = {}
    known = [(each, place) for each in roots if (place := _place(each)) is not None]
    for root, place in known:
        for name in _names(root):
            makers.setdefault((place, name), set()).add(root.prefix)
    found: dict[tuple[str, str], None] = {}
    for root, place in known:
        for name in sorted(_mentioned(root)) if makers else ():
            of_name = makers.get((place, name), set())
            if len(of_name) == 1 and root.prefix not in of_name:
                found[root.prefix, next(iter(of_name))] = None
    yield from (pair for pair in found if pair[::-1] not in found)


def _place(root: RootStack) -> _Place | None:
    """Return the account and Region of a stack; None where one is unknown."""
    account, region = root.given.account, root.given.region
    return None if account is None or region is None else (account, region)


def _names(root: RootStack) -> Iterator[str]:
    """Yield the last parts of the names that a template sets literally.

    What a condition may leave out is left out: the name may be that of something else then.
    """
    for node in root.template.resources.values():
        if member(node, "Condition") is not None:
            continue
        type_, properties = member(node, "Type"), member(node, "Properties")
        of_type = NAMES.get(type_.text) if isinstance(type_, Scalar) else None
        name = None if of_type is None or properties is None else member(properties, of_type)
        if isinstance(name, Scalar) and name.text:
            yield _PARTS.split(name.text)[-1]


def _mentioned(root: RootStack) -> set[str]:
    """Return the names of resources in a template: what ends an ARN or a URL, or stands alone.

    A word alone is a name only where AWS takes names, and a logical id is none.
    """
    found: set[str] = set()
    pending = [(node, False) for node in root.template.resources.values()]
    while pending:
        one, bare = pending.pop()
        if isinstance(one, Scalar):
            *before, last = _PARTS.split(one.text)
            if before or bare:
                found.add(last)
        elif isinstance(one, YamlMapping):
            pending.extend((value, key.text in _BY_NAME) for key, value in one.entries)
        elif isinstance(one, YamlSequence):
            pending.extend((each, bare) for each in one.items)
    return found

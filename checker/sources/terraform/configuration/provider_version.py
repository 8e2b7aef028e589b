"""Which version of the AWS provider a root module is run with, as far as its files say.

https://developer.hashicorp.com/terraform/language/expressions/version-constraints
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.language import tree

Version: TypeAlias = tuple[int, ...]

_LOCKED = re.compile(r'\bversion\s*=\s*"(\d{1,6}(?:\.\d{1,6}){0,2})')
_CLAUSE = re.compile(r"(=|~>|<=|<|)\s*v?(\d{1,6}(?:\.\d{1,6}){0,2})")
_PARTS = 3


def locked_version(lock: str) -> Version | None:
    """Return the version of the AWS provider in the text of a lock file, None if none."""
    _, named, rest = lock.partition('/hashicorp/aws" {')
    found = _LOCKED.search(rest.partition("\n}")[0]) if named else None
    return None if found is None else _version(found[1])


def required_versions(declarations: Declarations) -> Iterator[str]:
    """Yield what a module requires of the AWS provider's version, clause by clause."""
    for block in declarations.all_of("terraform"):
        for required in block.body.blocks_of("required_providers"):
            argument = required.body.arguments.get("aws")
            expression = None if argument is None else argument.expression
            literal = tree.literal_of(argument)
            if isinstance(expression, tree.Object):
                literal = next(filter(None, map(_of_item, expression.items)), None)
            yield from () if literal is None else literal.split(",")


def _of_item(item: tree.Item) -> str | None:
    key, value = item.key, item.value
    named = isinstance(key, tree.Name) and key.name == "version"
    quoted = tree.text_of(key) == "version"
    return tree.text_of(value) if named or quoted else None


def ends_before(clause: str, version: Version) -> bool:
    """Tell whether every version that a clause admits is before one."""
    found = _CLAUSE.fullmatch(clause.strip())
    if found is None:
        return False
    given = tuple(map(int, found[2].split(".")))
    if found[1] == "<":
        return _version(found[2]) <= version
    if found[1] == "~>":
        # the last part may grow: the end is the next of the part before
        end = (*given[:-2], given[-2] + 1) if len(given) > 1 else (given[0] + 1,)
        return end <= version[: len(end)]
    return _version(found[2]) < version


def _version(text: str) -> Version:
    parts = tuple(map(int, text.split(".")))
    return parts + (0,) * (_PARTS - len(parts))

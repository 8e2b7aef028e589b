"""Expressions of Terraform's language: calls of every function with odd arguments, nested."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from random import Random

from fuzzing import odd

_ADDRESS = re.compile(r'^(resource|data) "([\w-]+)" "([\w-]+)"', re.MULTILINE)
_NAMED = re.compile(r'^(variable|module) "([\w-]+)"', re.MULTILINE)
_ATTRIBUTES = ("arn", "id", "url", "name", "json", "key_id", "nothing", "tags", "policy", "invoke_arn")
_OPERATORS = ("+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||")
_PATTERNS = ('"(a+)+$"', '"(?P<x>.)(y)?"', '"["', '"\\\\p{Greek}"', '"a{1000}"', '"/(.)/"', '"^.*$"')
_FORMATS = ('"%s"', '"%d"', '"%9999999s"', '"%#v"', '"%[3]q"', '"%*d"', '"%%"', '"%.99999f"', '"%z"')
_PATHS = ('"../outside/secret.txt"', '"/etc/passwd"', '"."', '"main.tf"', '"/dev/zero"', '"link"')
_DEEP = (4, 40, 300)
_PATTERN_TAKERS = {"regex", "regexall", "replace"}


@cache
def functions() -> tuple[str, ...]:
    """Return the name of every function."""
    from checker.sources.terraform.functions import FUNCTIONS, SPECIAL

    return tuple(sorted({*FUNCTIONS, *SPECIAL, "nosuchfunction", "provider::aws::arn_parse"}))


def references(source: str) -> list[str]:
    """Return what a file declares, as expressions refer to it."""
    found = [
        f"{'data.' if kind == 'data' else ''}{type_}.{name}"
        for kind, type_, name in _ADDRESS.findall(source)
    ]
    found += [f"{'var' if kind == 'variable' else 'module'}.{n}" for kind, n in _NAMED.findall(source)]
    return [*found, "local.fuzzed", "each.value", "count.index", "self.id", "path.module", "var.none"]


def expression(random: Random, known: Sequence[str], depth: int = 3) -> str:
    """Return an expression; `known` are references that may stand in it."""
    if depth <= 0:
        return _leaf(random, known)

    def inner() -> str:
        return expression(random, known, depth - random.choice((1, 1, 2)))

    match random.randrange(14):
        case 0 | 1 | 2:
            return _call(random, known, depth)
        case 3:
            return f"({inner()} {random.choice(_OPERATORS)} {inner()})"
        case 4:
            return f"{inner()} ? {inner()} : {inner()}"
        case 5:
            return "[" + ", ".join(inner() for _ in range(random.randrange(4))) + "]"
        case 6:
            return "{" + ", ".join(f"({inner()}) = {inner()}" for _ in range(random.randrange(3))) + "}"
        case 7:
            return f"[for k, v in {inner()} : {random.choice(('k', 'v', inner()))} if {inner()}]"
        case 8:
            return "{for k, v in " + inner() + " : k => v" + random.choice(("", "...")) + "}"
        case 9:
            return f'"{random.choice(("", "a", "é"))}${{{inner()}}}-${{{inner()}}}"'
        case 10:
            return f"{_leaf(random, known)}{random.choice(('[0]', '[*].id', '.*.arn', '[-1]', '[null]'))}"
        case 11:
            return _directive(inner(), inner())
        case 12:
            return _nest(random, inner())
        case _:
            return _leaf(random, known)


def _leaf(random: Random, known: Sequence[str]) -> str:
    match random.randrange(6):
        case 0:
            return odd.number(random)
        case 1:
            return json.dumps(odd.text(random), ensure_ascii=random.random() < 0.5)  # noqa: PLR2004
        case 2:
            return random.choice(("null", "true", "false", "[]", "{}", '""', "range(3)"))
        case _:
            reference = random.choice(known)
            bare = reference.startswith(("var.", "local.", "each.", "count.", "path."))
            return reference if bare else f"{reference}.{random.choice(_ATTRIBUTES)}"


def _call(random: Random, known: Sequence[str], depth: int) -> str:
    name = random.choice(functions())
    arguments = [expression(random, known, depth - 2) for _ in range(random.choice((0, 1, 1, 2, 2, 3)))]
    if name in _PATTERN_TAKERS and arguments:
        arguments[-1 if name == "replace" else 0] = random.choice(_PATTERNS)
    elif name.startswith("format") and arguments:
        arguments[0] = random.choice(_FORMATS)
    elif name.startswith("file") and arguments:
        arguments[0] = random.choice(_PATHS)
    return f"{name}({', '.join(arguments)}{random.choice(('', '', '', '...'))})"


def _directive(one: str, other: str) -> str:
    return f'"%{{ for x in {one} ~}}${{x}}%{{ if {other} }}y%{{ else }}z%{{ endif }}%{{ endfor }}"'


def _nest(random: Random, inner: str) -> str:
    times = random.choice(_DEEP)
    opening, closing = random.choice((("(", ")"), ("[", "]"), ("!(", ")"), ("upper(", ")"), ("-(", ")")))
    return opening * times + inner + closing * times

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
_ATTRIBUTES = (
    "arn",
    "id",
    "url",
    "name",
    "json",
    "key_id",
    "nothing",
    "tags",
    "policy",
    "invoke_arn",
)
_OPERATORS = ("+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||")
_PATTERNS = (
    '"(a+)+$"',
    '"(?P<x>.)(y)?"',
    '"["',
    '"\\\\p{Greek}"',
    '"a{1000}"',
    '"/(.)/"',
    '"^.*$"',
)
_FORMATS = (
    '"%s"',
    '"%d"',
    '"%9999999s"',
    '"%#v"',
    '"%[3]q"',
    '"%*d"',
    '"%%"',
    '"%.99999f"',
    '"%z"',
)
_PATHS = ('"../outside/secret.txt"', '"/etc/passwd"', '"."', '"main.tf"', '"/dev/zero"', '"link"')
_DEEP = (4, 40, 300)
_PATTERN_TAKERS = {"regex", "regexall", "replace"}


@cache
def functions() -> tuple[str, ...]:
    """Return the name of every function."""
    from checker.sources.terraform.evaluation.functions import FUNCTIONS, SPECIAL

    return tuple(sorted({*FUNCTIONS, *SPECIAL, "nosuchfunction", "provider::aws::arn_parse"}))


def references(source: str) -> list[str]:
    """Return what a file declares, as expressions refer to it."""
    found = [
        f"{'data.' if kind == 'data' else ''}{type_}.{name}"
        for kind, type_, name in _ADDRESS.findall(source)
    ]
    found += [
        f"{'var' if kind == 'variable' else 'module'}.{n}" for kind, n in _NAMED.findall(source)
    ]
    return [
        *found,
        "local.fuzzed",
        "each.value",
        "count.index",
        "self.id",
        "path.module",
        "var.none",
    ]


def expression(random: Random, known: Sequence[str], depth: int = 3) -> str:
    """Return an expression; `known` are references that may stand in it."""
    if depth <= 0:
        return _leaf(random, known)
    shape = random.choice(_SHAPES)
    if shape in _MADE:
        return _MADE[shape](random, known, depth)
    while "EXPR" in shape:
        inner = expression(random, known, depth - random.choice((1, 1, 2)))
        shape = shape.replace("EXPR", inner.replace("EXPR", ""), 1)
    return shape.replace("OP", random.choice(_OPERATORS), 1)


_SHAPES = (
    "call",
    "call",
    "call",
    "call",
    "leaf",
    "leaf",
    "nest",
    "(EXPR OP EXPR)",
    "EXPR ? EXPR : EXPR",
    "[]",
    "[EXPR]",
    "[EXPR, EXPR, EXPR]",
    "{ (EXPR) = EXPR }",
    "{ a = EXPR, a = EXPR }",
    "[for k, v in EXPR : k if EXPR]",
    "[for v in EXPR : EXPR]",
    "{ for k, v in EXPR : k => v }",
    "{ for k, v in EXPR : k => v... }",
    '"${EXPR}-${EXPR}"',
    '"é${EXPR}"',
    "EXPR[0]",
    "EXPR[*].id",
    "EXPR.*.arn",
    "EXPR[EXPR]",
    "EXPR.a",
    "!EXPR",
    "-EXPR",
    '"%{ for x in EXPR ~}${x}%{ if EXPR }y%{ else }z%{ endif }%{ endfor }"',
    "<<-EOF\n  a ${EXPR}\n  EOF\n",
)


def _leaf(random: Random, known: Sequence[str]) -> str:
    match random.randrange(6):
        case 0:
            return odd.number(random)
        case 1:
            return json.dumps(odd.text(random), ensure_ascii=random.random() < 0.5)
        case 2:
            return random.choice(("null", "true", "false", "[]", "{}", '""', "range(3)"))
        case _:
            reference = random.choice(known)
            bare = reference.startswith(("var.", "local.", "each.", "count.", "path."))
            return reference if bare else f"{reference}.{random.choice(_ATTRIBUTES)}"


def _call(random: Random, known: Sequence[str], depth: int) -> str:
    name = random.choice(functions())
    arguments = [
        expression(random, known, depth - 2) for _ in range(random.choice((0, 1, 1, 2, 2, 3)))
    ]
    if name in _PATTERN_TAKERS and arguments:
        arguments[-1 if name == "replace" else 0] = random.choice(_PATTERNS)
    elif name.startswith("format") and arguments:
        arguments[0] = random.choice(_FORMATS)
    elif name.startswith("file") and arguments:
        arguments[0] = random.choice(_PATHS)
    return f"{name}({', '.join(arguments)}{random.choice(('', '', '', '...'))})"


def _nest(random: Random, known: Sequence[str], depth: int) -> str:
    inner = expression(random, known, depth - 2)
    times = random.choice(_DEEP)
    opening, closing = random.choice(
        (("(", ")"), ("[", "]"), ("!(", ")"), ("upper(", ")"), ("-(", ")"))
    )
    return opening * times + inner + closing * times


_MADE = {"call": _call, "nest": _nest, "leaf": lambda random, known, _: _leaf(random, known)}

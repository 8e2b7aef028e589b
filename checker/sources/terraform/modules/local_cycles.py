"""Cycles among local values that nothing asks for: Terraform works all of them out.

Only names are followed, and no block is parsed for it: a cycle is found in the `locals` blocks of
which something was asked for. One through a resource or a module is found where it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.evaluation.references import in_expression
from checker.sources.terraform.language import tree
from checker.sources.terraform.modules.project import ModuleInstance

MOST = 2_000
"""How many local values are looked at in a run: further ones are passed over."""


def note_cycles(modules: Iterable[ModuleInstance]) -> None:
    """Note the cycles of local values of which no member is noted yet, once a directory."""
    seen = set()
    left = MOST
    for module in modules:
        if module.declarations.directory in seen:
            continue
        seen.add(module.declarations.directory)
        arguments = _locals(module.declarations)
        left -= len(arguments)
        if left < 0:
            return
        noted = " ".join(e.why for e in module.project.refusals.found if e.summary == "Cycle")
        for cycle in _cycles(arguments):
            names = [f"`{module.prefixed(f'local.{name}')}`" for name in (*cycle, cycle[0])]
            if not any(name in noted for name in names):
                why = f"{names[0]} refers to itself: {' → '.join(names)}"
                at = arguments[cycle[-1]].at
                module.project.refusals.add("Cycle", why, at, names[0].strip("`"))


def _locals(declarations: Declarations) -> dict[str, tree.Argument]:
    blocks = declarations.read_of("locals")
    return {name: each for block in blocks for name, each in block.body.arguments.items()}


def _cycles(arguments: Mapping[str, tree.Argument]) -> Iterator[list[str]]:
    """Yield a cycle of each knot of names; in linear time."""
    after = {name: list(_named(each, arguments)) for name, each in arguments.items()}
    done: set[str] = set()
    for start, names in after.items():
        path: dict[str, Iterator[str]] = {} if start in done else {start: iter(names)}
        while path:
            name = next(reversed(path))
            following = next(path[name], None)
            if following is None:
                path.popitem()
                done.add(name)
            elif following in path:
                members = list(path)
                yield members[members.index(following) :]
                done.update(path)
                break
            elif following not in done:
                path[following] = iter(after[following])


def _named(argument: tree.Argument, arguments: Mapping[str, tree.Argument]) -> Iterator[str]:
    if _is_hidden(argument.expression):
        return
    for words in dict.fromkeys(in_expression(argument.expression)):
        if words[0] == "local" and len(words) > 1 and words[1] in arguments:
            yield words[1]


def _is_hidden(expression: tree.Expression) -> bool:
    """Tell whether a `for` in an expression calls its variable `local`."""
    pending: list[object] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, tree.For) and "local" in {node.key, node.value}:
            return True
        if isinstance(node, tuple):
            pending.extend(node)
        elif is_dataclass(node):
            pending.extend(getattr(node, each.name) for each in fields(node))
    return False

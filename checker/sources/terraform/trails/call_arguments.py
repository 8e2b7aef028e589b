"""Which argument of a module call sets an attribute of a block inside the module."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.knowledge.partial import Location
from checker.knowledge.trail import CallArgument
from checker.sources.terraform.language import tree
from checker.sources.terraform.modules.modules import Module
from checker.sources.terraform.trails.calls import Calls

MOST_STEPS = 20
"""How many locals and calls are followed from an attribute to the call that sets it."""
_FIRST_COUNTS = frozenset({"coalesce", "try", "tobool", "tonumber", "tostring"})
"""Functions that return their first argument where it is set."""


def call_argument(
    calls: Calls,
    block_id: str,
    path: tuple[str, ...],
    is_installed: Callable[[Location], bool],
) -> CallArgument | None:
    """Return the argument, of the innermost call that is not installed, that sets an attribute.

    `path` leads to the attribute through nested blocks. The argument has no name where the
    attribute is not set by one argument alone. None for a block that is not in an installed module.
    """
    found = _block(calls, block_id)
    if found is None or not is_installed(found[1].at):
        return None
    module, block = found
    expression = _attribute(block.body, path)
    for _ in range(MOST_STEPS):
        name = "" if expression is None else _variable(expression, module)
        call = calls.of(module)
        if call is None:
            return None
        given = call.block.body.arguments.get(name)
        outer = call.frame.module
        if not is_installed(call.block.at):
            at = call.block.at if given is None else given.at
            return CallArgument(outer.prefixed(f"module.{call.name}"), name, at)
        expression = None if given is None else given.expression
        module = outer
    return None


def _block(calls: Calls, block_id: str) -> tuple[Module, tree.Block] | None:
    """Return the resource with an id, and the innermost module that declares it."""
    for module in sorted(calls.modules, key=lambda each: -len(each.address)):
        start = module.prefixed("")
        if not block_id.startswith(start):
            continue
        type_, _, rest = block_id[len(start) :].partition(".")
        block = module.declarations.block("resource", type_, rest.partition("[")[0])
        if block is not None:
            return module, block
    return None


def _attribute(body: tree.Body, path: tuple[str, ...]) -> tree.Expression | None:
    """Return what sets an attribute of a body; None if nothing does, or a `dynamic` block."""
    for kind in path[:-1]:
        inner = body.blocks_of(kind)
        if len(inner) != 1:
            return None
        body = inner[0].body
    argument = body.arguments.get(path[-1])
    return None if argument is None else argument.expression


def _variable(node: tree.Expression, module: Module) -> str:
    """Return the variable whose value an expression is, where that is set; empty if none is."""
    for _ in range(MOST_STEPS):
        match node:
            case tree.Attribute(tree.Name("var"), name):
                return name
            case tree.Attribute(tree.Name("local"), name):
                local = module.declarations.local(name)
                if local is None:
                    return ""
                node = local.expression
            case tree.Call(name, (first, *_), False) if name in _FIRST_COUNTS:
                node = first
            case tree.Conditional():
                return _unless_null(node)
            case _:
                return ""
    return ""


def _unless_null(node: tree.Conditional) -> str:
    """Return the variable of `var.x != null ? var.x : …` and of `var.x == null ? … : var.x`."""
    condition = node.condition
    if not isinstance(condition, tree.Binary) or condition.operator not in {"==", "!="}:
        return ""
    kept = node.then if condition.operator == "!=" else node.otherwise
    compared = set(_variables((condition.left, condition.right)))
    is_null = any(
        isinstance(each, tree.Literal) and each.value is None
        for each in (condition.left, condition.right)
    )
    names = set(_variables((kept,)))
    return names.pop() if is_null and len(names) == 1 and names == compared else ""


def _variables(nodes: tuple[tree.Expression, ...]) -> Iterator[str]:
    for node in nodes:
        match node:
            case tree.Attribute(tree.Name("var"), name):
                yield name
            case _:
                pass

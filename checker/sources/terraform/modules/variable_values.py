"""The values of a module's variables and outputs, and what Terraform refuses of them."""

from __future__ import annotations

from collections.abc import Callable

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.sources.terraform.configuration.sensitivity import marks_of
from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import (
    EvaluationError,
    RefusedError,
    UnknownResultError,
)
from checker.sources.terraform.modules.project import ModuleInstance
from checker.sources.terraform.values.conversions import convert
from checker.sources.terraform.values.marks import mark, unmark
from checker.sources.terraform.values.mismatch import mismatch
from checker.sources.terraform.values.size_limits import weight
from checker.sources.terraform.values.terraform_values import WITHHELD, Marked, TerraformValue, Type
from checker.sources.terraform.values.type_constraints import parse_type


def typed(
    value: TerraformValue, wanted: Type, name: str, default: tree.Argument | None, at: Location
) -> TerraformValue:
    """Return a variable's value in its type; it is that of the `default`, or was given at a place.

    `name` is the variable's address. Raises RefusedError where the value does not fit the type.
    """
    try:
        return convert(value, wanted)
    except UnknownResultError:
        raise
    except EvaluationError:
        why = mismatch(value, wanted)
    if default is not None:
        said = f"This default value is not compatible with the variable's type constraint: {why}"
        raise RefusedError("Invalid default value for variable", said, default.at)
    said = f"The given value is not suitable for {name}: {why}"
    raise RefusedError("Invalid value for input variable", said, at)


def place_of(name: str, call: tree.Block | None, block: tree.Block) -> Location:
    """Return where a variable is given its value, or where it should be: in the module's call."""
    if call is None:
        return block.at
    argument = call.body.arguments.get(name)
    return call.at if argument is None else argument.at


def variable_value(
    module: ModuleInstance,
    name: str,
    block: tree.Block,
    given: Callable[[], TerraformValue] | None,
) -> TerraformValue:
    """Return the value of a variable; `given` returns the value that it is given, if it is.

    Raises as `typed`.
    """
    arguments = block.body.arguments
    default = arguments.get("default")
    if given is not None:
        value = given()
        nullable = arguments.get("nullable")
        strict = nullable is not None and evaluate(nullable.expression, module.scope) is False
        if unmark(value)[0] is None and strict and default is not None:
            value = evaluate(default.expression, module.scope)
        else:
            default = None
    elif default is not None:
        value = evaluate(default.expression, module.scope)
    else:
        value = _unset(module, name, block)
    value = _kept(mark(value, variable_marks(module, name, block)), module)
    type_ = arguments.get("type")
    if type_ is None:
        return value
    wanted = _type(type_, value, module)
    at = place_of(name, module.call_block, block)
    return typed(value, wanted, module.prefixed(f"var.{name}"), default, at)


def output_value(module: ModuleInstance, block: tree.Block) -> TerraformValue:
    """Return the value of an output of a module."""
    value = evaluate(block.body.arguments["value"].expression, module.scope)
    type_ = block.body.arguments.get("type")
    if type_ is not None:
        value = convert(value, _type(type_, value, module))
    marks = marks_of(block)
    return _kept(mark(value, marks), module) if marks else value


def _type(type_: tree.Argument, value: TerraformValue, module: ModuleInstance) -> Type:
    """Return the type that a value is to have, which takes steps to convert."""
    module.spend(2 * weight(value), plain=True)
    return parse_type(type_.expression, lambda node: evaluate(node, module.scope))


def _unset(module: ModuleInstance, name: str, block: tree.Block) -> TerraformValue:
    """Return a variable that has no value."""
    own, why = module.prefixed(f"var.{name}"), f"variable `{name}` has no value"
    if module.address and block.body.unread:
        return Hole(own, why=f"`{own}` is not read: {block.body.unread}", at=block.at)
    if module.address:
        said = f"The argument `{name}` is required, but no definition was found"
        at = place_of(name, module.call_block, block)
        refusals = module.project.refusals
        refusals.add("Missing required argument", said, at, module.address)
        return Hole(own, why=why, at=block.at)
    remedy = f"set it with `--var {name}=...` or in a `.tfvars` file"
    type_ = block.body.arguments.get("type")
    boolean = type_ is not None and type_.expression == tree.Name("bool", type_.expression.at)
    unset = Hole(own, why=why, at=block.at, remedy=remedy)
    return module.project.inputs.value(unset, boolean=boolean)


def variable_marks(module: ModuleInstance, name: str, block: tree.Block) -> frozenset[str]:
    """Return the marks of a variable: what its block declares, or who asked for the run."""
    project, inner = module.project, module.address
    own = project.marked_in(module.declarations.directory) if inner else project.withheld
    return marks_of(block) | (WITHHELD if name in own else frozenset())


def _kept(value: TerraformValue, module: ModuleInstance) -> TerraformValue:
    """Return a value; what it holds is a secret if it is marked."""
    if isinstance(value, Marked):
        module.project.keep_secret(value)
    return value

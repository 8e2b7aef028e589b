"""Calls of functions: arguments are matched with parameters and converted, the call is paid for."""

from __future__ import annotations

from functools import lru_cache

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.records import dataclass
from checker.sources.terraform.evaluation.functions.function import (
    MOST_CHARACTERS,
    FunctionScope,
    TerraformFunction,
    plain,
    too_long,
)
from checker.sources.terraform.evaluation.functions.parameters import parameter_name
from checker.sources.terraform.evaluation.functions.refused_calls import (
    failed,
    null_argument,
    wrong_number,
    wrong_type,
)
from checker.sources.terraform.language.evaluation_errors import (
    EvaluationError,
    RefusedError,
    UnknownResultError,
)
from checker.sources.terraform.values.budget import ExhaustedError
from checker.sources.terraform.values.conversions import cast
from checker.sources.terraform.values.effort import comparisons
from checker.sources.terraform.values.naming import call_name
from checker.sources.terraform.values.partial_values import InPart, PartialMap
from checker.sources.terraform.values.size_limits import MOST_DEPTH, too_deep, weight
from checker.sources.terraform.values.terraform_values import (
    Lazy,
    TerraformValue,
    Type,
    first_hole,
    inside,
)
from checker.sources.terraform.values.unify import ANY, BOOL, NUMBER, STRING


@dataclass(frozen=True, slots=True)
class _Parameter:
    type: Type
    nullable: bool
    variadic: bool


@lru_cache(maxsize=512)
def _parameter(text: str) -> _Parameter:
    variadic = text.endswith("*")
    text = text.removesuffix("*")
    nullable = text.endswith("?")
    return _Parameter(_type(text.removesuffix("?")), nullable, variadic)


def _type(text: str) -> Type:
    if text in _TYPES:
        return _TYPES[text]
    outer, _, rest = text.partition("(")
    return Type(outer, _type(rest[:-1]))


_TYPES = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": ANY}


def run(
    function: TerraformFunction, arguments: tuple[TerraformValue, ...], scope: FunctionScope
) -> TerraformValue:
    """Call a function; the result is a hole, or a text of one, where it is unknown.

    This is the one door to all functions: what the call takes is spent here, before it.

    Raises:
        EvaluationError: Terraform would refuse the call.
        ExhaustedError: the budget is used up.
    """
    parameters = _matched(function, len(arguments), scope.at)
    for n, (argument, parameter) in enumerate(zip(arguments, parameters, strict=True)):
        if argument is None and not parameter.nullable:
            raise null_argument(function.name, n, scope.at)
    try:
        return _result(function, arguments, parameters, scope)
    except (ExhaustedError, RefusedError):
        raise
    except UnknownResultError as error:
        return unknown_result(function, arguments, error, scope)
    except EvaluationError as error:
        refused = failed(function.name, arguments, error, scope.at)
        if refused is not None:
            raise refused from error
        message = str(error)
        if not message.startswith("`"):
            message = f"`{function.name}`: {message}"
        raise EvaluationError(message) from error


def _result(
    function: TerraformFunction,
    arguments: tuple[TerraformValue, ...],
    parameters: list[_Parameter],
    scope: FunctionScope,
) -> TerraformValue:
    """Return what a call gives; each of its steps is spent before it is done."""
    before = scope.spent
    _check_depth(arguments)
    pairs = list(zip(arguments, parameters, strict=True))
    scope.spend(1 + sum(_reading(function, *pair) for pair in pairs))
    taken = [_argument(function, n, *pair, scope.at) for n, pair in enumerate(pairs)]
    scope.spend(function.cost(*taken))
    result = function.call(scope, *taken) if function.scoped else function.call(*taken)
    made = function.makes(result)
    if made > scope.spent - before:
        scope.spend(made - scope.spent + before)  # no function comes here, a test says
    return _small(result)


def _matched(
    function: TerraformFunction, count: int, at: Location | None = None
) -> list[_Parameter]:
    """Return a parameter for each of so many arguments."""
    parameters = [_parameter(text) for text in function.takes]
    variadic = parameters.pop() if parameters and parameters[-1].variadic else None
    if count < len(parameters) or (variadic is None and count > len(parameters)):
        most = None if variadic is not None else len(parameters)
        if at is not None and parameter_name(function.name, 0):
            raise wrong_number(function.name, len(parameters), most, count, at)
        least = "at least " if variadic is not None else ""
        raise EvaluationError(
            f"`{function.name}` takes {least}{len(parameters)} arguments, not {count}"
        )
    if variadic is not None:
        parameters += [variadic] * (count - len(parameters))
    return parameters


def _argument(
    function: TerraformFunction,
    n: int,
    argument: TerraformValue,
    parameter: _Parameter,
    at: Location,
) -> TerraformValue:
    wanted = parameter.type
    partly = function.parts and isinstance(argument, (PartialMap, InPart))
    if (
        isinstance(argument, Lazy)
        and (wanted.name == "any" or isinstance(argument, InPart))
        and not partly
    ):
        argument = argument.whole()
    try:
        value = cast(argument, wanted)
    except UnknownResultError:
        raise
    except EvaluationError as error:
        refused = wrong_type(function.name, n, argument, wanted, at)
        if refused is not None:
            raise refused from error
        raise EvaluationError(f"`{function.name}`, argument {n + 1}: {error}") from error
    whole = function.parts and wanted.name in {"list", "set"}
    if wanted.name not in {"any", "string"} and isinstance(value, Hole) and not whole:
        raise UnknownResultError
    if function.partial:
        return plain(value) if wanted.name == "string" and not function.placed else value
    if first_hole(value) is not None:
        raise UnknownResultError
    return plain(value)


def _check_depth(arguments: tuple[TerraformValue, ...]) -> None:
    if any(map(too_deep, arguments)):
        raise UnknownResultError(f"an argument is nested deeper than {MOST_DEPTH} levels")


def _reading(function: TerraformFunction, argument: TerraformValue, parameter: _Parameter) -> int:
    """Return the steps that it takes to check and convert an argument."""
    if parameter.type.name == "any" and function.partial:
        return 1
    pairs = comparisons(inside(argument)) if parameter.type.name == "set" else 0
    return weight(argument) + pairs


def _small(result: TerraformValue) -> TerraformValue:
    """Return a result as it is kept: no text without need, none above the bound."""
    if isinstance(result, Text):
        if result.literal is not None and result.origin is None and not result.thing:
            result = result.literal
        elif sum(len(part) for part in result.parts if isinstance(part, str)) > MOST_CHARACTERS:
            raise too_long()
    if isinstance(result, str) and len(result) > MOST_CHARACTERS:
        raise too_long()
    return result


def _named(argument: TerraformValue, parameter: _Parameter) -> TerraformValue:
    """Return what a call's name says of an argument: the hole itself for a text of one hole."""
    if parameter.type == STRING and isinstance(argument, Text) and len(argument.parts) == 1:
        return argument.parts[0]
    return argument


def unknown_result(
    function: TerraformFunction,
    arguments: tuple[TerraformValue, ...],
    error: UnknownResultError,
    scope: FunctionScope,
) -> TerraformValue:
    """Return the unknown result of a call, named after it."""
    hole = first_hole(arguments)
    parameters = _matched(function, len(arguments))
    named = map(_named, arguments, parameters)
    name = call_name(function.name, tuple(named))
    why, at, remedy = error.why, scope.at, error.remedy
    if hole is not None and not why:
        why, at, remedy = hole.why, hole.at or scope.at, hole.remedy
    made = Hole(name, function.kind, why or "the result is unknown", at, remedy)
    return Text((made,)) if function.returns == "string" else made

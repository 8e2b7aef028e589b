"""What a function is, and what is done alike for every call: arity, nulls, types, unknowns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Protocol, TypeAlias

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Location
from checker.knowledge.sensitive import carried
from checker.knowledge.text import Text
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
    List,
    Map,
    PlacedDict,
    PlacedTuple,
    Set,
    TerraformValue,
    Type,
    first_hole,
    inside,
)
from checker.sources.terraform.values.unify import ANY, BOOL, NUMBER, STRING

MOST_MARKS = 1000
"""How many combining marks may follow each other in a text that is brought to normal form."""
MOST_CHARACTERS = 10_000_000
"""How long a text may be that a function makes."""


class FunctionScope(Protocol):
    """What a function may know of the place where it is called."""

    @property
    def at(self) -> Location:
        """The place of the call."""

    @property
    def base(self) -> str:
        """The root module's directory, as `path.root` gives it."""

    @property
    def marked(self) -> bool:
        """Whether anything at all in this run is sensitive or ephemeral."""

    @property
    def spent(self) -> int:
        """How many steps the run has taken so far."""

    def spend(self, steps: int) -> None:
        """Take steps of the run's budget before doing work; ExhaustedError if too few are left."""

    def unique(self) -> str:
        """Return a name that no other call has."""

    def read_file(self, path: str) -> bytes:
        """Return a file's bytes; EvaluationError if it is missing or may not be read."""

    def locate_file(self, path: str) -> str:
        """Return the name that locations in the file bear."""

    def file_exists(self, path: str) -> bool:
        """Tell whether a file exists; EvaluationError if that may not be asked."""

    def list_files(self, path: str, pattern: str) -> list[str]:
        """Return the files below a directory that match a pattern, relative to it."""


Cost: TypeAlias = Callable[..., int]


def linear(*arguments: TerraformValue) -> int:
    """Return the steps of a call that makes no more than it is given, at some speed."""
    return sum(map(weight, arguments))


def constant(*_: TerraformValue) -> int:
    """Return the steps of a call that looks at no more than one element."""
    return 1


def elements(*arguments: TerraformValue) -> int:
    """Return the steps of a call that goes through the elements of collections, not into them."""
    return sum(1 + len(inside(argument)) for argument in arguments)


@dataclass(frozen=True, slots=True)
class TerraformFunction:
    """One function.

    `takes` are the types of its parameters: `string`, `number`, `bool`, `any`, `list(any)` and so
    on; `?` after a type admits null, `*` after the last one any number of arguments. A function
    that is not `partial` is never called with an unknown in its arguments; one that is gets holes
    inside `any` parameters and collections, and `Text` for strings. `call` takes the converted
    arguments one by one, before them the scope if the function is `scoped`, and may raise
    EvaluationError or NotTold; texts keep their origin if it is `placed`. One
    that takes collections of which a part is known (partial_values.py) has `parts`; it gets a hole
    for a list or set, too, of which nothing is known. `returns` is
    the type of the result and `kind` what a text that is not told may hold.

    `cost` takes the converted arguments, too, and returns how many steps the call takes at most
    (see budget.py), which are taken from the run's budget before it; what only shows during the
    call is spent by the call itself, before it does it. All in all it is no less than what the call
    makes, as a test holds for every function: what the result weighs, or as `makes` tells where the
    result shares the elements of the arguments (`elements`) or is one of them (`constant`).
    """

    name: str
    call: Callable[..., TerraformValue]
    takes: tuple[str, ...]
    partial: bool = False
    returns: str = "any"
    kind: Kind = Kind.ANY
    scoped: bool = False
    placed: bool = False
    parts: bool = False
    cost: Cost = linear
    makes: Callable[[TerraformValue], int] = weight


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
    """Call a function; the result is a hole, or a text of one, where it cannot be told.

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
        before = scope.spent
        _check_depth(arguments)
        scope.spend(
            1
            + sum(
                _reading(function, argument, parameter)
                for argument, parameter in zip(arguments, parameters, strict=True)
            )
        )
        taken = [
            _argument(function, n, argument, parameter, scope.at)
            for n, (argument, parameter) in enumerate(zip(arguments, parameters, strict=True))
        ]
        scope.spend(function.cost(*taken))
        result = function.call(scope, *taken) if function.scoped else function.call(*taken)
        made = function.makes(result)
        if made > scope.spent - before:
            scope.spend(made - scope.spent + before)  # no function comes here, a test says
        return _small(result)
    except ExhaustedError:
        raise
    except UnknownResultError as error:
        return not_told(function, arguments, error, scope)
    except RefusedError:
        raise
    except EvaluationError as error:
        refused = failed(function.name, arguments, error, scope.at)
        if refused is not None:
            raise refused from error
        message = str(error)
        if not message.startswith("`"):
            message = f"`{function.name}`: {message}"
        raise EvaluationError(message) from error


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
) -> Any:  # noqa: ANN401 - of its parameter's type
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
        text = wanted.name == "string" and not function.placed
        return _string(value) if text else value
    if first_hole(value) is not None:
        raise UnknownResultError
    return _string(value) if wanted.name == "string" else plain(value)


def _string(value: TerraformValue) -> TerraformValue:
    value = plain(value)
    return normal_form(value) if isinstance(value, str) else value


def normal_form(text: str) -> str:
    """Return a string in Unicode's normal form C, as all of Terraform's strings are."""
    if text.isascii() or unicodedata.is_normalized("NFC", text):
        return text
    if len(text) > MOST_MARKS and _marks().search(text):
        raise UnknownResultError(f"a text with more than {MOST_MARKS} combining marks in a row")
    return carried(text, unicodedata.normalize("NFC", text))


@cache
def _marks() -> re.Pattern[str]:
    """Return what finds a long run of combining marks: sorting them takes quadratic time."""
    marks = "".join(
        chr(code) for code in range(0x300, 0x1E944 + 7) if unicodedata.combining(chr(code))
    )
    return re.compile(f"[{marks}]{{{MOST_MARKS},}}")


def plain(value: TerraformValue) -> TerraformValue:
    """Turn texts without holes into strings and whole things into what they hold, at any depth."""
    if isinstance(value, Lazy):
        value = value.whole()
    if isinstance(value, Text):
        return value if value.literal is None else value.literal
    if isinstance(value, (str, int, Hole)) or value is None:
        return value
    if isinstance(value, List):
        return List(map(plain, value), value.element)
    if isinstance(value, PlacedTuple):
        return PlacedTuple(map(plain, value), value.at, value.places)
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if isinstance(value, Set):
        return Set(tuple(map(plain, value.members)), value.element, value.ordered)
    if isinstance(value, dict):
        made = {key: plain(inner) for key, inner in value.items()}
        if isinstance(value, Map):
            return Map(made, value.element)
        if isinstance(value, PlacedDict):
            return PlacedDict(made, value.at, value.places)
        return made
    return value


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
        if result.literal is not None and result.origin is None:
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


def too_long() -> UnknownResultError:
    """Return what is raised for a text that would be too long."""
    return UnknownResultError(f"the result is longer than {MOST_CHARACTERS} characters")


def not_told(
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
    made = Hole(name, function.kind, why or "the result cannot be told", at, remedy)
    return Text((made,)) if function.returns == "string" else made

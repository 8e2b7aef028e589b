"""Calls of functions with sensitive arguments: the marks come off, and go on the result.

No function sees a mark. The result of every call with something marked in its arguments is marked
as a whole, but for functions that only move what they are given: these get sensitive texts and
numbers, and what of them comes back is marked.
See https://developer.hashicorp.com/terraform/language/functions/sensitive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions.function import FunctionScope
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.values.concealment import concealed, guarded, hiding
from checker.sources.terraform.values.marks import (
    NONE,
    all_texts,
    bare,
    deep_marks,
    lifted,
    mark,
    sealed,
    unmark,
)
from checker.sources.terraform.values.size_limits import weight
from checker.sources.terraform.values.terraform_values import (
    EPHEMERAL,
    SENSITIVE,
    Marked,
    TerraformValue,
)

Arguments = tuple[TerraformValue, ...]

MOVING = frozenset(
    {
        "concat",
        "element",
        "flatten",
        "keys",
        "length",
        "lookup",
        "merge",
        "tolist",
        "tomap",
        "values",
        "zipmap",
    }
)
"""The functions that make nothing of texts and numbers but hand them on."""
_FILES = frozenset({"file", "filebase64"})


def with_marks(
    name: str,
    arguments: Arguments,
    scope: FunctionScope,
    call: Callable[[Arguments], TerraformValue],
) -> TerraformValue:
    """Call a function with arguments that may be marked; `call` never sees a mark.

    Raises:
        EvaluationError: there is no such function, or Terraform would refuse the call; the message
            quotes nothing that is marked.
    """
    if name in OF_MARKS:
        return _of_marks(name, arguments, scope)
    if not scope.marked:
        return call(arguments)
    marks = deep_marks(arguments, scope.spend)
    if not marks:
        return call(arguments)
    own = NONE.union(*(unmark(argument)[1] for argument in arguments))
    what = f"`{name}`"
    if _moves(name, arguments) and not own and all_texts(arguments):
        given = tuple(map(sealed, arguments))
        return lifted(concealed(hiding(what, marks, lambda: call(given)), given))
    plain = tuple(map(bare, arguments))
    if name == "jsonencode" and not own and all_texts(arguments):
        given = tuple(map(sealed, arguments))
        text = concealed(hiding(what, marks, lambda: call(given)), plain)
        # Only what is marked in it is sensitive: the rest was written beside it.
        return Marked(text, marks)

    def work() -> TerraformValue:
        made = call(plain)
        # The places in a file's text name the file.
        return replace(made, origin=None) if name in _FILES and isinstance(made, Text) else made

    return guarded(what, marks, plain, work)


def _of_marks(name: str, arguments: Arguments, scope: FunctionScope) -> TerraformValue:
    if len(arguments) != 1:
        raise EvaluationError(f"`{name}` takes 1 arguments, not {len(arguments)}")
    # What becomes of the value is kept, to be masked.
    scope.spend(weight(arguments[0]))
    return OF_MARKS[name](arguments[0])


def _moves(name: str, arguments: Arguments) -> bool:
    """Tell whether a call only hands on what is marked; `zipmap` makes keys of its first."""
    return name in MOVING and not (name == "zipmap" and deep_marks(arguments[:1]))


def _sensitive(value: TerraformValue) -> TerraformValue:
    return mark(value, SENSITIVE)


def _nonsensitive(value: TerraformValue) -> TerraformValue:
    plain, marks = unmark(value)
    return mark(plain, marks - SENSITIVE)


def _issensitive(value: TerraformValue) -> TerraformValue:
    return not SENSITIVE.isdisjoint(unmark(value)[1])


def _ephemeralasnull(value: TerraformValue) -> TerraformValue:
    plain, marks = unmark(value)
    return None if marks >= EPHEMERAL else mark(plain, marks)


OF_MARKS: dict[str, Callable[[TerraformValue], TerraformValue]] = {
    "sensitive": _sensitive,
    "nonsensitive": _nonsensitive,
    "issensitive": _issensitive,
    "ephemeralasnull": _ephemeralasnull,
}
"""The functions of the marks themselves, which are answered here."""

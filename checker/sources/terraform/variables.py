"""Values of the root module's variables, in Terraform's order of precedence.

See https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from checker.errors import Reason, SourceError, UsageError
from checker.partial import Location
from checker.sources.terraform import tree
from checker.sources.terraform.arithmetic import read
from checker.sources.terraform.declarations import Declarations
from checker.sources.terraform.evaluate import evaluate
from checker.sources.terraform.files import Files
from checker.sources.terraform.scope import Scope
from checker.sources.terraform.values import EvaluationError, Value


def values_of(
    declarations: Declarations,
    files: Files,
    scope: Scope,
    *,
    environment: Mapping[str, str],
    var_files: Sequence[Path],
    variables: Sequence[str],
) -> dict[str, Value]:
    """Return the value of each variable that is given one; the last word counts.

    `declarations` are those of the root module; only variables whose type decides how a word is
    read are parsed.
    Raises UsageError for a `--var` without `=` or of no declared variable, SourceError for a
    file that cannot be read.
    """
    declared = frozenset(declarations.names("variable"))
    values: dict[str, Value] = {}
    for name, text in sorted(environment.items()):
        if name.startswith("TF_VAR_") and (key := name.removeprefix("TF_VAR_")) in declared:
            values[key] = _worded(
                text, declarations.block("variable", key), scope, f"environment variable {name}"
            )
    for path in _automatic(declarations.directory):
        values |= {k: v for k, v in _file(path, files, scope).items() if k in declared}
    for path in var_files:
        values |= {k: v for k, v in _file(path, None, scope).items() if k in declared}
    for word in variables:
        name, equals, text = word.partition("=")
        if not equals:
            raise UsageError(f"`--var {word}` has no `=`", hint="write `--var NAME=VALUE`")
        name = name.strip()
        if name not in declared:
            raise UsageError(f"`--var {name}`: the configuration declares no variable `{name}`")
        values[name] = _worded(text, declarations.block("variable", name), scope, f"--var {name}")
    return values


def _automatic(directory: Path) -> list[Path]:
    """The files that Terraform loads by itself, in its order."""
    first = [directory / name for name in ("terraform.tfvars", "terraform.tfvars.json")]
    auto = sorted(
        path
        for path in directory.iterdir()
        if path.name.endswith((".auto.tfvars", ".auto.tfvars.json"))
    )
    return [path for path in first if path.is_file()] + auto


def _file(path: Path, files: Files | None, scope: Scope) -> dict[str, Value]:
    """Read a variable file: inside the root, unless the user named it on the command line."""
    from checker.sources.terraform.syntax import parse_arguments

    if files is not None:
        text, name = files.read_source(path), files.name(path)
    else:
        name = path.as_posix()
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "the file is not valid UTF-8"
            raise SourceError(Reason(f"the variable file cannot be read: {why}", name)) from error
    if path.name.endswith(".json"):
        return _json(text, name)
    try:
        arguments = parse_arguments(text, name)
    except SourceError as error:
        raise _unquoted(error) from None
    values: dict[str, Value] = {}
    for argument in arguments.values():
        try:
            values[argument.name] = evaluate(argument.expression, scope)
        except EvaluationError as error:
            at = argument.at
            raise SourceError(Reason(str(error), f"{at.source}:{at.line}:{at.column}")) from error
    return values


def _unquoted(error: SourceError) -> SourceError:
    """Return an error without the line it quotes: values may be secret."""
    return SourceError(*(Reason(reason.message, reason.place) for reason in error.reasons))


def _json(text: str, name: str) -> dict[str, Value]:
    """Read a variable file in JSON, whose strings are plain."""
    try:
        found = json.loads(text, parse_int=read, parse_float=read, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise SourceError(
            Reason(f"the variable file is no JSON: {error}", f"{name}:{line}")
        ) from error
    if not isinstance(found, dict):
        raise SourceError(Reason("the variable file is no JSON object", f"{name}:1"))
    return {key: _plain(value) for key, value in found.items()}


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"`{word}` is no JSON value")


def _plain(value: Any) -> Value:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, list):
        return tuple(_plain(element) for element in value)
    if isinstance(value, dict):
        return {key: _plain(element) for key, element in value.items()}
    plain: Value = value
    return plain


def _worded(text: str, block: tree.Block | None, scope: Scope, source: str) -> Value:
    """Read a value given as one word: itself for primitive types, else an expression."""
    from checker.sources.terraform.syntax import parse_expression

    type_ = None if block is None else block.body.arguments.get("type")
    if type_ is None or (
        isinstance(type_.expression, tree.Name)
        and type_.expression.name in {"string", "number", "bool"}
    ):
        return text
    try:
        return evaluate(parse_expression(text, Location(source, 1, 1)), scope)
    except EvaluationError as error:
        raise UsageError(f"{source}: {error}") from error
    except SourceError as error:
        raise UsageError(*_unquoted(error).reasons) from None

"""Values of the root module's variables, in Terraform's order of precedence.

See https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from checker.errors import Reason, SourceError, UsageError
from checker.files import FileError, read_named
from checker.knowledge.partial import Location
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.configuration.files import MOST_BYTES, Files
from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.evaluation.rendering import TemplateWorld
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.language.json_syntax import JsonValue
from checker.sources.terraform.language.numbers import read
from checker.sources.terraform.values.secret_names import is_secret, withheld
from checker.sources.terraform.values.terraform_values import TerraformValue

_QUOTED = re.compile(r"`.*`", re.DOTALL)


def values_of(
    declarations: Declarations,
    files: Files,
    scope: Scope,
    *,
    environment: Mapping[str, str],
    var_files: Sequence[Path],
    variables: Sequence[str],
) -> dict[str, TerraformValue]:
    """Return the value of each variable that is given one; the last word counts.

    `declarations` are those of the root module; only variables whose type decides how a word is
    read are parsed.
    Raises UsageError for a `--var` without `=` or of no declared variable, SourceError for a
    file that cannot be read.
    """
    declared = frozenset(declarations.names("variable"))
    scope = Scope(TemplateWorld(scope.world), {}, scope.path)  # a value refers to nothing
    values: dict[str, TerraformValue] = {}
    for name, text in sorted(environment.items()):
        if name.startswith("TF_VAR_") and (key := name.removeprefix("TF_VAR_")) in declared:
            source = f"environment variable {name}"
            value = _worded(text, declarations.block("variable", key), scope, source)
            values[key] = withheld(key, value)
    for path in automatic_files(declarations.directory, files):
        text, name = files.read_source(path), files.name(path)
        values |= {k: v for k, v in _values(text, name, scope).items() if k in declared}
    for path in var_files:
        text, name = text_of(path, files), path.as_posix()
        values |= {k: v for k, v in _values(text, name, scope).items() if k in declared}
    for word in variables:
        name, equals, text = word.partition("=")
        if not equals:
            raise without_value()
        name = name.strip()
        if name not in declared:
            raise UsageError(undeclared(word, "the configuration declares"))
        value = _worded(text, declarations.block("variable", name), scope, f"--var {name}")
        values[name] = withheld(name, value)
    return values


def without_value() -> UsageError:
    """Return the error of a `--var` without `=`, which may be a secret that stands alone."""
    return UsageError("a `--var` has no `=`", hint="write `--var NAME=VALUE`")


def undeclared(word: str, who: str) -> str:
    """Say that nobody declares the variable of a `--var`; a word that may be no name is not shown.

    What ends in `=` may be a secret in base64.
    """
    name, _, text = word.partition("=")
    name = name.strip()
    if text.strip("=") and _NAME.fullmatch(name) and not is_secret("", name):
        return f"`--var {name}`: {who} no variable `{name}`"
    return f"`--var`: {who} no variable of the name before `=`"


def undeclared_sensitive(name: str, what: str) -> str:
    """Say that nobody declares the variable of a `--sensitive-var`."""
    return f"`--sensitive-var {name}`: no variable `{name}` is declared by {what}"


_NAME = re.compile(r"[^\W\d][\w-]{0,63}")


def automatic_files(directory: Path, files: Files) -> list[Path]:
    """Return the variable files that Terraform loads by itself, in its order.

    SourceError if the directory cannot be listed.
    """
    names = files.names(directory)
    first = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    # Terraform passes over a link of that name that leads nowhere.
    there = [name for name in first if not files.is_missing(directory / name)]
    auto = [name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    return [directory / name for name in (*there, *auto)]


def text_of(path: Path, files: Files) -> str:
    """Read a variable file that the user named, which may lie outside the root.

    Raises SourceError.
    """
    try:
        return read_named(path, MOST_BYTES, files.repository).decode("utf-8-sig")
    except FileError as error:
        raise SourceError(Reason(f"the variable file {error.why}", path.as_posix())) from error
    except UnicodeDecodeError as error:
        why = "the variable file cannot be read: the file is not valid UTF-8"
        raise SourceError(Reason(why, path.as_posix())) from error


def _values(text: str, name: str, scope: Scope) -> dict[str, TerraformValue]:
    """Read the text of a variable file."""
    from checker.sources.terraform.language.syntax import parse_arguments

    if name.endswith(".json"):
        return _json(text, name)
    try:
        arguments = parse_arguments(text, name)
    except SourceError as error:
        raise _unquoted(error) from None
    values: dict[str, TerraformValue] = {}
    for argument in arguments.values():
        try:
            values[argument.name] = evaluate(argument.expression, scope)
        except EvaluationError:
            at = argument.at
            why = f"the value of `{argument.name}` is not a valid expression"
            raise SourceError(Reason(why, f"{at.source}:{at.line}:{at.column}")) from None
    return values


def _unquoted(error: SourceError) -> SourceError:
    """Return an error without the line and the words it quotes: values may be secret."""
    return SourceError(*(Reason(_QUOTED.sub("a word", r.message), r.place) for r in error.reasons))


def _json(text: str, name: str) -> dict[str, TerraformValue]:
    """Read a variable file in JSON, whose strings are plain."""
    try:
        found = json.loads(text, parse_int=read, parse_float=read, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise SourceError(
            Reason(f"the variable file is not JSON: {error}", f"{name}:{line}")
        ) from error
    if not isinstance(found, dict):
        raise SourceError(Reason("the variable file is not a JSON object", f"{name}:1"))
    return {key: _plain(value) for key, value in found.items()}


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"`{word}` is not a JSON value")


def _plain(value: JsonValue) -> TerraformValue:
    if isinstance(value, list):
        return tuple(_plain(element) for element in value)
    if isinstance(value, dict):
        return {key: _plain(element) for key, element in value.items()}
    return value


def _worded(text: str, block: tree.Block | None, scope: Scope, source: str) -> TerraformValue:
    """Read a value given as one word: itself for primitive types, else an expression."""
    from checker.sources.terraform.language.syntax import parse_expression

    type_ = None if block is None else block.body.arguments.get("type")
    if type_ is None or (
        isinstance(type_.expression, tree.Name)
        and type_.expression.name in {"string", "number", "bool"}
    ):
        return text
    try:
        return evaluate(parse_expression(text, Location(source, 1, 1)), scope)
    except (EvaluationError, SourceError):
        raise UsageError(f"{source} is not a valid expression") from None

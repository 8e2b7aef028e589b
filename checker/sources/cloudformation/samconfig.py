"""`samconfig.toml`: what the SAM CLI deploys a template with.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import field
from difflib import get_close_matches
from pathlib import Path

from checker.errors import Reason, SourceError, UsageError
from checker.files import FileError, Repository
from checker.records import dataclass

NAME = "samconfig.toml"
DEFAULT = "default"
MOST_BYTES = 256 * 1024
_COMMANDS = ("deploy", "global")
"""Which tables tell of a deployment, the first first."""
_SOURCES = ("build", "validate", "global", "deploy")
"""Which tables name the template that people write: `deploy` may name a built one."""
_OVERRIDE = re.compile(
    r"""\s*(?:ParameterKey=(?P<key>\w+),ParameterValue=|(?P<name>\w+)=)"""
    r"""(?P<value>"(?:\\.|[^"\\])*"|'[^']*'|(?:\\.|[^\s"'\\])*)(?=\s|$)"""
)


@dataclass(frozen=True, slots=True)
class SamConfig:
    """What one environment of the file says; None where it says nothing."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    region: str | None = None
    stack_name: str | None = None
    template: str | None = None


def read_config(folder: Path, repository: Repository, environment: str | None) -> SamConfig:
    """Read the file of a directory; without one there is nothing in it.

    Raises SourceError if it cannot be read, UsageError for an environment that it does not have.
    """
    path = folder / NAME
    shown = repository.name(path)
    try:
        there = repository.is_file(path)
        data = repository.read(path, MOST_BYTES) if there else b""
    except FileError as error:
        raise SourceError(Reason(error.why, shown)) from None
    if not there:
        if environment is not None:
            raise UsageError(f"`--config-env {environment}`: there is no `{shown}`")
        return SamConfig()
    try:
        tables: dict[str, object] = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        raise SourceError(Reason("it is not TOML", shown)) from None
    return _of_environment(tables, environment, shown)


def _of_environment(tables: dict[str, object], environment: str | None, shown: str) -> SamConfig:
    if environment is not None and not isinstance(tables.get(environment), dict):
        names = [name for name, table in tables.items() if isinstance(table, dict)]
        close = get_close_matches(environment, names, n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"it has {_listed(names)}"
        raise UsageError(f"`{shown}` has no environment `{environment}`", hint=hint)
    table = tables.get(environment or DEFAULT)
    given = _settings(table, _COMMANDS)
    return SamConfig(
        _overrides(given.get("parameter_overrides"), shown),
        _text(given.get("region"), "region", shown),
        _text(given.get("stack_name"), "stack_name", shown),
        _template(_settings(table, _SOURCES), shown),
    )


def _settings(table: object, commands: tuple[str, ...]) -> dict[str, object]:
    """Return the parameters of some commands; those of the first win."""
    found: dict[str, object] = {}
    for command in reversed(commands):
        of_command = table.get(command) if isinstance(table, dict) else None
        inner = of_command.get("parameters") if isinstance(of_command, dict) else None
        found |= inner if isinstance(inner, dict) else {}
    return found


def _template(given: dict[str, object], shown: str) -> str | None:
    return _text(given.get("template_file") or given.get("template"), "template_file", shown)


def _text(value: object, name: str, shown: str) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    raise SourceError(Reason(f"`{name}` is not a text", shown))


def _overrides(value: object, shown: str) -> dict[str, str]:
    """Return parameters as the file writes them: one text, a list of texts, or a table."""
    if isinstance(value, dict):
        return {name: _word(each, shown) for name, each in value.items()}
    found: dict[str, str] = {}
    for each in value if isinstance(value, list) else () if value is None else (value,):
        if not isinstance(each, str) or each.startswith("file://"):
            why = "`parameter_overrides` is neither texts `NAME=VALUE` nor a table"
            raise SourceError(Reason(why, shown), hint="give a file with `--parameter-file`")
        found |= _parsed(each, shown)
    return found


def _parsed(text: str, shown: str) -> dict[str, str]:
    found: dict[str, str] = {}
    end = 0
    while text[end:].strip():
        match = _OVERRIDE.match(text, end)
        if match is None:
            # What cannot be read may be secret.
            raise SourceError(Reason("`parameter_overrides` is not written `NAME=VALUE`", shown))
        found[match["key"] or match["name"]] = _unquoted(match["value"])
        end = match.end()
    return found


def _unquoted(value: str) -> str:
    if value[:1] == "'":
        return value[1:-1]
    return re.sub(r"\\(.)", r"\1", value[1:-1] if value[:1] == '"' else value)


def _word(value: object, shown: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(_word(each, shown) for each in value)
    if not isinstance(value, (str, int, float)):
        raise SourceError(Reason("`parameter_overrides` has a value that is not a text", shown))
    return str(value)


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{each}`" for each in names[:5]) or "none"

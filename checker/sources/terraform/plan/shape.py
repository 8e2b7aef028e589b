"""The shape of the configuration in plan JSON, checked once so that readers may rely on it.

See https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from checker.sources.terraform.plan.holes import Undecodable

MOST_BLOCKS = 50
"""How deep blocks may be nested in one another."""


def check_configuration(shown: object) -> None:
    """Check the `configuration` of plan JSON; Undecodable if it is not as Terraform writes it."""
    at = "configuration"
    try:
        found = _optional(shown, at)
        _each(found, "provider_config", at, _provider)
        _module(_optional(found.get("root_module"), at), f"{at}.root_module")
    except RecursionError:
        raise Undecodable("its modules are nested too deeply") from None


def _provider(shown: object, at: str) -> None:
    _arguments(_object(shown, at), at)


def _module(shown: object, at: str) -> None:
    found = _object(shown, at)
    for n, one in enumerate(_list(found.get("resources"), f"{at}.resources")):
        _resource(one, f"{at}.resources[{n}]")
    _each(found, "module_calls", at, _call)
    _each(found, "outputs", at, _output)
    _each(found, "variables", at, _object)


def _resource(shown: object, at: str) -> None:
    found = _object(shown, at)
    for name in ("mode", "type", "name"):
        if not isinstance(found.get(name), str):
            raise Undecodable(f"`{at}.{name}` is not a string")
    _block(found, at)


def _call(shown: object, at: str) -> None:
    found = _object(shown, at)
    _block(found, at)
    _module(found.get("module"), f"{at}.module")


def _output(shown: object, at: str) -> None:
    found = _object(shown, at)
    value = f"{at}.expression"
    _expression(_optional(found.get("expression"), value), value)
    _list(found.get("depends_on"), f"{at}.depends_on")


def _block(found: Mapping[str, Any], at: str) -> None:
    _arguments(found, at)
    for name in ("count_expression", "for_each_expression"):
        _expression(_optional(found.get(name), f"{at}.{name}"), f"{at}.{name}")
    _list(found.get("depends_on"), f"{at}.depends_on")


def _arguments(found: Mapping[str, Any], at: str) -> None:
    at = f"{at}.expressions"
    _body(_optional(found.get("expressions"), at), at)


def _body(shown: object, at: str, depth: int = 0) -> None:
    """Check arguments and nested blocks, which look alike until one looks inside."""
    if depth > MOST_BLOCKS:
        raise Undecodable(f"its blocks are nested deeper than {MOST_BLOCKS} levels")
    for name, given in _object(shown, at).items():
        if isinstance(given, list):
            for n, one in enumerate(given):
                _body(one, f"{at}.{name}[{n}]", depth + 1)
        elif is_expression(_object(given, f"{at}.{name}")):
            _expression(given, f"{at}.{name}")
        else:
            _body(given, f"{at}.{name}", depth + 1)


def is_expression(given: Mapping[str, Any]) -> bool:
    """Tell whether an object stands for an expression, not for a nested block."""
    return not given or set(given) <= {"constant_value", "references"}


def _expression(shown: object, at: str) -> None:
    _list(_object(shown, at).get("references"), f"{at}.references")


def _each(found: Mapping[str, Any], name: str, at: str, check: Callable[[Any, str], Any]) -> None:
    for key, one in _optional(found.get(name), f"{at}.{name}").items():
        check(one, f"{at}.{name}.{key}")


def _object(shown: object, at: str) -> Mapping[str, Any]:
    if not isinstance(shown, dict):
        raise Undecodable(f"`{at}` is not an object")
    return shown


def _optional(shown: object, at: str) -> Mapping[str, Any]:
    return {} if shown is None else _object(shown, at)


def _list(shown: object, at: str) -> list[Any]:
    if shown is not None and not isinstance(shown, list):
        raise Undecodable(f"`{at}` is not a list")
    return shown or []

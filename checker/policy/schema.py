"""The JSON Schema of policy files, which editors complete and check them by."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from checker.policy.read import IN_TEMPLATES, KEYS, PERMISSIONS, THRESHOLDS
from checker.reports.report import Severity

_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_SEVERITY: dict[str, Any] = {"enum": [*(each.value for each in Severity), "off", False]}
"""`off` without quotes is a boolean for some editors, which read YAML 1.1."""

_GRADED: dict[str, Any] = {
    "description": "severity for templates of CloudFormation",
    "enum": [each.value for each in Severity],
}


def schema(rules: Iterable[str]) -> str:
    """Return the schema as JSON, for policies that may name these rules."""
    known: dict[str, dict[str, Any]] = {
        "name": _TEXT,
        "summary": {"description": "one line for people", **_TEXT},
        "extends": {
            "description": "a shipped policy, a file beside this one, or null; default `current`",
            "type": ["string", "null"],
        },
        "permissions": _permissions(),
        "fail-on": {
            "description": "exit with 1 from this severity on",
            "enum": [each.value for each in Severity],
        },
        "undecided": {"description": "what an unknown does", "enum": ["pass", "fail"]},
        "deployer": {
            "description": "who creates the mappings: an ARN or an address",
            "type": ["string", "null"],
        },
        "rules": _object({name: _rule(name) for name in rules}),
        "waivers": {"type": "array", "items": _waiver(rules)},
    }
    root = _object({key: known[key] for key in KEYS})
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:tfcheck:policy:1",
        "title": "A policy of tfcheck",
    }
    return json.dumps({**head, **root}, indent=2) + "\n"


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "object", "additionalProperties": False}
    return {**found, "required": list(required), "properties": properties}


def _rule(name: str) -> dict[str, Any]:
    numbers = {
        key: {"type": "integer", "minimum": 1, "maximum": 10**6} for key in THRESHOLDS.get(name, ())
    }
    return {
        "anyOf": [_SEVERITY, _object({"severity": _SEVERITY, IN_TEMPLATES: _GRADED, **numbers})]
    }


def _permissions() -> dict[str, Any]:
    actions = {"type": "array", "items": {"type": "string", "pattern": "^[a-z0-9-]+:[A-Za-z*?]+$"}}
    parts: dict[str, dict[str, Any]] = {}
    for part, key in PERMISSIONS:
        parts.setdefault(part, {})[key] = actions
    return _object({part: _object(keys) for part, keys in parts.items()})


def _waiver(rules: Iterable[str]) -> dict[str, Any]:
    properties = {
        "rule": {"enum": list(rules)},
        "mapping": {"description": "an address, in which only `*` is special", **_TEXT},
        "reason": _TEXT,
        "until": {"description": "its last day", "type": "string", "format": "date"},
        "unknown": {"description": "take unknowns too", "type": "boolean"},
    }
    return _object(properties, "rule", "mapping", "reason")

"""What Terraform says of a value that a type constraint does not take; nothing of it is quoted.

As go-cty's `convert` words it, see
https://pkg.go.dev/github.com/zclconf/go-cty/cty/convert#MismatchMessage.
"""

from __future__ import annotations

from collections.abc import Iterable

from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.conversions import cast
from checker.sources.terraform.values.marks import bare
from checker.sources.terraform.values.terraform_values import Lazy, Set, TerraformValue, Type

MOST_DEPTH = 10
_SEQUENCES = ("list", "set", "tuple")


def mismatch(value: TerraformValue, wanted: Type, depth: int = 0) -> str:
    """Say why a value that is refused does not fit a type."""
    value = bare(value)
    if depth < MOST_DEPTH:
        for step, inner, kind in _members(value, wanted):
            if not _fits(inner, kind):
                return f"{step}: {mismatch(inner, kind, depth + 1)}"
    if wanted.name == "object" and isinstance(value, dict):
        names = (name for name, _ in wanted.attributes if name not in wanted.optional)
        lacking = next((name for name in names if name not in value), None)
        if lacking is not None:
            return f"attribute `{lacking}` is required"
    if wanted.name in {"number", "bool"} and not isinstance(value, (tuple, dict, Set, Lazy)):
        return f"a {wanted.name} is required"
    return f"{_friendly(wanted)} required"


def _members(value: TerraformValue, wanted: Type) -> Iterable[tuple[str, TerraformValue, Type]]:
    """Yield what a value holds, with the step that leads to it and the type that it should have."""
    if isinstance(value, tuple) and wanted.name in _SEQUENCES and wanted.element is not None:
        return [(f"[{n}]", inner, wanted.element) for n, inner in enumerate(value)]
    if isinstance(value, dict) and wanted.name == "map" and wanted.element is not None:
        return [(f'["{key}"]', inner, wanted.element) for key, inner in value.items()]
    if isinstance(value, dict) and wanted.name == "object":
        return [
            (f".{name}", value[name], kind) for name, kind in wanted.attributes if name in value
        ]
    return ()


def _fits(value: TerraformValue, wanted: Type) -> bool:
    if wanted.name == "any":
        return True
    try:
        cast(value, wanted)
    except UnknownResultError:
        return True
    except EvaluationError:
        return False
    return True


def _friendly(wanted: Type) -> str:
    if wanted.element is None:
        return wanted.name
    inner = "any single type" if wanted.element.name == "any" else _friendly(wanted.element)
    return f"{wanted.name} of {inner}"

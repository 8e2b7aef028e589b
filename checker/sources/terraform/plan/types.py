"""Types as go-cty writes them in JSON: `"string"`, `["list","number"]`, `["object",{…}]`.

See https://pkg.go.dev/github.com/zclconf/go-cty/cty#Type.MarshalJSON.
"""

from __future__ import annotations

import json
from functools import lru_cache

from checker.sources.terraform.plan.holes import Undecodable
from checker.sources.terraform.values.terraform_values import Type
from checker.sources.terraform.values.unify import ANY, BOOL, NUMBER, STRING

MOST_DEPTH = 100
MOST_BYTES = 1024 * 1024

_SIMPLE = {"string": STRING, "number": NUMBER, "bool": BOOL, "dynamic": ANY}


@lru_cache(maxsize=1024)
def parse_type(data: bytes) -> Type:
    """Read a type from its JSON; Undecodable if it is none."""
    if len(data) > MOST_BYTES:
        raise Undecodable("the type of a value is too large")
    try:
        return type_from(json.loads(data))
    except (ValueError, RecursionError):
        raise Undecodable("the type of a value is not JSON") from None


def type_from(described: object, depth: int = 0) -> Type:
    """Return the type that parsed JSON describes; Undecodable if it describes none."""
    if depth > MOST_DEPTH:
        raise Undecodable("the type of a value is nested too deeply")
    match described:
        case str() if described in _SIMPLE:
            return _SIMPLE[described]
        case ["list" | "set" | "map" as name, inner]:
            return Type(name, type_from(inner, depth + 1))
        case ["tuple", list(items)]:
            return Type("tuple", items=tuple(type_from(item, depth + 1) for item in items))
        case ["object", dict(attributes), *_]:
            named = ((name, type_from(of, depth + 1)) for name, of in sorted(attributes.items()))
            return Type("object", attributes=tuple(named))
        case _:
            pass
    raise Undecodable("the type of a value is not one of Terraform's")

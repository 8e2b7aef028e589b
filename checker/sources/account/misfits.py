"""Values of a JSON answer that are of another type than the SDK's model of the answer says.

The SDK takes what it does not expect for empty: `{}` in place of a list is a list of nothing.
"""

from __future__ import annotations

from typing import Any

from botocore.model import Shape

_TYPES: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "character": (str,),
    "blob": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float, str),  # `"NaN"` and `"Infinity"` are texts
    "double": (int, float, str),
    "timestamp": (int, float, str),
}


def _fits(value: object, types: tuple[type, ...] | None) -> bool:
    if types is None:
        return True
    return isinstance(value, types) and (bool in types or not isinstance(value, bool))


_LATEST = 1e15
"""Milliseconds since 1970 that no time of AWS is beyond."""


def _is_time(value: object, type_name: str) -> bool:
    if type_name != "timestamp":
        return True
    try:
        seconds = float(value) if isinstance(value, (int, float, str)) else 0
    except (ValueError, OverflowError):
        return isinstance(value, str)  # a date, as the SDK reads it
    return abs(seconds) < _LATEST


def misfit(value: object, shape: Shape | None) -> str:
    """Return the path of the first value of another type than its shape's, empty if there is none.

    Members that the model does not know, and `null`, fit. The value is not nested too deeply.
    """
    left: list[tuple[Any, Any, str]] = [(value, shape, "")]
    while left:
        one, of, path = left.pop()
        if of is None or one is None:
            continue
        if not _fits(one, _TYPES.get(of.type_name)) or not _is_time(one, of.type_name):
            return path.removeprefix(".") or "the answer"
        if of.type_name == "structure":
            known = {of.members[n].serialization.get("name", n): n for n in of.members}
            left += [
                (inner, of.members[known[name]], f"{path}.{known[name]}")
                for name, inner in one.items()
                if name in known
            ]
        elif of.type_name == "list":
            left += [(inner, of.member, f"{path}[{n}]") for n, inner in enumerate(one)]
        elif of.type_name == "map":
            left += [(inner, of.value, f"{path}[]") for inner in one.values()]
    return ""

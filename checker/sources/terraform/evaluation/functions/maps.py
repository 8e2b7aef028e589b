"""Functions of maps and objects.

See https://developer.hashicorp.com/terraform/language/functions: collection functions.
"""

from __future__ import annotations

from dataclasses import replace

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.terraform.evaluation.functions.function import (
    TerraformFunction,
    constant,
    elements,
)
from checker.sources.terraform.evaluation.functions.open_maps import named, open_merge
from checker.sources.terraform.evaluation.functions.sequences import few, sequence
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.alternatives import common
from checker.sources.terraform.values.conversions import cast
from checker.sources.terraform.values.effort import effort
from checker.sources.terraform.values.naming import call_name
from checker.sources.terraform.values.order import ordered
from checker.sources.terraform.values.partial_values import (
    MOST_PAIRS,
    MapEntry,
    OpenMap,
    PartialList,
    PartialMap,
    Unsure,
    keyed,
)
from checker.sources.terraform.values.primitives import type_of_name
from checker.sources.terraform.values.size_limits import weight
from checker.sources.terraform.values.terraform_values import (
    List,
    Map,
    PlacedDict,
    PlacedTuple,
    TerraformValue,
    Type,
    inside,
)
from checker.sources.terraform.values.unify import ANY, STRING


def mapping(value: TerraformValue, refusal: str) -> dict[str, TerraformValue]:
    """Return a map or object; EvaluationError for anything else, NotTold for a hole."""
    if isinstance(value, Hole):
        raise UnknownResultError
    if not isinstance(value, dict):
        raise EvaluationError(refusal)
    return value


def _keys(value: TerraformValue) -> TerraformValue:
    if isinstance(value, OpenMap):
        return PartialList((), named("keys", value), len(value.entries), among=value.entries)
    if isinstance(value, PartialMap):
        return List(ordered([key for key, _ in value.entries]), STRING)
    names = sorted(mapping(value, "must have map or object type"))
    if isinstance(value, Map):
        return List(names, STRING)
    return PlacedTuple(names) if isinstance(value, PlacedDict) else tuple(names)


def _values(value: TerraformValue) -> TerraformValue:
    if isinstance(value, OpenMap):
        return PartialList(
            (), named("values", value), len(value.entries), among=value.entries.values()
        )
    if isinstance(value, PartialMap):
        keys = ordered([key for key, _ in value.entries])
        elements = (value.found(key) for key in keys if isinstance(key, (str, Text)))
        return PlacedTuple(each for each in elements if not isinstance(each, Unsure))
    found = mapping(value, "must have map or object type")
    items = [found[name] for name in sorted(found)]
    if isinstance(value, Map):
        return List(items, value.element)
    if isinstance(value, PlacedDict):
        places = [value.places.get(name) for name in sorted(found)]
        known = tuple(place for place in places if place is not None)
        return PlacedTuple(items, value.at, known if len(known) == len(places) else None)
    return tuple(items)


def _lookup(value: TerraformValue, key: str | Text, *defaults: TerraformValue) -> TerraformValue:
    if len(defaults) > 1:
        raise EvaluationError("takes two or three arguments")
    if isinstance(value, PartialMap):
        return _looked_up(value, key, defaults)
    if isinstance(value, OpenMap):
        if isinstance(key, str) and key in value.entries:
            return value.entries[key]
        raise UnknownResultError(value.unknown.why, value.unknown.remedy)
    found = mapping(value, "requires a map as the first argument")
    default = _default(value, defaults[0]) if defaults else None
    if isinstance(key, Text):
        perhaps = [name for name in found if key.equals(Text((name,))) is not Truth.NO]
        if perhaps and defaults:
            return _any_of([found[name] for name in perhaps] + [default], value, key)
        if perhaps:
            raise UnknownResultError
        present, key = False, str(key)
    else:
        present = key in found
    if present:
        return found[key]
    if not defaults:
        raise EvaluationError(f"the given object has no attribute `{key}`")
    return default


def _looked_up(
    value: PartialMap, key: str | Text, defaults: tuple[TerraformValue, ...]
) -> TerraformValue:
    found = value.found(key)
    if isinstance(found, Unsure):
        raise UnknownResultError
    if found is None:
        if not defaults:
            raise EvaluationError(f"the given object has no attribute `{key}`")
        return defaults[0]
    element: TerraformValue = found
    return element


def _any_of(values: list[TerraformValue], of: TerraformValue, key: Text) -> TerraformValue:
    """Return what is sure where a key with a hole in it may or may not be there."""
    name = call_name("lookup", (of, key, values[-1]))
    unknown = replace(key.holes[0], name=name, kind=Kind.ANY)
    made = common(values, unknown)
    if made == unknown:
        raise UnknownResultError
    return made


def _default(value: TerraformValue, default: TerraformValue) -> TerraformValue:
    """Convert the default to the type of a map's elements."""
    if isinstance(value, Map) and value.element is not None:
        try:
            return cast(default, value.element)
        except UnknownResultError:
            raise
        except EvaluationError:
            refusal = "the default value must have the same type as the map elements"
            raise EvaluationError(refusal) from None
    return default


def _merge(*values: TerraformValue) -> TerraformValue:
    merged: dict[str, TerraformValue] = {}
    places: dict[str, Location] = {}
    at: Location | None = None
    given = [value for value in values if value is not None]
    if any(isinstance(value, PartialMap) for value in given):
        return _merged(tuple(given))
    if any(isinstance(value, (OpenMap, Hole)) for value in given):
        return open_merge(tuple(given))
    for value in given:
        refusal = f"arguments must be maps or objects, got {type_of_name(value)}"
        merged |= mapping(value, refusal)
        if isinstance(value, PlacedDict):
            at = at or value.at
            places |= value.places
    few(len(merged))
    merged = {name: merged[name] for name in sorted(merged)}
    kinds = {value.element for value in given if isinstance(value, Map)}
    if given and len(kinds) == 1 and all(isinstance(value, Map) for value in given):
        return Map(merged, kinds.pop())
    if all(isinstance(value, PlacedDict) for value in given) or len(kinds) > 1:
        return PlacedDict(merged, at, places)
    if any(isinstance(value, PlacedDict) for value in given):
        return PlacedDict(merged, at, places)
    return merged


def _merged(given: tuple[TerraformValue, ...]) -> TerraformValue:
    """Merge maps of which some have unknown keys."""
    entries: list[MapEntry] = []
    for value in given:
        if isinstance(value, PartialMap):
            entries.extend(value.entries)
        else:
            refusal = f"arguments must be maps or objects, got {type_of_name(value)}"
            entries.extend(mapping(value, refusal).items())
    few(len(entries))
    unknown = next(value.unknown for value in given if isinstance(value, PartialMap))
    made = keyed(entries, replace(unknown, name=call_name("merge", given)))
    if isinstance(made, Hole):
        raise UnknownResultError(made.why, made.remedy)
    return made


def _zipmap(keys: List, values: TerraformValue) -> TerraformValue:
    items = sequence(values, "values argument must be a list or tuple value", sets=False)
    if len(keys) != len(items):
        raise EvaluationError(
            f"number of keys ({len(keys)}) does not match number of values ({len(items)})"
        )
    made: dict[str, TerraformValue] = {}
    for n, (key, item) in enumerate(zip(keys, items, strict=True)):
        if key is None:
            raise EvaluationError(f"keys list has null value at index {n}")
        if isinstance(key, Text) and key.literal is None:
            raise UnknownResultError
        made[str(key)] = item
    made = {name: made[name] for name in sorted(made)}
    if isinstance(values, List):
        return Map(made, values.element)
    return PlacedDict(made) if isinstance(values, PlacedTuple) else made


def _transpose(value: Map) -> TerraformValue:
    turned: dict[str, list[TerraformValue]] = {}
    count = 0
    for name in sorted(value):
        items = value[name]
        for item in items if isinstance(items, tuple) else ():
            if item is None:
                raise EvaluationError("input must not contain null string")
            count += 1
            few(count)
            turned.setdefault(str(item), []).append(name)
    made: dict[str, TerraformValue] = {name: List(turned[name], STRING) for name in sorted(turned)}
    return Map(made, Type("list", STRING))


def _tomap(value: TerraformValue) -> TerraformValue:
    if value is None or isinstance(value, Hole):
        return value
    return cast(value, Type("map", ANY))


def _lookup_cost(value: TerraformValue, key: str | Text, *_: TerraformValue) -> int:
    if isinstance(key, (str, Hole)) or not isinstance(value, dict):
        return weight(key)
    return 2 * weight(value) + sum(effort(key, name) for name in value)


def _keys_cost(value: TerraformValue) -> int:
    return elements(value) + (sum(map(weight, value)) if isinstance(value, dict) else 0)


def _merge_cost(*values: TerraformValue) -> int:
    partly = sum(
        (1 + sum(weight(key) for key, _ in value.entries)) * MOST_PAIRS
        for value in values
        if isinstance(value, PartialMap)
    )
    opened = sum(
        4 * value.weight + weight(value.unknown) for value in values if isinstance(value, OpenMap)
    )
    return 1 + 2 * elements(*values) + partly + opened


def _zipmap_cost(keys: List, values: TerraformValue) -> int:
    return elements(keys, values) + weight(keys)


def _transpose_cost(value: Map) -> int:
    names = sum(len(inside(items)) * weight(name) for name, items in value.items())
    return 2 * weight(value) + names


FUNCTIONS = (
    TerraformFunction("keys", _keys, ("any",), partial=True, parts=True, cost=_keys_cost),
    TerraformFunction(
        "values", _values, ("any",), partial=True, parts=True, cost=elements, makes=elements
    ),
    TerraformFunction(
        "lookup",
        _lookup,
        ("any", "string", "any?*"),
        partial=True,
        parts=True,
        cost=_lookup_cost,
        makes=constant,
    ),
    TerraformFunction(
        "merge", _merge, ("any?*",), partial=True, parts=True, cost=_merge_cost, makes=elements
    ),
    TerraformFunction(
        "zipmap",
        _zipmap,
        ("list(string)", "any"),
        partial=True,
        cost=_zipmap_cost,
        makes=elements,
    ),
    TerraformFunction("transpose", _transpose, ("map(list(string))",), cost=_transpose_cost),
    TerraformFunction("tomap", _tomap, ("any?",), partial=True),
)

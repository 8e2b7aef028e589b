"""Type constraints as they are written: `list(object({ size = optional(number, 1) }))`.

See https://developer.hashicorp.com/terraform/language/expressions/type-constraints.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from checker.knowledge.partial import Location
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError, RefusedError
from checker.sources.terraform.values.terraform_values import TerraformValue, Type
from checker.sources.terraform.values.unify import ANY, BOOL, NUMBER, STRING

Default: TypeAlias = Callable[[tree.Expression], TerraformValue]


def parse_type(node: tree.Expression, default: Default | None = None) -> Type:
    """Read a type constraint; `default` evaluates those of optional attributes.

    Raises:
        EvaluationError: it is not a type constraint.
    """
    if isinstance(node, (tree.Name, tree.Literal)):
        name = node.name if isinstance(node, tree.Name) else node.value
        if name in _SIMPLE:
            return _SIMPLE[str(name)]
        if name in ("list", "map"):
            return Type(str(name), ANY)  # as Terraform 0.11 wrote it
    if isinstance(node, tree.Template) and len(node.parts) == 1:
        part = node.parts[0]
        if isinstance(part, tree.Piece) and part.text in _LEGACY:
            return _LEGACY[part.text]
    if isinstance(node, tree.Call):
        return _constructed(node, default)
    if isinstance(node, tree.Name):
        raise _refused(_bare(node.name), node.at)
    raise EvaluationError("not a type constraint")


_SIMPLE = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": ANY}
_LEGACY = {"string": STRING, "list": Type("list", STRING), "map": Type("map", STRING)}


def _bare(name: str) -> str:
    """Return what Terraform says of a word that is no type."""
    if name in _TAKES:
        return f"The {name} type constructor requires one argument specifying {_TAKES[name]}"
    if name == "optional":
        return _MODIFIER
    return f"The keyword `{name}` is not a valid type specification"


def _refused(why: str, at: Location) -> RefusedError:
    return RefusedError("Invalid type specification", why, at)


_MODIFIER = "Keyword `optional` is valid only as a modifier for object type attributes"
_TAKES = {
    "list": "the element type",
    "set": "the element type",
    "map": "the element type",
    "object": "the attribute types and values as a map",
    "tuple": "the element types as a list",
}


def _constructed(node: tree.Call, default: Default | None) -> Type:
    if len(node.arguments) == 1:
        argument = node.arguments[0]
        if node.name in ("list", "set", "map"):
            return Type(node.name, parse_type(argument, default))
        if node.name == "tuple" and isinstance(argument, tree.Tuple):
            return Type("tuple", items=tuple(parse_type(item, default) for item in argument.items))
        if node.name == "object" and isinstance(argument, tree.Object):
            return _object_type(argument, default)
    if node.name in _TAKES and len(node.arguments) != 1:
        raise _refused(_bare(node.name), node.at)
    if node.name == "optional":
        raise _refused(_MODIFIER, node.at)
    if node.name not in _TAKES:
        raise _refused(f"Keyword `{node.name}` is not a valid type constructor", node.at)
    raise EvaluationError(f"`{node.name}` is not a type constraint")


def _object_type(node: tree.Object, default: Default | None) -> Type:
    attributes: dict[str, Type] = {}
    optional: dict[str, TerraformValue] = {}
    for item in node.items:
        name = _attribute_name(item.key)
        kind = item.value
        if isinstance(kind, tree.Call) and kind.name == "optional" and kind.arguments:
            given = kind.arguments[1:]
            optional[name] = _default(given[0], default) if given else None
            kind = kind.arguments[0]
        attributes[name] = parse_type(kind, default)
    return Type("object", attributes=tuple(sorted(attributes.items())), optional=optional)


def _attribute_name(node: tree.Expression) -> str:
    if isinstance(node, tree.Literal):
        return str(node.value)
    if isinstance(node, tree.Name):
        return node.name
    if isinstance(node, tree.Template) and all(isinstance(p, tree.Piece) for p in node.parts):
        return "".join(p.text for p in node.parts if isinstance(p, tree.Piece))
    raise EvaluationError("the name of an attribute in a type constraint must be a word")


def _default(node: tree.Expression, default: Default | None) -> TerraformValue:
    if isinstance(node, tree.Literal):
        return node.value
    if default is None:
        raise EvaluationError("the default of an optional attribute is unknown")
    return default(node)

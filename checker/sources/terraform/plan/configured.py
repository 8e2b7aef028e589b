"""The configuration in plan JSON as blocks, so that modules work on it as on source.

The JSON holds constants, and of every other expression only what it refers to. An argument that
takes an ARN or a name, and refers to one attribute of one thing, is that attribute; what any
other expression makes of its references is unknown.
See https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from checker.errors import SourceError
from checker.knowledge.partial import Location
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.json_syntax import (
    JsonBlock,
    JsonValue,
    is_template,
    read_expression,
)
from checker.sources.terraform.language.syntax import parse_expression
from checker.sources.terraform.plan.planned import KEY, MOST_KEYS, block_of
from checker.sources.terraform.plan.shape import is_expression
from checker.sources.terraform.plan.shown import value_of

REMEDY = "give the configuration too: `tfcheck plan DIR --plan FILE`, or check the saved plan file"
NAMES = frozenset(
    {
        "endpoint",
        "event_source_arn",
        "function_name",
        "key_id",
        "kms_master_key_id",
        "permissions_boundary",
        "policy_arn",
        "primary_key_arn",
        "queue_url",
        "role",
        "target_key_id",
        "grantee_principal",
        "name",
        "user",
    }
)
"""Arguments whose value is the ARN or name of another thing."""
_NAME = frozenset({"name"})
NOTHING: Mapping[str, str] = {}
OWN_NAMES = {"aws_lambda_function": frozenset({"function_name"})}
"""Arguments in which a resource names itself, where that is not `name`.

They are mostly made of what they refer to and more: `"${random_id.suffix.hex}-orders"`.
"""
_ATTRIBUTE = re.compile(r".*\.(arn|id|url|name|function_name|qualified_arn|invoke_arn|key_id)")
_ONE = re.compile(r"(var|local|each|module\.[^.]+|data\.[^.]+\.[^.]+|[^.]+\.[^.]+)")


def declarations_of(
    module: Mapping[str, Any],
    providers: Mapping[str, Any],
    at: Location,
    repeated: Mapping[str, str] = NOTHING,
) -> Declarations:
    """Return the blocks of one module of plan JSON; `providers` are its provider configurations.

    `repeated` says of blocks in the module, by their addresses there, whether they have `count` or
    `for_each`: the JSON leaves out an expression that refers to nothing, such as `toset(["a"])`.
    """
    found = Declarations(Path(at.source), [], files=1)
    maker = _Maker(at, repeated)
    for each in module.get("resources") or ():
        mode = "data" if each["mode"] == "data" else "resource"
        _add(found, tree.Block(mode, (each["type"], each["name"]), maker.resource(each), at))
    for name, call in (module.get("module_calls") or {}).items():
        _add(found, tree.Block("module", (name,), maker.call(name, call, providers), at))
    for name, each in (module.get("outputs") or {}).items():
        value = maker.argument("value", each.get("expression") or {})
        body = tree.Body({"value": value, **maker.order(each), **maker.marks(each)}, ())
        _add(found, tree.Block("output", (name,), body, at))
    for name, each in (module.get("variables") or {}).items():
        given = {k: v for k, v in each.items() if k in {"default", "sensitive", "ephemeral"}}
        body = tree.Body({k: maker.constant(k, v) for k, v in given.items()}, ())
        _add(found, tree.Block("variable", (name,), body, at))
    for key, each in providers.items():
        body = maker.body(each.get("expressions") or {})
        _add(found, tree.Block("provider", (key.replace(":", "."),), body, at))
    return found


def repeated_blocks(addresses: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return which blocks have `count` or `for_each`, by the path of their module (`a.b`).

    The keys in the addresses of the instances say so.
    """
    found: dict[str, dict[str, str]] = {}
    for address in addresses:
        for key in islice(KEY.finditer(address), MOST_KEYS):
            words = block_of(address[: key.start()]).split(".")
            path: list[str] = []
            while len(words) > _CALL and words[0] == "module":
                path.append(words[1])
                words = words[_CALL:]
            kind = "for_each" if key[2] is None else "count"
            found.setdefault(".".join(path), {})[".".join(words)] = kind
    return found


_CALL = 2
"""The words of a module call in an address: `module`, and its name."""


def _add(found: Declarations, block: tree.Block) -> None:
    found.add(JsonBlock(block.kind, block.labels, block.at, None), block)


class _Maker:
    """Makes expressions out of what the JSON says of them."""

    def __init__(self, at: Location, repeated: Mapping[str, str]) -> None:
        self._at = at
        self._repeated = repeated

    def repetition(self, each: Mapping[str, Any], address: str) -> dict[str, tree.Argument]:
        """Return `count` or `for_each` of a block, shown or not."""
        found: dict[str, tree.Argument] = {}
        for name in ("count", "for_each"):
            given = each.get(f"{name}_expression")
            if given is not None:
                found[name] = self.argument(name, given)
        left_out = self._repeated.get(address)
        if not found and left_out is not None:
            found[left_out] = self.argument(left_out, {})
        return found

    def resource(self, each: Mapping[str, Any]) -> tree.Body:
        own = OWN_NAMES.get(each["type"], _NAME) if each["mode"] == "managed" else frozenset()
        body = self.body(each.get("expressions") or {}, own)
        data = "" if each["mode"] == "managed" else "data."
        address = f"{data}{each['type']}.{each['name']}"
        arguments = dict(body.arguments) | self.repetition(each, address) | self.order(each)
        key = str(each.get("provider_config_key", "aws")).replace(":", ".")
        arguments["provider"] = tree.Argument("provider", tree.Literal(key, self._at), self._at)
        return tree.Body(arguments, body.blocks, shown=True)

    def call(self, name: str, call: Mapping[str, Any], providers: Mapping[str, Any]) -> tree.Body:
        arguments = dict(self.body(call.get("expressions") or {}, _NAME).arguments)
        arguments |= self.repetition(call, f"module.{name}") | self.order(call)
        keys = [tree.Literal(key.replace(":", "."), self._at) for key in providers]
        passed = tree.Object(tuple(tree.Item(key, key, self._at) for key in keys), self._at)
        source = tree.Literal(str(call.get("source", "")), self._at)
        for argument, expression in (("providers", passed), ("source", source)):
            arguments[argument] = tree.Argument(argument, expression, self._at)
        return tree.Body(arguments, ())

    def body(self, expressions: Mapping[str, Any], own: frozenset[str] = frozenset()) -> tree.Body:
        """Return a body; `own` are the arguments that name the thing itself."""
        arguments: dict[str, tree.Argument] = {}
        blocks: list[tree.Block] = []
        for name, given in expressions.items():
            if isinstance(given, list):
                blocks += [tree.Block(name, (), self.body(one), self._at) for one in given]
            elif is_expression(given):
                arguments[name] = self.argument(name, given, own=name in own)
            else:
                blocks.append(tree.Block(name, (), self.body(given), self._at))
        return tree.Body(arguments, tuple(blocks))

    def argument(self, name: str, given: Mapping[str, Any], *, own: bool = False) -> tree.Argument:
        return tree.Argument(name, self._expression(name, given, own=own), self._at)

    def constant(self, name: str, value: JsonValue) -> tree.Argument:
        return tree.Argument(
            name, tree.KnownValue(value_of(value, name, self._at), self._at), self._at
        )

    def marks(self, each: Mapping[str, Any]) -> dict[str, tree.Argument]:
        """Return the switches that say that an output is not to be shown."""
        given = {name: each[name] for name in ("sensitive", "ephemeral") if name in each}
        return {name: self.constant(name, value) for name, value in given.items()}

    def _expression(self, name: str, given: Mapping[str, Any], *, own: bool) -> tree.Expression:
        references = [str(each) for each in given.get("references") or ()]
        if "constant_value" in given:
            read = self._constant(name, given["constant_value"], refers=bool(references))
            if read is not None:
                return read
        one = len(set(_roots(references))) == 1 and not own
        if one and _is_the_thing(name, references[0]):
            return parse_expression(references[0], self._at)
        why = f"the plan JSON does not hold `{name}`"
        return tree.Unshown(name, why, REMEDY, self._at, tuple(references))

    def _constant(self, name: str, value: JsonValue, *, refers: bool) -> tree.Expression | None:
        """Return a constant, or the expression that it is the text of; None where that is open."""
        try:
            if not is_template(value):
                return tree.KnownValue(value_of(value, name, self._at), self._at)
            # Of Terraform's JSON syntax this is the text, constant or not; of the native one it
            # is a string with an escaped template, which refers to nothing.
            if refers or name in {"count", "for_each"}:
                return read_expression(value, self._at)
        except (SourceError, RecursionError):
            pass
        return None

    def order(self, each: Mapping[str, Any]) -> dict[str, tree.Argument]:
        """Return `depends_on` as an argument, if it is written."""
        names = tuple(str(one) for one in each.get("depends_on") or ())
        if not names:
            return {}
        expression = tree.Unshown("depends_on", "", "", self._at, names)
        return {"depends_on": tree.Argument("depends_on", expression, self._at)}


def _roots(references: list[str]) -> Iterator[str]:
    """Yield what each reference begins with: a resource, a module, or a kind of name."""
    for reference in references:
        match = _ONE.match(reference)
        root = match[0] if match else reference
        yield reference if root in {"var", "local"} else root.partition("[")[0]


def _is_the_thing(name: str, reference: str) -> bool:
    """Tell whether an argument with this only reference is what it refers to."""
    if name in {"for_each", "value"}:
        return True
    if name in NAMES:
        return bool(_ATTRIBUTE.fullmatch(reference)) or reference.startswith(("var.", "module."))
    return bool(_ATTRIBUTE.fullmatch(reference)) and name.endswith(("arn", "arns", "_url"))

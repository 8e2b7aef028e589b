"""One `statement` block of `data.aws_iam_policy_document`, as the provider renders it."""

from __future__ import annotations

from dataclasses import replace

from checker.knowledge.arrays import MOST_ELEMENTS, ArrayHole
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.json_nodes import JsonNode, Members
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions.json_text import encode
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.values.partial_values import PartialList
from checker.sources.terraform.values.primitives import to_string
from checker.sources.terraform.values.size_limits import weight
from checker.sources.terraform.values.terraform_values import Set, TerraformValue


def open_point(hole: Hole, instance: Instance) -> JsonNode:
    """Stand for statements that are unknown: one that may allow and may deny anything."""
    at = hole.at or instance.at
    named = Hole(f"{instance.address}:{hole.name}", Kind.JSON, hole.why, at, hole.remedy)
    return JsonNode(Text.of(named), at)


def statement_of(block: Written, instance: Instance) -> JsonNode:
    """Return a statement; a hole where it is unknown which of two elements it has."""
    statement = _statement(block)
    if isinstance(statement.value, Members):
        for name in ("Action", "Resource", "Principal"):
            pair = statement.value.get(name), statement.value.get(f"Not{name}")
            if None not in pair:
                for node in pair:
                    if node is not None and isinstance(node.value, Text) and node.value.holes:
                        return open_point(node.value.holes[0], instance)
    return statement


def _statement(block: Written) -> JsonNode:
    members: list[tuple[Text, JsonNode]] = []

    def put(key: str, node: JsonNode | None) -> None:
        if node is not None:
            members.append((Text.of(key), node))

    sid = block.text("sid")
    put("Sid", node_of(sid, block.place("sid")) if sid is not None and sid.parts else None)
    effect = block.text("effect")
    put("Effect", node_of("Allow" if effect is None else effect, block.place("effect")))
    for key, argument in (
        ("Action", "actions"),
        ("NotAction", "not_actions"),
        ("Resource", "resources"),
        ("NotResource", "not_resources"),
    ):
        put(key, _strings(block, argument))
    for key, kind in (("Principal", "principals"), ("NotPrincipal", "not_principals")):
        put(key, _principals(list(block.nested(kind)), block))
    put("Condition", _conditions(list(block.nested("condition")), block))
    return JsonNode(Members(tuple(members)), block.at)


def node_of(text: Text | str, at: Location) -> JsonNode:
    """Return the string that a text is in JSON."""
    return JsonNode(text if isinstance(text, Text) else Text.of(text), at)


def _strings(block: Written, argument: str, *, ordered: bool = True) -> JsonNode | None:
    """Return a list argument as the provider writes it: one value bare, several from Z to A."""
    value, part = block.read(argument)
    at = block.place(argument)
    if part is not None:
        return _array(part, at, block)
    if isinstance(value, Set):
        value = value.members
    if isinstance(value, Hole):
        return JsonNode(
            Text.of(Hole(value.name, Kind.JSON, value.why, value.at or at, value.remedy)), at
        )
    if not isinstance(value, tuple) or not value:
        return None
    block.scope.world.spend(4 * weight(value))
    places = getattr(value, "places", None) or (at,) * len(value)
    texts: dict[Text, Location] = {}
    for element, place in zip(value, places, strict=False):
        text = to_string(element)
        texts.setdefault(
            _unescaped(text if isinstance(text, Text) else Text.of(_bare(text))), place
        )
    found = (
        sorted(texts.items(), key=lambda pair: pair[0].spelled, reverse=True)
        if ordered
        else texts.items()
    )
    nodes = tuple(node_of(text, place) for text, place in found)
    return nodes[0] if len(nodes) == 1 else JsonNode(nodes, at)


def _array(part: PartialList, at: Location, block: Written) -> JsonNode:
    """Return a list argument of which some values are known."""
    block.scope.world.spend(8 * weight(part.kept()))
    of, kind = part.unknown, Kind.JSON
    if len(part.kept()) > MOST_ELEMENTS:
        return JsonNode(Text.of(replace(of, kind=kind)), at)
    among = tuple(map(_quoted, part.sure))
    perhaps = None if part.perhaps is None else tuple(map(_quoted, part.perhaps))
    hole = ArrayHole(of.name, kind, of.why, of.at or at, of.remedy, among=among, perhaps=perhaps)
    return JsonNode(Text.of(hole), at)


def _quoted(value: TerraformValue) -> Text:
    """Return a value of a list argument as JSON."""
    text = to_string(value)
    return encode(_unescaped(text if isinstance(text, Text) else Text.of(_bare(text))))


def _bare(text: str | Hole | None) -> str | Hole:
    return "" if text is None else text


def _unescaped(text: Text) -> Text:
    """Turn `&{` into `${`, which Terraform itself would take for an interpolation."""
    return Text(
        tuple(part.replace("&{", "${") if isinstance(part, str) else part for part in text.parts),
        text.origin,
    )


def _principals(blocks: list[Written | Hole], statement: Written) -> JsonNode | None:
    if not blocks:
        return None
    by_type: dict[str, JsonNode] = {}
    for block in blocks:
        kind = None if isinstance(block, Hole) else block.text("type")
        if isinstance(block, Hole) or kind is None or kind.literal is None:
            return _open(block, kind, statement)
        node = _strings(block, "identifiers")
        if node is None:
            continue
        if kind.literal == "*" and isinstance(node.value, Text):
            if node.value.literal == "*":
                return node_of("*", block.at)
            if node.value.holes:
                return _open(block, node.value, statement)
        before = by_type.get(kind.literal)
        by_type[kind.literal] = node if before is None else _joined(before, node)
    members = tuple((Text.of(key), by_type[key]) for key in sorted(by_type))
    return JsonNode(Members(members), statement.at)


def _open(block: Written | Hole, kind: Text | None, statement: Written) -> JsonNode:
    hole = block if isinstance(block, Hole) else None
    if hole is None and kind is not None and kind.holes:
        hole = kind.holes[0]
    if hole is None:
        hole = Hole(
            f"{statement.path}.type", why="the block does not name its `type`", at=statement.at
        )
    named = Hole(hole.name, Kind.JSON, hole.why, hole.at or statement.at, hole.remedy)
    return JsonNode(Text.of(named), statement.at)


def _joined(first: JsonNode, second: JsonNode) -> JsonNode:
    nodes = [
        n
        for node in (first, second)
        for n in (node.value if isinstance(node.value, tuple) else (node,))
    ]
    return JsonNode(tuple(nodes), first.at)


def _conditions(blocks: list[Written | Hole], statement: Written) -> JsonNode | None:
    if not blocks:
        return None
    tests: dict[str, dict[str, JsonNode]] = {}
    for block in blocks:
        if isinstance(block, Hole):
            return _open(block, None, statement)
        test, variable = block.text("test"), block.text("variable")
        if test is None or variable is None or test.literal is None or variable.literal is None:
            return _open(block, test if test is None or test.holes else variable, statement)
        node = _strings(block, "values", ordered=False) or JsonNode((), block.at)
        node = JsonNode(node.value, block.at)
        variables = tests.setdefault(test.literal, {})
        before = variables.get(variable.literal)
        variables[variable.literal] = node if before is None else _joined(before, node)
    members = tuple(
        (
            Text.of(test),
            JsonNode(
                Members(tuple((Text.of(v), tests[test][v]) for v in sorted(tests[test]))),
                statement.at,
            ),
        )
        for test in sorted(tests)
    )
    return JsonNode(Members(members), statement.at)

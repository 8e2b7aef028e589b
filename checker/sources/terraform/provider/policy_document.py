"""`data.aws_iam_policy_document`, rendered as the provider renders it.

See https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document.
The order of keys and of multiple values is that of provider 5.100.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.knowledge.arrays import MOST_ELEMENTS, ArrayHole
from checker.knowledge.holes import Hole, Kind
from checker.knowledge.jsontext import JsonError, JsonNode, Members, UnknownJsonError
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions.json_text import decode_cost, encode
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.language.json_writer import write
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.policy_texts import (
    Statements,
    TooManyStatementsError,
    made_unsure,
)
from checker.sources.terraform.modules.written import PossibleBlock, Written
from checker.sources.terraform.values.conversions import to_string
from checker.sources.terraform.values.partial_values import PartialList
from checker.sources.terraform.values.size_limits import weight
from checker.sources.terraform.values.terraform_values import Set, TerraformValue


def render_document(instance: Instance) -> TerraformValue:
    """Return the document's JSON; statements that is unknown are unknown JSON values in it."""
    try:
        return _rendered(instance)
    except TooManyStatementsError as error:
        return instance.hole("json", why=str(error))
    except UnknownResultError as error:
        return Text.of(replace(instance.hole("json"), why=error.why or str(error)))


def _rendered(instance: Instance) -> TerraformValue:
    written = instance.written
    statements = Statements(instance.module.project.policies)
    statements.texts.render(0)
    head: dict[str, JsonNode] = {}
    for source in _sources(written, "source_policy_documents", "source_json"):
        _merge(source, head, statements, instance)
    _version(_node(written.text("version") or "2012-10-17", written.place("version")), head)
    policy_id = written.text("policy_id")
    if policy_id is not None:
        head["Id"] = _node(policy_id, written.place("policy_id"))
    for statement in written.nested("statement"):
        statements.add(
            _given(statement, instance)
            if isinstance(statement, Written)
            else _possible(statement, instance)
        )
    for source in _sources(written, "override_policy_documents", "override_json"):
        _merge(source, head, statements, instance)
    members = [(Text.of(key), head[key]) for key in ("Version", "Id") if key in head]
    if statements.nodes:
        members.append((Text.of("Statement"), JsonNode(tuple(statements.nodes), instance.at)))
    return write(JsonNode(Members(tuple(members)), instance.at), indent="  ")


def _version(node: JsonNode, head: dict[str, JsonNode]) -> None:
    """Take over a version if it is later than what there is."""
    before = head.get("Version")
    if before is None or _spelled(node) > _spelled(before):
        head["Version"] = node


def _spelled(node: JsonNode) -> str:
    return node.value.spelled if isinstance(node.value, Text) else str(node.value)


def _sources(
    written: Written, several: str, single: str
) -> Iterator[tuple[TerraformValue, Location]]:
    """Yield the documents that are merged into this one, with where they are named."""
    if written.has(single):
        yield written.get(single), written.place(single)
    value = written.get(several)
    if isinstance(value, Set):
        value = value.members
    if isinstance(value, tuple):
        for element in value:
            yield element, written.place(several)
    elif value is not None:
        yield value, written.place(several)


def _merge(
    source: tuple[TerraformValue, Location],
    head: dict[str, JsonNode],
    statements: Statements,
    instance: Instance,
) -> None:
    """Add another document's statements; one with the same `Sid` takes the place of the first."""
    value, at = source
    if value is None or value == "":
        return
    if isinstance(value, Hole):
        statements.add(_open_point(value, instance))
        return
    try:
        text = to_string(value)
        whole = text if isinstance(text, Text) else Text.of(text or "")
        instance.module.spend(decode_cost(whole) + 2 * weight(whole))
        node = statements.texts.node(whole, at)
    except UnknownResultError:
        raise
    except UnknownJsonError as open_point:
        statements.add(_unknown(open_point.unknown, instance))
        return
    except (JsonError, EvaluationError) as error:
        statements.add(_unknown(Unknown(f"a merged document is not JSON: {error}", at), instance))
        return
    if not isinstance(node.value, Members):
        return
    version, policy_id = node.value.get("Version"), node.value.get("Id")
    if version is not None:
        _version(version, head)
    if policy_id is not None:
        head["Id"] = policy_id
    found = node.value.get("Statement")
    if found is None:
        return
    for statement in found.value if isinstance(found.value, tuple) else (found,):
        statements.add(statement)


def _possible(hole: Hole, instance: Instance) -> JsonNode:
    """Stand for statements of an unknown number: one that names what each does, and may not apply.

    What is unknown of them is unknown of it, so that it covers them all.
    """
    block = hole.block if isinstance(hole, PossibleBlock) else None
    if block is None:
        return _open_point(hole, instance)
    statement = _given(block, instance)
    return made_unsure(statement, _open_point(hole, instance))


def _open_point(hole: Hole, instance: Instance) -> JsonNode:
    """Stand for statements that is unknown: one that may allow and may deny anything."""
    at = hole.at or instance.at
    named = Hole(f"{instance.address}:{hole.name}", Kind.JSON, hole.why, at, hole.remedy)
    return JsonNode(Text.of(named), at)


def _unknown(unknown: Unknown, instance: Instance) -> JsonNode:
    hole = Hole(
        f"{instance.address}:{unknown.at}", Kind.JSON, unknown.why, unknown.at, unknown.remedy
    )
    return JsonNode(Text.of(hole), unknown.at)


def _given(block: Written, instance: Instance) -> JsonNode:
    """Return a statement; a hole where it is unknown which of two elements it has."""
    statement = _statement(block)
    if isinstance(statement.value, Members):
        for name in ("Action", "Resource", "Principal"):
            pair = statement.value.get(name), statement.value.get(f"Not{name}")
            if None not in pair:
                for node in pair:
                    if node is not None and isinstance(node.value, Text) and node.value.holes:
                        return _open_point(node.value.holes[0], instance)
    return statement


def _statement(block: Written) -> JsonNode:
    members: list[tuple[Text, JsonNode]] = []

    def put(key: str, node: JsonNode | None) -> None:
        if node is not None:
            members.append((Text.of(key), node))

    sid = block.text("sid")
    put("Sid", _node(sid, block.place("sid")) if sid is not None and sid.parts else None)
    effect = block.text("effect")
    put("Effect", _node("Allow" if effect is None else effect, block.place("effect")))
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


def _node(text: Text | str, at: Location) -> JsonNode:
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
    nodes = tuple(_node(text, place) for text, place in found)
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
                return _node("*", block.at)
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

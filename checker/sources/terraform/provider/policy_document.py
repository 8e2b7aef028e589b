"""`data.aws_iam_policy_document`, rendered as the provider renders it.

See https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document.
The order of keys and of multiple values is that of provider 5.100.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.json_nodes import JsonError, JsonNode, Members, UnknownJsonError
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions.json_text import decode_cost
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.language.json_writer import write
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.policy_texts import (
    Statements,
    TooManyStatementsError,
    made_unsure,
)
from checker.sources.terraform.modules.written import PossibleBlock, Written
from checker.sources.terraform.provider.policy_statements import node_of, open_point, statement_of
from checker.sources.terraform.values.primitives import to_string
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
    _version(node_of(written.text("version") or "2012-10-17", written.place("version")), head)
    policy_id = written.text("policy_id")
    if policy_id is not None:
        head["Id"] = node_of(policy_id, written.place("policy_id"))
    for statement in written.nested("statement"):
        statements.add(
            statement_of(statement, instance)
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
        statements.add(open_point(value, instance))
        return
    try:
        text = to_string(value)
        whole = text if isinstance(text, Text) else Text.of(text or "")
        instance.module.spend(decode_cost(whole) + 2 * weight(whole))
        node = statements.texts.node(whole, at)
    except UnknownResultError:
        raise
    except UnknownJsonError as error:
        statements.add(_unknown(error.unknown, instance))
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
        return open_point(hole, instance)
    statement = statement_of(block, instance)
    return made_unsure(statement, open_point(hole, instance))


def _unknown(unknown: Unknown, instance: Instance) -> JsonNode:
    hole = Hole(
        f"{instance.address}:{unknown.at}", Kind.JSON, unknown.why, unknown.at, unknown.remedy
    )
    return JsonNode(Text.of(hole), unknown.at)

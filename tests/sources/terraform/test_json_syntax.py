"""Terraform's JSON syntax gives the blocks that the native syntax gives."""

import json
from pathlib import Path

import pytest

from checker.errors import SourceError
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.json_syntax import parse_json, scan_json
from checker.sources.terraform.load import load


def blocks(value):
    return scan_json(json.dumps(value), "m.tf.json")


def body(value):
    (block,) = blocks({"resource": {"a": {"b": value}}})
    return parse_json(block).body


def argument(value):
    return body({"x": value}).arguments["x"].expression


def test_labels_are_keys_and_a_list_is_several_blocks():
    found = blocks(
        {
            "resource": [{"a": {"b": {}, "c": [{}]}}, {"d": {"e": {}}}],
            "provider": {"aws": [{}, {"alias": "west"}]},
            "locals": {"x": 1},
        }
    )
    assert [(block.kind, block.labels) for block in found] == [
        ("resource", ("a", "b")),
        ("resource", ("a", "c")),
        ("resource", ("d", "e")),
        ("provider", ("aws",)),
        ("provider", ("aws",)),
        ("locals", ()),
    ]


def test_a_string_is_a_template_without_escapes():
    assert isinstance(argument("${var.a}"), tree.Attribute)
    assert isinstance(argument("a-${var.a}"), tree.Template)
    assert argument("a\\n").value == "a\\n"
    (piece,) = argument("$${a}").parts
    assert piece.text == "${a}"


def test_a_comment_is_passed_over():
    assert not blocks({"//": "a note"})
    assert set(body({"//": "a note", "x": 1}).arguments) == {"x"}


def test_objects_may_be_arguments_or_nested_blocks():
    found = body({"statement": [{"effect": "Allow"}, {"effect": "Deny"}], "tags": {"a": "b"}})
    assert [b.body.arguments["effect"].expression.value for b in found.blocks_of("statement")] == [
        "Allow",
        "Deny",
    ]
    assert isinstance(found.arguments["tags"].expression, tree.Object)


def test_a_default_is_no_template_and_a_type_is_an_expression():
    (block,) = blocks({"variable": {"v": {"type": "list(string)", "default": ["${a}"]}}})
    arguments = parse_json(block).body.arguments
    assert isinstance(arguments["type"].expression, tree.Call)
    assert arguments["default"].expression.items[0].value == "${a}"


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('{"resource": {', "m.tf.json:1:15", "not JSON"),
        ('{\n "resuorce": {}\n}', "m.tf.json:2:14", "`resuorce` is not a known block"),
        ('{"resource": {"a": {"b": 1}}}', "m.tf.json:1:26", "`resource.a.b` must be an object"),
        ('{\n"locals": {"a": "${1 +}"}}', "m.tf.json:2:23", "invalid expression"),
        ('{"locals": {"a": 1, "a": 2}}', "m.tf.json:1:26", "`a` is given twice"),
        ("[" * 10_000, "m.tf.json:1:201", "nested deeper"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, place, words):
    with pytest.raises(SourceError) as caught:
        [parse_json(block) for block in scan_json(text, "m.tf.json")]
    (reason,) = caught.value.reasons
    assert words in reason.message
    assert reason.place == place


@pytest.mark.parametrize("kind", ["variable", "resource", "module", "output", "", "terraform"])
def test_what_is_not_read_has_a_name_where_a_key_is_empty(tmp_path, kind):
    given = {"": {"": {"": "x"}}} if kind else {}
    (tmp_path / "m.tf.json").write_text(json.dumps({kind: given, "output": {"a": {"value": 1}}}))
    found = load(tmp_path, tmp_path)
    assert all(each.id for each in found.unread)


@pytest.mark.parametrize(
    ("kind", "argument"),
    [
        ("aws_iam_role", "name"),
        ("aws_iam_role_policy", "name"),
        ("aws_iam_policy", "name_prefix"),
        ("aws_sqs_queue", "name"),
        ("aws_lambda_function", "function_name"),
        ("aws_kms_alias", "name"),
    ],
)
def test_half_a_character_is_read(tmp_path, kind, argument):
    half = {"x": {argument: "half-\ud800", "each": '${toset(["\\ud800", "b"])}'}}
    things = {kind: half, "aws_lambda_event_source_mapping": {"m": {"function_name": "f"}}}
    (tmp_path / "m.tf.json").write_text(json.dumps({"resource": things}))
    assert load(tmp_path, tmp_path).mappings


def test_texts_are_measured_whatever_they_hold():
    """A text of JSON may hold half a character, which UTF-8 has not."""
    here = Path(__file__).resolve().parents[3] / "checker/sources/terraform"
    bare = [path.name for path in here.rglob("*.py") if ".encode()" in path.read_text()]
    # They encode what the program itself writes.
    assert sorted(bare) == ["archived_files.py", "numbers.py", "order.py"]

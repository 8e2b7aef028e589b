"""Sensitivity follows every operation, as a real Terraform's (fixtures/expressions/sensitive)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from plan_files import parse_plan_json, read_saved_plan
from recorded import Surroundings, cases, value_of

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.truth import Truth
from checker.sources.terraform.configuration.declarations import declare
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.configuration.sensitivity import sensitive_variables
from checker.sources.terraform.evaluation.functions import apply
from checker.sources.terraform.given import Given
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.load import open_root
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.plan.planned import Planned
from checker.sources.terraform.plan.state import read_state
from checker.sources.terraform.values.compare import alike
from checker.sources.terraform.values.joining import joined
from checker.sources.terraform.values.marks import bare, deep_marks, marked_parts
from checker.sources.terraform.values.secrets import strings_of
from checker.sources.terraform.values.terraform_values import (
    SENSITIVE,
    Marked,
    PlacedDict,
    PlacedTuple,
    first_hole,
)

FOLDER = Path(__file__).parents[3] / "fixtures" / "expressions" / "sensitive"
RECORDED = json.loads((FOLDER / "recorded.json").read_text())
HERE = Location("test", 1, 1)
MORE = {
    "call_29": "that `try` took the second says that the first fails",
    "call_31": "whether it can be converted says something of it",
    "call_32": "`can` is marked as what it tries",
    "index_5": "the key chose the element",
}
"""What we mark and Terraform does not: see `try` and `can` in evaluate.py."""


@pytest.fixture(scope="module")
def root():
    return open_root(Project(FOLDER, Files(FOLDER)), str(FOLDER), Given())


@pytest.mark.parametrize("name", list(RECORDED))
def test_what_terraform_marks_is_marked(name, root):
    value = root.named("local", name, HERE)
    marked = isinstance(value, Marked) and value.marks >= SENSITIVE
    assert marked == (RECORDED[name] or name in MORE)


# Every function, with every argument that was recorded.


def marked_leaves(value):
    """Return a value in which every text and number is sensitive."""
    if isinstance(value, PlacedTuple):
        return PlacedTuple(map(marked_leaves, value))
    if isinstance(value, PlacedDict):
        return PlacedDict({key: marked_leaves(inner) for key, inner in value.items()})
    return value if value is None or isinstance(value, bool) else Marked(value)


SIMPLE = [
    pytest.param(case, id=f"{name}: {case['expression'][:70]}")
    for name, case in cases()
    if isinstance(case["tree"], dict)
    and "call" in case["tree"]
    and not case["tree"].get("expand")
    and '"call"' not in json.dumps(case["tree"]["args"])
    and '"operator"' not in json.dumps(case["tree"]["args"])
    and case["tree"]["call"] not in {"issensitive", "nonsensitive", "can", "try"}
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("case", SIMPLE)
def test_a_function_marks_what_it_makes_of_marked_arguments_and_quotes_none(case):
    scope, tree = Surroundings(), case["tree"]
    plain = [value_of(argument, scope) for argument in tree["args"]]
    given = tuple(map(marked_leaves, plain))
    if not deep_marks(given):
        return
    try:
        expected = apply(tree["call"], tuple(plain), Surroundings())
    except EvaluationError:
        expected = EvaluationError
    try:
        made = apply(tree["call"], given, Surroundings())
    except EvaluationError as error:
        message = str(error)
    else:
        message = None
    if message is not None:
        assert expected is EvaluationError
        quoted = [text for text in strings_of(tuple(plain)) if len(text) > 3]
        assert not any(text in message for text in quoted if text != tree["call"])
        return
    assert expected is not EvaluationError
    if first_hole(expected) is None:
        assert alike(bare(made), expected) is Truth.YES
    # Booleans and keys are not marked in what was given.
    known = strings_of(expected) - keys_of(plain) - {"true", "false"}
    if tree["call"] not in {"keys", "length"}:
        assert not known or deep_marks(made)
        assert not strings_of(made, marked=False) & known


def keys_of(value):
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, (tuple, list)) else set()


def test_the_functions_of_marks_answer_as_terraform():
    ephemeral = Marked("a", frozenset({"ephemeral"}))
    withheld = Marked("a", frozenset({"withheld", "sensitive"}))
    scope = Surroundings()
    assert apply("ephemeralasnull", (ephemeral,), scope) is None
    assert apply("ephemeralasnull", (Marked("a"),), scope) == Marked("a")
    assert apply("issensitive", (ephemeral,), scope) is False
    assert apply("nonsensitive", (Marked("a"),), scope) == "a"
    assert apply("core::nonsensitive", (withheld,), scope).marks == {"withheld"}
    assert apply("upper", (apply("nonsensitive", (withheld,), scope),), scope).marks == {"withheld"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('variable "a" {\n  sensitive = true\n}\n', {"a"}),
        ('variable "a" {\n  sensitive = false\n}\n', set()),
        ('variable "a" {\n  sensitive = "true"\n}\n', {"a"}),
        ('variable "a" {\n  ephemeral = true\n}\n', {"a"}),
        ('variable "a" {\n  sensitive = var.b\n}\nvariable "b" {}\n', {"a"}),
    ],
)
def test_the_sensitive_variables_of_a_module_are_listed(text, names, tmp_path):
    (tmp_path / "main.tf").write_text(text)
    assert sensitive_variables(declare(tmp_path, Files(tmp_path))) == names


# What a plan and a state mark.

STATE = {
    "version": 4,
    "resources": [
        {
            "mode": "managed",
            "type": "aws_sqs_queue",
            "name": "q",
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [
                {
                    "attributes": {"name": "hunter2", "tags": {"a": "x", "b": "y"}, "url": "u"},
                    "sensitive_attributes": [
                        [{"type": "get_attr", "value": "name"}],
                        [
                            {"type": "get_attr", "value": "tags"},
                            {"type": "index", "value": {"value": "a", "type": "string"}},
                        ],
                    ],
                }
            ],
        }
    ],
}


def test_a_state_marks_its_sensitive_attributes():
    decoders = read_state(json.dumps(STATE).encode(), HERE)
    assert decoders["aws_sqs_queue.q"]() == {
        "name": Marked("hunter2"),
        "tags": {"a": Marked("x"), "b": "y"},
        "url": "u",
    }


def shown(after_sensitive, prior_sensitive):
    resource = {"address": "aws_sqs_queue.q", "mode": "managed", "type": "aws_sqs_queue"}
    values = {"name": "hunter2", "url": "u"}
    plan = {
        "format_version": "1.2",
        "planned_values": {},
        "resource_changes": [
            {
                **resource,
                "change": {
                    "actions": ["no-op"],
                    "before": values,
                    "after": values,
                    "before_sensitive": after_sensitive,
                    "after_sensitive": after_sensitive,
                },
            }
        ],
        "prior_state": {
            "values": {
                "root_module": {
                    "resources": [
                        {
                            "address": "data.aws_sqs_queue.d",
                            "values": values,
                            "sensitive_values": prior_sensitive,
                        }
                    ]
                }
            }
        },
    }
    return Planned(parse_plan_json(json.dumps(plan).encode(), "plan.json"))


@pytest.mark.parametrize(
    ("marks", "name", "url"),
    [
        ({"name": True}, Marked("hunter2"), "u"),
        (True, Marked("hunter2"), Marked("u")),
        ({}, "hunter2", "u"),
        (False, "hunter2", "u"),
        ({"nowhere": True}, Marked("hunter2"), Marked("u")),
        ({"name": {"deeper": True}}, Marked("hunter2"), "u"),
    ],
)
def test_a_plan_marks_its_sensitive_values(marks, name, url):
    planned = shown(marks, marks)
    for address in ("aws_sqs_queue.q", "data.aws_sqs_queue.d"):
        assert planned.attributes(address) == {"name": name, "url": url}


def test_a_saved_plan_marks_its_sensitive_values():
    folder = Path(__file__).parents[3] / "fixtures" / "saved-plans" / "types"
    plan = read_saved_plan(folder / "plan.tfplan", "plan.tfplan")
    found = Planned(plan).attributes("terraform_data.known")
    assert any(part == Marked("hunter2 is no password") for part in marked_parts(dict(found)))


def test_a_value_of_the_plan_that_the_configuration_tells_too_stays_marked():
    assert joined("a", Marked("a")) == Marked("a")
    assert joined(Marked("a"), "a") == Marked("a")
    assert joined(Hole("h"), Marked("a")) == Marked("a")
    assert joined("a", Marked("b")) == Marked("b")
    assert joined({"x": "a"}, {"x": Marked("a")}) == Marked({"x": "a"})

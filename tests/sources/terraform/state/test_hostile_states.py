"""States that nobody's Terraform writes, those of others, and large ones."""

import json
import time
from pathlib import Path

import pytest

from checker.cli import main

STATES = Path(__file__).resolve().parents[4] / "fixtures" / "states"
HEAD = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "outputs": {}}
QUEUE = {
    "mode": "managed",
    "type": "aws_sqs_queue",
    "name": "q",
    "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
    "instances": [{"attributes": {"name": "q", "arn": "arn:aws:sqs:eu-west-1:123456789012:q"}}],
}


@pytest.fixture
def said(tmp_path, capsys):
    def said(state, *words):
        path = tmp_path / "terraform.tfstate"
        text = state if isinstance(state, (str, bytes)) else json.dumps(state)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        code = main(("plan", str(path), *words))
        out = capsys.readouterr()
        assert "Traceback" not in out.err
        return code, out.err

    return said


def of(**words):
    return {**HEAD, "resources": [{**QUEUE, **words}]}


REFUSED = {
    "an older version": ({**HEAD, "version": 3, "modules": []}, "its format version is 3"),
    "a newer version": ({**HEAD, "version": 5}, "its format version is 5"),
    "a version of another type": ({**HEAD, "version": [4]}, "its format version is"),
    "resources that are no list": ({**HEAD, "resources": {"a": 1}}, "`resources` is not a list"),
    "a resource that is not an object": (
        {**HEAD, "resources": [1]},
        "`resources[0]` is not an object",
    ),
    "a type that is not a string": (of(type=1), "`resources[0].type` is not a string"),
    "no name": (of(name=None), "`resources[0].name` is not a string"),
    "a module that is not an address": (of(module="module.a.b"), "is not an address of a module"),
    "modules without end": (
        of(module=".".join(["module.a"] * 60)),
        "is not an address of a module",
    ),
    "instances that are an object": (of(instances={}), "`resources[0].instances` is not a list"),
    "an index that is a list": (
        of(instances=[{"index_key": []}]),
        "is not a string or whole number",
    ),
    "an index that is a boolean": (of(instances=[{"index_key": True}]), "is not a string or whole"),
    "attributes that are a list": (
        of(instances=[{"attributes": [1]}]),
        "attributes` is not an object",
    ),
    "flat attributes": (of(instances=[{"attributes_flat": {}}]), "before 0.12"),
    "an instance twice": (
        {**HEAD, "resources": [QUEUE, QUEUE]},
        "`aws_sqs_queue.q` is there twice",
    ),
    "outputs that are a list": ({**HEAD, "outputs": [1]}, "`outputs` is not an object"),
    "no JSON": ("{", "not valid JSON"),
    "too deep": ("[" * 100_000, "nested too deeply"),
    "another JSON": ({"a": 1}, "the JSON is not a plan"),
    "a state that OpenTofu encrypted": (
        {
            "serial": 1,
            "lineage": "x",
            "meta": {},
            "encrypted_data": "AAA",
            "encryption_version": "v0",
        },
        "encrypted by OpenTofu",
    ),
    "a plan that OpenTofu encrypted": (
        {"meta": {}, "encrypted_data": "AAA", "encryption_version": "v0"},
        "encrypted by OpenTofu",
    ),
    "a printed state of another format": (
        {"format_version": "2.0", "values": {}},
        "its format version is `2.0`",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_state_ends_the_run_with_its_reason(name, said):
    state, why = REFUSED[name]
    code, error = said(state)
    assert code == 2
    assert why in " ".join(error.split())
    assert "nothing was checked" in error


@pytest.mark.parametrize(
    ("state", "remedy"),
    [("a state that OpenTofu encrypted", "tofu state pull"),
     ("a plan that OpenTofu encrypted", "tofu show -json")],
)  # fmt: skip
def test_what_is_encrypted_comes_with_its_remedy(state, remedy, said):
    assert remedy in said(REFUSED[state][0])[1]


TYPES = (
    "aws_sqs_queue",
    "aws_iam_role",
    "aws_lambda_event_source_mapping",
    "aws_lambda_function",
    "aws_kms_key",
    "aws_sqs_queue_policy",
    "aws_iam_role_policy",
    "aws_iam_policy",
)
ODD = {
    "no attributes": [{}],
    "numbers for texts": [{"attributes": {"name": 1, "arn": 2, "url": [], "policy": {}}}],
    "lists for texts": [{"attributes": {"name": [], "arn": [[]], "policy": [1]}}],
    "odd marks": [{"attributes": {"name": "q"}, "sensitive_attributes": {"a": 1}}],
    "deeper odd marks": [{"attributes": {"name": "q"}, "sensitive_attributes": [[[[]]], 1, [{}]]}],
    "a status that is a list": [{"attributes": {"name": "q"}, "status": []}],
    "a deep value": [{"attributes": {"name": json.loads("[" * 300 + "]" * 300)}}],
    "a key of odd signs": [{"attributes": {"name": "q"}, "index_key": '"]\u202e\n${x}.'}],
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("type_", TYPES)
def test_attributes_of_wrong_types_end_no_run(name, type_, said):
    code, _ = said(of(type=type_, instances=ODD[name]))
    assert code in (0, 1)


@pytest.mark.parametrize("kind", ["terraform.tfstate", "shown.json"])
def test_a_state_that_lacks_any_part_ends_in_no_crash(kind, said):
    """Every value of a recorded state is once taken out, and once replaced by another type."""
    whole = json.loads((STATES / "leftovers" / kind).read_text(encoding="utf-8"))
    places = list(paths(whole))
    for n, path in enumerate(places):
        if n % 7 == 0:
            said(changed(whole, path, [None, [], {}, 1, "x", True][n % 6]))


def paths(value, path=()):
    yield path
    if len(path) < 5:
        inner = (
            value.items()
            if isinstance(value, dict)
            else enumerate(value)
            if isinstance(value, list)
            else ()
        )
        for key, one in inner:
            yield from paths(one, (*path, key))


def changed(value, path, to):
    copy = json.loads(json.dumps(value))
    if not path:
        return to
    at = copy
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = to
    return copy


def test_a_large_state_of_other_things_takes_linear_time(said):
    def state(n):
        instances = [
            {"index_key": i, "attributes": {"id": str(i), "tags": {"a": "b"}}} for i in range(n)
        ]
        return json.dumps(of(type="aws_instance", instances=instances))

    times = []
    for n in (10_000, 40_000):
        text, begun = state(n), time.process_time()
        assert said(text)[0] == 0
        times.append(time.process_time() - begun)
    assert times[1] < 8 * times[0] + 2


def test_many_queues_roles_and_mappings_take_linear_time(said):
    def state(n):
        found = []
        for type_, names in (
            ("aws_sqs_queue", ("name", "arn", "url")),
            ("aws_iam_role", ("name", "arn")),
            ("aws_iam_role_policy", ("name", "role", "policy")),
        ):
            found.append(
                {
                    **QUEUE,
                    "type": type_,
                    "module": 'module.a["x"].module.b',
                    "instances": [
                        {"index_key": i, "attributes": dict.fromkeys(names, f"thing-{i}")}
                        for i in range(n)
                    ],
                }
            )
        return json.dumps({**HEAD, "resources": found})

    times = []
    for n in (500, 2_000):
        text, begun = state(n), time.process_time()
        assert said(text)[0] == 0
        times.append(time.process_time() - begun)
    assert times[1] < 8 * times[0] + 2


def test_too_many_values_are_refused_before_they_are_made(said):
    text = '{"version": 4, "lineage": "x", "resources": [' + "1," * 6_000_000 + "1]}"
    code, error = said(text)
    assert code == 2
    assert "values" in error

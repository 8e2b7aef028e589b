"""Functions give what `terraform console` gives; see tools/record-functions."""

import json
import re
import subprocess
import time

import pytest
from recorded import FOLDER, Surroundings, cases, json_of, value_of

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions import FUNCTIONS, SPECIAL, apply
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.values.marks import bare
from checker.sources.terraform.values.partial_values import InPart, PartialList
from checker.sources.terraform.values.terraform_values import (
    List,
    Map,
    PlacedDict,
    PlacedTuple,
    Set,
    first_hole,
    holes,
    inside,
)
from checker.sources.terraform.values.unify import type_of

CASES = [pytest.param(case, id=f"{name}: {case['expression'][:70]}") for name, case in cases()]
ARN = Hole("aws_sqs_queue.q.arn", why="not known before apply", at=Location("q.tf", 1, 1))
HERE = Location("q.tf", 1, 1)
ACCOUNT = Hole("account", Kind.ACCOUNT)
NAME = Hole("random_pet.n.id", Kind.NAME)
QUEUE = Text(("arn:aws:sqs:eu-west-1:", ACCOUNT, ":orders"))
OTHER = Text(("arn:aws:sqs:eu-west-1:", ACCOUNT, ":pay"))


def call(name, *arguments, files=None):
    return apply(name, arguments, Surroundings(files))


@pytest.mark.sampled(3)
@pytest.mark.parametrize("case", CASES)
def test_a_function_gives_what_terraform_gives(case):
    scope = Surroundings()
    try:
        value = value_of(case["tree"], scope)
    except EvaluationError:
        assert "error" in case
        return
    if first_hole(value) is not None:
        assert "unknown" in case or "not_told" in case
        return
    assert "not_told" not in case
    assert "json" in case, f"Terraform does not tell it, we say {value!r}"
    assert json_of(bare(value), scope) == case["json"]
    if not holds_null(value):
        assert spelled(str(type_of(value)).replace(" = ", ":")) == spelled(case["type"])


def holds_null(value):
    return value is None or any(map(holds_null, inside(value)))


def spelled(kind):
    return re.sub(r"[\s,]+", "", kind).replace("dynamic", "any")


NEWER = {"convert"}
"""Functions that are newer than the Terraform that listed its own."""


def test_every_function_of_terraform_is_here():
    listed = json.loads((FOLDER / "_names.json").read_text("utf-8"))
    assert set(FUNCTIONS) | SPECIAL == {*listed, *NEWER}


def test_a_function_may_be_called_by_its_full_name():
    assert call("core::upper", "a") == "A"


def test_a_function_of_a_provider_is_unknown():
    assert isinstance(call("provider::time::rfc3339_parse", "a"), Hole)


def test_a_function_that_does_not_exist_is_refused():
    with pytest.raises(EvaluationError, match="no function named `uper`"):
        call("uper", "a")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("upper", ()), ("upper", ("a", "b")), ("join", ()), ("substr", ("a", 1)), ("uuid", ("a",))],
)
def test_a_wrong_number_of_arguments_is_refused(name, arguments):
    with pytest.raises(EvaluationError, match=r"takes|expects"):
        call(name, *arguments)


def test_null_is_refused_even_beside_an_unknown():
    with pytest.raises(EvaluationError, match="`substr` parameter: argument must not be null"):
        call("replace", Text((ARN,)), None, "x")


# Unknowns


def test_a_policy_is_written_around_the_arn_that_is_not_known_yet():
    text = call("jsonencode", PlacedDict({"Resource": QUEUE, "Action": "sqs:*"}))
    assert text == Text(
        ('{"Action":"sqs:*","Resource":"arn:aws:sqs:eu-west-1:', ACCOUNT, ':orders"}')
    )


def test_a_value_of_any_type_becomes_a_hole_for_one_json_value_that_keeps_its_reason():
    text = call("jsonencode", PlacedDict({"a": ARN}))
    (hole,) = text.holes
    assert (hole.name, hole.kind, hole.why, hole.at) == (ARN.name, Kind.JSON, ARN.why, ARN.at)


def test_json_read_again_is_the_value_that_was_written():
    value = PlacedDict({"a": ARN, "b": PlacedTuple((QUEUE, 1, None))})
    again = call("jsondecode", call("jsonencode", value))
    assert again == value
    assert again["a"].kind is Kind.ANY


def test_every_part_of_a_json_text_is_found_where_it_was_written():
    at = [Location("p.tf", line, 3) for line in range(1, 6)]
    statement = PlacedDict({"Effect": "Allow"}, at[2], {"Effect": at[3]})
    document = PlacedDict(
        {"Version": "1", "Statement": PlacedTuple((statement,), at[1])},
        at[0],
        {"Version": at[4], "Statement": at[1]},
    )
    text = call("jsonencode", document)
    written = text.literal
    assert text.origin.locate(0) == at[0]
    assert text.origin.locate(written.index('{"Effect"')) == at[2]
    assert text.origin.locate(written.index('"Effect"')) == at[3]
    assert text.origin.locate(written.index('"Version"')) == at[4]
    assert text.origin.locate(len(written) - 1) == at[0]


def test_a_file_knows_the_place_of_each_of_its_characters():
    text = call("file", "a.json", files={"a.json": b'{\n "a": 1\n}'})
    assert text.literal == '{\n "a": 1\n}'
    assert text.origin.locate(3) == Location("a.json", 2, 2)


def test_objects_read_from_a_file_know_their_place():
    text = call("file", "a.json", files={"a.json": b'{\n "a": [1]\n}'})
    value = call("jsondecode", text)
    assert value.places["a"].line == 2


def test_unknown_results_are_named_after_the_call():
    assert call("md5", ARN) == Text((Hole("md5(aws_sqs_queue.q.arn)"),))
    assert call("md5", ARN).holes[0].why == ARN.why
    assert call("md5", Text((ARN,))) == call("md5", ARN)
    assert call("md5", Text(("a", ARN))) != call("md5", Text((ARN, "a")))


def test_names_of_different_calls_differ():
    names = {
        call("sha256", Text(parts)).holes[0].name
        for parts in [(ARN,), ("a", ARN), ("a+", ARN), (ARN, ARN), ('"', ARN), ("x" * 300, ARN)]
    } | {call("sha256", Text((Hole("md5(a), b"),))).holes[0].name}
    assert len(names) == 7
    assert all(len(name) < 260 for name in names)


def test_chance_gives_another_unknown_at_every_call():
    scope = Surroundings()
    assert apply("uuid", (), scope) != apply("uuid", (), scope)
    assert apply("timestamp", (), scope) != apply("timestamp", (), scope)
    assert apply("plantimestamp", (), scope) == apply("plantimestamp", (), scope)


def test_an_arn_is_split_at_the_colons_that_are_surely_there():
    assert call("split", ":", QUEUE)[4] == Text((ACCOUNT,))
    assert call("element", call("split", ":", QUEUE), 5) == "orders"
    begun = call("split", ":", Text(("a:", ARN)))
    assert begun.index(0, HERE) == "a"
    assert isinstance(begun.index(1, HERE), Hole)


def test_sets_of_surely_different_texts_are_sorted():
    made = call("toset", PlacedTuple((OTHER, QUEUE, OTHER)))
    assert made == Set((QUEUE, OTHER))
    assert call("length", made) == 2


def test_a_set_of_perhaps_equal_members_is_of_unknown_size():
    made = call("toset", PlacedTuple((Text((NAME,)), "a")))
    assert isinstance(made, PartialList)
    assert (made.first, made.among, made.perhaps) == ((), (Text((NAME,)), "a"), ())
    assert isinstance(call("length", made), Hole)
    assert call("contains", made, "a") is True
    assert isinstance(call("length", call("distinct", PlacedTuple((Text((NAME,)), "a")))), Hole)


def test_a_set_whose_order_is_unknown_has_a_length_and_no_first_element():
    made = call("toset", PlacedTuple((Text((NAME, "-a")), Text((NAME, "-b")), Text(("x:", NAME)))))
    assert call("length", made) == 3
    assert isinstance(call("tolist", made), Hole)
    assert first_hole(call("jsonencode", made)).kind is not Kind.NAME


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("length", (PlacedTuple((ARN, ARN)),), 2),
        ("keys", (PlacedDict({"b": ARN, "a": 1}),), ("a", "b")),
        ("coalesce", (None, Text(("a", ARN)), "b"), Text(("a", ARN))),
        ("coalesce", (Text((NAME,)), "b"), Text((NAME,))),
        ("lookup", (PlacedDict({"a": ARN}), "a", 1), ARN),
        ("contains", (PlacedTuple((ARN, "a")), "a"), True),
        ("contains", (PlacedTuple((Text((NAME,)),)), "a:b"), False),
        ("startswith", (QUEUE, "arn:aws:sqs"), True),
        ("startswith", (QUEUE, "arn:aws:sns"), False),
        ("endswith", (QUEUE, ":orders"), True),
        ("trimprefix", (QUEUE, "arn:aws:"), Text(("sqs:eu-west-1:", ACCOUNT, ":orders"))),
        ("trimsuffix", (QUEUE, ":orders"), Text(("arn:aws:sqs:eu-west-1:", ACCOUNT))),
        ("replace", (QUEUE, ":", "/"), Text(("arn/aws/sqs/eu-west-1/", ACCOUNT, "/orders"))),
        ("replace", (QUEUE, ":orders", ""), Text(("arn:aws:sqs:eu-west-1:", ACCOUNT))),
        ("format", ("%s-%03d", Text((NAME,)), 7), Text((NAME, "-007"))),
        ("formatlist", ("%s/*", PlacedTuple((QUEUE, "b"))), (QUEUE + "/*", "b/*")),
        ("join", ("/", PlacedTuple((QUEUE, NAME))), Text.of(QUEUE, "/", NAME)),
        ("concat", (PlacedTuple((ARN,)), PlacedTuple(("a",))), (ARN, "a")),
        ("merge", (PlacedDict({"a": ARN}), PlacedDict({"b": 1})), {"a": ARN, "b": 1}),
        ("flatten", (PlacedTuple((PlacedTuple((QUEUE,)), "a")),), (QUEUE, "a")),
        ("compact", (PlacedTuple((QUEUE, "", None)),), (QUEUE,)),
        ("upper", (QUEUE,), Text(("ARN:AWS:SQS:EU-WEST-1:", ACCOUNT, ":ORDERS"))),
        ("lower", (Text(("A", NAME)),), Text(("a", Hole("lower(random_pet.n.id)")))),
        ("substr", (QUEUE, 4, 3), "aws"),
        ("basename", (Text(("role/", NAME, "/worker")),), "worker"),
        ("basename", (Text((NAME, "/worker//")),), "worker"),
        ("trimspace", (Text((" a", NAME, "b\n")),), Text(("a", NAME, "b"))),
        ("anytrue", (PlacedTuple((ARN, True)),), True),
        ("alltrue", (PlacedTuple((ARN, False)),), False),
        ("setsubtract", (PlacedTuple((QUEUE, OTHER)), PlacedTuple((OTHER,))), Set((QUEUE,))),
        ("setunion", (PlacedTuple((OTHER,)), PlacedTuple((QUEUE,))), Set((QUEUE, OTHER))),
        ("zipmap", (PlacedTuple(("a",)), PlacedTuple((ARN,))), {"a": ARN}),
        ("one", (PlacedTuple((ARN,)),), ARN),
        ("index", (PlacedTuple((OTHER, QUEUE)), QUEUE), 1),
        ("reverse", (PlacedTuple((ARN, 1)),), (1, ARN)),
        ("tostring", (ARN,), Text((ARN,))),
        ("distinct", (PlacedTuple((QUEUE, QUEUE, OTHER)),), (QUEUE, OTHER)),
    ],
)
def test_what_is_sure_stays_known_beside_an_unknown(name, arguments, result):
    assert call(name, *arguments) == result


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("merge", (PlacedDict({"a": 1}), ARN)),
        ("concat", (PlacedTuple(("a",)), ARN)),
        ("flatten", (PlacedTuple((ARN, "a")),)),
        ("coalesce", (ARN, "a")),
        ("coalesce", (Text((ARN,)), "a")),
        ("compact", (PlacedTuple((ARN,)),)),
        ("lookup", (PlacedDict({"a": 1}), Text((NAME,)), 2)),
        ("startswith", (Text((ARN,)), "arn")),
        ("replace", (Text(("a", ARN)), "a", "b")),
        ("trimspace", (Text((ARN,)),)),
        ("toset", (PlacedTuple((ARN, 1)),)),
        ("contains", (PlacedTuple((ARN,)), "a")),
        ("element", (PlacedTuple(("a", "b")), ARN)),
        ("index", (PlacedTuple((ARN, "a")), "a")),
        ("setintersection", (PlacedTuple((Text((NAME,)), "b")), PlacedTuple(("a",)))),
        ("sort", (PlacedTuple((Text((NAME,)), "b")),)),
        ("rsadecrypt", ("a", "b")),
        ("base64gzip", ("a",)),
    ],
)
def test_what_depends_on_an_unknown_is_unknown(name, arguments):
    made = call(name, *arguments)
    if isinstance(made, InPart):
        made = made.whole()
    assert isinstance(made, Hole) or made.holes == made.parts


def test_replacing_may_not_overlook_what_a_hole_begins_with():
    joined = Text(("x::", NAME, ":y"))
    for needle in (":a", "x:", ":y"):
        assert first_hole(call("replace", joined, needle, "-")) != NAME
    assert call("replace", joined, "x::", "-") == Text(("-", NAME, ":y"))


def test_lists_and_maps_are_distinguished_from_tuples_and_objects():
    assert isinstance(call("tolist", PlacedTuple((1, "a"))), List)
    assert isinstance(call("tomap", PlacedDict({"a": 1})), Map)
    assert isinstance(call("keys", call("tomap", PlacedDict({"a": 1}))), List)
    assert isinstance(call("keys", PlacedDict({"a": 1})), PlacedTuple)


# Bounds


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("range", (10**9,)),
        ("setproduct", (PlacedTuple(range(1000)),) * 3),
        ("format", ("%1000000000d", 5)),
        ("format", ("%.1000000000f", 5)),
        ("format", ("%99999999999999999999s", "a")),
        ("join", ("x" * 1_000_000, PlacedTuple(["a"] * 1000))),
        ("replace", ("a" * 100_000, "a", "b" * 10_000)),
        ("replace", ("a" * 100_000, "/a/", "b" * 10_000)),
        ("replace", ("a" * 100_000, "", "b" * 10_000)),
        ("indent", (10**9, "a\nb")),
        ("pow", (10, 10**9)),
        ("pow", (2.5.as_integer_ratio()[0], 10**18)),
        ("tonumber", ("1e999999999",)),
        ("tonumber", ("9" * 100_000,)),
        ("parseint", ("f" * 100_000, 16)),
        ("jsondecode", ("[" * 100_000,)),
        ("jsondecode", ("1e999999999",)),
        ("yamldecode", ("[" * 100_000,)),
        ("yamldecode", ("a: &a [x,x]\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [" + ",".join([f"*{chr(97 + n)}"] * 10) + "]\n"
            for n in range(9)
        ),)),
        ("cidrsubnets", ("10.0.0.0/8", *[24] * 200_000)),
        ("csvdecode", ("a\n" + "1\n" * 200_000,)),
        ("split", (",", "," * 200_000)),
        ("regexall", ("", "a" * 200_000)),
        ("regex", ("(a*)*$", "a" * 100_000 + "b")),
        ("formatlist", ("%s" + "x" * 1000, PlacedTuple(["a"] * 200_000))),
        ("distinct", (PlacedTuple(Text((NAME, str(n))) for n in range(1000)),)),
        ("toset", (PlacedTuple(Text((NAME, str(n))) for n in range(1000)),)),
        ("timeadd", ("2020-01-01T00:00:00Z", "9" * 10_000 + "h")),
        ("chunklist", (PlacedTuple(range(10)), 10**12)),
        ("title", ("a" * 1_000_000,)),
        ("strrev", ("\u0301" * 100_000,)),
        ("log", (10**3000, 10)),
        ("formatdate", ("'" * 100_001, "2020-01-01T00:00:00Z")),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)  # fmt: skip
def test_hostile_arguments_are_answered_soon(name, arguments):
    start = time.process_time()
    try:
        value = call(name, *arguments)
    except EvaluationError:
        value = None
    # Seconds of a processor: nothing here takes one, and without bounds all would take many.
    assert time.process_time() - start < 5
    assert not isinstance(value, str) or len(value) <= 10_000_000


def test_values_nested_too_deep_are_unknown():
    deep = PlacedTuple(())
    for _ in range(5000):
        deep = PlacedTuple((deep,))
    for name in ("jsonencode", "flatten", "tolist", "length", "yamlencode"):
        assert holes(call(name, deep))


@pytest.mark.terraform
def test_the_recordings_are_what_this_terraform_says(tmp_path):
    for _, case in cases()[::40]:
        run = subprocess.run(
            ["terraform", "console"],
            input=f"jsonencode({case['expression']})",
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )
        assert (run.returncode != 0) == ("error" in case)

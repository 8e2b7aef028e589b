"""What a function makes of a text with holes holds for every text that fills them.

Each call is made twice: with the holes, and with random texts in their place. What the first one
tells must be what the second one gives, with the same texts in it.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recorded import Surroundings

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions import apply
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.values.partial_values import AtLeast, PartialList
from checker.sources.terraform.values.terraform_values import PlacedDict, PlacedTuple, Set
from examples import examples

HERE = Location("t.tf", 1, 1)
HOLES = [Hole("any", Kind.ANY), Hole("name", Kind.NAME), Hole("part", Kind.PART),
         Hole("account", Kind.ACCOUNT), Hole("region", Kind.REGION)]  # fmt: skip
FILLINGS = {
    "any": st.text("ab:-/.A1\n", max_size=5),
    "name": st.text("ab-/.A1", min_size=1, max_size=4),
    "part": st.text("ab-/.A1", max_size=4),
    "account": st.text("01", min_size=12, max_size=12),
    "region": st.text("ab-1", min_size=1, max_size=4),
}
LITERAL = st.text("ab:-/.A1", min_size=1, max_size=4)
TEXTS = st.lists(st.one_of(LITERAL, st.sampled_from(HOLES)), min_size=1, max_size=5).map(
    lambda parts: Text(tuple(parts))
)
SHORT = st.text("ab:-/.A1", min_size=1, max_size=3)
ATOMS = ["a", "b", ":", "-", "/", r"\.", ".", "[^:]", "[a-b]", r"\d", r"\w", "[^/]", "(a)", "(:)",
         "(?:a|b)", "(a|b:)", "1", "A", "(?P<n>b)"]  # fmt: skip
PATTERNS = (
    st.lists(
        st.tuples(
            st.sampled_from(ATOMS), st.sampled_from(["", "", "", "+", "*", "?", "+?", "{2}"])
        ),
        min_size=1,
        max_size=4,
    )
    .flatmap(
        lambda atoms: st.tuples(
            st.sampled_from(["", "^", ".*", "(.*):", "([^:]*)-"]),
            st.just("".join(atom + times for atom, times in atoms)),
            st.sampled_from(["", "$", ".*", "(.*)$", "/?"]),
        )
    )
    .map("".join)
)
LISTS = st.lists(TEXTS, max_size=3).map(PlacedTuple)
FULL = st.lists(TEXTS, min_size=1, max_size=3).map(PlacedTuple)
MAPS = st.dictionaries(SHORT, TEXTS, max_size=3).map(PlacedDict)
CALLS = st.one_of(
    st.tuples(st.sampled_from(["startswith", "endswith", "strcontains", "trimprefix", "trimsuffix",
                               "trim"]), st.tuples(TEXTS, st.one_of(SHORT, TEXTS))),
    st.tuples(st.sampled_from(["lower", "upper", "trimspace", "chomp", "length", "basename"]),
              st.tuples(TEXTS)),
    st.tuples(st.just("split"), st.tuples(SHORT, TEXTS)),
    st.tuples(st.just("replace"), st.tuples(TEXTS, SHORT, SHORT)),
    st.tuples(st.just("replace"), st.tuples(TEXTS, PATTERNS.map(lambda p: f"/{p}/"), SHORT)),
    st.tuples(st.just("substr"), st.tuples(TEXTS, st.integers(-3, 5), st.integers(-1, 5))),
    st.tuples(st.just("join"), st.tuples(SHORT, st.lists(TEXTS, max_size=3).map(PlacedTuple))),
    st.tuples(st.just("format"), st.tuples(st.sampled_from(["%s-x", "a%s", "%5s", "%q"]), TEXTS)),
    st.tuples(st.just("coalesce"), st.tuples(TEXTS, TEXTS)),
    st.tuples(st.sampled_from(["contains", "index"]),
              st.tuples(FULL, TEXTS)),
    st.tuples(st.sampled_from(["distinct", "sort", "toset", "compact", "one", "reverse", "length"]),
              st.tuples(st.lists(TEXTS, max_size=3).map(PlacedTuple))),
    st.tuples(st.sampled_from(["setunion", "setintersection", "setsubtract"]),
              st.tuples(*[st.lists(TEXTS, max_size=3).map(PlacedTuple)] * 2)),
    st.tuples(st.just("element"),
              st.tuples(FULL, st.integers(0, 4))),
    st.tuples(st.just("lookup"),
              st.tuples(MAPS, TEXTS, TEXTS)),
)  # fmt: skip
REGULAR = st.tuples(st.sampled_from(["regex", "regexall"]), st.tuples(PATTERNS, TEXTS))
NAMES = st.fixed_dictionaries(FILLINGS)


def filled(value, names):
    """Return a value with texts in the place of its holes; None for one of another hole."""
    if isinstance(value, Text):
        made = value.fill(names)
        return made.literal if made.literal is not None else (None if made.holes else "")
    if isinstance(value, PlacedTuple):
        return PlacedTuple(filled(each, names) for each in value)
    if isinstance(value, PlacedDict):
        return PlacedDict({key: filled(each, names) for key, each in value.items()})
    return value


def in_part(known, given_, names):
    """Tell whether what is known of a list or a set is in the one that the concrete call gives."""
    if isinstance(given_, Set):
        return len(given_.members) >= known.least and all(
            any(agree(one, other, names) for other in given_.members) for one in known.first
        )
    return len(given_) >= known.least and all(
        agree(one, other, names) for one, other in zip(known.first, given_, strict=False)
    )


def agree(known, given_, names):
    """Tell whether what is known of a result is what the concrete call gives."""
    if isinstance(known, AtLeast):
        return given_ >= known.least
    if isinstance(known, PartialList):
        return in_part(known, given_, names)
    if isinstance(known, Hole):
        return names[known.name] == given_ if known.name in names else True
    if isinstance(known, Set):
        if len(known.members) != len(given_.members):
            return False
        if known.ordered:
            return agree(PlacedTuple(known.members), PlacedTuple(given_.members), names)
        return {filled(each, names) for each in known.members} == set(given_.members)
    if isinstance(known, tuple):
        return len(known) == len(given_) and all(
            agree(one, other, names) for one, other in zip(known, given_, strict=True)
        )
    if isinstance(known, dict):
        return set(known) == set(given_) and all(
            agree(each, given_[key], names) for key, each in known.items()
        )
    if isinstance(known, Text):
        made = filled(known, names)
        return made is None or made == plain(given_)
    return known == plain(given_)


def plain(value):
    return value.literal if isinstance(value, Text) else value


def check(call, names):
    name, arguments = call
    try:
        known, refused = apply(name, arguments, Surroundings()), None
    except EvaluationError as error:
        known, refused = None, error
    try:
        concrete = apply(name, tuple(filled(each, names) for each in arguments), Surroundings())
    except EvaluationError:
        # What Terraform refuses is refused, or unknown.
        assert refused is not None or unknown(known), (known, "refused")
        return
    assert refused is None, (refused, concrete)
    assert agree(known, concrete, names), (known, concrete)


def unknown(known):
    """Tell whether a result is unknown as a whole, so that the call may be refused."""
    return isinstance(known, Hole) or (
        isinstance(known, Text) and len(known.parts) == 1 and bool(known.holes)
    )


@settings(max_examples=examples(1500), deadline=None)
@given(CALLS, NAMES)
def test_what_a_function_tells_of_a_text_with_holes_holds_for_every_filling(call, names):
    check(call, names)


@settings(max_examples=examples(2500), deadline=None)
@given(REGULAR, NAMES)
def test_what_a_regular_expression_tells_holds_for_every_filling(call, names):
    check(call, names)


ARN = Text(("arn:aws:sqs:", HOLES[4], ":", HOLES[3], ":orders-", HOLES[1]))
URL = Text(("https://sqs.", HOLES[4], ".amazonaws.com/", HOLES[3], "/orders"))


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("regexall", (".*:sqs:.*", ARN), (ARN,)),
        ("regexall", ("^arn:aws:sns:", ARN), ()),
        ("regexall", (":sns:", Text((*ARN.parts[:1], "eu-west-1:", *ARN.parts[3:]))), ()),
        ("regexall", ("^arn:aws:sqs:", ARN), ("arn:aws:sqs:",)),
        ("regex", ("^arn:aws:([a-z]+):", ARN), ("sqs",)),
        ("regex", ("^arn:[^:]*:[^:]*:([^:]*):([^:]*):", ARN),
         (Text((HOLES[4],)), Text((HOLES[3],)))),
        ("regex", ("[^:]+$", ARN), Text(("orders-", HOLES[1]))),
        ("regex", (":(?P<n>orders)-[^:]*$", ARN), {"n": "orders"}),
        ("regex", ("[^/]+$", URL), "orders"),
        ("regex", (r"^https://sqs\.([a-z0-9-]+)\.", URL), (Text((HOLES[4],)),)),
        ("replace", (ARN, "/:sqs:/", ":sns:"), Text(("arn:aws:sns:", *ARN.parts[1:]))),
        ("replace", (ARN, "/^arn:aws:/", ""), Text(("sqs:", *ARN.parts[1:]))),
    ],
)  # fmt: skip
def test_a_regular_expression_is_decided_where_the_known_parts_decide(name, arguments, answer):
    made = apply(name, arguments, Surroundings())
    assert made == answer


def test_that_something_matches_is_known_where_what_matches_is_not():
    text = Text(("arn:aws:sqs:", HOLES[0], "x"))
    made = apply("regexall", ("(sqs:.*)", text), Surroundings())
    assert isinstance(made, PartialList)
    assert made.least == 1
    assert isinstance(apply("length", (made,), Surroundings()), AtLeast)


def test_what_a_hole_may_hold_leaves_a_match_open():
    made = apply("regexall", ("sns", Text(("arn:", HOLES[0]))), Surroundings())
    assert isinstance(made, PartialList)
    assert made.least == 0
    assert isinstance(apply("regex", ("sns", Text(("arn:", HOLES[0]))), Surroundings()), Hole)

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import yaml
from checker.yaml import Scalar, Sequence, YamlError, YamlMapping, parse


def test_every_node_knows_its_line_and_column():
    node = parse("a: 1\nb:\n  - x\n  - y: z\n")
    assert isinstance(node, YamlMapping)
    (_, one), (_, many) = node.entries
    assert (one.line, one.column) == (1, 4)
    assert isinstance(many, Sequence)
    assert [(item.line, item.column) for item in many.items] == [(3, 5), (4, 5)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("off", "off"),
        ("yes", "yes"),
        ("2027-01-31", "2027-01-31"),
        ("1:30", "1:30"),
        ("012", 12),
        ("-3", -3),
        ("1_000", "1_000"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ('"true"', "true"),
        ("'7'", "7"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_a_scalar_is_read_as_yaml_1_2_reads_it(text, value):
    node = parse(f"key: {text}")
    assert node.entries[0][1].value == value
    assert type(node.entries[0][1].value) is type(value)


def test_an_empty_text_is_a_null():
    assert parse("# nothing\n") == Scalar(None, "", 1, 1)


def test_an_alias_stands_for_its_anchor():
    node = parse("a: &x [1, 2]\nb: *x\n")
    assert node.entries[0][1].items == node.entries[1][1].items


def test_a_tag_is_kept():
    assert parse("a: !Sub '${x}'").entries[0][1].tag == "!Sub"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "`a` occurs twice"),
        ("a: [1\nb: 2", 2, "did not find|expected"),
        ("a: 1\n---\nb: 2\n", 2, "more than one document"),
        ("a: *nowhere\n", 1, "no anchor `nowhere`"),
        ("a: &self [*self]\n", 1, "no anchor `self`"),
        ("? [1]\n: 2\n", 1, "single value"),
        ("a: \x07", 1, "not allowed|special"),
        ("\ta: 1", 1, "cannot start"),
    ],
)
def test_what_is_wrong_is_reported_with_its_line(text, line, words):
    with pytest.raises(YamlError, match=words) as caught:
        parse(text)
    assert caught.value.line == line


def test_nesting_is_bounded():
    with pytest.raises(YamlError, match="deeper"):
        parse("[" * 5000)


def test_size_is_bounded():
    with pytest.raises(YamlError, match="longer"):
        parse("#" * (yaml.MOST_CHARACTERS + 1))


def test_aliases_that_multiply_are_bounded():
    lines = ["a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(YamlError, match="more than"):
        parse("\n".join(lines))


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#\n \t,?%@`0~", max_size=60))
def test_no_text_does_worse_than_a_yaml_error(text):
    with suppress(YamlError):
        parse(text)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_nesting_is_bounded_at_the_depth_that_is_named(opening, closing):
    def nested(depth):
        return opening * depth + "x" + closing * depth

    parse(nested(yaml.MOST_DEPTH - 2))
    with pytest.raises(YamlError, match="deep"):
        parse(nested(yaml.MOST_DEPTH + 2))


def test_what_is_expected_is_named():
    with pytest.raises(YamlError, match="did not find expected ',' or"):
        parse("a: [b c: {d}}")

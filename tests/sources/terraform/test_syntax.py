"""The fast reader and python-hcl2 make the same trees, and what is wrong is said with its place."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scanning import scan

from checker.errors import SourceError
from checker.knowledge.partial import Location
from checker.sources.terraform.language import syntax, tree
from checker.sources.terraform.language.hcl2_workarounds import readable

FIXTURES = Path(__file__).parents[3] / "fixtures"
HERE = Location("t.tf", 1, 1)
# The library reads one splat inside another as a splat of a splat, which Terraform does not.
FILES = sorted(FIXTURES.rglob("*.tf"))


def reference(text):
    """Parse an expression by python-hcl2 alone."""
    reading = syntax._Reading(text, "t.tf", 0, None, HERE)
    return reading.reference_expression(readable("x=" + text, "t.tf", flat=True), 0, 2)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("file", FILES, ids=lambda f: f.relative_to(FIXTURES).as_posix())
def test_the_fast_reader_and_the_library_agree_on_every_block(file, monkeypatch):
    blocks = scan(file.read_text(), file.name)
    fast = [syntax.parse_block(block) for block in blocks]

    def refuse(*_):
        raise syntax.Unreadable

    monkeypatch.setattr(syntax, "read_body", refuse)
    monkeypatch.setattr(syntax, "read_expression", refuse)
    slow = [syntax.parse_block(block) for block in blocks]
    assert slow == fast
    assert list(ends(slow)) == list(ends(fast))


def ends(node):
    """Where every node ends, splats apart: nobody asks for what is inside of one."""
    if isinstance(node, (tuple, list)):
        for each in node:
            yield from ends(each)
    elif isinstance(node, dict):
        yield from ends(tuple(node.values()))
    elif is_dataclass(node) and not isinstance(node, Location):
        if hasattr(node, "at") and not isinstance(node, tree.Splat):
            yield type(node).__name__, node.at, node.at.end_line, node.at.end_column
        for each in fields(node):
            if each.name != "each":
                yield from ends(getattr(node, each.name))


names = st.sampled_from(["a", "b-c", "var", "x_1"])
leaves = st.one_of(
    names,
    st.integers(0, 99).map(str),
    st.sampled_from(["1.5", "true", "null", '"s"', '"a${b}c"', '"$${x}"', "[]", "{}"]),
)


def grown(inner):
    binary = st.sampled_from(
        ["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"]
    )
    return st.one_of(
        st.tuples(inner, binary, inner).map(" ".join),
        inner.map("({})".format),
        inner.map("!({})".format),
        inner.map("-{}".format),
        st.tuples(inner, inner, inner).map(lambda t: "{} ? {} : {}".format(*t)),
        st.lists(inner, max_size=3).map(lambda xs: f"[{', '.join(xs)}]"),
        st.lists(st.tuples(names, inner), max_size=3).map(
            lambda xs: "{" + ", ".join(f"{k} = {v}" for k, v in xs) + "}"
        ),
        st.lists(inner, max_size=3).map(lambda xs: f"f({', '.join(xs)})"),
        st.tuples(names, inner).map("{0[0]}[{0[1]}]".format),
        names.map("{}.d[*].e".format),
        names.map("{}.*.e[0].g".format),
        inner.map("[for x in y : {} if x]".format),
        inner.map("{{for k, v in y : k => {}...}}".format),
    )


@given(st.recursive(leaves, grown, max_leaves=12))
def test_the_fast_reader_and_the_library_agree_on_any_expression(text):
    try:
        fast = syntax.read_expression(
            readable("x=" + text, "t.tf", flat=True)[2:],
            syntax._Reading(text, "t.tf", 0, None, HERE)._behind(0),
        )
    except syntax.Unreadable:
        return
    try:
        slow = reference(text)
    except SourceError:
        return  # the library refuses some of what is valid, such as `-!a`
    assert slow == fast
    assert "[*]" in text or ".*" in text or list(ends(slow)) == list(ends(fast))


def parsed(text):
    return syntax.parse_expression(text, HERE)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("- -5", "-(-5)"),
        ("!!true", "!(!true)"),
        ('"${\n  a\n}"', '"${a}"'),
        ('"${ /* said */ a }"', '"${a}"'),
        ("(\na\n&&\nb\n)", "a && b"),
        ("a[\n0\n]", "a[0]"),
        ("[1, # one\n2]", "[1, 2]"),
    ],
)
def test_what_python_hcl2_refuses_is_fixed(text, other):
    assert shape(parsed(text)) == shape(parsed(other))


def shape(node):
    """Return a tree without its places."""
    if isinstance(node, tuple):
        return tuple(shape(each) for each in node)
    if not hasattr(node, "__slots__"):
        return node
    fields = [name for name in node.__slots__ if name != "at"]
    return type(node).__name__, *(shape(getattr(node, name)) for name in fields)


def test_names_keep_their_own_letters():
    assert parsed("é.naïve") == tree.Attribute(tree.Name("é", HERE), "naïve", HERE)
    assert parsed('core::upper("a")').name == "core::upper"


def test_a_splat_inside_a_splat_is_taken_of_each_element():
    node = parsed("a[*].b[*].c")
    assert isinstance(node.each, tree.Splat)


def test_a_byte_order_mark_and_windows_line_ends_are_fine():
    (block,) = scan('\ufeffresource "a" "b" {\r\n  c = <<E  \r\nx\r\nE\r\n}\r\n', "t.tf")
    assert block.labels == ("a", "b")
    assert "c" in syntax.parse_block(block).body.arguments


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('a "b" {\n  x = 1\n  x = 2\n}\n', "t.tf:3:3", "already set"),
        ("a {\n  x = 1 y = 2\n}\n", "t.tf:2:9", "newline is missing"),
        ("a {\n  x = { b = 1 c = 2 }\n}\n", "t.tf:2:15", "comma or newline"),
        ('a {\n  x = "\\d"\n}\n', "t.tf:2:8", "escape"),
        ("a {\n  x = \n}\n", "t.tf:2:7", "ends too early"),
        ('a "${b}" {\n}\n', "t.tf:1:3", "interpolation"),
        ("a {\n", "t.tf:1:3", "unclosed"),
        ('a {\n  x = "b\n}\n', "t.tf:2:7", "string must end"),
        ("a {\n  x = <<E\n}\n", "t.tf:2:7", "unclosed heredoc"),
        ("}\n", "t.tf:1:1", "required here"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, place, words):
    with pytest.raises(SourceError) as caught:
        [syntax.parse_block(block) for block in scan(text, "t.tf")]
    reason = caught.value.reasons[0]
    assert reason.place == place
    assert words in reason.message


@pytest.mark.parametrize("quick", [False, True])
def test_deep_nesting_is_refused_and_not_a_crash(quick):
    text = "a {\n x = " + "[" * 10_000 + "]" * 10_000 + "\n}\n"
    with pytest.raises(SourceError, match="deeper"):
        [syntax.parse_block(block) for block in scan(text, "t.tf", quick=quick)]


def test_a_large_body_is_not_parsed():
    (block,) = scan("a {\n" + "  # filler\n" * 30_000 + "}\n", "t.tf")
    with pytest.raises(syntax.TooLarge):
        syntax.parse_block(block)

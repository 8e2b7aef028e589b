"""The expression for plain blocks splits a file exactly as the scan by brackets does."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scanning import scan

from checker.errors import SourceError
from checker.sources.terraform.configuration import declarations
from checker.sources.terraform.configuration.declarations import declare
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.language.scan import Stretch, split
from checker.sources.terraform.modules.modules import Module
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.provider.attributes import computed
from checker.sources.terraform.resources.walk import Walk

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"


def parts(blocks):
    return [(b.kind, b.labels, b.start, b.body, b.end) for b in blocks]


def blocks_of(part):
    return part.blocks() if isinstance(part, Stretch) else [part]


def split_quickly(text):
    found = split(text, "t.tf", quick=True, pass_over=True)
    return parts(block for part in found for block in blocks_of(part))


def agree(text):
    try:
        expected = parts(scan(text, "t.tf"))
    except SourceError:
        return
    assert parts(scan(text, "t.tf", quick=True)) == expected
    assert split_quickly(text) == expected


SIGNS = ("a", "é", "1", "=", " ", "\n", "\t", "\r\n", "{", "}", "[", "]", "(", ")", '"', "'")
MARKS = (
    "\\",
    "$",
    "%",
    "${",
    "%{",
    "$${",
    "#",
    "//",
    "/*",
    "*/",
    "/",
    "<",
    "<<E\n",
    "E\n",
    "{",
    "}",
)
NESTED = ('"${a("b")}"', '"${[{(', ')}]}"', '"%{ if a }"', '"$${"', '"%%{"', '"$$${a}"', '"${"}"}"')
STRINGS = (
    *NESTED,
    '"x"',
    '"{"',
    '"}"',
    '"${a}"',
    '"$${a}"',
    '"\\""',
    '"a${b("}")}"',
    "# {\n",
    "# }\n",
)
LINES = (
    "<<E\n}\nE\n",
    "<<-E-F\n  E\n{\n  E-F\n",
    "<<E\r\nE\r\n",
    '"${a /* } */}"',
    "/* } */",
    "/* {\n*/",
    "<<-E\n}\n E\n",
    "a {\n",
    "}\n",
    'resource "a" "b" {\n',
    "x = 1\n",
)
words = st.sampled_from((*SIGNS, *MARKS, *STRINGS, *LINES))


@given(st.lists(words, max_size=40).map("".join))
def test_any_text_is_split_as_by_brackets(text):
    agree(text)
    agree('resource "a" "b" {\n' + text + "\n}\nlocals {\n}\n")


@pytest.mark.sampled(6)
@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.tf")), ids=lambda p: p.parent.name)
def test_every_fixture_is_split_as_by_brackets(path):
    agree(path.read_text("utf-8"))


WHOLE = (
    *STRINGS,
    '"${a ? "b" : c(["d", "}"])}"',
    '"%{ for x in y }${x}%{ endfor }"',
    '"a$$${b}%%{c"',
    '"${a("${b}")}"',
    "<<-E\n  } {\n  EE\n  E\n",
    "<<E-1\n${ {\nE-1\n",
    "[1, 2 /* ] */]",
    "(a / b < c)",
    "{ a = { b = 1 } } // }\n",
)
whole_lines = st.sampled_from(WHOLE).map("  x = {}\n".format)
nested = st.recursive(
    st.lists(whole_lines, max_size=4).map("".join), lambda body: body.map("  b {{\n{}  }}\n".format)
)
kinds = st.sampled_from(('resource "aws_s3_bucket" "b"', 'data aws_ami "b"', "locals"))
files = st.lists(st.tuples(kinds, nested).map("{0[0]} {{\n{0[1]}}}\n# {{\n".format), max_size=4)


@given(files.map("".join))
def test_any_file_of_whole_blocks_is_split_as_by_brackets(text):
    agree(text)


@given(st.lists(words, max_size=30).map("".join))
def test_what_is_passed_over_holds_no_block_of_ours(text):
    whole = 'resource "aws_s3_bucket" "b" {\n' + text + "\n}\n"
    try:
        expected = scan(whole, "t.tf")
    except SourceError:
        return
    passed = [p for p in split(whole, "t.tf", quick=True, pass_over=True) if isinstance(p, Stretch)]
    inside = [b for b in expected for p in passed if p.start <= b.start < p.end]
    assert all(block.kind in {"resource", "data"} for block in inside)
    assert not any(re.match(r"aws_(sqs|lambda|iam|kms)_", block.labels[0]) for block in inside)
    assert all(block.labels[0] in part.types() for part in passed for block in part.blocks())


def test_a_mapping_cannot_hide_behind_braces_in_a_comment():
    text = (
        "locals {\n  x = 1 } # {\n"
        '  resource "aws_lambda_event_source_mapping" "m" {\n  y = 2\n} # }\n'
    )
    assert [kind for kind, *_ in split_quickly(text)] == ["locals", "resource"]


PLAIN = """
resource "aws_s3_bucket" "b" {
  bucket = "${var.a == "x" ? "y" : lower("Z")}-$${ {"
  policy = <<-EOT
    } ${"{"}
    EOT2
    EOT
  tags = { a = "b" } # }
}
data "aws_ami" "a" {
}
"""


def test_strings_in_templates_and_heredocs_are_plainly_written():
    (stretch,) = split(PLAIN, "t.tf", quick=True, pass_over=True)
    assert parts(stretch.blocks()) == parts(scan(PLAIN, "t.tf"))
    assert stretch.types() == {"aws_s3_bucket", "aws_ami"}


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(declarations, "QUICK_FROM", 0)


@pytest.mark.usefixtures("at_once")
def test_a_file_kept_for_later_is_read_when_it_is_asked_for(tmp_path):
    (tmp_path / "a.tf").write_text('resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n')
    found = declare(tmp_path, Files(tmp_path))
    assert not found.blocks
    assert found.has("resource", "aws_s3_bucket", "b")
    assert found.block("resource", "aws_s3_bucket", "b").labels == ("aws_s3_bucket", "b")
    assert not found.has("resource", "aws_s3_bucket", "c")


BUCKET = 'resource "aws_s3_bucket" "b" {\n  for_each = toset(["a"])\n  bucket = "b"\n}\n'
ASKING = """
resource "aws_sqs_queue" "q" {
  for_each = aws_s3_bucket.b
  name     = each.key
}

module "m" {
  source   = "./m"
  for_each = aws_s3_bucket.b
}
"""


@pytest.mark.usefixtures("at_once")
def test_a_file_kept_for_later_may_be_asked_for_while_resources_are_gone_through(tmp_path):
    (tmp_path / "a.tf").write_text(BUCKET)
    (tmp_path / "b.tf").write_text(ASKING)
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "m.tf").write_text("")
    project = Project(tmp_path, Files(tmp_path))
    root = Module(project, project.declarations(tmp_path), inputs={}, compute=computed)
    assert [found.instance.address for found in Walk(root).of("aws_sqs_queue")] == [
        'aws_sqs_queue.q["a"]'
    ]


@pytest.mark.usefixtures("at_once")
def test_a_resource_kept_for_later_is_overridden(tmp_path):
    (tmp_path / "a.tf").write_text(BUCKET)
    (tmp_path / "override.tf").write_text(BUCKET.replace('"b"\n', '"c"\n'))
    found = declare(tmp_path, Files(tmp_path))
    assert found.block("resource", "aws_s3_bucket", "b").body.arguments["bucket"].at.source == (
        "override.tf"
    )
    assert not found.unreadable


def test_an_override_without_labels_is_refused(tmp_path):
    (tmp_path / "override.tf").write_text("resource {\n}\n")
    assert declare(tmp_path, Files(tmp_path)).unreadable


def test_a_local_is_found_however_it_is_written_and_the_others_are_not_parsed(tmp_path):
    (tmp_path / "a.tf").write_text(
        "locals {\n  a = 1\n  é-b/* */= 2\n  c = { d = 3 }\n}\nlocals { e=4 }\n"
        "locals {\n  broken = [\n    + ]\n}\n"
    )
    (tmp_path / "b.tf.json").write_text('{"locals": {"f": 5}}')
    (tmp_path / "override.tf").write_text("locals {\n  a = 6\n}\n")
    found = declare(tmp_path, Files(tmp_path))
    places = {name: found.local(name) for name in ("a", "é-b", "c", "d", "e", "f", "g")}
    assert {name: at and at.at.source for name, at in places.items()} == {
        "a": "override.tf",
        "é-b": "a.tf",
        "c": "a.tf",
        "d": None,
        "e": "a.tf",
        "f": "b.tf.json",
        "g": None,
    }
    assert not found.unreadable
    assert found.local("broken") is None
    assert found.unreadable

"""The expression for plain blocks splits a file exactly as the scan by brackets does."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.errors import SourceError
from checker.sources.terraform import scan as scanning
from checker.sources.terraform.declarations import declare
from checker.sources.terraform.files import Files
from checker.sources.terraform.modules import Module
from checker.sources.terraform.project import Project
from checker.sources.terraform.resources.walk import Walk
from checker.sources.terraform.scan import is_of_others, scan

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures"
NEVER = re.compile(r"(?!)")


def split(text):
    return [(b.kind, b.labels, b.start, b.body, b.end) for b in scan(text, "t.tf")]


def split_by_brackets(text):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "BLOCK", NEVER)
        return split(text)


def agree(text):
    try:
        expected = split_by_brackets(text)
    except SourceError:
        return
    assert split(text) == expected


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
STRINGS = ('"x"', '"{"', '"}"', '"${a}"', '"$${a}"', '"\\""', '"a${b("}")}"', "# {\n", "# }\n")
LINES = ("/* } */", "/* {\n*/", "<<-E\n}\n E\n", "a {\n", "}\n", 'resource "a" "b" {\n', "x = 1\n")
words = st.sampled_from((*SIGNS, *MARKS, *STRINGS, *LINES))


@given(st.lists(words, max_size=40).map("".join))
def test_any_text_is_split_as_by_brackets(text):
    agree(text)
    agree('resource "a" "b" {\n' + text + "\n}\nlocals {\n}\n")


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.tf")), ids=lambda p: p.parent.name)
def test_every_fixture_is_split_as_by_brackets(path):
    agree(path.read_text("utf-8"))


@given(st.lists(words, max_size=30).map("".join))
def test_what_is_kept_for_later_holds_no_block_of_ours(text):
    whole = 'resource "aws_s3_bucket" "b" {\n' + text + "\n}\n"
    if not is_of_others(whole):
        return
    try:
        found = split_by_brackets(whole)
    except SourceError:
        return
    assert all(kind == "resource" for kind, *_ in found)
    assert not any(re.match(r"aws_(sqs|lambda|iam|kms)_", labels[0]) for _, labels, *_ in found)


def test_a_mapping_cannot_hide_behind_braces_in_a_comment():
    text = (
        "locals {\n  x = 1 } # {\n"
        '  resource "aws_lambda_event_source_mapping" "m" {\n  y = 2\n} # }\n'
    )
    assert [kind for kind, *_ in split(text)] == ["locals", "resource"]


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


def test_a_file_kept_for_later_may_be_asked_for_while_resources_are_gone_through(tmp_path):
    (tmp_path / "a.tf").write_text(BUCKET)
    (tmp_path / "b.tf").write_text(ASKING)
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "m.tf").write_text("")
    project = Project(tmp_path, Files(tmp_path))
    root = Module(project, project.declarations(tmp_path), inputs={})
    assert [found.instance.address for found in Walk(root).of("aws_sqs_queue")] == [
        'aws_sqs_queue.q["a"]'
    ]


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

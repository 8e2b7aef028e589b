"""Sensitivity follows every operation, as a real Terraform's (fixtures/expressions/sensitive)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.partial import Location
from checker.sources.terraform.files import Files
from checker.sources.terraform.load import Given, open_root
from checker.sources.terraform.project import Project
from checker.sources.terraform.values import SENSITIVE, Marked

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

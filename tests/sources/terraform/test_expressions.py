"""Expressions evaluate as a real Terraform evaluates them (fixtures/expressions)."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import open_root
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.values.terraform_values import Set

FOLDER = Path(__file__).parents[3] / "fixtures" / "expressions"
RECORDED = json.loads((FOLDER / "recorded.json").read_text())
HERE = Location("test", 1, 1)


@pytest.fixture(scope="module")
def root():
    return open_root(Project(FOLDER, Files(FOLDER)), str(FOLDER), Given())


def plain(value):
    """Return a value as JSON gives it."""
    if isinstance(value, Hole):
        return f"unknown: {value.why}"
    if isinstance(value, Text):
        return str(value)
    if isinstance(value, Set):
        return [plain(each) for each in value.members]
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("name", list(RECORDED))
def test_an_expression_has_the_value_that_terraform_gives_it(name, root):
    assert plain(root.named("local", name, HERE)) == RECORDED[name]

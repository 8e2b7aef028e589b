"""`terraform.workspace`: who names it, and what is sure whatever it is."""

from __future__ import annotations

import pytest

from checker.errors import UsageError
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import open_root
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.values.partial_values import PartialList

HERE = Location("test", 1, 1)


def value(folder, text, given=None):
    (folder / "main.tf").write_text(f"locals {{\n  x = {text}\n  envs = {ENVS}\n}}\n")
    root = open_root(Project(folder, Files(folder)), str(folder), given or Given())
    return root.named("local", "x", HERE)


ENVS = """{
    dev  = { name = "orders-dev", timeout = 30, tags = ["a", "dev"], size = 1 }
    prod = { name = "orders-prod", timeout = 30, tags = ["a", "prod"], size = "1" }
  }"""


def environment(folder, text, where=".terraform"):
    (folder / where).mkdir()
    (folder / where / "environment").write_text(text)


def test_the_command_line_names_the_workspace_before_all_others(tmp_path):
    environment(tmp_path, "dev")
    given = Given(workspace="prod", environment={"TF_WORKSPACE": "stage"})
    assert value(tmp_path, "terraform.workspace", given) == "prod"


def test_the_environment_names_it_before_the_file(tmp_path):
    environment(tmp_path, "dev")
    assert value(tmp_path, "terraform.workspace", Given(environment={"TF_WORKSPACE": "x"})) == "x"


def test_the_file_of_the_last_selection_names_it(tmp_path):
    environment(tmp_path, "dev\n")
    assert value(tmp_path, "terraform.workspace") == "dev"
    assert value(tmp_path, "terraform.workspace", Given(environment={"TF_WORKSPACE": ""})) == "dev"


def test_the_file_lies_where_the_data_of_terraform_lies(tmp_path):
    environment(tmp_path, "dev", "data")
    assert isinstance(value(tmp_path, "terraform.workspace"), Text)
    given = Given(environment={"TF_DATA_DIR": "data"})
    assert value(tmp_path, "terraform.workspace", given) == "dev"


def test_a_cloud_block_names_the_only_one_that_there_is(tmp_path):
    (tmp_path / "cloud.tf").write_text(
        'terraform {\n cloud {\n  workspaces {\n   name = "orders"\n  }\n }\n}\n'
    )
    assert value(tmp_path, "terraform.workspace") == "orders"


def test_without_any_of_them_it_is_unknown_and_says_what_to_do(tmp_path):
    found = value(tmp_path, "terraform.workspace")
    assert found.holes[0].remedy == "name it with `--workspace`"


@pytest.mark.parametrize("text", ["", "a b", "../x\n\ny", "é", "x" * 91, "a%b", "\0", "a\nb"])
def test_a_file_that_names_no_workspace_names_none(tmp_path, text):
    environment(tmp_path, text)
    assert isinstance(value(tmp_path, "terraform.workspace"), Text)


def test_a_file_outside_the_repository_is_not_read(tmp_path):
    inside = tmp_path / "repository"
    inside.mkdir()
    (tmp_path / "environment").write_text("dev")
    given = Given(environment={"TF_DATA_DIR": ".."})
    assert isinstance(value(inside, "terraform.workspace", given), Text)
    given = Given(environment={"TF_DATA_DIR": str(tmp_path)})
    assert isinstance(value(inside, "terraform.workspace", given), Text)


def test_a_name_that_terraform_does_not_take_is_refused(tmp_path):
    with pytest.raises(UsageError, match="`--workspace`"):
        value(tmp_path, "1", Given(workspace="a b"))


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ('terraform.workspace == "prod" ? "a" : "a"', "a"),
        ("lookup({ dev = 1, prod = 1 }, terraform.workspace, 1)", 1),
        ("{ dev = 1, prod = 1 }[terraform.workspace]", 1),
        ("local.envs[terraform.workspace].timeout", 30),
        ("local.envs[terraform.workspace].tags[0]", "a"),
        ("[1, 1][length(terraform.workspace)]", 1),
        ('(terraform.workspace == "prod" ? { a = 1, b = 2 } : { a = 1, b = 3 }).a', 1),
        ('terraform.workspace == "a:b"', False),
        ('startswith(terraform.workspace == "prod" ? "orders" : "orders-dev", "orders")', True),
        ('startswith(local.envs[terraform.workspace].name, "orders-")', True),
        ('endswith("${terraform.workspace}-orders", "-orders")', True),
    ],
)  # fmt: skip
def test_what_is_the_same_in_every_workspace_is_known(tmp_path, text, sure):
    assert value(tmp_path, text) == sure


@pytest.mark.parametrize(
    "text",
    [
        'terraform.workspace == "prod" ? "a" : "b"',
        'terraform.workspace == "prod" ? 1 : 2',
        "lookup({ dev = 1, prod = 1 }, terraform.workspace, 2)",
        "lookup({ dev = 1, prod = 2 }, terraform.workspace, 1)",
        "try({ dev = 1, prod = 1 }[terraform.workspace], 2)",
        "can({ dev = 1, prod = 1 }[terraform.workspace])",
        "try(lookup({ dev = 1 }, terraform.workspace), 2)",
        "contains(keys(local.envs), terraform.workspace)",
        'terraform.workspace == "prod" ? 1 : "1"',
        "local.envs[terraform.workspace].size",
        'terraform.workspace == "prod" ? null : 1',
        'terraform.workspace == "prod" ? [1] : [1, 2]',
        'terraform.workspace == "prod" ? tolist([1]) : tolist([1, 2])',
        'terraform.workspace == "prod" ? true : "true"',
    ],
)  # fmt: skip
def test_what_differs_between_workspaces_is_unknown(tmp_path, text):
    found = value(tmp_path, text)
    assert isinstance(found, (Hole, PartialList)) or found.holes

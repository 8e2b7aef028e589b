"""What to name instead of a path that cannot be checked."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from assemblies import laid
from scenarios import scenario

from checker.cli import console, main
from checker.errors import SourceError

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def repository(tmp_path, monkeypatch):
    """A repository with two root modules and a module below `envs`, none at its top."""
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    for folder in ("envs/a", "envs/b", "envs/modules/queue", "docs"):
        Path(folder).mkdir(parents=True)
        for file in scenario("orders-broken").glob("*.tf"):
            if folder == "envs/modules/queue" and file.name != "queue.tf":
                continue
            if folder != "docs":
                (Path(folder) / file.name).write_text(file.read_text())


def refused(capsys, *words):
    assert main(["plan", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    *said, last = told.err.splitlines()
    assert last == "nothing was checked"
    return said


@pytest.mark.parametrize("name", ["queue.tf", "queue.tofu"])
def test_a_file_of_a_configuration_names_its_directory(capsys, name):
    (Path("envs/a") / name).touch()
    assert refused(capsys, f"envs/a/{name}") == [
        f"error: envs/a/{name}: is one file of a configuration, which is checked as a whole",
        "help: name its directory: `tfcheck plan envs/a`",
    ]


def test_so_does_one_in_the_json_syntax_and_says_why_it_is_no_plan(capsys):
    Path("envs/a/more.tf.json").write_text("{}")
    assert refused(capsys, "envs/a/more.tf.json") == [
        "error: envs/a/more.tf.json: the JSON is not a plan",
        "help: name its directory: `tfcheck plan envs/a`",
    ]


def test_a_plan_of_any_name_is_read(capsys):
    plan = ROOT / "fixtures/saved-plans/types/plan.json"
    Path("plan.tf.json").write_text(plan.read_text())
    assert main(["plan", "plan.tf.json"]) in {0, 1}


def test_a_file_in_the_current_directory_names_it(capsys, monkeypatch):
    monkeypatch.chdir("envs/a")
    assert refused(capsys, "queue.tf")[-1] == "help: name its directory: `tfcheck plan .`"


def test_a_file_of_variables_names_the_option(capsys):
    Path("envs/a/prod.tfvars").write_text("x = 1\n")
    assert refused(capsys, "envs/a/prod.tfvars")[-1] == (
        "help: name the directory: `tfcheck plan --var-file envs/a/prod.tfvars envs/a`"
    )


def test_a_file_that_is_not_there_is_just_that(capsys):
    (said,) = refused(capsys, "envs/a/none.tf")
    assert "no such file or directory" in said


@pytest.mark.parametrize(("path", "number"), [(".", 2), ("envs", 2)])
def test_a_directory_without_terraform_names_what_lies_below(capsys, path, number):
    assert refused(capsys, path) == [
        f"error: {path}: the directory holds no Terraform files",
        f"help: check the {number} root modules below it: `tfcheck plan --recursive {path}`",
    ]
    assert main(["plan", "--recursive", path]) == 1


def test_one_root_module_below_is_one(capsys):
    for file in Path("envs/b").iterdir():
        file.unlink()
    hint = "help: check the 1 root module below it: `tfcheck plan --recursive envs`"
    assert refused(capsys, "envs")[-1] == hint


@pytest.mark.parametrize("path", ["docs", "envs/modules"])
def test_where_no_root_module_lies_below_none_is_named(capsys, path):
    assert refused(capsys, path)[-1] == "help: name the directory of a root module"


def test_a_root_module_that_is_there_is_read_alone(capsys):
    Path("envs/a/inner").mkdir()
    assert main(["plan", "envs/a"]) == 1


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


@pytest.mark.parametrize("columns", [20, 40, 80, 140])
def test_a_message_is_wrapped_between_words_on_a_terminal(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    console.explain_stop(SourceError("one two three " * 20, hint="`tfcheck plan --recursive a`"))
    lines = stream.getvalue().splitlines()
    assert max(map(len, lines)) <= max(columns, 40)
    assert all(each.startswith(("error: one", "       ", "help: ", "nothing ")) for each in lines)
    assert " ".join(stream.getvalue().split()).count("one two three") == 20


def test_a_message_stays_one_line_in_a_pipe(capsys):
    console.explain_stop(SourceError("one two three " * 20))
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_templates_and_assemblies_below_a_directory_are_named(capsys):
    for name in ("docs/a", "docs/b"):
        laid("plain", Path(name))
    Path("docs/stack.yaml").write_text("Resources: {Q: {Type: AWS::SQS::Queue}}")
    assert refused(capsys, "docs")[-1] == (
        "help: check the 1 template of CloudFormation and 2 cloud assemblies of the CDK below it:"
        " `tfcheck plan --recursive docs`"
    )

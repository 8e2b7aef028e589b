"""What a proposal says of Terraform or OpenTofu takes no file out of what `--base` judges."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from repositories import commit, git, new
from scenarios import scenario

from checker.cli import main

TOFU_LOCK = 'provider "registry.opentofu.org/hashicorp/aws" {\n  version = "5.0.0"\n}\n'
LOCK = TOFU_LOCK.replace("opentofu.org", "terraform.io")


def files_of(name, suffix=".tf"):
    """Return the files of a scenario, with another ending."""
    return {f"infra/{file.stem}{suffix}": file.read_text() for file in scenario(name).glob("*.tf")}


@pytest.fixture(autouse=True)
def repository(tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.chdir(new(tmp_path / "work"))


def based(files):
    """Commit files as the commit that judges, and leave them in the working tree."""
    commit(".", files)
    git("tag", "-f", "base")


def propose(files):
    for name, text in files.items():
        Path(name).write_text(text)


def run(capsys, *words):
    code = main(["plan", "infra", "--base=base", *words, "--format=json"])
    report = json.loads(capsys.readouterr().out)
    return code, {row["verdict"] for row in report["mappings"]}, report["unread"]


SOUND, BROKEN = "orders", "orders-broken"


@pytest.mark.parametrize(
    "more",
    [{}, {"infra/.opentofu-version": "1.10.0\n"}, {"infra/.terraform.lock.hcl": TOFU_LOCK}],
)
@pytest.mark.parametrize("before", [{}, {"infra/.terraform.lock.hcl": LOCK}])
def test_no_file_of_opentofu_hides_what_terraform_runs(capsys, before, more):
    based(files_of(BROKEN) | before)
    propose(files_of(SOUND, ".tofu") | more)
    code, verdicts, unread = run(capsys)
    assert (code, verdicts) == (1, {"blocked"})
    said = [unknown["why"] for unknown in unread]
    assert bool(said) == (not before or more.keys() >= before.keys())
    assert all("the commit of `--base`" in why for why in said)
    code, verdicts, unread = run(capsys, "--engine=tofu")
    assert (code, verdicts, unread) == (0, {"ready"}, [])


def test_no_word_of_terraform_hides_what_opentofu_runs(capsys):
    based(files_of(BROKEN, ".tofu") | files_of(SOUND))
    propose({"infra/.terraform-version": "1.9.0\n"})
    assert run(capsys)[:2] == (1, {"blocked"})


def test_a_root_module_that_is_new_says_itself_what_it_is(capsys):
    based({"readme": "x"})
    Path("infra").mkdir()
    propose(files_of(SOUND, ".tofu"))
    assert run(capsys) == (0, {"ready"}, [])


def test_where_all_mappings_are_of_the_other_engine_nothing_was_checked(capsys):
    based({"infra/main.tf": "locals {}\n"})
    propose(files_of(SOUND, ".tofu"))
    assert main(["plan", "infra", "--base=base"]) == 2
    assert "nothing was checked" in capsys.readouterr().err

"""Many root modules in one run: found, and each judged as if it were alone."""

import json
from pathlib import Path

import pytest

from checker.cli import main
from checker.errors import SourceError
from checker.sources.terraform.files import Files
from checker.sources.terraform.roots import find_roots

SCENARIOS = Path(__file__).resolve().parents[3] / "fixtures" / "scenarios"
MAPPING = 'resource "aws_lambda_event_source_mapping" "m" {\n  function_name = "f"\n}\n'


def call(source):
    return f'module "m" {{\n  source = "{source}"\n}}\n'


def tree(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def found(folder):
    return [
        path.relative_to(folder.resolve()).as_posix()
        for path in find_roots(folder.resolve(), Files(folder)).directories
    ]


@pytest.mark.parametrize(
    ("files", "roots"),
    [
        ({"a/main.tf": 'provider "aws" {\n}\n', "b/main.tf": "locals {\n}\n"}, ["a"]),
        ({"a/main.tf": 'terraform {\n  backend "s3" {\n  }\n}\n'}, ["a"]),
        ({"main.tf": call("./m"), "m/main.tf": MAPPING}, ["."]),
        ({"a/x.tf": call("../b"), "b/x.tf": call("../c"), "c/x.tf": MAPPING}, ["a"]),
        ({"a/x.tf": MAPPING, ".terraform/modules/m/x.tf": MAPPING}, ["a"]),
        ({"a/x.tf": MAPPING, "a/examples/e/x.tf": call("../..")}, ["a/examples/e"]),
    ],
)  # fmt: skip
def test_a_root_is_called_by_none_and_leads_to_a_mapping(files, roots, tmp_path):
    tree(tmp_path, files)
    assert found(tmp_path) == roots


def test_no_root_is_said(tmp_path):
    tree(tmp_path, {"a/main.tf": "locals {\n}\n"})
    with pytest.raises(SourceError, match="no root module"):
        found(tmp_path)


def test_every_file_that_cannot_be_split_is_named(tmp_path):
    tree(tmp_path, {"a/main.tf": MAPPING + "}\n", "b/main.tf": "x {\n"})
    with pytest.raises(SourceError) as caught:
        found(tmp_path)
    assert [reason.place for reason in caught.value.reasons] == ["a/main.tf:4:1", "b/main.tf:1:3"]


def report(capsys, *arguments):
    main(("plan", "--format", "json", *arguments))
    return json.loads(capsys.readouterr().out)


def test_a_root_module_is_judged_as_if_it_were_alone(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(SCENARIOS.parent)
    whole = report(capsys, "--recursive", "scenarios")
    together = {m["id"]: m["verdict"] for m in whole["mappings"]}
    for folder in sorted({address.partition(":")[0] for address in together}):
        alone = report(capsys, f"scenarios/{folder}")
        expected = {f"{folder}:{m['id']}": m["verdict"] for m in alone["mappings"]}
        assert {k: v for k, v in together.items() if k.startswith(f"{folder}:")} == expected


def test_a_variable_need_not_be_declared_by_every_root(capsys, tmp_path, monkeypatch):
    variable = 'variable "v" {\n}\n'
    tree(tmp_path, {"a/main.tf": MAPPING + variable, "b/main.tf": MAPPING})
    monkeypatch.chdir(tmp_path)
    assert len(report(capsys, "--recursive", ".", "--var", "v=1")["mappings"]) == 2
    assert main(("plan", "--recursive", ".", "--var", "w=1")) == 2
    assert "no root module declares" in capsys.readouterr().err

"""Many root modules in one run: found, and each judged as if it were alone."""

import json

import pytest
from scenarios import HERE

from checker.cli import main
from checker.errors import SourceError
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.roots import find_roots
from examples import some

MAPPING = 'resource "aws_lambda_event_source_mapping" "m" {\n  function_name = "f"\n}\n'


def call(source, argument=""):
    return f'module "m" {{\n  source = "{source}"\n  {argument}\n}}\n'


def tree(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def found(folder):
    return [
        path.relative_to(folder.resolve()).as_posix()
        for path in find_roots(folder.resolve(), Files(folder)).directories
    ]


PROVIDER = 'provider "aws" {\n}\n'
BACKEND = 'terraform {\n  backend "s3" {\n  }\n}\n'
CLOUD = "terraform {\n  cloud {\n  }\n}\n"
ALIAS = 'provider "aws" {\n  alias = "west"\n}\n'
VARIABLE = 'variable "v" {\n}\n'
DEFAULT = 'variable "v" {\n  default = ""\n}\n'
REGISTRY = call("terraform-aws-modules/lambda/aws")


@pytest.mark.parametrize(
    ("files", "roots"),
    [
        ({"a/main.tf": PROVIDER, "b/main.tf": "locals {\n}\n"}, ["a"]),
        ({"a/main.tf": BACKEND}, ["a"]),
        ({"a/main.tf": CLOUD}, ["a"]),
        ({"main.tf": call("./m"), "m/main.tf": MAPPING}, ["."]),
        ({"a/x.tf": call("../b"), "b/x.tf": call("../c"), "c/x.tf": MAPPING}, ["a"]),
        ({"a/x.tf": MAPPING, ".terraform/modules/m/x.tf": MAPPING}, ["a"]),
        ({"a/x.tf": MAPPING, "node_modules/m/x.tf": MAPPING}, ["a"]),
        ({"a/x.tf": MAPPING, "a/examples/e/x.tf": call("../..")}, ["a/examples/e"]),
        # what has a backend is run, whoever else calls it
        ({"a/x.tf": MAPPING + BACKEND, "test/x.tf": call("../a")}, ["a", "test"]),
        ({"a/x.tf": MAPPING + CLOUD, "test/x.tf": call("../a")}, ["a", "test"]),
        # a provider alone: only what has all its values can be run
        ({"a/x.tf": MAPPING + PROVIDER, "test/x.tf": call("../a")}, ["a", "test"]),
        ({"a/x.tf": MAPPING + PROVIDER + VARIABLE, "t/x.tf": call("../a")}, ["t"]),
        ({"a/x.tf": MAPPING + PROVIDER + VARIABLE, "a/x.auto.tfvars": "", "t/x.tf": call("../a")},
         ["a", "t"]),
        # what callers give values is no root module, though its own are complete
        ({"a/x.tf": MAPPING + PROVIDER + DEFAULT, "t/x.tf": call("../a", 'v = "b"')}, ["t"]),
        ({"a/x.tf": MAPPING + PROVIDER + DEFAULT, "t/x.tf": call("../a", "providers = {}")},
         ["a", "t"]),
        ({"a/x.tf": MAPPING + PROVIDER + DEFAULT, "a/x.auto.tfvars": "",
          "t/x.tf": call("../a", 'v = "b"')}, ["a", "t"]),
        ({"a/x.tf": MAPPING + BACKEND, "t/x.tf": call("../a", 'v = "b"')}, ["a", "t"]),
        ({"a/x.tf": MAPPING + PROVIDER + DEFAULT,
          "modules/w/x.tf": VARIABLE + call("../../a", "v = var.v")}, ["a"]),
        ({"a/x.tf": MAPPING + ALIAS, "t/x.tf": call("../a")}, ["t"]),
        # directories of modules, and of examples in them
        ({"a/x.tf": MAPPING, "modules/m/x.tf": MAPPING}, ["a"]),
        ({"a/x.tf": MAPPING, "lib/modules/team/m/x.tf": MAPPING + ALIAS}, ["a"]),
        ({"a/x.tf": MAPPING, "mixins/m/x.tf": MAPPING}, ["a"]),
        ({"modules/m/x.tf": MAPPING + BACKEND}, ["modules/m"]),
        ({"modules/m/x.tf": MAPPING + PROVIDER}, ["modules/m"]),
        ({"modules/m/x.tf": MAPPING, "modules/m/examples/e/x.tf": call("../..")},
         ["modules/m/examples/e"]),
        ({"x.tf": MAPPING, "examples/e/x.tf": call("../.."), "examples/e/modules/h/x.tf": MAPPING},
         ["examples/e"]),
        ({"modules/x.tf": MAPPING}, ["modules"]),
        ({"modules/m/x.tf": VARIABLE, "examples/e/x.tf": call("../../modules/m")}, ["examples/e"]),
        # a module that is not here may hold a mapping
        ({"a/x.tf": REGISTRY, "b/x.tf": "locals {\n}\n"}, ["a"]),
        ({"a/x.tf": call("../b"), "b/x.tf": REGISTRY}, ["a"]),
        # what cannot be split may be a root module
        ({"a/x.tf": MAPPING, "b/x.tf": "x {\n"}, ["a", "b"]),
        ({"a/x.tf": MAPPING + call("../b"), "b/x.tf": "x {\n"}, ["a"]),
    ],
)  # fmt: skip
def test_a_root_is_distinguished_from_a_module(files, roots, tmp_path):
    tree(tmp_path, files)
    assert found(tmp_path) == roots


def test_no_root_is_said(tmp_path):
    tree(tmp_path, {"a/main.tf": "locals {\n}\n"})
    with pytest.raises(SourceError, match="no root module"):
        found(tmp_path)


def test_only_modules_are_no_root_and_the_one_to_name_is_said(tmp_path, capsys, monkeypatch):
    tree(tmp_path, {"modules/m/main.tf": MAPPING, "modules/n/main.tf": "locals {\n}\n"})
    monkeypatch.chdir(tmp_path)
    assert main(("plan", "--recursive", ".")) == 2
    said = capsys.readouterr().err
    assert "no root module" in said
    assert "name `modules/m` without --recursive" in said


def report(capsys, *arguments):
    main(("plan", "--format", "json", *arguments))
    return json.loads(capsys.readouterr().out)


@pytest.mark.sampled(1)
def test_a_root_module_is_judged_as_if_it_were_alone(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(HERE.parent)
    whole = report(capsys, "--recursive", "scenarios")
    together = {m["id"]: m["verdict"] for m in whole["mappings"]}
    for folder in some(sorted({address.partition(":")[0] for address in together}), 20):
        if any((HERE / folder).parent.glob(".tfcheck.yaml")):
            continue  # roots that are checked together
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


GOOD = """
provider "aws" {
  region = "eu-west-1"
}
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:orders"
  function_name    = "arn:aws:lambda:eu-west-1:123456789012:function:worker"
}
"""
BAD = {
    "cannot be split": {"bad/main.tf": "x {\n"},
    "no expression": {"bad/main.tf": GOOD + 'resource "aws_sqs_queue" "q" {\n  name = (\n}\n'},
    "no UTF-8": {"bad/main.tf": b'locals {\n  a = "\xff"\n}\n'},
    "a module that cannot be split": {"bad/main.tf": GOOD + call("../lib"), "lib/x.tf": "x {\n"},
    "variables that are no HCL": {"bad/main.tf": GOOD, "bad/terraform.tfvars": "= 1\n"},
    "a duplicate": {"bad/main.tf": GOOD + GOOD.partition("}\n")[2]},
    "a module that calls itself": {"bad/x.tf": GOOD + call("../lib"), "lib/x.tf": call("../lib")},
    "no JSON": {"bad/main.tf.json": "{"},
}  # fmt: skip


def planned(capsys, *words):
    code = main(("plan", "--recursive", ".", "--format", "json", *words))
    said = capsys.readouterr()
    return code, json.loads(said.out) if said.out else None, said.err


@pytest.mark.parametrize("files", BAD.values(), ids=BAD)
class TestARootThatCannotBeRead:
    def test_is_one_unread_root_and_all_others_are_checked(
        self, files, capsys, monkeypatch, tmp_path
    ):
        tree(tmp_path, {"a/main.tf": GOOD, "z/main.tf": GOOD} | files)
        monkeypatch.chdir(tmp_path)
        code, report, _ = planned(capsys)
        ids = [mapping["id"].partition(":")[0] for mapping in report["mappings"]]
        assert (code, sorted(ids)) == (0, ["a", "z"])
        assert [unknown["id"] for unknown in report["unread"]] == ["bad"]
        assert "the root module cannot be read" in report["unread"][0]["why"]
        assert planned(capsys, "--strict")[0] == 1

    def test_alone_is_no_answer(self, files, capsys, monkeypatch, tmp_path):
        tree(tmp_path, files)
        monkeypatch.chdir(tmp_path)
        code, report, said = planned(capsys)
        assert (code, report) == (2, None)
        assert "nothing was checked" in said


def test_every_reason_of_every_root_is_named_where_none_can_be_read(capsys, monkeypatch, tmp_path):
    tree(tmp_path, {"a/main.tf": MAPPING + "}\n", "b/main.tf": "x {\n"})
    monkeypatch.chdir(tmp_path)
    code, _, said = planned(capsys)
    assert code == 2
    assert "a/main.tf:4:1" in said
    assert "b/main.tf:1:3" in said


def test_what_one_root_asks_for_in_vain_makes_no_other_unread(capsys, monkeypatch, tmp_path):
    """A block of a shared module that only one root refers to."""
    output = 'output "o" {\n  value = 1 +\n}\n'
    tree(
        tmp_path,
        {
            "lib/main.tf": output,
            "a/main.tf": GOOD + call("../lib"),
            "b/main.tf": GOOD.replace('"arn:aws:sqs:eu-west-1:123456789012:orders"', "module.m.o")
            + call("../lib"),
            "c/main.tf": GOOD + call("../lib"),
        },
    )  # fmt: skip
    monkeypatch.chdir(tmp_path)
    _, report, _ = planned(capsys)
    assert [unknown["id"] for unknown in report["unread"]] == ["b"]


def test_verbose_says_what_is_a_root_and_what_only_a_module(capsys, monkeypatch, tmp_path):
    tree(
        tmp_path,
        {
            "envs/prod/main.tf": GOOD + call("../../modules/m"),
            "modules/m/main.tf": MAPPING,
            "modules/unused/main.tf": "locals {\n}\n",
            "notes/main.tf": "locals {\n}\n",
        },
    )
    monkeypatch.chdir(tmp_path)
    said = planned(capsys, "--verbose")[2]
    assert said.splitlines()[:4] == [
        "`envs/prod`: root module",
        "`modules/m`: only a module (called by `envs/prod`)",
        "`modules/unused`: only a module (under `modules/`, without a provider and a backend)",
        "`notes`: only a module (without a provider, a backend and a mapping)",
    ]
    assert "root module" not in planned(capsys)[2]


def test_a_module_with_mappings_that_nobody_calls_is_said(capsys, monkeypatch, tmp_path):
    tree(tmp_path, {"a/main.tf": GOOD, "modules/m/main.tf": MAPPING})
    monkeypatch.chdir(tmp_path)
    code, report, _ = planned(capsys)
    assert (code, [unknown["id"] for unknown in report["unread"]]) == (0, ["modules/m"])
    tree(tmp_path, {"a/main.tf": PROVIDER})
    assert planned(capsys)[0] == 2


def test_a_deployer_need_not_be_of_every_root(capsys, monkeypatch, tmp_path):
    role = 'resource "aws_iam_role" "d" {\n  name = "d"\n  assume_role_policy = "{}"\n}\n'
    tree(tmp_path, {"a/main.tf": GOOD, "b/main.tf": GOOD + role})
    monkeypatch.chdir(tmp_path)
    code, report, _ = planned(capsys, "--deployer", "b:aws_iam_role.d")
    assert code == 1
    assert {m["id"][0]: bool(m["deployer"]) for m in report["mappings"]} == {"a": False, "b": True}
    assert planned(capsys, "--deployer", "c:aws_iam_role.d")[0] == 2

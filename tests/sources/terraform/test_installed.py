"""Modules that are not in the repository: installed ones, and those that are here after all."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from checker.cli import main
from checker.sources.terraform.language.module_addresses import address_of, repository_at
from checker.sources.terraform.language.versions import allows

MAPPING = """
resource "aws_lambda_event_source_mapping" "m" {
  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:orders"
  function_name    = "arn:aws:lambda:eu-west-1:123456789012:function:worker"
}
"""
SQS = "terraform-aws-modules/sqs/aws"
GIT = "git::https://github.com/acme/infra.git"


def call(source, version="", name="m", more=""):
    version = f'version = "{version}"' if version else ""
    return f'module "{name}" {{\n  source = "{source}"\n  {version}\n  {more}\n}}\n'


def entry(key, source, directory, version=""):
    return {"Key": key, "Source": source, "Version": version, "Dir": directory}


def write(files):
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if isinstance(text, str) else json.dumps({"Modules": text}))


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    repository = tmp_path / "repository"
    repository.mkdir()
    monkeypatch.chdir(repository)
    return repository


def planned(capsys, *words):
    code = main(["plan", *(words or ["."]), "--format", "json"])
    said = capsys.readouterr()
    return code, json.loads(said.out)


MANIFEST = ".terraform/modules/modules.json"
A, A_TF = ".terraform/modules/a", ".terraform/modules/a/main.tf"
READ = {
    "a registry's": (call(SQS, "~> 4.0"), [entry("m", f"registry.terraform.io/{SQS}", A, "4.2.1")]),
    "OpenTofu's registry": (call(SQS), [entry("m", f"registry.opentofu.org/{SQS}", A, "4.2.1")]),
    "a private registry's": (
        call("app.terraform.io/acme/sqs/aws", "1.0.0"),
        [entry("m", "app.terraform.io/acme/sqs/aws", A, "1.0.0")],
    ),
    "git by its short name": (call("github.com/acme/infra"), [entry("m", GIT, A)]),
    "git by SSH": (
        call("git@github.com:acme/infra.git?ref=v1"),
        [entry("m", "git::ssh://git@github.com/acme/infra.git?ref=v1", A)],
    ),
    "an archive": (
        call("https://example.com/m.zip"),
        [entry("m", "https://example.com/m.zip", A)],
    ),
    "without a source, as a saved plan lists it": (call(SQS, "4.0.0"), [{"Key": "m", "Dir": A}]),
    "another call's package": (
        call(f"{SQS}//modules/x", "~> 4.0"),
        [entry("other", f"registry.terraform.io/{SQS}", ".terraform/modules/a/../b", "4.2.1")],
    ),
    "another call's commit": (
        call("github.com/acme/infra//modules/x?ref=v1"),
        [entry("other", f"{GIT}//modules/y?ref=v1", ".terraform/modules/b/modules/y")],
    ),
}
LEFT_OUT = {
    "nothing is installed": (call(SQS), [], "is not installed"),
    "another call alone": (call(SQS), [entry("n", GIT, A)], "is not installed"),
    "another source": (call(SQS), [entry("m", GIT, A)], "from another `source`"),
    "another commit": (
        call(f"{GIT}?ref=v2"),
        [entry("m", f"{GIT}?ref=v1", A)],
        "from another `source`",
    ),
    "a version that is not allowed": (
        call(SQS, "~> 5.0"),
        [entry("m", f"registry.terraform.io/{SQS}", A, "4.2.1")],
        "in version 4.2.1, which its `version` does not allow",
    ),
    "another call's package in another version": (
        call(f"{SQS}//modules/x", "~> 5.0"),
        [entry("n", f"registry.terraform.io/{SQS}", ".terraform/modules/b", "4.2.1")],
        "is not installed",
    ),
    "out of the package": (
        call(f"{SQS}//../../../../secret"),
        [entry("n", f"registry.terraform.io/{SQS}", ".terraform/modules/b", "4.2.1")],
        "is not installed",
    ),
    "out of the repository": (call(SQS), [entry("m", SQS, "../outside")], "outside"),
    "no list": (call(SQS), "[]", "is not installed"),
    "a list of no entries": (call(SQS), '{"Modules": [1, null, {}]}', "is not installed"),
}  # fmt: skip


def installed(text, entries):
    write({"main.tf": text, MANIFEST: entries, A_TF: MAPPING})
    write({".terraform/modules/b/modules/x/main.tf": MAPPING, "../outside/main.tf": MAPPING})


@pytest.mark.parametrize(("text", "entries"), READ.values(), ids=READ)
def test_an_installed_module_is_read(text, entries, capsys):
    installed(text, entries)
    code, report = planned(capsys)
    ids = [mapping["id"] for mapping in report["mappings"]]
    assert (code, ids) == (0, ["module.m.aws_lambda_event_source_mapping.m"])
    assumed = "which is installed for another call" in " ".join(report["assumptions"])
    assert assumed == (entries[0]["Key"] == "other" and "Version" in entries[0] and SQS in text)


@pytest.mark.parametrize(("text", "entries", "why"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_not_the_module_of_a_call_is_not_read(text, entries, why, capsys):
    installed(text, entries)
    code, report = planned(capsys)
    assert (code, report["mappings"]) == (2, [])
    assert [unknown["id"] for unknown in report["unread"]] == ["module.m"]
    assert why in report["unread"][0]["why"]


@pytest.mark.parametrize("more", ["count = 0", "for_each = {}", "for_each = toset([])"])
def test_nothing_is_missing_where_a_module_is_not_made(more, capsys):
    write({"main.tf": MAPPING + call(SQS, more=more)})
    assert planned(capsys)[1]["unread"] == []


def test_no_installed_module_is_read_where_none_is_asked_for(capsys):
    installed(*READ["a registry's"])
    code, report = planned(capsys, ".", "--modules", "none")
    assert (code, report["unread"][0]["why"]) == (2, "is not read: `--modules none`")


@pytest.mark.parametrize("data", ["data", "../data", "{}/../data", "{}/data"])
@pytest.mark.parametrize("words", [["."], [".", "--recursive"]])
def test_modules_are_read_from_the_data_directory(data, words, here, capsys, monkeypatch):
    """A path is relative to the root module; a directory that the user names may lie elsewhere."""
    data = data.format(here)
    text, listed = READ["a registry's"]
    directory = f"{data}/modules/m"
    write(
        {
            "main.tf": text,
            f"{data}/modules/modules.json": [listed[0] | {"Dir": directory}],
            f"{directory}/main.tf": MAPPING + call("./inner"),
            f"{directory}/inner/main.tf": 'locals {\n  a = file("../outside")\n}\n',
        }
    )
    monkeypatch.setenv("TF_DATA_DIR", data)
    code, report = planned(capsys, *words)
    if data == "../data":
        assert code == 2  # only what is named by its whole path is the user's own
        return
    (mapping,) = report["mappings"]
    assert code == 0
    name = "data" if "/../" not in data else "TF_DATA_DIR"
    assert mapping["location"]["file"] == "main.tf"  # nobody can edit what is installed
    (late,) = [each for each in report["findings"] if each["rule"] == "whole-batch-retried"]
    assert late["trail"][0]["location"]["file"] == f"{name}/modules/m/main.tf"


def test_nothing_but_the_data_directory_is_read_beside_the_repository(here, capsys, monkeypatch):
    data = here.parent / "data"
    text, (listed,) = READ["a registry's"]
    write(
        {
            "main.tf": text,
            f"{data}/modules/modules.json": [listed | {"Dir": f"{data}/modules/m"}],
            "../outside/main.tf": MAPPING,
        }
    )
    (data / "modules/m").symlink_to(here.parent / "outside")
    monkeypatch.setenv("TF_DATA_DIR", str(data))
    code, report = planned(capsys)
    assert (code, report["mappings"]) == (2, [])


def git(*words):
    name = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", *name, *words], check=True, capture_output=True)


OWN = {
    "https": ("https://github.com/acme/infra.git", "github.com/acme/infra//modules/x"),
    "with credentials": ("https://u:p@github.com/acme/infra", f"{GIT}//modules/x"),
    "ssh": ("git@github.com:acme/infra.git", "git::ssh://git@github.com/acme/infra//modules/x"),
    "the default branch": ("git@github.com:Acme/infra.git", f"{GIT}//modules/x?ref=main"),
    "a tag of the same": ("git@github.com:acme/infra", f"{GIT}//modules/x?ref=v2"),
}
NOT_OWN = {
    "another repository": ("git@github.com:acme/other", f"{GIT}//modules/x"),
    "another host": ("https://example.com/acme/infra", f"{GIT}//modules/x"),
    "a tag of another": ("git@github.com:acme/infra", f"{GIT}//modules/x?ref=v1"),
    "a commit that is not here": ("git@github.com:acme/infra", f"{GIT}//modules/x?ref=v3"),
    "no remote": ("", f"{GIT}//modules/x"),
    "out of it": ("git@github.com:acme/infra", f"{GIT}//modules/../../outside"),
}


def committed(remote, source):
    git("init", "-q")
    write({"modules/x/main.tf": "locals {\n}\n", "../outside/main.tf": MAPPING})
    git("add", "-A"), git("commit", "-qm", "1"), git("tag", "v1")
    write({"modules/x/main.tf": MAPPING, "live/main.tf": call(source)})
    git("add", "-A"), git("commit", "-qm", "2"), git("tag", "v2")
    if remote:
        git("remote", "add", "origin", remote)


@pytest.mark.parametrize(("remote", "source"), OWN.values(), ids=OWN)
def test_a_git_source_of_the_same_repository_is_here(remote, source, capsys):
    committed(remote, source)
    code, report = planned(capsys, "live")
    assert (code, len(report["mappings"])) == (0, 1)
    assert "module call `m` gets what this repository holds now" in report["assumptions"]


@pytest.mark.parametrize(("remote", "source"), NOT_OWN.values(), ids=NOT_OWN)
def test_a_git_source_of_another_repository_or_commit_is_not_here(remote, source, capsys):
    committed(remote, source)
    code, report = planned(capsys, "live")
    assert (code, report["mappings"], len(report["unread"])) == (2, [], 1)


@pytest.mark.parametrize(
    ("constraint", "version", "answer"),
    [
        ("4.2.1", "4.2.1", True), ("= 4.2.1", "4.2.0", False), ("!= 4.2.1", "4.2.1", False),
        (">= 4.0, < 5.0", "4.9.9", True), (">= 4.0, < 5.0", "5.0.0", False),
        ("~> 4.0", "4.9.0", True), ("~> 4.0", "5.0.0", False), ("~> 4.2.1", "4.2.9", True),
        ("~> 4.2.1", "4.3.0", False), ("~> 4", "4.9.0", True), ("~> 4.2", "4.1.9", False),
        ("> 4.0", "4.0.0", False), ("<= 4.0", "4.0.0", True), ("v4.2.1", "4.2.1", True),
        (">= 1.0.0", "1.1.0-rc1", False), ("1.1.0-rc1", "1.1.0-rc1", True),
        ("newest", "1.0.0", None), ("~> 4.0", "master", None),
    ],
)  # fmt: skip
def test_a_version_constraint_is_terraforms(constraint, version, answer):
    assert allows(constraint, version) is answer


@pytest.mark.parametrize(
    ("source", "package", "inner", "repository"),
    [
        (SQS, SQS, "", ""),
        (f"{SQS}//modules/x", SQS, "modules/x", ""),
        ("github.com/a/b", "git::https://github.com/a/b.git", "", "github.com/a/b"),
        ("github.com/a/b//c?ref=1", "git::https://github.com/a/b.git", "c", "github.com/a/b"),
        ("git::github.com/a/b.git//c", "git::https://github.com/a/b.git", "c", "github.com/a/b"),
        ("git@github.com:a/b.git", "git::ssh://git@github.com/a/b.git", "", "github.com/a/b"),
        ("git::https://example.com/a/b/c.git//d", "git::https://example.com/a/b/c.git", "d",
         "example.com/a/b/c"),
        ("bitbucket.org/a/b", "git::https://bitbucket.org/a/b.git", "", "bitbucket.org/a/b"),
        ("s3::https://s3.amazonaws.com/b/x.zip", "s3::https://s3.amazonaws.com/b/x.zip", "", ""),
        ("https://example.com/x.zip//m", "https://example.com/x.zip", "m", ""),
        ("", "", "", ""),
    ],
)  # fmt: skip
def test_a_source_is_normal_as_terraform_writes_it(source, package, inner, repository):
    found = address_of(source)
    assert (found.package, found.inner, found.repository) == (package, inner, repository)


def test_a_remote_is_reported_without_its_credentials():
    assert (
        repository_at("https://user:secret@github.com/Acme/Infra.git/") == "github.com/acme/infra"
    )


@pytest.mark.terraform
@pytest.mark.skipif(shutil.which("terraform") is None, reason="Terraform is not on PATH")
def test_what_terraform_get_leaves_is_read(here, capsys, monkeypatch):
    package = here.parent / "package"
    write({f"{package}/main.tf": MAPPING, f"{package}/modules/x/main.tf": MAPPING})
    monkeypatch.chdir(package)
    git("init", "-q"), git("add", "-A"), git("commit", "-qm", "1"), git("tag", "v1")
    monkeypatch.chdir(here)
    url = f"git::file://{package}"
    write({"main.tf": call(f"{url}?ref=v1") + call(f"{url}//modules/x?ref=v1", name="n")})
    for data in ("", "own-data", str(here.parent / "data")):
        monkeypatch.setenv("TF_DATA_DIR", data)
        assert planned(capsys)[0] == 2
        subprocess.run(["terraform", "get"], check=True, capture_output=True)
        assert len(planned(capsys)[1]["mappings"]) == 2

"""Installed modules serve an earlier commit where it calls the same sources and versions."""

from __future__ import annotations

import json

import pytest

from checker.sources.terraform.files import Files
from checker.sources.terraform.lent_modules import LentModules


@pytest.fixture
def lent(tmp_path):
    def make(*modules, root="."):
        listed = [{"Key": k, "Source": s, "Version": v, "Dir": f"m/{k}"} for k, s, v in modules]
        place = tmp_path / root / ".terraform/modules"
        place.mkdir(parents=True, exist_ok=True)
        (place / "modules.json").write_text(json.dumps({"Modules": listed}))
        return LentModules(Files(tmp_path), [(tmp_path / root).resolve()])

    return make


REGISTRY = "registry.terraform.io/acme/queue/aws"
SOURCES = [
    ("acme/queue/aws", REGISTRY, True),
    ("acme/queue/aws", "registry.opentofu.org/acme/queue/aws", True),
    ("acme/queue/aws//modules/dead", f"{REGISTRY}//modules/dead", True),
    ("acme/queue/aws//modules/dead", REGISTRY, False),
    ("acme/queues/aws", REGISTRY, False),
    ("app.terraform.io/acme/queue/aws", "app.terraform.io/acme/queue/aws", True),
    ("github.com/acme/queue", "git::https://github.com/acme/queue.git", True),
    ("github.com/acme/queue?ref=v1", "git::https://github.com/acme/queue.git?ref=v1", True),
    ("github.com/acme/queue?ref=v2", "git::https://github.com/acme/queue.git?ref=v1", False),
    ("github.com/acme/q//sub?ref=v1", "git::https://github.com/acme/q.git//sub?ref=v1", True),
    ("git@github.com:acme/queue.git", "git::ssh://git@github.com/acme/queue.git", True),
    ("git::https://x.example/q.git?ref=a", "git::https://x.example/q.git?ref=a", True),
    ("git::https://x.example/q.git?ref=a", "git::https://x.example/q.git?ref=b", False),
    ("s3::https://s3.amazonaws.com/b/q.zip", "s3::https://s3.amazonaws.com/b/q.zip", True),
]


@pytest.mark.parametrize(("written", "recorded", "same"), SOURCES)
def test_sources_are_the_same_however_they_are_written(lent, tmp_path, written, recorded, same):
    found = lent(("q", recorded, "")).directory(tmp_path.resolve(), "q", written, None)
    assert (found is not None) is same


VERSIONS = [
    (None, "2.1.4", True),
    ("2.1.4", "2.1.4", True),
    ("= 2.1.4", "2.1.4", True),
    ("2.1.3", "2.1.4", False),
    ("~> 2.1", "2.9.0", True),
    ("~> 2.1", "3.0.0", False),
    ("~> 2.1", "2.0.9", False),
    ("~> 2.1.0", "2.1.9", True),
    ("~> 2.1.0", "2.2.0", False),
    ("~> 2", "2.9.0", True),
    (">= 2.1, < 3.0", "2.1.4", True),
    (">= 2.1, < 3.0", "3.0.0", False),
    ("!= 2.1.4", "2.1.4", False),
    ("> 2", "2.0.1", True),
    ("<= 2.1", "2.1.0", True),
    (">= 2.0", "2.1.0-beta", False),
    ("2.1.0-beta", "2.1.0-beta", True),
    ("latest", "2.1.4", False),
    ("unknown", "2.1.4", False),
    ("2.1.4", "", False),
    (f">= {'9' * 5000}", "2.1.4", False),
]


@pytest.mark.parametrize(("constraint", "version", "met"), VERSIONS)
def test_a_version_meets_a_constraint_as_terraform_says(lent, tmp_path, constraint, version, met):
    modules = lent(("q", REGISTRY, version))
    found = modules.directory(tmp_path.resolve(), "q", "acme/queue/aws", constraint)
    assert (found is not None) is met


def test_a_call_that_is_renamed_finds_its_module(lent, tmp_path):
    modules = lent(("queue", REGISTRY, "2.1.4"), root="live")
    for root, key in (("live", "other"), ("elsewhere", "queue")):
        found = modules.directory(tmp_path.resolve() / root, key, "acme/queue/aws", "~> 2.0")
        assert found == tmp_path.resolve() / "live/m/queue"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"Modules": 1}', '{"Modules": [1]}', '{"Modules": [{"Key": "a"}]}', "9"],
)
def test_what_is_no_record_lends_nothing(tmp_path, text):
    (tmp_path / ".terraform/modules").mkdir(parents=True)
    (tmp_path / ".terraform/modules/modules.json").write_text(text)
    modules = LentModules(Files(tmp_path), [tmp_path.resolve()])
    assert modules.directory(tmp_path.resolve(), "a", "acme/queue/aws", None) is None

"""The hook, with the real pre-commit on a repository of its own; it installs the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scenarios import scenario

ROOT = Path(__file__).parent.parent
PROGRAM = Path(sys.executable).parent / "pre-commit"

pytestmark = [
    pytest.mark.install,
    pytest.mark.skipif(not PROGRAM.exists(), reason="pre-commit is not installed"),
]


TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30}}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: worker.handler
      Runtime: python3.12
      Timeout: 60
      Events: {Queue: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}}
"""


def git(folder, *words):
    who = ("-c", "user.email=a@b", "-c", "user.name=x")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def hooks(tmp_path_factory):
    """The project as a repository that pre-commit can clone."""
    place = tmp_path_factory.mktemp("tfcheck")
    for name in ("checker", "policies", "pyproject.toml", "README.md", "LICENSE"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place / name)
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", place)
    git(place, "init", "-q")
    git(place, "add", "-A")
    git(place, "commit", "-qm", "x")
    return place


@pytest.mark.parametrize(("name", "code"), [("orders", 0), ("orders-broken", 1)])
def test_the_hook_fails_on_a_broken_repository_only(hooks, tmp_path, name, code):
    for file in scenario(name).glob("*.tf"):
        shutil.copy(file, tmp_path)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    done = subprocess.run(
        [PROGRAM, "try-repo", hooks, "tfcheck", "--all-files", "--verbose"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PRE_COMMIT_HOME": str(hooks.parent / "cache")},
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert ("blocked" in done.stdout) == bool(code)


def test_the_hook_for_templates_brings_the_translator(hooks, tmp_path):
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    done = subprocess.run(
        [PROGRAM, "try-repo", hooks, "tfcheck-templates", "--all-files", "--verbose"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PRE_COMMIT_HOME": str(hooks.parent / "cache")},
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "visibility-timeout-below-function-timeout" in done.stdout


def test_no_terraform_no_run(hooks, tmp_path):
    (tmp_path / "notes.txt").write_text("nothing\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    done = subprocess.run(
        [PROGRAM, "try-repo", hooks, "tfcheck", "--all-files"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PRE_COMMIT_HOME": str(hooks.parent / "cache")},
    )
    assert done.returncode == 0
    assert "Skipped" in done.stdout

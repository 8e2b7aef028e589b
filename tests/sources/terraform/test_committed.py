"""The configuration of a commit: read from git's objects as it would be from disk."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from repositories import commit, new
from scenarios import SCENARIOS

from checker.commits import CommittedRepository, opened
from checker.errors import SourceError
from checker.files import Repository
from checker.sources.terraform.committed import marked_variables
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.given import Given
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.load import read_root
from checker.sources.terraform.modules.project import Project

pytestmark = pytest.mark.sampled(4)

ROOT = Path(__file__).resolve().parents[3]
DEPLOYMENTS = sorted(
    each for each in SCENARIOS if list(each.glob("*.tf")) and not list(each.rglob("*.tfvars*"))
)


@pytest.fixture
def place(tmp_path):
    """A repository with files, links and a module."""
    top = new(tmp_path / "work")
    (top / "linked").symlink_to("modules/a")
    (top / "out").symlink_to("../secret")
    (tmp_path / "secret").write_text("hunter2")
    files = {
        "infra/main.tf": "# main\n",
        "infra/override.tf": "",
        "infra/x_override.tf.json": "{}",
        "infra/.hidden.tf": "",
        "infra/notes.txt": "notes",
        "infra/policies/a.json": "{}",
        "infra/policies/deep/b.json": "{}",
        "modules/a/main.tf": "# a\n",
    }
    commit(top, files)
    return top


@contextmanager
def committed(place, root=None):
    with opened(place) as repository:
        now = Repository(root or place)
        yield Files(CommittedRepository(now, repository, repository.commit("HEAD")))


def answers(files, base):
    """Everything that a configuration can ask of files."""
    paths = ("infra/main.tf", "infra/missing", "infra", "linked/main.tf", "out", "../x", "infra/..")
    found = []
    for path in paths:
        for ask in (files.read, files.exists, files.inside):
            try:
                found.append((path, ask.__name__, ask(base / path)))
            except EvaluationError:
                found.append((path, ask.__name__, "refused"))
    patterns = ("*", "**", "**/*.json", "policies/*.json", "*.tf", "none*")
    directories = ("infra", "modules/a", "linked", "none")
    return [
        *found,
        *(files.matching(base / "infra", pattern) for pattern in patterns),
        *(files.configuration(base / directory) for directory in directories),
    ]


def test_it_answers_as_the_disk_does_and_needs_no_working_tree(place):
    wanted = answers(Files(place), place)
    for each in place.iterdir():
        if each.name != ".git":
            shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
    with committed(place) as files:
        assert answers(files, place) == wanted
        assert files.name(place / "infra/main.tf") == "infra/main.tf"
        assert files.name(place) == "."


def test_what_the_working_tree_says_now_is_not_read(place):
    (place / "infra/main.tf").write_text("# now\n")
    (place / "infra/new.tf").write_text("# new\n")
    (place / "linked").unlink()
    (place / "linked").symlink_to("infra")
    with committed(place) as files:
        assert files.read(place / "infra/main.tf") == b"# main\n"
        assert files.read(place / "linked/main.tf") == b"# a\n"
        assert not files.exists(place / "infra/new.tf")
        assert files.bytes == 11


def test_nothing_above_the_root_is_read(place):
    with committed(place, place / "infra") as files:
        assert files.read(place / "infra/main.tf")
        assert files.name(place / "infra/main.tf") == "main.tf"
        with pytest.raises(EvaluationError, match="outside"):
            files.read(place / "modules/a/main.tf")
        with pytest.raises(SourceError, match="outside"):
            files.configuration(place / "modules/a")


def test_a_file_above_the_bound_is_refused(place, monkeypatch):
    monkeypatch.setattr("checker.sources.terraform.configuration.files.MOST_BYTES", 3)
    monkeypatch.setattr("checker.sources.terraform.configuration.files.MOST_FILES", 2)
    with committed(place) as files:
        with pytest.raises(EvaluationError, match="larger"):
            files.read(place / "infra/main.tf")
        with pytest.raises(EvaluationError, match="more than"):
            files.matching(place / "infra", "**")


@pytest.fixture(scope="module")
def deployments(tmp_path_factory):
    """A repository of all scenarios, of which nothing but empty directories is checked out."""
    place = new(tmp_path_factory.mktemp("scenarios") / "work")
    for scenario in DEPLOYMENTS:
        shutil.copytree(scenario, place / scenario.name)
    commit(place)
    for scenario in DEPLOYMENTS:
        shutil.rmtree(place / scenario.name)
        (place / scenario.name).mkdir()
    with opened(place) as repository:
        yield place, CommittedRepository(Repository(place), repository, repository.commit("HEAD"))


@pytest.mark.sampled(4)
@pytest.mark.parametrize("scenario", DEPLOYMENTS, ids=lambda path: path.name)
def test_a_whole_deployment_is_the_same_from_a_commit(scenario, deployments):
    place, then = deployments
    given = Given(region="eu-west-1")

    def known(directory, files):
        try:
            found = read_root(Project(directory, files, region="eu-west-1"), "target", given)
            return replace(found, order=None)  # which has no equality
        except SourceError as error:
            return error.reasons

    root = scenario.parent
    wanted = known(scenario, Files(root))
    assert known(place / scenario.name, Files(then)) == wanted


@pytest.mark.parametrize("marked", ["main.tf", "main.tofu"])
def test_a_mark_counts_in_the_files_of_either_engine(marked, place):
    """A branch that adds a `.tofu` file must not make the mark in its `.tf` file go away."""
    plain = 'variable "token" {\n}\n'
    withheld = 'variable "token" {\n  sensitive = true\n}\n'
    names = ("main.tf", "main.tofu")
    commit(place, {f"both/{name}": withheld if name == marked else plain for name in names})
    with committed(place) as files:
        assert marked_variables("both", files) == {"token"}


def test_a_file_that_is_read_again_counts_once(place):
    """Each byte that is read lets the run do more work."""
    with committed(place) as files:
        for _ in range(3):
            files.read(place / "infra/main.tf")
        assert files.bytes == len("# main\n")


def test_a_directory_of_too_many_files_is_refused(place, monkeypatch):
    monkeypatch.setattr("checker.sources.terraform.configuration.files.MOST_FILES", 2)
    with committed(place) as then:
        for files in (then, Files(place)):
            assert files.configuration(place / "modules/a") == ([place / "modules/a/main.tf"], [])
            with pytest.raises(SourceError, match="more than 2 files of Terraform in one"):
                files.configuration(place / "infra")

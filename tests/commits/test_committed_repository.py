"""The files of a commit: those that it has, and those on disk that no commit could have."""

from __future__ import annotations

import hashlib
import random
from contextlib import contextmanager
from pathlib import Path

import pytest
from repositories import commit, git, new, plant

from checker.commits import CommittedRepository, LeftOut, opened
from checker.files import FileError, MissingFileError, OutsideError, Repository

pytestmark = pytest.mark.sampled(4)

MOST = 1000


@pytest.fixture
def place(tmp_path):
    """A repository with one commit, and a working tree that has gone on."""
    top = new(tmp_path / "work")
    files = {
        "a.tf": "a\n",
        "m/b.tf": "b\n",
        "m/c.tf": "c\n",
        ".gitignore": "*.out\n/kept/\n.terraform/\n",
    }
    commit(top, files)
    (top / "a.tf").write_text("now\n")
    (top / "m/c.tf").unlink()
    (top / "m/new.tf").write_text("new\n")
    return top


@contextmanager
def then(place, *, below="", lends=True, named=()):
    with opened(place) as repository:
        now = Repository(place / below)
        base = repository.commit("HEAD")
        chosen = frozenset(map(Path, named))
        found = CommittedRepository(now, repository, base, lends=lends, named=chosen)
        yield found
        found.close()


def read(place, *names, **options):
    """Return what each file holds, or the kind of error."""
    found = []
    with then(place, **options) as files:
        for name in names:
            try:
                found.append(files.read(place / name, MOST).decode())
            except FileError as error:
                found.append(type(error))
    return found


def test_files_are_those_of_the_commit(place):
    names = ("a.tf", "m/b.tf", "m/../m/c.tf", "m/new.tf", "m", "../x", "a.tf/x")
    assert read(place, *names) == [
        *("a\n", "b\n", "c\n"),
        *(MissingFileError, FileError, OutsideError, MissingFileError),
    ]
    with then(place) as files:
        assert files.names(place / "m") == ["b.tf", "c.tf"]
        walked = [(where.name, inner, names) for where, inner, names in files.walk(place)]
        top = [".gitignore", "a.tf"]
        assert walked == [("work", ["m"], top), ("m", [], ["b.tf", "c.tf"])]
        assert files.is_directory(place / "m")
        assert files.is_file(place / "m/c.tf")
        assert files.stat(place / "m/new.tf") is None


def test_what_git_leaves_out_is_read_from_disk(place):
    for name in ("x.out", "m/y.out", "kept/z.tf", ".terraform/modules/q/main.tf", "local.tf"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(name)
    (place / "forced.out").write_text("forced")
    git("add", "-f", "forced.out", at=place)
    (place / ".git/info/exclude").write_text("local.tf\n")
    names = ("x.out", "m/y.out", "kept/z.tf", ".terraform/modules/q/main.tf", "local.tf")
    assert read(place, *names) == list(names)
    assert read(place, "forced.out", "m/new.tf") == [MissingFileError] * 2
    assert read(place, *names, lends=False) == [MissingFileError] * 5
    with then(place) as files:
        assert files.names(place / "m") == ["b.tf", "c.tf", "y.out"]
        assert files.names(place / "kept") == ["z.tf"]
        assert files.names(place / ".terraform/modules") == ["q"]


def test_installed_modules_are_read_whether_or_not_git_leaves_them_out(place):
    commit(place, {".gitignore": ""})
    (place / "m/.terraform/modules").mkdir(parents=True)
    (place / "m/.terraform/modules/modules.json").write_text("{}")
    assert read(place, "m/.terraform/modules/modules.json") == ["{}"]
    git("add", "m/.terraform", at=place)
    assert read(place, "m/.terraform/modules/modules.json") == [MissingFileError]
    git("commit", "-qm", "x", at=place)
    (place / "m/.terraform/modules/modules.json").write_text("now")
    assert read(place, "m/.terraform/modules/modules.json") == ["{}"]


def test_the_commit_says_what_is_left_out_not_the_working_tree(place):
    (place / ".gitignore").write_text("*\n")
    assert read(place, "m/new.tf") == [MissingFileError]


def test_a_named_file_that_git_does_not_track_is_read_from_disk(place):
    named = [place / "m/new.tf", place / "a.tf"]
    assert read(place, "m/new.tf", "a.tf", named=named) == ["new\n", "a\n"]
    assert read(place, "m/new.tf", "a.tf", named=named, below="m")[0] == "new\n"
    git("add", "m/new.tf", at=place)
    assert read(place, "m/new.tf", named=named) == [MissingFileError]


def test_a_named_file_above_the_directory_is_that_of_the_commit(place):
    assert read(place, "a.tf", below="m") == [OutsideError]
    assert read(place, "a.tf", below="m", named=[place / "a.tf"]) == ["a\n"]


def test_links_are_those_of_the_commit(place):
    (place / "link").symlink_to("m")
    (place / "over").symlink_to("link/b.tf")
    (place / "out").symlink_to("../secret")
    (place / "loop").symlink_to("loop")
    commit(place)
    for name in ("link", "over"):
        (place / name).unlink()
        (place / name).symlink_to("a.tf")
    names = ("link/b.tf", "over", "out", "loop")
    assert read(place, *names) == ["b\n", "b\n", OutsideError, OutsideError]


def test_a_link_that_git_leaves_out_leads_to_what_the_commit_has(place):
    (place / "x.out").symlink_to("a.tf")
    (place / "y.out").symlink_to("m/new.tf")
    (place / "z.out").symlink_to("../secret")
    (place.parent / "secret").write_text("hunter2")
    assert read(place, "x.out", "y.out", "z.out") == ["a\n", MissingFileError, OutsideError]


@pytest.mark.parametrize("damage", [b"", b"DIRC\0\0\0\x09\0\0\0\1", bytes(range(64))])
def test_without_a_list_of_tracked_files_nothing_is_read_from_disk(place, damage):
    (place / "x.out").write_text("x")
    (place / ".git/index").write_bytes(damage)
    assert read(place, "x.out") == [MissingFileError]


def test_what_git_keeps_for_itself_is_never_read(place):
    commit(place, {".gitignore": "*"})
    assert read(place, ".git/config", ".GIT/config") == [MissingFileError] * 2


def test_a_file_above_the_bound_is_refused(place):
    with then(place) as files, pytest.raises(FileError, match="larger"):
        files.read(place / "m/b.tf", 1)


def test_a_file_of_a_submodule_is_that_of_the_commit_it_stood_at(place, tmp_path):
    outer = new(tmp_path / "outer")
    git("submodule", "add", "-q", str(place), "inner", at=outer)
    commit(outer)
    (outer / "inner/a.tf").write_text("x")
    commit(outer / "inner", {"m/c.tf": "x"})
    assert read(outer, "inner/a.tf", "inner/m/c.tf", "inner/m") == ["a\n", "c\n", FileError]
    with then(outer) as files:
        assert files.names(outer / "inner/m") == ["b.tf", "c.tf"]
        assert files.names(outer / "inner") == [".gitignore", "a.tf", "m"]
    git("submodule", "deinit", "-f", "inner", at=outer)
    assert read(outer, "inner/a.tf") == [FileError]


def test_what_git_lfs_keeps_is_read_if_it_is_the_same(place):
    digest = hashlib.sha256(b"content\n").hexdigest()
    head = "version https://git-lfs.github.com/spec/v1\n"
    pointer = f"{head}oid sha256:{digest}\nsize 8\n"
    commit(place, {"big.txt": pointer, "damaged.txt": head})
    assert read(place, "big.txt", "damaged.txt") == [pointer, head]
    for name in ("big.txt", "damaged.txt"):
        (place / name).write_text("content\n")
    assert read(place, "big.txt", "damaged.txt") == ["content\n", FileError]
    (place / "big.txt").write_text("other\n")
    assert read(place, "big.txt") == [FileError]


@pytest.mark.parametrize("attributed", [False, True])
def test_nothing_that_the_repository_names_is_run(place, tmp_path, attributed):
    ran = tmp_path / "ran"
    attributes = plant(place, ran)
    if attributed:
        (place / ".gitattributes").write_text(attributes)
        (place / "m/.gitattributes").write_text("* filter=y diff=x\n")
    assert read(place, "a.tf") == ["a\n"]
    assert not ran.exists()


def test_the_repository_is_left_as_it_is(place):
    def state():
        files = sorted((place / ".git").rglob("*"))
        return [(str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files]

    before = state()
    read(place, "a.tf", "m/b.tf", "x.out", "m/new.tf")
    assert state() == before


@pytest.mark.parametrize("name", ["x" * 5_000, "a/" * 3_000 + "b.tf", "\ud800.tf", "a\0b.tf"])
def test_a_name_that_no_file_has_is_refused(place, name):
    with then(place) as files, pytest.raises(FileError):
        files.read(place / name, MOST)


def test_left_out_is_what_git_leaves_out(place):
    chance = random.Random(11)  # noqa: S311 - the same each time
    parts = ("a", "b", "*", "?", "**", "[ab]", "*.tf", "a*b", "\\a", "!a")
    for _ in range(60):
        patterns = [
            "/".join(chance.choices(parts, k=chance.choice((1, 1, 2, 3))))
            + chance.choice(("", "/"))
            for _ in range(chance.choice((1, 2, 3)))
        ]
        patterns = [chance.choice(("", "", "/", "!")) + each for each in patterns]
        git("clean", "-qfdx", at=place)
        since = commit(place, {".gitignore": "\n".join(patterns) + "\n"})
        names = ["/".join(chance.choices(("a", "b", "ab", "x.tf"), k=k)) for k in (1, 2, 2, 3)]
        for name in names:
            # A name may be a directory of another: each is alone in its turn.
            git("clean", "-qfdx", at=place)
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text("x")
            listed = git("ls-files", "--others", "--exclude-standard", at=place).split("\n")
            with opened(place) as repository:
                left_out = LeftOut(repository, repository.commit(since))
                assert left_out(name) != (name in listed), patterns


@pytest.mark.parametrize(
    "words",
    [
        ("sparse-checkout", "set", "--cone", "--sparse-index", "m"),
        ("update-index", "--split-index"),
    ],
)
def test_what_git_leaves_out_is_known_where_its_list_has_another_form(place, words):
    since = commit(place, {".gitignore": "*.log\n", "other/c.tf": "x", "m/kept.tf": "x"})
    git(*words, at=place)
    with opened(place) as repository:
        left_out = LeftOut(repository, repository.commit(since))
        assert left_out("m/a.log")
        assert not left_out("m/kept.tf")
        assert left_out.is_untracked("m/a.log")
        assert not left_out.is_untracked("m/kept.tf")


def test_a_path_that_takes_too_many_steps_leads_nowhere(place):
    for n in range(30):
        (place / f"l{n}").symlink_to("/".join([f"l{n + 1}/.."] * 2) + f"/l{n + 1}")
    (place / "l30").symlink_to("m")
    commit(place)
    assert read(place, "l0/b.tf", "m/../" * 11_000 + "a.tf") == [OutsideError] * 2


def test_names_that_are_looked_up_are_counted(place, monkeypatch):
    monkeypatch.setattr("checker.files.repository.MOST_LOOKUPS", 6)
    with then(place) as files:
        for _ in range(3):
            files.read(place / "m/b.tf", MOST)
        assert files.looked_up == 6
        files.read(place / "m/b.tf", MOST)
        with pytest.raises(FileError, match="more than"):
            files.read(place / "m/b.tf", MOST)

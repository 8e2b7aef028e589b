"""Which files differ from a commit, and that telling it runs nothing."""

from __future__ import annotations

import os
import random

import pytest
from repositories import commit, git, new, plant

from checker.commits import ChangedFiles, opened


@pytest.fixture
def place(tmp_path):
    """A repository with one commit."""
    top = new(tmp_path / "work")
    files = {"a.tf": "a\n", "m/b.tf": "b\n", "m/c.tf": "c\n", ".gitignore": "*.out\n/kept/\n"}
    commit(top, files)
    return top


def changed(place, *names, since="HEAD", directory=None, always=()):
    with opened(place) as repository:
        base = repository.commit(since)
        found = ChangedFiles(repository, base, directory or place, frozenset(always))
        return {name for name in names if name in found}


NAMES = ("a.tf", "m/b.tf", "m/c.tf")


def test_nothing_differs_from_what_was_just_committed(place):
    assert changed(place, *NAMES, "missing.tf", "standard input", "m", "") == set()


def test_content_differs_and_what_git_noted_of_a_file_does_not_count(place):
    before = (place / "a.tf").stat()
    (place / "a.tf").write_text("b\n")
    os.utime(place / "a.tf", ns=(before.st_atime_ns, before.st_mtime_ns))
    (place / "m/b.tf").touch()
    (place / "m/c.tf").unlink()
    assert changed(place, *NAMES) == {"a.tf", "m/c.tf"}


def test_names_are_relative_to_the_directory_that_is_checked(place):
    (place / "m/b.tf").write_text("x")
    assert changed(place, *NAMES, "b.tf", "c.tf", directory=place / "m") == {"b.tf"}
    assert changed(place, "../a.tf", "../m/b.tf", directory=place / "m") == {"../m/b.tf"}


def test_ends_of_lines_do_not_count(place):
    (place / "a.tf").write_bytes(b"a\r\n")
    (place / "m/b.tf").write_bytes(b"b\r")
    assert changed(place, *NAMES) == {"m/b.tf"}


def test_a_new_file_differs_unless_git_neither_tracks_it_nor_would(place):
    (place / "kept").mkdir()
    for name in ("new.tf", "x.out", "m/y.out", "kept/z.tf", "forced.out", "local.tf"):
        (place / name).write_text("x")
    git("add", "-f", "forced.out", at=place)
    (place / ".git/info/exclude").write_text("local.tf\n")
    names = ("new.tf", "x.out", "m/y.out", "kept/z.tf", "forced.out", "local.tf", "none.tf")
    assert changed(place, *names) == {"new.tf", "forced.out"}


def test_the_commit_says_what_is_left_out_not_the_working_tree(place):
    commit(place, {".gitignore": "*\n", "n.tf": "n"})
    git("rm", "-q", "--cached", "-r", ".", at=place)
    assert changed(place, "n.tf", ".gitignore", since="HEAD~1") == {"n.tf", ".gitignore"}


@pytest.mark.parametrize("damage", [b"", b"DIRC\0\0\0\x09\0\0\0\1", bytes(range(64))])
def test_without_a_list_of_tracked_files_nothing_is_left_out(place, damage):
    (place / "x.out").write_text("x")
    (place / ".git/index").write_bytes(damage)
    assert changed(place, "x.out") == {"x.out"}


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
            assert (changed(place, name, since=since) == {name}) == (name in listed), patterns


def test_a_link_differs_with_its_target_and_a_file_below_it_with_both(place):
    (place / "link").symlink_to("m")
    (place / "over").symlink_to("link/b.tf")
    commit(place)
    names = ("link/b.tf", "over", "link/c.tf")
    assert changed(place, *names) == set()
    (place / "m/b.tf").write_text("x")
    assert changed(place, *names) == {"link/b.tf", "over"}
    git("checkout", "-q", ".", at=place)
    (place / "link").unlink()
    (place / "link").symlink_to("./m")
    assert changed(place, *names) == set(names)
    (place / "link").unlink()
    (place / "link").mkdir()
    (place / "link/b.tf").write_text("b\n")
    assert changed(place, "link/b.tf") == {"link/b.tf"}


def test_a_link_that_turns_in_a_circle_differs(place):
    (place / "loop").symlink_to("loop")
    commit(place)
    assert changed(place, "loop/x.tf") == {"loop/x.tf"}


def test_what_lies_elsewhere_differs_if_it_is_there(place, tmp_path):
    (tmp_path / "plan.json").write_text("{}")
    names = (str(tmp_path / "plan.json"), str(tmp_path / "none.json"), "../plan.json")
    assert changed(place, *names) == {names[0], names[2]}


def test_what_is_always_new_differs(place):
    (place / "plan.out").write_text("{}")
    assert changed(place, "plan.out", "x.out", always=["plan.out"]) == {"plan.out"}


def test_a_file_of_a_submodule_is_compared_with_the_commit_it_stood_at(place, tmp_path):
    outer = new(tmp_path / "outer")
    git("submodule", "add", "-q", str(place), "inner", at=outer)
    commit(outer)
    names = ("inner/a.tf", "inner/m/b.tf")
    assert changed(outer, *names) == set()
    (outer / "inner/a.tf").write_text("x")
    commit(outer / "inner", {"m/c.tf": "x"})
    assert changed(outer, *names) == {"inner/a.tf"}
    git("submodule", "deinit", "-f", "inner", at=outer)
    (outer / "inner/a.tf").write_text("a\n")
    assert changed(outer, *names) == set(names)


def test_a_file_that_a_filter_would_change_back_differs(place):
    pointer = "version https://git-lfs.github.com/spec/v1\n"
    since = commit(place, {"big.tf": pointer, ".gitattributes": "*.tf filter=lfs\n"})
    (place / "big.tf").write_text("content\n")
    assert changed(place, "big.tf", "a.tf", since=since) == {"big.tf"}


def test_a_file_above_the_bound_differs(place, monkeypatch):
    monkeypatch.setattr("checker.commits.changes.MOST_BYTES", 1)
    assert changed(place, "a.tf") == {"a.tf"}


@pytest.mark.parametrize("attributed", [False, True])
def test_nothing_that_the_repository_names_is_run(place, tmp_path, attributed):
    ran = tmp_path / "ran"
    attributes = plant(place, ran)
    if attributed:
        (place / ".gitattributes").write_text(attributes)
        (place / "m/.gitattributes").write_text("* filter=y diff=x\n")
    (place / "a.tf").write_text("changed\n")
    (place / "m/b.tf").touch()
    assert changed(place, *NAMES) == {"a.tf"}
    assert not ran.exists()


def test_the_repository_is_left_as_it_is(place):
    def state():
        files = sorted((place / ".git").rglob("*"))
        return [(str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files]

    (place / "a.tf").write_text("changed\n")
    (place / "m/b.tf").touch()
    before = state()
    assert changed(place, *NAMES, "new.tf", since="main~0") == {"a.tf"}
    assert state() == before


@pytest.mark.parametrize(
    "name", ["x" * 5_000, "a/" * 3_000 + "b.tf", "\ud800.tf", "a\0b.tf", "a.tf/b"]
)
def test_a_name_that_no_file_has_is_answered(place, name):
    assert changed(place, name) in ({name}, set())

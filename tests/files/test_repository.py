"""A directory below which files are read: what leads out, and what changes meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checker.files import (
    FileError,
    MissingFileError,
    OutsideError,
    Repository,
    confining,
    read_named,
    repository_of,
)
from checker.files import regular as opening
from checker.files import repository as module

MOST = 1000
SECRET = b"hunter2"


@pytest.fixture(params=["descriptors", "paths"])
def folder(request, tmp_path, monkeypatch):
    """A directory with a file in it and a secret beside it, on both kinds of platform."""
    if request.param == "paths":
        monkeypatch.setattr(module, "BY_DESCRIPTOR", False)
    root = tmp_path / "root"
    (root / "a/b").mkdir(parents=True)
    (root / "a/b/file").write_bytes(b"x")
    (tmp_path / "secret").write_bytes(SECRET)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/secret").write_bytes(SECRET)
    return root


@pytest.mark.parametrize(
    ("links", "path"),
    [
        ({}, "a/b/file"),
        ({}, "a/../a/./b/../b/file"),
        ({"l": "a/b/file"}, "l"),
        ({"l": "a"}, "l/b/file"),
        ({"a/l": "../a/b"}, "a/l/file"),
        ({"a/l": "../../root/a/b"}, "a/l/file"),
        ({"l": "{root}/a/b"}, "l/file"),
        ({"l": "m", "m": "n", "n": "a/b"}, "l/file"),
        ({"l": "a/b"}, "l/../b/file"),
        ({}, "../root/a/b/file"),
        ({}, "../../{parent}/root/a/b/file"),
        ({"l": "/proc/self/cwd/a"}, "l/b/file"),
    ],
)
def test_what_stays_inside_is_read(links, path, folder, monkeypatch):
    monkeypatch.chdir(folder)
    for place, target in links.items():
        (folder / place).symlink_to(target.format(root=folder))
    repository = Repository(folder)
    path = folder / path.format(parent=folder.parent.name)
    assert repository.read(path, MOST) == b"x"
    assert repository.resolve(path) == folder / "a/b/file"


@pytest.mark.parametrize(
    ("links", "path"),
    [
        ({}, "../secret"),
        ({}, "a/../../secret"),
        ({}, "{out}/secret"),
        ({}, "../nothing"),
        ({"l": "../secret"}, "l"),
        ({"l": "../nothing"}, "l"),
        ({"l": "../out"}, "l/secret"),
        ({"l": "{out}"}, "l/secret"),
        ({"l": "m", "m": "../out"}, "l/secret"),
        ({"a/l": ".."}, "a/l/../secret"),
        ({"l": "/proc/self/cwd/../secret"}, "l"),
        ({"l": "/"}, "l/etc/passwd"),
        ({"l": "nothing/../../nothing"}, "l"),
        ({"l": "a/nothing/../../../secret"}, "l"),
    ],
)
def test_what_leads_out_is_refused_whether_or_not_it_is_there(links, path, folder, monkeypatch):
    monkeypatch.chdir(folder)
    out = folder.parent / "out"
    for place, target in links.items():
        (folder / place).symlink_to(target.format(out=out))
    repository = Repository(folder)
    path = folder / path.format(out=out)
    for ask in (repository.resolve, repository.stat, repository.is_file, repository.names):
        with pytest.raises(OutsideError):
            ask(path)
    with pytest.raises(OutsideError):
        repository.read(path, MOST)


def test_a_circle_a_long_way_and_a_missing_file_are_distinguished(folder):
    (folder / "l").symlink_to("m")
    (folder / "m").symlink_to("l")
    repository = Repository(folder)
    with pytest.raises(FileError, match="links"):
        repository.read(folder / "l", MOST)
    for path in ("nothing", "nothing/at/all", "a/b/file/x"):
        with pytest.raises(MissingFileError):
            repository.read(folder / path, MOST)
        assert repository.stat(folder / path) is None
    for path in ("x" * 300, "a\0b", "\ud800"):
        with pytest.raises(FileError):
            repository.read(folder / path, MOST)


def test_a_path_of_many_steps_is_bounded(folder):
    repository = Repository(folder)
    if not module.BY_DESCRIPTOR:
        return  # the operating system has its own bound
    with pytest.raises(FileError, match="steps"):
        repository.read(folder / Path("/".join(["a", ".."] * 30_000)) / "a/b/file", MOST)


def test_what_is_no_regular_file_is_not_even_opened(folder, monkeypatch):
    """To open a device may do something, and to open a pipe wakes who writes to it."""
    repository, real, opened = Repository(folder), os.open, []
    os.mkfifo(folder / "pipe")

    def recorded(path, *rest, **more):
        opened.append(Path(path).name)
        return real(path, *rest, **more)

    monkeypatch.setattr(os, "open", recorded)
    for path in ("pipe", "a/b"):
        with pytest.raises(FileError):
            repository.read(folder / path, MOST)
    assert "pipe" not in opened
    assert repository.read(folder / "a/b/file", MOST) == b"x"
    assert "file" in {Path(each).name for each in opened}


@pytest.mark.parametrize("becomes", ["a pipe", "a large file"])
def test_what_was_opened_is_looked_at_too(becomes, folder, monkeypatch):
    repository, real = Repository(folder), os.open
    file = folder / "a/b/file"

    def swapping(path, *rest, **more):
        if Path(path).name == "file":
            file.unlink()
            if becomes == "a pipe":
                os.mkfifo(file)
            else:
                file.write_bytes(b"x" * (MOST + 1))
        return real(path, *rest, **more)

    monkeypatch.setattr(os, "open", swapping)
    with pytest.raises(FileError, match=r"pipe|larger"):
        repository.open(file, MOST)


def test_size_is_bounded_before_and_while_it_is_read(folder, monkeypatch):
    repository = Repository(folder)
    (folder / "large").write_bytes(b"x" * (MOST + 1))
    with pytest.raises(FileError, match="larger"):
        repository.read(folder / "large", MOST)
    monkeypatch.setattr(opening, "_check", lambda *_: None)
    with pytest.raises(FileError, match="larger"):
        repository.read(folder / "large", MOST)


# A race: the moment a name was looked up, it becomes something else.


@pytest.mark.parametrize("swapped", ["a", "a/b", "a/b/file"])
def test_what_is_swapped_between_check_and_use_leads_nowhere(swapped, folder, monkeypatch):
    real, calls = os.open, []
    target = folder / swapped
    out = folder.parent / "out"
    (out / "b").mkdir()
    for place in ("b/file", "file"):
        (out / place).write_bytes(SECRET)
    aim = {"a": out, "a/b": out, "a/b/file": out / "secret"}[swapped]

    def swapping(name, flags, *rest, **words):
        if str(name) in {target.name, str(folder / "a/b/file")} and not calls:
            calls.append(name)
            target.rename(folder.parent / "moved")
            target.symlink_to(aim)
        return real(name, flags, *rest, **words)

    repository = Repository(folder)
    monkeypatch.setattr(os, "open", swapping)
    with pytest.raises(FileError):
        repository.read(folder / "a/b/file", MOST)
    assert calls


def test_a_directory_that_was_opened_is_walked_wherever_its_name_leads_now(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "file").write_bytes(b"x")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/file").write_bytes(SECRET)
    repository = Repository(root)
    root.rename(tmp_path / "moved")
    root.symlink_to("out")
    assert repository.read(root / "file", MOST) == b"x"


def test_a_walk_follows_no_link(folder):
    (folder / "l").symlink_to("../out")
    (folder / "a/up").symlink_to("..")
    found = [(where, inner, others) for where, inner, others in Repository(folder).walk(folder)]
    assert found == [
        (folder, ["a"], ["l"]),
        (folder / "a", ["b"], ["up"]),
        (folder / "a/b", [], ["file"]),
    ]


def test_descriptors_are_given_back(folder):
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(10):
        repository = Repository(folder)
        repository.read(folder / "a/b/file", MOST)
        list(repository.walk(folder))
        with pytest.raises(FileError):
            repository.read(folder / "a/b", MOST)
        with pytest.raises(FileError):
            repository.read(folder / "a/b/file/x", MOST)
        del repository
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


class TestTheRootComesFromThePathAsItIsWritten:
    @pytest.fixture(autouse=True)
    def _tree(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        for each in ("w/.git", "w/sub/.git", "w/sub/x", "w/plain", "other/.git", "other/x"):
            Path(each).mkdir(parents=True)
        Path("w/link").symlink_to("../other")
        Path("w/inner").symlink_to("plain")
        Path("to").symlink_to("w")

    @pytest.mark.parametrize(
        ("path", "root"),
        [
            ("w", "w"),
            ("w/plain", "w"),
            ("w/plain/nothing", "w"),
            ("w/sub/x", "w/sub"),
            ("w/link", "w"),
            ("w/link/x", "w"),
            ("w/inner", "w"),
            ("w/link/../plain", "w"),
            ("other/x", "other"),
            ("to/plain", "to"),
        ],
    )
    def test_the_nearest_git_above_it(self, path, root):
        assert repository_of(Path(path)).given == Path(root).absolute()

    def test_a_link_out_is_confined_to_where_it_lies(self):
        Path("other/file").write_bytes(SECRET)
        for path in ("w/link/file", "w/sub/../link/file"):
            with pytest.raises(OutsideError):
                read_named(Path(path), MOST)
        assert read_named(Path("other/file"), MOST) == SECRET

    def test_without_git_the_current_directory_confines(self, tmp_path):
        Path("free").mkdir()
        Path("free/link").symlink_to(tmp_path.parent)
        assert confining(Path("free/link")).root == tmp_path
        assert confining(tmp_path.parent / "x") is None


def test_looking_up_names_is_counted_and_bounded(folder, monkeypatch):
    monkeypatch.setattr(module, "MOST_LOOKUPS", 20)
    monkeypatch.setattr(module, "LOOKUPS_A_NAME", 2)
    repository = Repository(folder)
    assert repository.is_file(folder / "a/b/file")
    assert repository.looked_up >= len(("a", "b", "file"))
    repository.looked_up = 21
    with pytest.raises(FileError, match="more than 20 names were looked up before"):
        repository.is_file(folder / "a/b/file")


def test_a_directory_that_lists_many_names_may_be_looked_up_in_more_often(folder, monkeypatch):
    monkeypatch.setattr(module, "MOST_LOOKUPS", 20)
    for n in range(30):
        (folder / f"file{n}").touch()
    repository = Repository(folder)
    names = repository.names(folder)
    assert all(repository.is_file(folder / name) for name in names if name != "a")


@pytest.mark.parametrize("name", [".git", ".GIT"])
def test_what_git_keeps_is_neither_listed_nor_found(folder, name):
    (folder / name / "refs/heads").mkdir(parents=True)
    (folder / name / "refs/heads/hunter2").touch()
    (folder / "link").symlink_to(name)
    (folder / "a" / ".git").write_text("gitdir: ../x", "utf-8")
    repository = Repository(folder)
    walked = [each for where in repository.walk(folder) for each in (*where[1], *where[2])]
    assert walked == ["a", "link", "b", "file"]
    for path in (name, "link", f"{name}/refs", "link/refs/heads"):
        with pytest.raises(FileError, match="never read"):
            repository.names(folder / path)
    for path in (f"{name}/refs/heads/hunter2", "link/refs/heads/none"):
        with pytest.raises(FileError, match="never read"):
            repository.is_file(folder / path)

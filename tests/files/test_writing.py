"""Files that are written: whole or not at all, where the path leads and nowhere else."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from checker.files import FileError, OutsideError, Repository, append, check_writable, write
from checker.files import repository as module


@pytest.fixture(params=["descriptors", "paths"])
def folder(request, tmp_path, monkeypatch):
    """A repository with a directory beside it, on both kinds of platform."""
    if request.param == "paths":
        monkeypatch.setattr(module, "BY_DESCRIPTOR", False)
    (tmp_path / "root/.git").mkdir(parents=True)
    (tmp_path / "root/in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/file").write_text("old")
    monkeypatch.chdir(tmp_path / "root")
    return tmp_path / "root"


def names(place="."):
    return sorted(os.listdir(place))  # noqa: PTH208


def test_a_file_is_made_and_replaced(folder):
    for text in ("one", "two\udcff"):
        write(Path("in/file"), text)
    assert Path("in/file").read_bytes() == b"two\\udcff"
    assert names("in") == ["file"]


def test_what_has_the_old_file_open_keeps_it(folder):
    write(Path("file"), "old")
    with Path("file").open() as held:
        write(Path("file"), "new")
        assert held.read() == "old"
    assert Path("file").read_text() == "new"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_what_fails_leaves_the_old_file_and_nothing_beside_it(call, error, folder, monkeypatch):
    write(Path("in/file"), "old")

    def failing(*_, **__):
        raise error

    monkeypatch.setattr(os, call, failing)
    with pytest.raises((FileError, KeyboardInterrupt)):
        write(Path("in/file"), "new")
    with pytest.raises((FileError, KeyboardInterrupt)):
        write(Path("in/other"), "new")
    monkeypatch.undo()
    assert (folder / "in/file").read_text() == "old"
    assert names(folder / "in") == ["file"]


@pytest.mark.parametrize("do", [write, append, lambda path, _: check_writable(path)])
def test_nothing_leads_out(do, folder):
    Path("link").symlink_to("../out/file")
    Path("new").symlink_to("../out/new")
    Path("dir").symlink_to("../out")
    Path("git").symlink_to(".git/config")
    for path in ("link", "new", "dir/file", "dir/new", "git"):
        with pytest.raises(OutsideError):
            do(Path(path), "x")
    assert names("../out") == ["file"]
    assert Path("../out/file").read_text() == "old"
    do(Path("../out/file"), "x")  # as its user writes it, it lies outside


def test_a_root_that_is_given_confines_more(folder):
    Path("in/link").symlink_to("../file")
    with pytest.raises(OutsideError):
        write(Path("in/link"), "x", Repository(Path("in")))
    write(Path("in/link"), "x")
    assert Path("file").read_text() == "x"


def test_lines_are_added_for_the_owner_alone(folder):
    for text in ("one\n", "two\n"):
        append(Path("file"), text)
    assert Path("file").read_text() == "one\ntwo\n"
    assert stat.S_IMODE(Path("file").stat().st_mode) == 0o600


@pytest.mark.parametrize("path", ["in", "none/file", "in/file/x", "x" * 300, "a\0b"])
def test_what_cannot_become_a_file_is_said_before(path, folder):
    write(Path("in/file"), "x")
    for do in (write, append, lambda path, _: check_writable(path)):
        with pytest.raises(FileError):
            do(Path(path), "x")


def test_a_pipe_takes_no_lines(folder):
    os.mkfifo("pipe")
    with pytest.raises(FileError, match="regular"):
        append(Path("pipe"), "x")

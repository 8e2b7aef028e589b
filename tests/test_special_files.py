"""Pipes, devices, sockets and directories where a file is expected: refused at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from outside import (
    Attack,
    _alarm,
    link,
    reading,
    repository,
    special,
)

from checker.cli import main

pytestmark = pytest.mark.sampled(2)


__all__ = ["_alarm", "repository"]

# Pipes, devices, sockets, directories: each is refused where a file is expected, at once.
SPECIAL = (
    "fifo",
    "socket",
    "directory",
    "/dev/zero",
    "/dev/stdin",
    "/dev/fd/0",
    "/dev/null",
    "nowhere",
)
USES = {
    "target": "plan {}",
    "--plan": "plan infra --plan {}",
    "--var-file": "plan infra --var-file {}",
    "--policy": "plan infra --policy {}",
    "--baseline": "plan infra --baseline {}",
    "--config": "plan infra --config {}",
    "audit --resume": "audit --region eu-west-1 --resume {}",
    "audit --policy": "audit --policy {}",
}  # fmt: skip


@pytest.mark.parametrize("kind", SPECIAL)
@pytest.mark.parametrize("use", USES)
def test_only_regular_files_are_read(use, kind, repository, capsys):
    if (use, kind) == ("audit --resume", "nowhere"):
        return  # it will be made
    words = USES[use].format(special(kind))
    # What standard input is stays open, and nothing ever comes.
    read, write_end = os.pipe()
    before = os.dup(0)
    os.dup2(read, 0)
    try:
        code = main(words.split())
    finally:
        os.dup2(before, 0)
        for each in (read, write_end, before):
            os.close(each)
    given = capsys.readouterr().err
    assert (code, "nothing was checked" in given) == (2, True)
    assert "bug in tfcheck" not in given


@pytest.mark.parametrize("name", ["terraform.tfvars", "x.auto.tfvars", "x.tf", "x.tf.json"])
@pytest.mark.parametrize("kind", ["fifo", "socket", "directory", "nowhere"])
def test_a_module_holds_only_regular_files(kind, name, repository, capsys):
    place = Path("infra") / name
    if kind == "nowhere":
        place.symlink_to("nowhere")
    else:
        special(kind)
        Path("special").rename(place)
    passes = (kind, name) == ("nowhere", "terraform.tfvars")  # as in Terraform
    assert main(["plan", "infra"]) == (1 if passes else 2)
    assert "bug in tfcheck" not in capsys.readouterr().err


@pytest.mark.parametrize("function", ["file", "filebase64", "filemd5", "templatefile"])
@pytest.mark.parametrize("kind", ["fifo", "socket", "directory"])
def test_a_function_reads_only_regular_files(kind, function, repository, capsys):
    more = ", {}" if function == "templatefile" else ""
    Attack("", files=reading(f'{function}("../special"{more})')).plant()
    special(kind)
    assert main(["plan", "reads"]) in {0, 1}
    given = capsys.readouterr()
    assert "bug in tfcheck" not in given.err
    assert "undecided" in given.out


@pytest.mark.parametrize("use", USES)
def test_links_that_go_in_circles_and_endless_names_are_errors(use, repository, capsys):
    link("a", "b")
    link("b", "a")
    for path in (
        "./a.yaml",
        "/" + "x" * 300,
        "./" + "x/" * 3000 + "y.yaml",
        "infra/main.tf/x.yaml",
    ):
        code = main(USES[use].format(path).split())
        given = capsys.readouterr().err
        if code != 2 and use == "audit --resume":
            continue
        assert (code, "bug in tfcheck" in given) == (2, False), path


def test_a_large_file_is_refused_unread(repository, capsys):
    with Path("large").open("wb") as file:
        file.truncate(8 * 1024**4)
    for words in USES.values():
        assert main(words.format("./large").split()) == 2
        assert "larger than" in capsys.readouterr().err


def test_a_directory_that_cannot_be_listed_is_unread(repository, monkeypatch, capsys):
    scandir = os.scandir
    deep = Path("infra/deep")
    deep.mkdir()
    here = os.open(deep, os.O_RDONLY)

    def refusing(place):
        if isinstance(place, int) and os.path.sameopenfile(place, here):
            raise PermissionError(13, "Permission denied")
        return scandir(place)

    monkeypatch.setattr(os, "scandir", refusing)
    assert main(["plan", "--recursive", "infra"]) == 1
    assert "`infra/deep`: the directory cannot be read: Permission denied" in (
        capsys.readouterr().out
    )
    assert main(["plan", "--recursive", "infra/deep"]) == 2
    assert "Permission denied" in capsys.readouterr().err
    os.close(here)

"""Reports and baselines: whole or not at all, and never outside the repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from outside import (
    MOST_SECONDS,
    ROOT,
    _alarm,
    link,
    refused,
    repository,
)

from checker.cli import main

__all__ = ["_alarm", "repository"]

# What is written.

OUTPUTS = ["--output {}", "--format json={}", "--write-baseline {}"]


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize(
    "place", ["l.json", "d/x.json", "d/deep/x.json", "git", "h/config", "absolute.json"]
)
def test_nothing_outside_is_written(place, output, repository, tmp_path, capsys):
    outside = tmp_path / "outside"
    (outside / "deep").mkdir()
    link("l.json", "../outside/new.json")
    link("absolute.json", outside / "secret")
    link("d", "../outside")
    link("git", ".git/config")
    link("h", ".git")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert main(["plan", "infra", *output.format(place).split()]) == 2
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert after == before
    assert "nothing was checked" in capsys.readouterr().err


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_link_inside_is_written_through(output, repository, capsys):
    Path("reports").mkdir()
    link("l.json", "reports/r.json")
    for _ in range(2):
        assert main(["plan", "infra", *output.format("l.json").split()]) in {0, 1}
        assert Path("l.json").is_symlink()
        assert Path("reports/r.json").stat().st_size > 100
    assert os.listdir("reports") == ["r.json"]  # noqa: PTH208


def test_an_account_of_another_user_may_not_be_written_over_by_resume(repository, capsys):
    link("r", "../outside/secret")
    assert main(["audit", "--region", "eu-west-1", "--resume", "r"]) == 2
    assert "bug in tfcheck" not in capsys.readouterr().err


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_full_disk_leaves_the_old_file(output, repository):
    import resource

    Path("r.json").write_text('{"old": true}')
    Path("r.json").chmod(0o640)

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    given = refused(f"plan infra {output.format('r.json')}", repository, preexec_fn=full)
    assert "File too large" in given
    assert Path("r.json").read_text() == '{"old": true}'
    assert not list(repository.glob(".tfcheck*"))


def test_a_report_keeps_the_permissions_of_the_old_one(repository, capsys):
    Path("r.json").write_text("{}")
    Path("r.json").chmod(0o604)
    before = os.umask(0o027)
    try:
        main(["plan", "infra", "--format", "json=r.json", "--format", "sarif=new.json"])
    finally:
        os.umask(before)
    assert Path("r.json").stat().st_mode & 0o777 == 0o604
    assert Path("new.json").stat().st_mode & 0o777 == 0o640


def test_a_pipe_and_a_device_are_written_directly(repository):
    os.mkfifo("pipe")
    reader = subprocess.Popen(["cat", "pipe"], cwd=repository, stdout=subprocess.PIPE)
    assert main(["plan", "infra", "--output", "pipe"]) == 1
    assert b"blocked" in reader.communicate(timeout=MOST_SECONDS)[0]
    for device in ("/dev/stdout", "/dev/fd/1", "/dev/null"):
        done = subprocess.run(
            [sys.executable, "-m", "checker", "plan", "infra", "--output", device],
            cwd=repository,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
        assert (done.returncode, b"blocked" in done.stdout) == (1, device != "/dev/null")
    assert "No space" in refused("plan infra --output /dev/full", repository)


def test_a_file_alone_in_a_directory_that_takes_no_other_is_written_in_place(
    repository, monkeypatch, capsys
):
    Path("r.json").write_text("{}")
    real = os.open

    def refusing(name, flags, *rest, **words):
        if flags & os.O_EXCL:
            raise PermissionError(13, "Permission denied")
        return real(name, flags, *rest, **words)

    monkeypatch.setattr(os, "open", refusing)
    assert main(["plan", "infra", "--format", "json=r.json"]) == 1
    assert json.loads(Path("r.json").read_text())["schema"] == "tfcheck.report/1"

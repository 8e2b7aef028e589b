"""What is shown of a long run: on a terminal, after a while, and nowhere else."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from scenarios import scenario

from checker.cli import main, progress

COLORED = re.compile(r"\x1b\[[0-9;]*3[0-9]m")
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch, tmp_path, capsys):
    """What runs `tfcheck plan` on three root modules, and the terminal that is standard error.

    Progress begins at once.
    """
    for root in ("a", "b", "c"):
        (tmp_path / root).mkdir()
        for file in scenario("orders-broken").glob("*.tf"):
            (tmp_path / root / file.name).write_text(file.read_text())
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "NO_COLOR", "TFCHECK_QUIET", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(progress, "DELAY_SECONDS", 0)
    stream = Terminal()

    def run(*words):
        # pytest lays its own streams anew when a test begins.
        with monkeypatch.context() as patch:
            patch.setattr("sys.stderr", stream)
            return main(["plan", *words])

    return run, stream


def shown(stream):
    return ESCAPES.sub("", stream.getvalue())


def test_root_modules_are_counted(terminal, monkeypatch, capsys):
    run, _ = terminal
    told = []
    monkeypatch.setattr(progress._Line, "tell", lambda _, *said: told.append(said))
    assert run("--recursive", ".") == 1
    assert ("reading root modules", 2, 3, 0) in told
    assert ("checking", 2, 3, 0) in told


def test_a_line_says_what_is_done_and_is_removed(terminal, capsys):
    run, stream = terminal
    run("--recursive", ".")
    assert "checking" in shown(stream)
    assert re.search(r"\d/3", shown(stream))
    assert COLORED.search(stream.getvalue())
    assert "checking" not in capsys.readouterr().out
    # The cursor is shown again, and the line is erased.
    assert stream.getvalue().rstrip().endswith(("\x1b[2K", "\x1b[1A\x1b[2K"))


@pytest.mark.parametrize("option", ["--quiet", "-q"])
def test_quiet_shows_none(terminal, capsys, option):
    run, stream = terminal
    run(option, "a")
    assert shown(stream) == ""


@pytest.mark.parametrize(("name", "value"), [("CI", "true"), ("CI", "1"), ("TERM", "dumb")])
def test_a_pipeline_shows_none(terminal, monkeypatch, capsys, name, value):
    run, stream = terminal
    monkeypatch.setenv(name, value)
    run("a")
    assert shown(stream) == ""


@pytest.mark.parametrize("how", ["--no-color", "NO_COLOR"])
def test_it_has_no_colors_where_none_are_wanted(terminal, monkeypatch, capsys, how):
    run, stream = terminal
    if how == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")
    run("a", *([how] if how.startswith("-") else []))
    assert "checking" in shown(stream)
    assert not COLORED.search(stream.getvalue())


def test_a_name_with_an_escape_is_shown_as_one(terminal, capsys):
    run, stream = terminal
    name = "x\x1b]0;stolen\x07"
    Path("a").rename(name)
    run(name)
    assert "\x1b]0;" not in stream.getvalue()


def test_an_error_follows_the_line_that_is_removed(terminal, capsys):
    run, stream = terminal
    assert run("nowhere") == 2
    assert shown(stream).rstrip().endswith("nothing was checked")


def test_what_ends_soon_shows_nothing(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    with progress.watched() as tell:
        tell("reading", 1, 2, 3)
    assert stream.getvalue() == ""


def test_what_takes_long_is_shown_after_a_while(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "DELAY_SECONDS", 0.01)
    with progress.watched() as tell:
        tell("reading roles", 1, 2, 3)
        deadline = time.monotonic() + 20
        while "1/2, 3 calls" not in shown(stream) and time.monotonic() < deadline:
            time.sleep(0.01)
    assert "reading roles" in shown(stream)


def test_a_pipe_loads_no_rich(tmp_path):
    (tmp_path / "main.tf").write_text("")
    code = (
        "import sys; from checker.cli import main; main(['plan']);"
        "print([each for each in sys.modules if each.split('.')[0] == 'rich'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)},
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert done.stderr == ""

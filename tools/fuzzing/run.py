"""Run the program on a trial, inside this process, with bounds on what it may spend."""

from __future__ import annotations

import functools
import io
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from fuzzing.aws import DOOR, ENVIRONMENT
from fuzzing.guard import WATCH
from fuzzing.trial import OUT, Outcome, Trial

SECONDS, FURTHER = 10, 1
"""How much processor time an input may take with one report, and each further report of it."""
MEMORY = 1 << 30
"""How many bytes an input may take, beyond what the process has when it starts."""
GRACE = 20
"""Seconds after which a run that listens to no signal is killed."""


WAIT, PROGRESS = 15, 0.05
"""In how many seconds a run that does not wait takes how much processor time, on a busy machine."""


class HangError(BaseException):
    """A run takes too long; no `except Exception` of the program takes it."""


def prepare() -> None:
    """Make this process ready to run many trials: the program's parser of options is made once."""
    import typer.main

    if not hasattr(typer.main.get_command, "cache_info"):
        typer.main.get_command = functools.cache(typer.main.get_command)
    DOOR.install()


def limit_memory() -> None:
    """Let this process take a gigabyte more than it has, and no more."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


def run(trial: Trial) -> Outcome:
    """Run the program once."""
    from checker.cli import main

    stdout, stderr = _stream(), _stream()
    stopped, code = "", -1
    DOOR.account = trial.account
    begun = time.process_time()
    with (
        _at(trial),
        _streams(stdout, stderr, trial.stdin),
        WATCH.watched(os.path.realpath(trial.outside)) as deeds,
    ):
        try:
            with _bounded(_allowed(trial)):
                code = main(trial.words)
        except HangError as error:
            stopped = str(error)
        except BaseException:  # noqa: BLE001 - whatever gets out of `main` is a failure
            stopped = traceback.format_exc()
    return Outcome(
        code=code,
        stdout=_text(stdout),
        stderr=_text(stderr),
        files=_written(trial),
        stopped=stopped,
        deeds=tuple(dict.fromkeys(deeds)),
        seconds=time.process_time() - begun,
    )


def _allowed(trial: Trial) -> int:
    return SECONDS + FURTHER * max(0, trial.words.count("--format") - 1)


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    data = stream.buffer
    return (
        data.getvalue().decode("utf-8", "surrogateescape") if isinstance(data, io.BytesIO) else ""
    )


def _written(trial: Trial) -> dict[str, str]:
    found = {}
    for file in sorted((trial.folder / OUT).iterdir()):
        if file.is_file():
            found[file.name] = file.read_bytes().decode("utf-8", "surrogateescape")
    return found


@contextmanager
def _at(trial: Trial) -> Iterator[None]:
    kept, here = dict(os.environ), Path.cwd()
    os.environ.clear()
    os.environ.update({"PATH": kept.get("PATH", ""), "HOME": str(trial.folder), "TZ": "UTC"})
    os.environ.update({**ENVIRONMENT, **trial.environment})
    os.chdir(trial.folder / trial.directory)
    try:
        yield
    finally:
        os.chdir(here)
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def _streams(stdout: io.TextIOWrapper, stderr: io.TextIOWrapper, data: bytes) -> Iterator[None]:
    kept = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    sys.stdout, sys.stderr = stdout, stderr
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept


@contextmanager
def _bounded(seconds: int) -> Iterator[None]:
    """Stop the block when its time is up; kill the process where it does not listen."""
    progress = time.process_time()

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise HangError(f"it takes more than {seconds} s of processor time")

    def look(_number: int, _frame: FrameType | None) -> None:
        nonlocal progress
        before, progress = progress, time.process_time()
        if progress - before < PROGRESS:
            raise HangError(f"it waits for more than {WAIT} s")

    handlers = {signal.SIGPROF: stop, signal.SIGALRM: look}
    kept = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    most = int(used.ru_utime + used.ru_stime) + seconds + GRACE
    resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, WAIT, WAIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, before in kept.items():
            signal.signal(number, before)
        resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))

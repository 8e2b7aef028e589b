"""Standard output and standard error: results to the one, everything else to the other."""

from __future__ import annotations

import io
import os
import sys

from checker import sensitive
from checker.errors import TfcheckError
from checker.reports.terminal import visible

COULD_NOT_CHECK = 2
INTERRUPTED = 130


def prepare() -> None:
    """Make both streams take any text: what their encoding lacks is shown as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def write(text: str) -> None:
    """Write a result; a reader that has gone away (`| head`) does not change the verdict."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more when it ends, and would complain then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_markdown(text: str) -> None:
    """Write Markdown: laid out on a terminal, as it is into a pipe."""
    if not is_terminal():
        write(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))


def say(text: str) -> None:
    """Write a line that is no result."""
    try:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def is_terminal() -> bool:
    """Tell whether results go to a terminal."""
    return sys.stdout.isatty()


def nothing_was_checked() -> None:
    """Say that the run came to no answer."""
    say("nothing was checked")


def explain_stop(error: TfcheckError) -> None:
    """Say every reason why a run stopped."""
    for reason in error.reasons:
        say(f"error: {visible(sensitive.shown(str(reason)))}")
        for line in reason.excerpt.splitlines():
            say(f"    {visible(line)}")
    if error.hint:
        say(f"help: {visible(sensitive.shown(error.hint))}")
    nothing_was_checked()


def explain_bug(error: Exception) -> None:
    """Say that the program itself failed, and where."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    # What an unforeseen error says may quote a value.
    said = "" if sensitive.met() else f": {visible(str(error))}"
    say(f"error: tfcheck failed: {type(error).__name__}{said}{place}")
    say("help: this is a bug in tfcheck: please report it with the lines above")
    nothing_was_checked()

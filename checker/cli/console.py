"""Standard output and standard error: results to the one, everything else to the other."""

from __future__ import annotations

import io
import os
import sys
from typing import Any

from checker.errors import TfcheckError
from checker.reports.terminal import visible, visible_lines

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
    """Write a line that is no result; what a reader would not see is shown as an escape."""
    try:
        sys.stderr.write(f"{visible(text)}\n")
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
        say(f"error: {reason}")
        for line in reason.excerpt.splitlines():
            say(f"    {line}")
    if error.hint:
        say(f"help: {error.hint}")
    nothing_was_checked()


def explain_command_line(error: Any) -> None:  # noqa: ANN401 - a class without a public name
    """Say what is wrong with the command line, as typer words it: it quotes the arguments."""
    error.message = visible_lines(error.message)
    error.show()
    nothing_was_checked()


def explain_bug(error: Exception) -> None:
    """Say that the program itself failed, and where."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    say(f"error: tfcheck failed: {type(error).__name__}: {error}{place}")
    say("help: this is a bug in tfcheck: please report it with the lines above")
    nothing_was_checked()

"""Standard output and standard error: results to the one, everything else to the other."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress
from typing import Any, TextIO

from checker.errors import OutputError, SourceError, TfcheckError
from checker.knowledge import sensitive_tokens
from checker.reports.terminal import visible, visible_lines

LEAST_COLUMNS = 40
"""A narrower terminal breaks lines by itself."""
COULD_NOT_CHECK = 2
INTERRUPTED = 130


class _Closed(io.TextIOBase):
    """Standard output that was closed before the program started."""

    def write(self, _text: str) -> int:
        raise OSError(errno.EBADF, "it is closed")


def prepare() -> None:
    """Make both streams take any text: what their encoding lacks is shown as an escape.

    Where one was closed before the start, no file that is opened later gets its number: what a
    library writes would land in that file.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    # Python has no stream for what is closed, which no library expects.
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def read_bytes(most: int) -> bytes:
    """Return all of standard input; SourceError if there is none, or more than so many bytes."""
    if sys.stdin is None:
        raise SourceError("standard input is closed")
    try:
        data: bytes | None = sys.stdin.buffer.read(most + 1)
    except OSError as error:
        raise SourceError(f"standard input cannot be read: {error.strerror}") from None
    if data is None:
        raise SourceError("standard input cannot be read without waiting")
    if len(data) > most:
        raise SourceError(f"standard input is larger than {most} bytes")
    return data


def write(text: str) -> None:
    """Write a result; a reader that has gone away (`| head`) does not change the verdict.

    Raises OutputError if it cannot be written.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        give_up(sys.stdout)
    except OSError as error:
        give_up(sys.stdout)
        raise OutputError(f"standard output cannot be written: {error.strerror}") from None


def give_up(stream: TextIO) -> None:
    """Let go of what a stream still holds: Python would write it at the end, and complain."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)


def write_markdown(text: str) -> None:
    """Write Markdown: laid out on a terminal, as it is into a pipe."""
    if not is_terminal():
        write(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text))


def say(text: str) -> None:
    """Write a line that is no result; what a reader would not see is shown as an escape.

    On a terminal it is wrapped between words, in a pipe it stays one line.
    """
    try:
        shown = visible(text)
        if sys.stderr.isatty():
            word, colon, _ = shown.partition(": ")
            shown = wrapped(shown, len(word + colon) if word in {"error", "help"} else 4)
        sys.stderr.write(f"{shown}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        # There is nowhere to say it; the exit code still does.
        give_up(sys.stderr)


def wrapped(line: str, hanging: int) -> str:
    """Return a line in as many of the terminal's width as it takes, all but the first indented."""
    import textwrap

    return textwrap.fill(
        line,
        max(_columns(), LEAST_COLUMNS),
        subsequent_indent=" " * hanging,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )


def _columns() -> int:
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(2).columns
    except (OSError, ValueError):
        return 80


def is_asked() -> bool:
    """Tell whether somebody at a terminal can answer a question."""
    return sys.stdin is not None and sys.stdin.isatty()


def is_terminal() -> bool:
    """Tell whether results go to a terminal."""
    return sys.stdout.isatty()


def width() -> int:
    """Return how many columns the terminal has, 40 at least."""
    columns = os.environ.get("COLUMNS", "")
    with suppress(OSError):
        return max(int(columns) if columns.isdigit() else os.get_terminal_size().columns, 40)
    return 80


def has_links() -> bool:
    """Tell whether the terminal is known to show links (OSC 8), or is said to."""
    said = os.environ.get("FORCE_HYPERLINK")
    if said is not None:
        return said != "0"
    kind, program = os.environ.get("TERM", ""), os.environ.get("TERM_PROGRAM", "")
    vte = os.environ.get("VTE_VERSION", "")
    return (
        program in {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper"}
        or any(name in kind for name in ("kitty", "alacritty", "foot", "ghostty"))
        or (vte.isdigit() and int(vte) >= 5000)  # noqa: PLR2004 - the first VTE with links
        or "WT_SESSION" in os.environ
        or "DOMTERM" in os.environ
    )


def nothing_was_checked() -> None:
    """Say that the run came to no answer."""
    say("nothing was checked")


def explain_stop(error: TfcheckError) -> None:
    """Say every reason why a run stopped."""
    for reason in error.reasons:
        say(f"error: {sensitive_tokens.shown(str(reason))}")
        for line in reason.excerpt.splitlines():
            say(f"    {line}")
    if error.hint:
        say(f"help: {sensitive_tokens.shown(error.hint)}")
    nothing_was_checked()


def explain_command_line(error: Any) -> None:  # noqa: ANN401 - a class without a public name
    """Say what is wrong with the command line, as typer words it: it quotes the arguments."""
    error.message = visible_lines(error.message)
    try:
        error.show()
    except (OSError, ValueError):
        give_up(sys.stderr)
    nothing_was_checked()


def explain_bug(error: Exception) -> None:
    """Say that the program itself failed, and where."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    # What an unforeseen error says may quote a value.
    said = "" if sensitive_tokens.met() else f": {error}"
    say(f"error: tfcheck failed: {type(error).__name__}{said}{place}")
    say("help: this is a bug in tfcheck: please report it with the lines above")
    nothing_was_checked()

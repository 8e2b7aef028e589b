"""How far a long command is: a line on standard error, where a person looks at it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from checker.reports.terminal import visible

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

DELAY_SECONDS = 1.0
"""A command that ends sooner shows nothing, and does not load Rich."""
Tell: TypeAlias = Callable[[str, int, int, int], None]
"""Takes what is done, how much of it, of how much (0 if unknown), and how many calls that took."""


@contextmanager
def watched(*, quiet: bool = False, plain: bool = False) -> Iterator[Tell]:
    """Show what is done once it takes a while: on a terminal, and not in CI or if `quiet`.

    Before other output follows, the line is removed. `plain` uses no colors.
    """
    if quiet or not _is_watched():
        yield lambda *_: None
        return
    line = _Line(plain=plain)
    line.begin(DELAY_SECONDS)
    try:
        yield line.tell
    finally:
        line.end()


def _is_watched() -> bool:
    ci = os.environ.get("CI", "").lower() not in {"", "0", "false"}
    return sys.stderr.isatty() and not ci and os.environ.get("TERM") != "dumb"


class _Line:
    """The line, which another thread shows after a while."""

    def __init__(self, *, plain: bool) -> None:
        self._plain = plain
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._ended = False
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._worded = ("", 0, 0, 0)

    def begin(self, seconds: float) -> None:
        """Show the line after so many seconds, unless it has ended."""
        if seconds <= 0:
            self._show()
            return
        self._timer = threading.Timer(seconds, self._show)
        self._timer.daemon = True
        self._timer.start()

    def tell(self, what: str, done: int, of: int, calls: int = 0) -> None:
        """Take note of what is done, and show it if the line is there."""
        with self._lock:
            self._worded = what, done, of, calls
            self._update()

    def end(self) -> None:
        """Remove the line, for good."""
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._ended = True
            if self._bar is not None:
                self._bar.stop()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
        from rich.table import Column
        from rich.theme import Theme

        what = Column(no_wrap=True, overflow="ellipsis", ratio=1)
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False, table_column=what),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[amount]}", markup=False),
            TimeElapsedColumn(),
        )
        with self._lock:
            if self._ended:
                return
            # Yellow, as it is there, cannot be read on a light terminal.
            theme = Theme({"progress.elapsed": "none"})
            console = Console(stderr=True, no_color=True if self._plain else None, theme=theme)
            self._bar = Progress(*columns, console=console, transient=True, redirect_stdout=False)
            self._task = self._bar.add_task("", total=None, amount="")
            self._update()
            self._bar.start()

    def _update(self) -> None:
        if self._bar is None or self._task is None:
            return
        what, done, of, calls = self._worded
        said = [f"{done}/{of}"] if of else []
        said += [f"{calls} calls"] if calls else []
        self._bar.update(
            self._task,
            description=visible(what),
            completed=done,
            total=of or None,
            amount=", ".join(said),
        )

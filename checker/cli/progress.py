"""How far a long command is, on standard error, where that is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from checker.reports.terminal import visible


@contextmanager
def watched() -> Iterator[Callable[[str, int, int, int], None]]:
    """Show a line that tells what is read, how much of it, and by how many calls."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[calls]} calls"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("mappings", total=None, calls=0)

        def tell(what: str, done: int, of: int, calls: int) -> None:
            bar.update(task, description=visible(what), completed=done, total=of, calls=calls)

        yield tell

"""What one root module is run with, and which files of its modules are not read for it."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from pathlib import Path

from checker.errors import SourceError
from checker.sources.terraform.configuration.engine import LOCK, Engine, engine_of, passed_over
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.language.evaluation_errors import EvaluationError

MOST_NAMED = 3


class RootEngine:
    """The engine of the root module in a directory: `asked`, or else what the module says."""

    def __init__(self, directory: Path, files: Files, asked: Engine | None) -> None:
        self._directory, self._files, self._asked = directory, files, asked

    @property
    def chosen(self) -> Engine:
        """What it is run with."""
        return self._found[0]

    @property
    def why(self) -> str:
        """What says so."""
        return self._found[1]

    @cached_property
    def _found(self) -> tuple[Engine, str]:
        if self._asked is not None:
            return self._asked, "`--engine` says so"
        names = self._names(self._directory)
        lock = ""
        if LOCK in names:
            with suppress(EvaluationError, UnicodeDecodeError):
                lock = self._files.read(self._directory / LOCK).decode()
        return engine_of(names, lock)

    def others(self, directory: Path) -> str:
        """Say which files of a module's directory only the other engine reads, if any."""
        names = passed_over(self._names(directory), self.chosen)
        if not names:
            return ""
        shown = [f"`{self._files.name(directory / name)}`" for name in names[:MOST_NAMED]]
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        verb = "is" if len(names) == 1 else "are"
        return f"{', '.join(shown)}{more} {verb} not read, as {self.chosen} has it: {self.why}"

    def _names(self, directory: Path) -> list[str]:
        try:
            return self._files.names(directory)
        except SourceError:
            return []  # what is wrong with it is said where its files are read

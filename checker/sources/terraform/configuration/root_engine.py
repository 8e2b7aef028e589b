"""What one root module is run with, and which files of its modules are not read for it."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from pathlib import Path

from checker.errors import SourceError
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.configuration.engine import (
    LOCK,
    Engine,
    engine_of,
    locked_provider,
    passed_over,
)
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.configuration.provider_version import (
    Version,
    ends_before,
    locked_version,
    required_versions,
)
from checker.sources.terraform.language.evaluation_errors import EvaluationError

MOST_NAMED = 3


class RootEngine:
    """The engine of the root module in a directory: `asked`, or else what the module says.

    What a proposal says of it does not count against the commit that judges, by which it is `kept`:
    else a file for the other engine would take the place of what is run.
    """

    def __init__(
        self, directory: Path, files: Files, asked: Engine | None, kept: Engine | None = None
    ) -> None:
        self._directory, self._files, self._asked, self._kept = directory, files, asked, kept

    @property
    def chosen(self) -> Engine:
        """What it is run with."""
        return self._found[0]

    @property
    def why(self) -> str:
        """What says so."""
        return self._found[1]

    @property
    def is_disputed(self) -> bool:
        """Whether the proposal says otherwise than the commit that judges."""
        return self._asked is None and self._kept not in {None, self._said[0]}

    @cached_property
    def _found(self) -> tuple[Engine, str]:
        if self._asked is not None:
            return self._asked, "`--engine` says so"
        if self._kept is not None and self.is_disputed:
            why = f"so it is in the commit of `--base`, while now {self._said[1]}"
            return self._kept, f"{why}; `--engine` settles it"
        return self._said

    @cached_property
    def _said(self) -> tuple[Engine, str]:
        """Return what the module says."""
        return engine_of(self._names(self._directory), self._lock)

    @cached_property
    def _lock(self) -> str:
        """The text of the lock file, empty if there is none to read."""
        if LOCK in self._names(self._directory):
            with suppress(EvaluationError, UnicodeDecodeError):
                return self._files.read(self._directory / LOCK).decode()
        return ""

    @property
    def provider(self) -> tuple[int, int] | None:
        """The version of the AWS provider that the lock file names: major and minor."""
        return locked_provider(self._lock)

    def newer_provider(self, newest: int) -> str:
        """Say that the AWS provider is of a major version after the newest known, if it is."""
        found = self.provider
        if found is None or found[0] <= newest:
            return ""
        return f"`{LOCK}` names version {found[0]} of the AWS provider, and {newest} is known"

    def has_provider_before(self, version: Version, declarations: Declarations) -> bool:
        """Tell whether the AWS provider is surely of a version before one.

        The lock file says it; without one, what the root module requires.
        """
        locked = locked_version(self._lock)
        if locked is not None:
            return locked < version
        return any(ends_before(each, version) for each in required_versions(declarations))

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

"""What a function may know of its surroundings; see `functions.Scope`."""

from __future__ import annotations

from dataclasses import field

from checker.knowledge.partial import Location
from checker.records import dataclass
from checker.sources.terraform.configuration.root_files import RootFiles
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.values.budget import Budget
from checker.sources.terraform.values.secrets import Secrets


@dataclass
class CallScope:
    """The surroundings of one call; `base` is what paths in it are relative to."""

    files: RootFiles
    budget: Budget
    secrets: Secrets
    scope: Scope
    at: Location
    base: str = field(default=".")

    def unique(self) -> str:
        """Return a name that no other call has."""
        path = f"{self.scope.path}:" if self.scope.path else ""
        return f"{path}{self.at.source}:{self.at.line}:{self.at.column}"

    @property
    def marked(self) -> bool:
        """Whether anything that was met so far is sensitive or ephemeral."""
        return self.secrets.any

    @property
    def spent(self) -> int:
        """How many steps the run has taken."""
        return self.budget.spent

    def spend(self, steps: int) -> None:
        """Take steps of the run's budget."""
        self.budget.spend(steps)

    def read_file(self, path: str) -> bytes:
        """Return a file's bytes, whose size is spent."""
        return self.files.read(path)

    def locate_file(self, path: str) -> str:
        """Return the name that locations in the file bear."""
        return self.files.read_by(path, self.at)

    def file_exists(self, path: str) -> bool:
        """Tell whether a file exists inside the root."""
        return self.files.exists(path)

    def list_files(self, path: str, pattern: str) -> list[str]:
        """Return the files below a directory that match a pattern."""
        return self.files.matching(path, pattern)

"""Everything that stops a run.

TfcheckError
  UsageError         the command line or the configuration asks for what does not exist
    MissingCommitError   a clone does not hold the commit, or what joins it to another
  SourceError        an input cannot be read
    EmptyDirectoryError      a directory holds nothing that could be read
  PolicyFileError    a policy file is wrong
  OutputError        a result cannot be written
  OutOfMemoryError   the input takes more memory than there is
"""

from __future__ import annotations

from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason why a run stopped: `place` is `file`, `file:line` or `file:line:column`."""

    message: str
    place: str = ""
    excerpt: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class TfcheckError(Exception):
    """A run cannot go on; `reasons` are all of them, `hint` says what the user can do."""

    def __init__(self, *reasons: Reason | str, hint: str = "") -> None:
        self.reasons = tuple(Reason(r) if isinstance(r, str) else r for r in reasons)
        self.hint = hint
        super().__init__("\n".join(str(reason) for reason in self.reasons))


class UsageError(TfcheckError):
    """The command line asks for what does not exist."""


class MissingCommitError(UsageError):
    """A clone does not hold a commit that is named, or the history between two."""


class SourceError(TfcheckError):
    """An input cannot be read."""


class EmptyDirectoryError(SourceError):
    """A directory holds nothing that could be read; what lies below it may."""


class PolicyFileError(TfcheckError):
    """A policy file is wrong."""


class OutputError(TfcheckError):
    """A result cannot be written."""


class OutOfMemoryError(TfcheckError):
    """The input takes more memory than the process may have."""

    def __init__(self) -> None:
        super().__init__(
            "the input takes more memory than there is",
            hint="check a part of it, such as one root module, or allow the process more memory",
        )

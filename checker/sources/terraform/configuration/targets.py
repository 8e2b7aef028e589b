"""What a run was asked to check: a file or a directory, and where it lies."""

from __future__ import annotations

from pathlib import Path
from stat import S_ISDIR

from checker.errors import Reason, SourceError
from checker.files import FileError, OutsideError, Repository, absolute, stat_named
from checker.sources.terraform.configuration.files import Files


def is_file(target: Path, files: Files) -> bool:
    """Tell whether what is named is no directory; SourceError if it may not be looked up."""
    try:
        info = stat_named(target, files.repository)
    except FileError as error:
        raise _refused(target, error) from error
    return info is not None and not S_ISDIR(info.st_mode)


def directory_of(target: Path, files: Files) -> Path:
    """Return the directory that is named, links followed; SourceError if there is none."""
    try:
        info = files.repository.stat(absolute(target))
        if info is None:
            raise SourceError(Reason("no such file or directory", str(target)))
        if not S_ISDIR(info.st_mode):
            raise SourceError(Reason("not a directory of Terraform files", str(target)))
        return files.repository.resolve(absolute(target))
    except FileError as error:
        raise _refused(target, error) from error


def _refused(target: Path, error: FileError) -> SourceError:
    hint = "name the place that the link leads to" if isinstance(error, OutsideError) else ""
    return SourceError(Reason(error.why, str(target)), hint=hint)


def resolved(target: Path, repository: Repository) -> Path:
    """Return where a plan file lies; as it is named, if that is outside the repository."""
    try:
        return repository.resolve(absolute(target))
    except FileError:
        return absolute(target)

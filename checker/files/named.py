"""Files that the user names, which may lie anywhere; and which directory confines them.

A path that is written as one inside a repository belongs to whoever writes the repository, as a
pull request does: it is read only if it leads to something inside, however many links are on the
way. Which repository that is is known from the path as it is written, never by where it leads.
"""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

from checker.files.regular import SPECIAL, SpecialFileError, contents, failure, open_regular
from checker.files.repository import Repository, absolute


def repository_of(path: Path) -> Repository | None:
    """Return the nearest directory above a path with `.git` in it; None if there is none.

    A directory that is a link, or is reached through one, inside such a directory is part of that
    one, whatever lies there.
    """
    here = absolute(path)
    found: Path | None = None
    for each in (here, *here.parents):
        if os.path.lexists(each / ".git") and (found is None or not _plainly_in(found, each)):
            found = each
    return None if found is None or _is_lent(found) else Repository(found)


def _plainly_in(inner: Path, outer: Path) -> bool:
    """Tell whether no link is on the way from one directory to another below it."""
    try:
        real = Path(os.path.realpath(outer)) / inner.relative_to(outer)
        return Path(os.path.realpath(inner)) == real
    except (OSError, ValueError):
        return False


def _is_lent(found: Path) -> bool:
    """Tell whether a directory is written as one below the current one, and lies elsewhere."""
    try:
        current = Path.cwd()
        inside = Path(os.path.realpath(found)).is_relative_to(os.path.realpath(current))
    except OSError:
        return False
    return found.is_relative_to(current) and not inside


def confining(path: Path, repository: Repository | None = None) -> Repository | None:
    """Return the directory that a path must not lead out of; None if it may lie anywhere.

    It is the repository at hand if the path is written as one inside it, else the one that git
    knows, else the current directory.
    """
    here = absolute(path)
    if repository is not None and repository.holds(here):
        return repository
    found = repository_of(here)
    if found is not None:
        return found
    try:
        current = Path.cwd()
    except OSError:
        return None
    return Repository(current) if here.is_relative_to(current) else None


def surroundings(path: Path) -> Repository:
    """Return the directory below which files are read for the one at a path.

    That is its repository; without one the directory itself, or that of a file. Raises FileError
    if the path leads out of what confines it, or is no file or directory.
    """
    here = absolute(path)
    info = stat_named(here)
    if info is not None and not S_ISDIR(info.st_mode) and not S_ISREG(info.st_mode):
        raise SpecialFileError(SPECIAL)
    found = repository_of(here)
    if found is not None:
        return found
    inside = confining(here)
    real = Path(os.path.realpath(here)) if inside is None else inside.resolve(here)
    return Repository(real if info is None or S_ISDIR(info.st_mode) else real.parent)


def open_named(path: Path, most: int, repository: Repository | None = None) -> BinaryIO:
    """Open a regular file of at most so many bytes, wherever `confining` lets it lie.

    Raises FileError.
    """
    inside = confining(path, repository)
    if inside is not None:
        return inside.open(absolute(path), most)
    try:
        return open_regular(str(absolute(path)), most, follow=True)
    except (OSError, ValueError) as error:
        raise failure(error) from error


def read_named(path: Path, most: int, repository: Repository | None = None) -> bytes:
    """Return the bytes of a file that `open_named` opens. Raises FileError."""
    inside = confining(path, repository)
    if inside is not None:
        return inside.read(absolute(path), most)
    with open_named(path, most, repository) as file:
        return contents(file, most)


def stat_named(path: Path, repository: Repository | None = None) -> os.stat_result | None:
    """Return what the operating system says of a path; None if nothing is there.

    Raises FileError if it leads out of what confines it.
    """
    inside = confining(path, repository)
    if inside is not None:
        return inside.stat(absolute(path))
    try:
        return os.stat(absolute(path))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise failure(error) from error

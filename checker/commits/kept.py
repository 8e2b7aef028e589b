"""The files that git keeps for a repository: its own, and regular ones, none that a link leads to.

A repository may come from a stranger with its `.git`, as in an archive. What lies elsewhere is not
part of it, and a pipe in the place of a file would hold the run up.
"""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG

from checker.errors import SourceError
from checker.files import FileError, contents
from checker.files.regular import open_regular

MOST_BYTES = 1024 * 1024
"""How large a file of git's own may be that is read whole."""


def read_kept(directory: Path, name: str, most: int = MOST_BYTES) -> bytes:
    """Return the content of a file below a directory of git's, empty if there is none.

    Raises SourceError for a link, for what is no file and for one that is too large.
    """
    if not is_kept(directory, name):
        return b""
    try:
        with open_regular(str(directory / name), most) as file:
            return contents(file, most)
    except FileError as error:
        raise SourceError(f"`{name}` of the git repository {error.why}") from None
    except (OSError, ValueError):
        raise SourceError(f"`{name}` of the git repository cannot be read") from None


def is_kept(directory: Path, name: str) -> bool:
    """Tell whether there is a file. Raises SourceError for a link, and for what is no file."""
    place, mode = directory, 0
    for part in name.split("/"):
        place /= part
        try:
            mode = os.lstat(place).st_mode
        except (OSError, ValueError):
            return False
        if S_ISLNK(mode):
            raise SourceError(
                f"`{name}` of the git repository is a link, which is not followed",
                hint="clone the repository anew",
            )
    if not S_ISREG(mode) and not S_ISDIR(mode):
        raise SourceError(f"`{name}` of the git repository is not a regular file")
    return S_ISREG(mode)


def refuse_odd_files(directory: Path, name: str) -> None:
    """Raise SourceError if a directory of git's, or something in it, is a link or no file."""
    is_kept(directory, name)
    try:
        names = [each.name for each in (directory / name).iterdir()]
    except OSError:
        return
    for each in names:
        is_kept(directory, f"{name}/{each}")

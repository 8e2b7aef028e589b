"""Where a repository was cloned from, and whether a directory is the same in another commit."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from dulwich.config import ConfigFile

from checker.commits.kept import read_kept
from checker.commits.repository import GitRepository
from checker.errors import SourceError


def remote_urls(repository: GitRepository) -> tuple[str, ...]:
    """Return the URLs of the remotes; they may hold credentials."""
    try:
        text = read_kept(repository.shared, "config")
        found = ConfigFile.from_file(BytesIO(text), expand_includes=False)
    except (ValueError, OSError, SourceError):
        return ()
    sections = [each for each in found.sections() if each[0] == b"remote"]
    return tuple(
        os.fsdecode(value)
        for section in sections
        for key, value in found.items(section)
        if key.lower() == b"url"
    )


def is_alike(repository: GitRepository, directory: Path, reference: str) -> bool:
    """Tell whether a directory of the working tree's top is the same in `HEAD` and in a commit.

    Raises UsageError where the repository has no such commit, SourceError where it is damaged.
    """
    inner = repository.within(directory)
    then = repository.commit(reference).entry(inner)
    now = repository.commit("HEAD").entry(inner)
    return then is not None and then == now

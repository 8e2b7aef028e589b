"""What changed since a commit."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.cli.asked import Asked


@contextmanager
def changed_since(reference: str, asked: Asked) -> Iterator[Container[str]]:
    """Tell of files whether they differ from where this branch left a commit.

    Names are relative to the repository that is checked, as in locations. Raises UsageError and
    SourceError where git's objects do not tell.
    """
    from checker.commits import ChangedFiles, opened

    directory = asked.repository
    with opened(directory) as repository:
        base = repository.merge_base(repository.commit(reference), repository.commit("HEAD"))
        yield ChangedFiles(repository, base, directory, always=_plans(asked))


def _plans(asked: Asked) -> frozenset[str]:
    """Return how locations name what is checked where that is no source: always new."""
    target = os.path.relpath(os.path.realpath(asked.path), asked.repository.resolve())
    return frozenset({asked.path, target, "standard input"})

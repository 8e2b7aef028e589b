"""Reading git objects: by id, checked for what they are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from dulwich import objects as git
from dulwich.object_format import get_object_format
from dulwich.object_store import BaseObjectStore, DiskObjectStore

from checker.commits.kept import is_kept, read_kept, refuse_odd_files
from checker.commits.packed_sizes import sizes
from checker.errors import SourceError

T = TypeVar("T", bound=git.ShaFile)

MOST_BYTES = 64 * 1024 * 1024
"""How large an object may be."""
MOST_CHAINED_BYTES = 4 * MOST_BYTES
"""How large all may be together that an object in a pack is made of."""
MOST_TAGS = 10
"""How many tags may stand between a name and its commit."""
WHOLE = "fetch the whole history, without a filter: in GitHub Actions, `fetch-depth: 0`"


BORROWED = (
    "the repository borrows objects from another one, which is not read: `git repack -a -d`, then"
    " remove `.git/objects/info/alternates`; or clone it with `--dissociate`"
)


class _OwnObjects(DiskObjectStore):
    """Objects in files of the repository itself: none is borrowed, and no link is followed."""

    @property
    def alternates(self) -> list[BaseObjectStore]:
        return []

    def _get_shafile_path(self, sha: git.ObjectID) -> str:
        digits = os.fsdecode(sha)
        is_kept(Path(self.path), f"{digits[:2]}/{digits[2:]}")
        return super()._get_shafile_path(sha)

    def _iter_loose_objects(self) -> Iterator[git.ObjectID]:
        for each in super()._iter_loose_objects():
            self._get_shafile_path(each)
            yield each


class Objects:
    """The objects of a repository; every method raises SourceError for one that is not there.

    `remedy` says how what is missing is had.
    """

    def __init__(self, directory: Path, kind: str) -> None:
        self.format = get_object_format(kind)
        for name in ("objects", "objects/pack"):
            refuse_odd_files(directory.parent, name)
        borrows = read_kept(directory, "info/alternates").strip()
        self.remedy = BORROWED if borrows else WHOLE
        self._store = _OwnObjects(
            directory, object_format=self.format, loose_object_size_limit=MOST_BYTES
        )

    def parents(self, commit: bytes) -> tuple[bytes, ...]:
        """Return the ids of a commit's parents."""
        return tuple(self._commit(commit).parents)

    def time(self, commit: bytes) -> int:
        """Return when a commit was made, in seconds since 1970."""
        return int(self._commit(commit).commit_time)

    def root(self, commit: bytes) -> bytes:
        """Return the id of a commit's tree."""
        return bytes(self._commit(commit).tree)

    def tree(self, id: bytes) -> list[tuple[bytes, int, bytes]]:
        """Return name, mode and id of each entry of a tree."""
        tree = self._read(id, git.Tree)
        return [(entry.path, entry.mode, entry.sha) for entry in tree.iteritems()]

    def blob(self, id: bytes) -> bytes:
        """Return the content of a file."""
        return bytes(self._read(id, git.Blob).data)

    def digest(self, data: bytes) -> bytes:
        """Return the id that a file of this content has."""
        return bytes(git.Blob.from_string(data).get_id(self.format))

    def peeled(self, id: bytes) -> bytes | None:
        """Return the commit that an id, or the tag of that id, stands for; None for others."""
        target = id
        for _ in range(MOST_TAGS):
            found = self._read(target, git.ShaFile)
            if isinstance(found, git.Commit):
                return target
            if not isinstance(found, git.Tag):
                return None
            target = found.object[1]
        return None

    def has(self, id: bytes) -> bool:
        """Tell whether there is such an object."""
        return git.ObjectID(id) in self._store

    def beginning_with(self, digits: bytes) -> list[bytes]:
        """Return at most two ids that begin with these digits."""
        found: list[bytes] = []
        for each in self._store.iter_prefix(digits):
            found += [each] if each not in found else []
            if len(found) > 1:
                break
        return found

    def close(self) -> None:
        """Close the files that are open."""
        self._store.close()

    def _commit(self, id: bytes) -> git.Commit:

        return self._read(id, git.Commit)

    def _largest(self, id: bytes) -> int:
        """Return how large the largest part of a packed object is, if all are within the bound."""
        largest = total = 0
        for size in sizes(self._store, id):
            largest, total = max(largest, size), total + size
            if largest > MOST_BYTES or total > MOST_CHAINED_BYTES:
                return max(largest, total)
        return largest

    def _read(self, id: bytes, kind: type[T]) -> T:
        try:
            self._refuse_large(self._largest(id), id)
            found = self._store[git.ObjectID(id)]
            size = found.raw_length()
        except KeyError:
            raise SourceError(
                f"the git repository does not hold the object {os.fsdecode(id)[:12]}:"
                " it is a shallow or partial clone",
                hint=self.remedy,
            ) from None
        except SourceError:
            raise
        except Exception as error:  # whatever a damaged file does to its reader
            raise SourceError(
                f"the object {os.fsdecode(id)[:12]} of the git repository cannot be read",
                hint="look for damage with `git fsck`",
            ) from error
        self._refuse_large(size, id)
        if not isinstance(found, kind):
            raise SourceError(f"the object {os.fsdecode(id)[:12]} is not a {kind.__name__.lower()}")
        return found

    @staticmethod
    def _refuse_large(size: int, id: bytes) -> None:
        if size > MOST_BYTES:
            raise SourceError(
                f"the object {os.fsdecode(id)[:12]} is larger than {MOST_BYTES} bytes"
            )

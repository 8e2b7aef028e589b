"""The configuration as a commit has it: its files, the waivers in them, the variables it marks."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path

from checker.commits import Commit, Entry, Kind
from checker.errors import Reason, SourceError
from checker.model import InlineWaiver
from checker.sources.terraform.declarations import Declarations, declare
from checker.sources.terraform.engine import Engine
from checker.sources.terraform.files import (
    MOST_BYTES,
    MOST_FILES,
    Files,
    matches_pattern,
    split_overrides,
)
from checker.sources.terraform.sensitivity import sensitive_variables
from checker.sources.terraform.values import EvaluationError
from checker.sources.terraform.waivers import standing


class CommittedFiles(Files):
    """The files of a commit below a directory of the working tree, by their paths there.

    `root` is that directory, at or below the working tree's `top`. Links are followed as the commit
    has them. Nothing is read from disk or written to it.
    """

    def __init__(self, commit: Commit, root: Path, top: Path) -> None:
        self.root, self.bytes = root, 0
        self._commit, self._top = commit, top
        self._seen: set[Entry] = set()

    @property
    def looked_up(self) -> int:
        """Nothing is looked up on disk."""
        return 0

    def name(self, path: Path) -> str:
        """Return the path relative to the root, with forward slashes, as locations show it."""
        return (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
        )

    def inside(self, path: Path) -> Path:
        """Return the path with every link followed; EvaluationError if it leads out of the root."""
        inner = Path(os.path.relpath(os.path.normpath(path), self._top)).as_posix()
        followed = self._commit.followed(inner)
        real = None if followed is None else self._top / followed
        if real is None or not real.is_relative_to(self.root):
            raise EvaluationError(
                f"`{path}` lies outside the repository root, which is never read; see --root"
            )
        return real

    def read(self, path: Path) -> bytes:
        """Return a file's bytes; EvaluationError if it is outside, missing or too large."""
        entry = self._entry(path)
        if entry is None or entry.kind is not Kind.FILE:
            raise EvaluationError(f"no file `{self.name(path)}` in the commit {self._commit}")
        found = self._commit.content(entry)
        if len(found) > MOST_BYTES:
            raise EvaluationError(f"`{self.name(path)}` is larger than {MOST_BYTES} bytes")
        if entry not in self._seen:
            self._seen.add(entry)
            self.bytes += len(found)
        return found

    def exists(self, path: Path) -> bool:
        """Tell whether there is a file; EvaluationError if it would lie outside the root."""
        entry = self._entry(path)
        return entry is not None and entry.kind is Kind.FILE

    def names(self, directory: Path) -> list[str]:
        """Return the names in a directory, sorted, none if there is no such directory.

        SourceError if they are too many.
        """
        try:
            found = self._commit.directory(self._inner(directory))
        except EvaluationError as error:
            raise SourceError(Reason(str(error), self.name(directory))) from error
        if len(found) > MOST_FILES:
            why = f"more than {MOST_FILES} files in one directory of the commit {self._commit}"
            raise SourceError(Reason(why, self.name(directory)))
        return sorted(found)

    def configuration(
        self, directory: Path, engine: Engine | None = None
    ) -> tuple[list[Path], list[Path]]:
        """Return a module directory's files and its override files, each in Terraform's order."""
        return split_overrides(directory, self.names(directory), engine)

    def count_below(self, directory: Path) -> int:
        """Return how many files there are below a directory."""
        return sum(1 for _ in self._commit.below(self._inner(self.inside(directory))))

    def matching(self, directory: Path, pattern: str) -> list[str]:
        """Return the files below a directory that match a `fileset` pattern, sorted."""
        start = self.inside(directory)
        found: list[str] = []
        for count, (name, entry) in enumerate(self._commit.below(self._inner(start))):
            if count > MOST_FILES:
                raise EvaluationError(f"more than {MOST_FILES} files below `{directory.name}`")
            is_file = entry.kind is Kind.FILE or (
                entry.kind is Kind.LINK and self.exists(start / name)
            )
            if is_file and matches_pattern(name, pattern):
                found.append(name)
        return sorted(found)

    def _inner(self, path: Path) -> str:
        return self.inside(path).relative_to(self._top).as_posix()

    def _entry(self, path: Path) -> Entry | None:
        return self._commit.entry(self._inner(path))


def agreed(waivers: Iterable[InlineWaiver], files: CommittedFiles) -> tuple[InlineWaiver, ...]:
    """Return waivers with the rules of each that a commit does not waive there: `proposed`.

    A commit waives a rule as well if a comment of it stands at the block of the same address in the
    same module's directory, names the rule, and gives the same reason and no earlier day. Where
    lines have moved, or a block into another file of the directory, that is the same waiver.
    """
    found: dict[str, list[InlineWaiver]] = {}
    marked: list[InlineWaiver] = []
    for waiver in waivers:
        if waiver.module not in found:
            found[waiver.module] = _waivers_in(waiver.module, files)
        alike = [each for each in found[waiver.module] if _covers(each, waiver)]
        known = {rule for each in alike for rule in each.rules}
        marked.append(replace(waiver, proposed=frozenset(waiver.rules) - known))
    return tuple(marked)


def _covers(then: InlineWaiver, now: InlineWaiver) -> bool:
    """Tell whether a waiver stands where another does, for the same reason, at least as long."""
    if (then.address, then.reason) != (now.address, now.reason) or not now.address:
        return False
    if then.until in {"", now.until}:
        return True
    try:
        return date.fromisoformat(now.until) <= date.fromisoformat(then.until)
    except ValueError:
        return False


def _waivers_in(module: str, files: CommittedFiles) -> list[InlineWaiver]:
    return [each for declared in _declared(module, files) for each in standing(declared, module)]


def marked_variables(module: str, files: CommittedFiles) -> frozenset[str]:
    """Return the variables that a module's directory marks sensitive in a commit."""
    return frozenset[str]().union(*map(sensitive_variables, _declared(module, files)))


def _declared(module: str, files: CommittedFiles) -> Iterator[Declarations]:
    """Yield what a directory declares in a commit, for Terraform and for OpenTofu.

    Files that are neither are passed over. SourceError if the repository does not hold them all.
    """
    directory = files.root / posixpath.normpath(module)
    with suppress(EvaluationError):
        files.inside(directory)
        for engine in Engine:
            for path in chain(*files.configuration(directory, engine)):
                files.read(path)
            yield declare(directory, files, engine)

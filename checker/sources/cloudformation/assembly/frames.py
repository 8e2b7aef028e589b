"""Lines of a stack trace: which of them are the user's own program.

`cdk synth` records for each construct where it was made: `NAME (FILE:LINE:COLUMN)`, one line a
call, the innermost first. A program in Python has them with `JSII_HOST_STACK_TRACES=1`, without a
column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from checker.files import FileError, Repository
from checker.knowledge.partial import Location

MOST_FRAMES = 100
"""How many lines of one trace are looked at."""
MOST_LENGTH = 2_000
MOST_FILES = 5_000
"""How many files are looked for in one run."""
_PLACE = re.compile(r"(.+?):([0-9]{1,7})(?::([0-9]{1,7}))?")
_LIBRARIES = frozenset(("node_modules", "site-packages", "dist-packages", ".venv", "cdk.out"))
"""Directories in which no program of the user's own lies."""


class ProgramFiles:
    """The files below the root of a repository, as frames name them.

    `beside` is the directory that a relative name starts from.
    """

    def __init__(self, repository: Repository, beside: Path) -> None:
        self._repository = repository
        self._beside = beside
        self._found: dict[str, str | None] = {}

    def user_frame(self, trace: Iterable[object]) -> Location | None:
        """Return the innermost place of the user's own program; None if no line names one."""
        for n, line in enumerate(trace):
            if n >= MOST_FRAMES:
                return None
            found = self._place(line) if isinstance(line, str) else None
            if found is not None:
                return found
        return None

    def _place(self, line: str) -> Location | None:
        if len(line) > MOST_LENGTH:
            return None
        written = line.strip()
        name, opened, inner = written.partition(" (")
        within = inner[:-1] if opened and written.endswith(")") else written
        # The CDK takes a place alone, as that of a module of ECMAScript, for a name.
        match = _PLACE.fullmatch(within) or _PLACE.fullmatch(name)
        if match is None or not int(match[2]):
            return None
        source = self._source(match[1])
        if source is None:
            return None
        return Location(source, int(match[2]), int(match[3] or 1) or 1)

    def _source(self, written: str) -> str | None:
        """Return a file by its name in the repository; None for one that is not of the user's."""
        if written not in self._found:
            if len(self._found) >= MOST_FILES:
                return None
            self._found[written] = self._looked_for(written)
        return self._found[written]

    def _looked_for(self, written: str) -> str | None:
        if written.startswith("file://"):
            written = unquote(written.removeprefix("file://"))
        if written.startswith(("node:", "<", "webpack:")) or not written.isprintable():
            return None
        path = self._beside / written  # a whole path stays as it is
        roots = (self._repository.root, self._repository.given)
        root = next((each for each in roots if path.is_relative_to(each)), None)
        if root is None or ".." in path.parts:
            return None
        if _LIBRARIES.intersection(path.relative_to(root).parts):
            return None
        try:
            if not self._repository.is_file(path):
                return None
            return self._repository.name(self._repository.resolve(path))
        except FileError:
            return None

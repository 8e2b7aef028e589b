"""The files that the functions of a root module read, and what it takes to find them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checker.errors import SourceError
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.evaluation.operators import first_hole
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.budget import Budget
from checker.sources.terraform.values.primitives import to_string
from checker.sources.terraform.values.size_limits import CHARACTERS
from checker.sources.terraform.values.terraform_values import TerraformValue

TEMPLATE = 40
"""How many steps it takes to read a hundred characters of a template."""
LOOKUP = 3
"""How many steps it takes to look up a name on disk."""


class RootFiles:
    """Files by their paths from the root module's directory; what is done is spent.

    Every method raises EvaluationError for a path that leads nowhere or out of the repository, and
    ExhaustedError where too little of the budget is left.
    """

    def __init__(self, directory: Path, files: Files, budget: Budget) -> None:
        self._directory, self.files, self._budget = directory, files, budget
        self._templates: dict[Path, tree.Template] = {}
        self._refused: dict[Path, str] = {}
        self._below: dict[Path, int] = {}
        self.readers: dict[str, Location] = {}
        """The first call that reads a file, by the file's name in locations."""

    @contextmanager
    def looking_up(self, *, plain: bool = False) -> Iterator[None]:
        """Spend what it takes to find files, of which the path alone does not tell: links count.

        It is bounded for each path, and counted after it was looked up; nothing is looked up where
        nothing is left.
        """
        self._budget.spend(1, plain=plain)
        before = self.files.looked_up
        try:
            yield
        finally:
            self._budget.count(LOOKUP * (self.files.looked_up - before))

    def read(self, path: str) -> bytes:
        """Return a file's bytes, whose size is spent."""
        with self.looking_up():
            found = self.files.read(self._place(path))
        self._budget.spend(2 * len(found) // CHARACTERS)
        return found

    def name(self, path: str) -> str:
        """Return the name that locations in the file bear."""
        return self.files.name(self._place(path))

    def read_by(self, path: str, at: Location) -> str:
        """Return that name, and note which call reads the file."""
        name = self.name(path)
        self.readers.setdefault(name, at)
        return name

    def exists(self, path: str) -> bool:
        """Tell whether a file exists inside the root."""
        with self.looking_up():
            return self.files.exists(self._place(path))

    def matching(self, path: str, pattern: str) -> list[str]:
        """Return the files below a directory that match a pattern."""
        place = self._place(path)
        steps = 1 + pattern.count("/")
        self._budget.spend(steps)
        with self.looking_up():
            if place not in self._below:
                self._below[place] = self.files.count_below(place)
            self._budget.spend(steps * (1 + self._below[place]))
            return self.files.matching(place, pattern)

    def template(self, path: TerraformValue, at: Location) -> tree.Template | Hole:
        """Return the parsed text of a template file, which is parsed once; a refused one too."""
        unknown = first_hole(path)
        if unknown is not None:
            return Hole(
                f"templatefile {unknown.name}", why=unknown.why, at=at, remedy=unknown.remedy
            )
        name = to_string(path)
        if name is None:
            raise EvaluationError("the path of a template must not be null")
        place = self._place(name.spelled if isinstance(name, Text) else name)
        if place in self._refused:
            raise UnknownResultError(self._refused[place])
        if place not in self._templates:
            self._templates[place] = self._parsed(place, name)
            self.readers.setdefault(self.files.name(place), at)
        return self._templates[place]

    def parsed(self, name: str) -> tree.Template | None:
        """Return the template of a file's name in locations, if a call has read it as one."""
        return next((t for p, t in self._templates.items() if self.files.name(p) == name), None)

    def _parsed(self, place: Path, name: str | Text) -> tree.Template:
        from checker.sources.terraform.evaluation.functions.encoding import decoded
        from checker.sources.terraform.language.syntax import parse_template

        with self.looking_up():
            data = self.files.read(place)
        self._budget.spend(TEMPLATE * (1 + len(data) // CHARACTERS))
        text = decoded(data, f"the file `{name}`")
        try:
            return parse_template(text, Location(self.files.name(place), 1, 1))
        except SourceError as error:
            self._refused[place] = f"`templatefile`: {error}"
            raise UnknownResultError(self._refused[place]) from error

    def _place(self, path: str) -> Path:
        """Return the file that a path in a function call means."""
        if "\0" in path:
            raise EvaluationError("a path holds a null character")
        return Path(os.path.normpath(self._directory / path))

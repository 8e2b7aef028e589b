"""The files of nested stacks, which templates name by paths beside their own.

`sam build`, `sam package` and `aws cloudformation package` take such paths and put addresses in S3
in their place.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from checker.errors import Reason, SourceError
from checker.files import FileError, Repository
from checker.knowledge.partial import Location, Unknown
from checker.sources.cloudformation.language.template import StackTemplate, parse
from checker.sources.cloudformation.sam.expansion import expanded
from checker.sources.cloudformation.values.nested import NestedTemplate
from checker.yaml import MOST_CHARACTERS


class NestedFiles:
    """Reads the templates of nested stacks from the files of a repository, each file once."""

    def __init__(self, repository: Repository, region: str | None) -> None:
        self._repository = repository
        self._region = region
        self._written: dict[str, StackTemplate] = {}

    @property
    def written(self) -> tuple[StackTemplate, ...]:
        """The templates that were read so far."""
        return tuple(self._written.values())

    def read(
        self, beside: StackTemplate, path: str, parameters: Mapping[str, str]
    ) -> NestedTemplate | Unknown:
        """Return the template at a path that another names; unknown where it is not in reach.

        Raises SourceError where the file is there, and is no template.
        """
        name = (PurePosixPath(beside.source).parent / path).as_posix()
        try:
            written = self._parsed(name)
        except FileError as error:
            return Unknown(f"its template `{path}` {error.why}", Location(beside.source))
        made = expanded(written, parameters, self._region)
        return NestedTemplate(written, made.template, made.left_out)

    def _parsed(self, name: str) -> StackTemplate:
        if name not in self._written:
            path = self._repository.resolve(self._repository.root / name)
            data = self._repository.read(path, 4 * MOST_CHARACTERS)
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError:
                raise SourceError(Reason("it is not UTF-8", name)) from None
            self._written[name] = parse(text, self._repository.name(path))
        return self._written[name]

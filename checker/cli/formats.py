"""What `--format` and `--output` ask for: which report goes where."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from checker import files
from checker.cli import console
from checker.errors import UsageError
from checker.files import FileError
from checker.records import dataclass

if TYPE_CHECKING:
    from checker.reports.permalinks import Permalinks
    from checker.reports.report import Report

FORMATS = ("text", "json", "sarif", "junit", "gitlab", "github", "markdown", "summary", "html")
LIST = ", ".join(FORMATS)


WITH_LINES = frozenset({"text", "html"})
"""The formats that show lines of the input."""
WITH_FIXES = frozenset({"json", "sarif"})
"""The formats that hold changes of lines which fix a problem."""
LINKED = frozenset({"markdown", "summary"})
"""The formats that link to what GitHub shows."""


@dataclass(frozen=True, slots=True)
class Look:
    """How text is shown: on a terminal of a `width`, from the directory `here`, with `links`.

    `permalinks` are those of Markdown.
    """

    color: bool = False
    quiet: bool = False
    verbose: bool = False
    width: int | None = None
    here: str = ""
    links: str = ""
    permalinks: Permalinks | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A format, and the file it goes to; None is standard output.

    SARIF holds findings that are `waived` only if that is asked for.
    """

    format: str
    file: Path | None
    waived: bool = False

    def write(self, report: Report, look: Look) -> None:
        """Write the report; a file is never coloured.

        Raises:
            UsageError: the file cannot be written.
        """
        if self.format == "text":
            from checker.reports import text as people
            from checker.reports.snippets import Places

            text = people.render(
                report,
                color=look.color and self.file is None,
                quiet=look.quiet,
                verbose=look.verbose,
                width=look.width,
                places=Places(look.here, look.links),
            )
        else:
            renderer = import_module(f"checker.reports.{self.format}")
            words: dict[str, object] = {}
            if self.waived and self.format == "sarif":
                words["waived"] = True
            if look.permalinks is not None and self.format in LINKED:
                words["links"] = look.permalinks
            text = renderer.render(report, **words)
        if self.file is None:
            console.write(text)
            return
        try:
            files.write(self.file, text)
        except FileError as error:
            raise UsageError(f"`{self.file}` {error.why}") from error


def targets(
    formats: Sequence[str], output: str | None, *, sarif_waived: bool = False
) -> tuple[Target, ...]:
    """Return where each report goes; text to standard output where nothing is asked for.

    On GitHub Actions annotations follow it.

    Raises:
        UsageError: a format does not exist, or two reports would go to one place.
    """
    if not formats and output is None and os.environ.get("GITHUB_ACTIONS") == "true":
        # A step of GitHub Actions shows both: the text, and its annotations on the lines.
        return (Target("text", None), Target("github", None))
    found = [_target(each) for each in formats or ("text",)]
    if output is not None:
        if len(found) > 1 or found[0].file is not None:
            raise UsageError("`--output` needs a single `--format` without `=FILE`")
        found = [Target(found[0].format, Path(output))]
    places = [target.file for target in found]
    if places.count(None) > 1:
        raise UsageError("only one `--format` can go to standard output: give the others a FILE")
    if len(set(places)) < len(places):
        raise UsageError("two reports cannot go to one file")
    for place in filter(None, places):
        try:
            files.check_writable(place)
        except FileError as error:
            raise UsageError(f"`{place}` {error.why}") from error
    return tuple(replace(target, waived=sarif_waived) for target in found)


def _target(asked: str) -> Target:
    name, equals, file = asked.partition("=")
    if name not in FORMATS:
        raise UsageError(f"there is no format `{name}`", hint=f"formats: {LIST}")
    if equals and not file:
        raise UsageError(f"`--format {asked}` names no file after `=`")
    return Target(name, Path(file) if file else None)

"""Where a cloud assembly lies: its manifest, its directory, or the directory of an app."""

from __future__ import annotations

from pathlib import Path

from checker.errors import Reason, SourceError
from checker.files import FileError, Repository
from checker.sources.cloudformation.assembly.documents import AssemblyFiles, text
from checker.sources.cloudformation.assembly.manifest import NAME, is_manifest
from checker.sources.cloudformation.detection import MOST_LOOKED_AT

APP, OUTPUT = "cdk.json", "cdk.out"
MOST_BYTES = 1 << 40
"""How large a file may be of which the first bytes are looked at."""
_MOST_SETTINGS = 4_000_000


def names_manifest(path: Path, repository: Repository) -> bool:
    """Tell whether a file is the manifest of a cloud assembly. Raises FileError."""
    if path.suffix != ".json" or not repository.is_file(path):
        return False
    with repository.open(path, MOST_BYTES) as file:
        return is_manifest(file.read(MOST_LOOKED_AT))


def manifest_in(directory: Path, repository: Repository) -> Path | None:
    """Return the manifest of a directory that is a cloud assembly; None. Raises FileError."""
    path = directory / NAME
    return path if names_manifest(path, repository) else None


def is_incomplete(directory: Path, repository: Repository) -> bool:
    """Tell whether a directory was begun as an assembly and has no manifest. Raises FileError."""
    marked = repository.is_file(directory / OUTPUT)
    return marked and not repository.is_file(directory / NAME)


def holds_app(directory: Path, repository: Repository) -> bool:
    """Tell whether a directory is that of an app of the CDK. Raises FileError."""
    return repository.is_file(directory / APP)


def synthesized(directory: Path, repository: Repository) -> Path | None:
    """Return the manifest of what the app of a directory was synthesized to; None if it was not.

    Raises FileError, and SourceError where `cdk.json` leads out of the repository.
    """
    output = OUTPUT
    if holds_app(directory, repository):
        try:
            named = text(AssemblyFiles(repository).document(directory / APP), "output")
        except SourceError:
            named = ""  # the CDK refuses it too
        output = named or OUTPUT
    try:
        if not repository.is_directory(directory / output):
            return None
        return manifest_in(directory / output, repository)
    except FileError as error:
        raise SourceError(Reason(error.why, f"{repository.name(directory)}/{output}")) from None

"""Cloud assemblies of the CDK among what `tfcheck plan` is asked to check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from checker.errors import Reason, SourceError
from checker.files import FileError, Repository, absolute

if TYPE_CHECKING:
    from checker.model import Inventory
    from checker.sources.cloudformation.given import TemplateOptions


def manifest_at(target: Path, files: Repository) -> Path | None:
    """Return the manifest that a path names, itself or by its directory; None for neither.

    Raises SourceError.
    """
    from checker.sources.cloudformation.assembly.targets import (
        is_incomplete,
        manifest_in,
        names_manifest,
    )

    path = absolute(target)
    try:
        if not files.holds(path):
            return None  # a plan elsewhere
        if files.is_directory(path):
            found = manifest_in(path, files)
            if found is None and is_incomplete(path, files):
                raise SourceError(
                    Reason("is a cloud assembly without its `manifest.json`", str(target)),
                    hint="run `cdk synth` until it ends without an error",
                )
            return found
        return path if names_manifest(path, files) else None
    except FileError as error:
        raise SourceError(Reason(error.why, str(target))) from None


def manifest_of_app(target: Path, files: Repository) -> Path | None:
    """Return the manifest of what the app of a directory was synthesized to; None without an app.

    Raises SourceError, for an app that was not synthesized too.
    """
    from checker.sources.cloudformation.assembly.targets import OUTPUT, holds_app, synthesized

    folder = absolute(target)
    try:
        if not files.is_directory(folder) or not holds_app(folder, files):
            return None
    except FileError as error:
        raise SourceError(Reason(error.why, str(target))) from None
    manifest = synthesized(folder, files)
    if manifest is None:
        why = "holds an app of the CDK that is not synthesized"
        hint = f"run `cdk synth`, then `tfcheck plan {(target / OUTPUT).as_posix()}`"
        raise SourceError(Reason(why, str(target)), hint=hint)
    return manifest


def refuse_text(data: bytes, name: str) -> None:
    """Raise SourceError for the text of a manifest: the templates lie beside it."""
    from checker.sources.cloudformation.assembly.manifest import is_manifest
    from checker.sources.cloudformation.detection import MOST_LOOKED_AT

    if is_manifest(data[:MOST_LOOKED_AT]):
        why = "is the manifest of a cloud assembly, whose templates lie beside it"
        raise SourceError(Reason(why, name), hint="name its directory: `tfcheck plan cdk.out`")


def synthesized_in(target: Path, files: Repository) -> Path | None:
    """Return the manifest of what lies beside other files. Raises FileError and SourceError."""
    from checker.sources.cloudformation.assembly.targets import synthesized

    return synthesized(absolute(target), files)


def read(
    manifest: Path, target: Path, files: Repository, options: TemplateOptions
) -> list[Inventory]:
    """Read the stacks of an assembly. Raises SourceError and UsageError."""
    from checker.sources.cloudformation.assembly.load import load_assembly

    return load_assembly(manifest, files, options, str(target))

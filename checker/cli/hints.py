"""What to name instead, where what was named cannot be checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from checker.errors import EmptyDirectoryError, Reason, SourceError

if TYPE_CHECKING:
    from checker.files import Repository
    from checker.sources.terraform.given import Given

_CONFIGURATION = (".tf", ".tofu", ".tf.json", ".tofu.json")
_VARIABLES = (".tfvars", ".tfvars.json")


def hinted(error: SourceError, target: Path, files: Repository, given: Given) -> SourceError:
    """Return an error with the path or option that would do, or as it is if none is known."""
    from checker.sources.terraform.configuration.targets import is_file

    if isinstance(error, EmptyDirectoryError):
        return _with_roots(error, target, files, given)
    if not is_file(target, given.files(files)):
        return error
    name, beside = target.name, target.parent.as_posix()
    if name.endswith(_CONFIGURATION):
        why = "is one file of a configuration, which is checked as a whole"
        return _instead(error, target, why, f"name its directory: `tfcheck plan {beside}`")
    if name.endswith(_VARIABLES):
        hint = f"name the directory: `tfcheck plan --var-file {target.as_posix()} {beside}`"
        return _instead(error, target, "is a file of variables", hint)
    return error


def _instead(error: SourceError, target: Path, why: str, hint: str) -> SourceError:
    # What ends in `.json` may be a plan all the same, so why it is none stays.
    reasons = error.reasons if target.suffix == ".json" else (Reason(why, str(target)),)
    return SourceError(*reasons, hint=hint)


def _with_roots(error: SourceError, target: Path, files: Repository, given: Given) -> SourceError:
    """Name `--recursive` where root modules or templates lie below a directory without any."""
    lying = [*_modules(target, files, given), *_templates(target, files)]
    said = " and ".join(f"{n} {_plural(what, n)}" for n, what in lying if n)
    if not said:
        return error
    command = f"tfcheck plan --recursive {target.as_posix()}"
    return SourceError(*error.reasons, hint=f"check the {said} below it: `{command}`")


def _modules(target: Path, files: Repository, given: Given) -> Iterator[tuple[int, str]]:
    from checker.sources.terraform.units_below import find_below

    try:
        below = find_below(target, files, given)
    except SourceError:
        return
    roots = 0 if below.roots is None else len(below.roots.roots.directories)
    yield from ((roots, "root module"), (len(below.units), "unit of Terragrunt"))


def _templates(target: Path, files: Repository) -> Iterator[tuple[int, str]]:
    from checker.sources.cloudformation.below import find_templates

    try:
        below = find_templates(target, files)
    except SourceError:
        return
    yield from (
        (len(below.paths), "template of CloudFormation"),
        (len(below.assemblies), "cloud assembly of the CDK"),
    )


def _plural(what: str, number: int) -> str:
    first, _, rest = what.partition(" of ")
    several = f"{first.removesuffix('y')}ies" if first.endswith("y") else f"{first}s"
    many = several if number > 1 else first
    return f"{many} of {rest}" if rest else many

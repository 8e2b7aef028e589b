"""What to name instead, where what was named cannot be checked."""

from __future__ import annotations

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
    """Name `--recursive` where root modules lie below a directory without any Terraform."""
    from checker.sources.terraform.units_below import find_below

    try:
        below = find_below(target, files, given)
    except SourceError:
        return error
    roots = 0 if below.roots is None else len(below.roots.roots.directories)
    lying = [(roots, "root module"), (len(below.units), "unit of Terragrunt")]
    said = " and ".join(f"{n} {_plural(what, n)}" for n, what in lying if n)
    if not said:
        return error
    command = f"tfcheck plan --recursive {target.as_posix()}"
    return SourceError(*error.reasons, hint=f"check the {said} below it: `{command}`")


def _plural(what: str, number: int) -> str:
    first, _, rest = what.partition(" of ")
    many = f"{first}s" if number > 1 else first
    return f"{many} of {rest}" if rest else many

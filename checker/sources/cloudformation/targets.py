"""Where a template lies: a file that is one, or a directory that holds one."""

from __future__ import annotations

from pathlib import Path

from checker.errors import Reason, SourceError
from checker.files import FileError, Repository, open_named
from checker.sources.cloudformation.detection import MOST_LOOKED_AT, is_template
from checker.sources.cloudformation.given import TemplateOptions
from checker.sources.cloudformation.samconfig import NAME as SAMCONFIG
from checker.sources.cloudformation.samconfig import read_config

NAMES = ("template.yaml", "template.yml", "template.json")
"""What a template is called in a directory of its own; the first that is there is taken."""
TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json", ".hcl")
"""How the names of files end that Terraform, OpenTofu and Terragrunt read."""


def names_template(target: Path, repository: Repository) -> bool:
    """Tell whether a file holds a template, or is named as one and holds no plan.

    Raises SourceError.
    """
    try:
        with open_named(target, MOST_BYTES, repository) as file:
            data = file.read(MOST_LOOKED_AT)
    except FileError as error:
        raise SourceError(Reason(error.why, str(target))) from None
    return is_template(data) or _is_called_one(target, data)


MOST_BYTES = 1 << 40
"""How large a file may be of which the first bytes are looked at."""


def _is_called_one(target: Path, data: bytes) -> bool:
    named = target.suffix in {".yaml", ".yml", ".template"}
    return named and data[:2] != b"PK" and data.lstrip()[:1] != b"{"


def template_in(directory: Path, repository: Repository, options: TemplateOptions) -> Path | None:
    """Return the template of a directory; None if it holds none.

    Raises SourceError and UsageError as `read_config`.
    """
    try:
        names = repository.names(directory)
        if SAMCONFIG in names:
            named = read_config(directory, repository, options.config_env).template
            if named is not None and repository.is_file(directory / named):
                return directory / named
        found = [name for name in NAMES if name in names and repository.is_file(directory / name)]
    except FileError as error:
        raise SourceError(Reason(error.why, str(directory))) from None
    return directory / found[0] if found else None


def holds_terraform(directory: Path, repository: Repository) -> bool:
    """Tell whether a directory holds files of Terraform, OpenTofu or Terragrunt.

    Raises SourceError.
    """
    try:
        return any(name.endswith(TERRAFORM) for name in repository.names(directory))
    except FileError as error:
        raise SourceError(Reason(error.why, str(directory))) from None

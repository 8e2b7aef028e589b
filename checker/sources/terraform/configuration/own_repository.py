"""Modules that are named by a git URL of the very repository that is checked."""

from __future__ import annotations

from pathlib import Path

from checker.commits import is_alike, opened, remote_urls
from checker.errors import SourceError, UsageError
from checker.sources.terraform.configuration.installed import NOT_INSTALLED, ModuleCall, ModulePlace
from checker.sources.terraform.language.module_addresses import Address, repository_at

_DEFAULT_BRANCHES = ("", "HEAD", "main", "master", "trunk")


def find_own(directory: Path, call: ModuleCall, wanted: Address) -> ModulePlace | str:
    """Return the directory of the working tree that a git source names, or why it names none.

    It does if its repository is a remote of the one around `directory`, and it names the default
    branch, or a commit in which the module is as it is here.
    """
    try:
        with opened(directory) as repository:
            if wanted.repository not in map(repository_at, remote_urls(repository)):
                return NOT_INSTALLED
            place = Path(repository.top, wanted.inner)
            if ".." in place.parts:
                return NOT_INSTALLED
            reference = wanted.reference
            if reference not in _DEFAULT_BRANCHES and not is_alike(repository, place, reference):
                return f"is that of `{reference}`, which differs here: run `terraform get`"
    except (UsageError, SourceError):
        return NOT_INSTALLED
    return ModulePlace(place, f"module call `{call.key}` gets what this repository holds now")

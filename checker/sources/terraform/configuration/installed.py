"""The modules that `terraform get` or `terraform init` left in the data directory of a root module.

Nothing is downloaded here. See https://developer.hashicorp.com/terraform/cli/commands/get and
https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_data_dir.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path, PurePosixPath

from checker.records import dataclass
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.language.module_addresses import Address, address_of
from checker.sources.terraform.language.versions import allows

DEFAULT_DATA = ".terraform"
NOT_INSTALLED = "is not installed: run `terraform get` or `terraform init`"
REMEDY = "run `terraform get` or `terraform init`"
MOST_COMPARED = 50_000
"""How many installed packages are compared with calls in one root module.

A version constraint of so many characters takes as long as another package:
"""
_CHARACTERS = 20


@dataclass(frozen=True, slots=True)
class Package:
    """An entry of `modules.json`."""

    address: Address
    version: str
    directory: str


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """What a module call names: its key (`a.b`), source and version constraint."""

    key: str
    source: str
    version: str | None


@dataclass(frozen=True, slots=True)
class ModulePlace:
    """The directory of a module, with what is assumed of it where the call is not the installed."""

    directory: Path
    assumed: str = ""


class Installed:
    """The installed modules of one root module, read once when the first is asked for."""

    def __init__(self, directory: Path, files: Files, data: str | None) -> None:
        self._directory, self._files, self._data = directory, files, data
        self._compared = 0

    def find(self, call: ModuleCall) -> ModulePlace | str:
        """Return where the module of a call lies, or why it is not there."""
        if self._data is None:
            return "is not read: `--modules none`"
        wanted = address_of(call.source)
        own = self._entries.get(call.key)
        why = NOT_INSTALLED if own is None else _differs(own, wanted, call)
        if own is not None and not why:
            return ModulePlace(self._directory / own.directory)
        for entry in self._packages.get((wanted.package, wanted.query), ()):
            self._compared += 1 + len(call.version or "") // _CHARACTERS
            if self._compared > MOST_COMPARED:
                return f"is not looked for among more than {MOST_COMPARED} installed packages"
            if wanted.registry and not _allowed(call.version, entry.version):
                continue
            inner = _inner(entry, wanted.inner)
            if inner is not None and self._holds(self._directory / inner):
                return ModulePlace(self._directory / inner, _assumption(call, entry))
        return why

    def _holds(self, directory: Path) -> bool:
        try:
            plain, overrides = self._files.configuration(self._files.inside(directory))
        except EvaluationError:
            return False
        return bool(plain or overrides)

    @cached_property
    def _entries(self) -> dict[str, Package]:
        found: dict[str, Package] = {}
        place = self._directory / (self._data or DEFAULT_DATA) / "modules/modules.json"
        try:
            for entry in json.loads(self._files.read(place))["Modules"]:
                address = address_of(str(entry.get("Source", "")))
                version = str(entry.get("Version", ""))
                found[str(entry["Key"])] = Package(address, version, str(entry["Dir"]))
        except (EvaluationError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return found
        return found

    @cached_property
    def _packages(self) -> dict[tuple[str, str], list[Package]]:
        """The entries of each package, by its address and what is asked of it."""
        found: dict[tuple[str, str], list[Package]] = {}
        for each in self._entries.values():
            found.setdefault((each.address.package, each.address.query), []).append(each)
        return found


def _differs(own: Package, wanted: Address, call: ModuleCall) -> str:
    """Return why what is installed is not what a call names, as Terraform does; else nothing."""
    if own.address.package and own.address != wanted:
        return "is installed from another `source`: run `terraform get` or `terraform init`"
    if wanted.registry and not _allowed(call.version, own.version):
        return (
            f"is installed in version {own.version}, which its `version` does not allow:"
            " run `terraform get` or `terraform init`"
        )
    return ""


def _allowed(constraint: str | None, version: str) -> bool:
    return constraint is None or not version or allows(constraint, version) is not False


def _inner(entry: Package, inner: str) -> str | None:
    """Return another directory of the package that an entry is a directory of."""
    own = PurePosixPath(entry.address.inner).parts
    parts = PurePosixPath(entry.directory.replace("\\", "/")).parts
    if own:
        if parts[-len(own) :] != own:
            return None
        parts = parts[: -len(own)]
    if ".." in PurePosixPath(inner).parts:
        return None
    return str(PurePosixPath(*parts, inner)) if parts else None


def _assumption(call: ModuleCall, entry: Package) -> str:
    if not entry.address.registry:
        return ""
    return (
        f"`{call.source}` of module call `{call.key}` is version {entry.version}, which is"
        " installed for another call"
    )

"""Where the modules lie that are not called by a path: installed, lent or of this repository."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.configuration.installed import (
    NOT_INSTALLED,
    Installed,
    ModuleCall,
    ModulePlace,
)
from checker.sources.terraform.language.module_addresses import Address, address_of


class ModulePlaces:
    """The modules of a root module's directory; `data` as of `Project`."""

    def __init__(self, directory: Path, files: Files, data: str | None) -> None:
        self._files = files
        self._installed = Installed(directory, files, data)
        self._lent: tuple[Installed, ...] = ()
        self._of_repository: dict[Address, ModulePlace | str] = {}

    def find(self, call: ModuleCall) -> ModulePlace | str:
        """Return where a called module lies, or why it is not there."""
        found = self._find(call)
        if isinstance(found, str):
            own = self._own(call)
            found = own if own != NOT_INSTALLED else found
        return found

    def borrow(self, directories: Iterable[Path], data: str | None) -> None:
        """Let modules that are installed for other root modules serve this one."""
        self._lent = tuple(Installed(each, self._files, data) for each in directories)

    def _find(self, call: ModuleCall) -> ModulePlace | str:
        """Return where an installed module lies, or why it is not there."""
        found = self._installed.find(call)
        if isinstance(found, str):
            others = (each.find(call) for each in self._lent)
            found = next((each for each in others if not isinstance(each, str)), found)
        return found

    def _own(self, call: ModuleCall) -> ModulePlace | str:
        """Return where a module of this very repository lies, or why the call names none."""
        wanted, here = address_of(call.source), self._files.working_tree
        if not wanted.repository or here is None:
            return NOT_INSTALLED
        if wanted not in self._of_repository:
            from checker.sources.terraform.configuration.own_repository import find_own

            self._of_repository[wanted] = find_own(here, call, wanted)
        return self._of_repository[wanted]

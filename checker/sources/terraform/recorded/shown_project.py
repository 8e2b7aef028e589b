"""The project of plan JSON alone: its modules are those that the JSON holds."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.language import tree
from checker.sources.terraform.modules.module_directories import CallingModule
from checker.sources.terraform.modules.project import LiveData, Project
from checker.sources.terraform.plan.configured import NOTHING, declarations_of, repeated_blocks
from checker.sources.terraform.plan.model import Plan
from checker.sources.terraform.recorded.archived_files import ArchivedFiles


class ShownProject(Project):
    """Modules as plan JSON holds them, by the path of their calls (`a.b`)."""

    def __init__(
        self, plan: Plan, name: str, live: LiveData | None = None, *, prefix: str = ""
    ) -> None:
        files = ArchivedFiles(plan)
        super().__init__(files.directory, files, prefix=prefix, plan=plan, shown=True, live=live)
        self._at = Location(name, 1, 1)
        configuration = {} if plan.configuration is None else plan.configuration.raw
        self._providers: Mapping[str, Any] = {
            key: each
            for key, each in (configuration.get("provider_config") or {}).items()
            if str(each.get("full_name", "")).endswith("/aws") or each.get("name") == "aws"
        }
        self._modules_shown: Mapping[str, Any] = configuration.get("root_module") or {}
        self._repeated = repeated_blocks(chain(plan.changes, plan.prior))
        root = self._shown(self._modules_shown, self._providers, "")
        self._declarations[self.directory] = root

    def module(self, caller: CallingModule, name: str, block: tree.Block) -> Declarations | Hole:  # noqa: ARG002
        """Return what the JSON tells of a called module."""
        path = [*filter(None, caller.key.split(".")), name]
        found: Mapping[str, Any] = self._modules_shown
        for each in path:
            found = found["module_calls"][each]["module"]
        place = self.directory.joinpath(*path)
        if place not in self._declarations:
            self._declarations[place] = self._shown(found, {}, ".".join(path))
        return self._declarations[place]

    def _shown(
        self, module: Mapping[str, Any], providers: Mapping[str, Any], path: str
    ) -> Declarations:
        return declarations_of(module, providers, self._at, self._repeated.get(path, NOTHING))

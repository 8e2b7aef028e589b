"""The configuration inside a saved plan, as if it lay in a directory."""

from __future__ import annotations

import json
import os
from pathlib import Path

from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.language.evaluation_errors import UnknownResultError
from checker.sources.terraform.plan.model import Plan

MANIFEST = ".terraform/modules/modules.json"
_ROOT = Path("/plan")
_DEPTH = 64  # how many directories above the root module a module may lie


class ArchivedFiles(Files):
    """The files of a saved plan, laid where the sources of its modules look for them.

    `directory` is the root module's.

    Nothing else is ever read: what functions read is not in a plan file, so it is unknown.
    `base` is the directory, relative to the repository, that names in locations begin with.
    """

    def __init__(self, plan: Plan, base: str = "") -> None:
        self.root, self.bytes = _ROOT, 0
        self.directory = _ROOT.joinpath(*["_"] * _DEPTH)
        self._base = base
        self._counted: set[Path] = set()
        self._files: dict[Path, bytes] = {}
        for key, files in plan.files.items():
            module = plan.modules.get(key)
            where = self.directory if module is None else self.directory / module.directory
            for name, data in files.items():
                self._files[self.inside(where / name)] = data
        self._files[self.directory / MANIFEST] = _manifest(plan)

    @property
    def looked_up(self) -> int:
        """Nothing is looked up on disk."""
        return 0

    def name(self, path: Path) -> str:
        """Return the path from the root module, behind `base`."""
        relative = os.path.relpath(self.inside(path), self.directory)
        return Path(os.path.normpath(Path(self._base) / relative)).as_posix()

    @property
    def working_tree(self) -> None:
        """A plan file is of no working tree."""
        return

    def inside(self, path: Path) -> Path:
        """Return the path without `.` and `..`."""
        return Path(os.path.normpath(path))

    def read(self, path: Path) -> bytes:
        """Return a file's bytes; NotTold if the plan file does not hold it."""
        real = self.inside(path)
        found = self._files.get(real)
        if found is None:
            raise self._missing(path)
        if real not in self._counted:
            self._counted.add(real)
            self.bytes += len(found)
        return found

    def names(self, directory: Path) -> list[str]:
        """Return the names of the files in a directory."""
        where = self.inside(directory)
        return [path.name for path in self._files if path.parent == where]

    def exists(self, path: Path) -> bool:
        """Refuse: whether a file is there that the plan file does not hold is unknown."""
        if self.inside(path) in self._files:
            return True
        raise self._missing(path)

    def count_below(self, directory: Path) -> int:
        """Return how many files there are below a directory, of those that the plan file holds."""
        where = self.inside(directory)
        return sum(path.is_relative_to(where) for path in self._files)

    def matching(self, directory: Path, pattern: str) -> list[str]:
        """Refuse: a plan file does not hold what `fileset` would find."""
        raise self._missing(directory / pattern)

    def _missing(self, path: Path) -> UnknownResultError:
        why = f"the plan file does not hold `{self.name(path)}`"
        return UnknownResultError(
            why, "name the directory beside it: `tfcheck plan DIR --plan FILE`"
        )


def _manifest(plan: Plan) -> bytes:
    """Write the list of installed modules as `terraform init` does."""
    listed = [{"Key": each.key, "Dir": each.directory} for each in plan.modules.values()]
    return json.dumps({"Modules": listed}).encode()

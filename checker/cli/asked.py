"""What the command line asks to be checked, and the source that reads it."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from checker.errors import SourceError, UsageError

if TYPE_CHECKING:
    from checker.model import Inventory
    from checker.sources.account.client import Access
    from checker.sources.account.live import Live
    from checker.sources.terraform.load import Given

MOST_BYTES = 128 * 1024 * 1024
STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Asked:
    """A directory, a plan file or `-`, with the options that tell how to read it.

    `root` is the repository, None for the nearest directory above with `.git` in it. With `access`
    what is only referred to is read from the account; `region` is that of providers without one.
    """

    path: str
    root: str | None
    plan: str | None = None
    recursive: bool = False
    env: bool = False
    variables: tuple[str, ...] = ()
    sensitive_variables: tuple[str, ...] = ()
    var_files: tuple[str, ...] = ()
    deployer: str | None = None
    access: Access | None = None
    region: str | None = None

    def inventories(self) -> list[Inventory]:
        """Read them: one inventory a root module. Raises SourceError and UsageError."""
        self._refuse_contradictions()
        live = self._live()
        given = replace(self._given(), live=live)
        found = self._read(given)
        if live is None:
            return found
        return [live.complete(each, deployer=self.deployer) for each in found]

    def _live(self) -> Live | None:
        if self.access is None:
            return None
        from checker.sources.account.live import Live

        return Live(self.access)

    def _read(self, given: Given) -> list[Inventory]:
        from checker.sources.terraform.load import load, load_below, load_shown

        if self.path == STANDARD_INPUT:
            return [load_shown(_standard_input(), "standard input", given)]
        target = Path(self.path)
        if self.recursive:
            return list(load_below(target, self._repository(target), given))
        return [load(target, self._repository(target), given)]

    @property
    def repository(self) -> Path:
        """The directory that locations are relative to. Raises UsageError if it is none."""
        return self._repository(Path("." if self.path == STANDARD_INPUT else self.path))

    @property
    def root_module(self) -> str:
        """What is asked to be checked, as a path in the repository."""
        if self.path == STANDARD_INPUT:
            return self.path
        return Path(
            os.path.relpath(Path(self.path).resolve(), self.repository.resolve())
        ).as_posix()

    def _given(self) -> Given:
        from checker.model import CALLER
        from checker.sources.terraform.load import Given

        environment = {k: v for k, v in os.environ.items() if k.startswith("TF_VAR_")}
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        return Given(
            variables=self.variables,
            sensitive_variables=self.sensitive_variables,
            var_files=[Path(each) for each in self.var_files],
            environment=environment,
            deployer=None if self.deployer == CALLER else self.deployer,
            region=self.region or (region if self.env and region else None),
            plan=None if self.plan is None else Path(self.plan),
        )

    def _refuse_contradictions(self) -> None:
        from checker.model import CALLER

        alone = self.path == STANDARD_INPUT or Path(self.path).is_file()
        if self.deployer == CALLER and self.access is None:
            raise UsageError(f"`--deployer {CALLER}` is the caller, who is known with `--live`")
        if self.plan is not None and (alone or self.recursive):
            raise UsageError("`--plan` stands beside one directory of Terraform")
        if self.recursive and alone:
            raise UsageError("`--recursive` needs a directory")
        if Path(self.path).is_file() and self.path.endswith((".yaml", ".yml", ".template")):
            raise SourceError(
                f"`{self.path}`: templates of CloudFormation and SAM are not read yet",
                hint="name a directory of Terraform, a saved plan or plan JSON",
            )

    def _repository(self, target: Path) -> Path:
        if self.root is not None:
            repository = Path(self.root)
            if not repository.is_dir():
                raise UsageError(f"there is no directory `{self.root}` for `--root`")
            return repository
        here = target.resolve()
        above = next((each for each in (here, *here.parents) if (each / ".git").exists()), None)
        return above or (target.parent if target.is_file() else target)


def _standard_input() -> bytes:
    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise SourceError(f"standard input is larger than {MOST_BYTES} bytes")
    return data

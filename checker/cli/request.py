"""What the command line asks to be checked, and the source that reads it."""

from __future__ import annotations

import os
from dataclasses import field, replace
from functools import cached_property
from pathlib import Path
from stat import S_ISDIR
from typing import TYPE_CHECKING

from checker.cli import console, templates
from checker.cli.hints import hinted
from checker.cli.templates import TemplateRequest
from checker.errors import Reason, SourceError, UsageError
from checker.files import (
    FileError,
    OutsideError,
    Repository,
    SpecialFileError,
    absolute,
    confining,
    stat_named,
    surroundings,
)
from checker.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.cli.progress import Tell
    from checker.model import Inventory
    from checker.sources.account.client import Access
    from checker.sources.account.live import Live
    from checker.sources.cloudformation.given import TemplateOptions
    from checker.sources.terraform.configuration.engine import Engine
    from checker.sources.terraform.given import Given

MOST_BYTES = 128 * 1024 * 1024
STANDARD_INPUT = "-"


@dataclass(frozen=True)
class PlanRequest:
    """A directory, a plan file or `-`, with the options that tell how to read it.

    `root` is the repository, None for the nearest directory above with `.git` in it. With `access`
    what is only referred to is read from the account; `region` is that of providers without one.
    `installed` says whether modules that were downloaded before are read, `verbose` whether to say
    which directories are root modules. `marks` tell the variables that earlier commits mark
    sensitive in a root module's directory, `kept_engine` what the commit that judges is run with.
    `progress` is called with how far reading is.
    """

    path: str
    root: str | None
    plan: str | None = None
    installed: bool = True
    state: str | None = None
    engine: str | None = None
    recursive: bool = False
    verbose: bool = False
    env: bool = False
    variables: tuple[str, ...] = ()
    sensitive_variables: tuple[str, ...] = ()
    var_files: tuple[str, ...] = ()
    workspace: str | None = None
    deployer: str | None = None
    access: Access | None = None
    region: str | None = None
    templates: TemplateRequest = field(default_factory=TemplateRequest)
    marks: tuple[Callable[[str], frozenset[str]], ...] = ()
    kept_engine: Callable[[str], Engine | None] = lambda _: None
    progress: Tell = lambda *_: None

    def inventories(self) -> list[Inventory]:
        """Read them: one inventory a root module. Raises SourceError and UsageError."""
        self._refuse_contradictions()
        # Plan JSON on standard input needs no directory, not even the current one.
        files = None if self.path == STANDARD_INPUT else self.files
        return self.read(self.given(), files, Path(self.path))

    def read(self, given: Given, files: Repository | None, target: Path) -> list[Inventory]:
        """Read what lies at `target` in a repository, or standard input where there is none.

        Raises SourceError and UsageError.
        """
        self.progress(f"reading {self.path}", 0, 0, 0)
        found = self._read(given, files, target)
        live = self._live
        if live is None:
            return found
        return [self._completed(each, live, n, len(found)) for n, each in enumerate(found)]

    def _completed(self, found: Inventory, live: Live, done: int, of: int) -> Inventory:
        if found.kind == "cloudformation":
            return found
        self.progress("looking up resources in AWS", done, of, 0)
        return live.complete(found, deployer=self.deployer)

    @cached_property
    def _live(self) -> Live | None:
        if self.access is None:
            return None
        from checker.sources.account.live import Live

        return Live(self.access)

    def _read(self, given: Given, files: Repository | None, target: Path) -> list[Inventory]:
        options = self._options(given)
        if files is None:
            data = console.read_bytes(MOST_BYTES)
            found = templates.from_text(data, "standard input", self.templates, options)
            if found is not None:
                return found
            from checker.sources.terraform.load import load_shown

            return [load_shown(data, "standard input", self._completing(given))]
        if self.recursive:
            return templates.below(
                target,
                files,
                self.templates,
                options,
                self.progress,
                lambda: self._below(given, files, target),
                verbose=self.verbose and given.earlier is None,
            )
        found = templates.at_target(target, files, self.templates, options)
        return self._terraform(given, files, target, options) if found is None else found

    def _completing(self, given: Given) -> Given:
        """Return what is given, with the account that tells of data sources."""
        return replace(given, live=self._live)

    def _options(self, given: Given) -> TemplateOptions:
        return self.templates.options(
            given.region, given.deployer, lenient=given.earlier is not None
        )

    def _terraform(
        self, given: Given, files: Repository, target: Path, options: TemplateOptions
    ) -> list[Inventory]:
        from checker.sources.terraform.load import load

        try:
            found = load(target, files, self._completing(given))
        except SourceError as error:
            if given.earlier is not None:
                raise
            raise hinted(error, target, files, given) from None
        return templates.beside([found], target, files, options)

    def _below(self, given: Given, files: Repository, target: Path) -> list[Inventory]:
        from checker.sources.terraform.units_below import find_below, load_below

        given = self._completing(given)
        below = find_below(target, files, given)
        if self.verbose and given.earlier is None:
            for each in below:
                console.say(each)
        return load_below(below, given)

    @property
    def repository(self) -> Path:
        """The directory that locations are relative to. Raises as `files` does."""
        return self.files.root

    @cached_property
    def files(self) -> Repository:
        """The directory below which files are read, opened once.

        It comes from the path as it is written: a link in it that leads elsewhere does not make
        its surroundings readable. Raises UsageError if `--root` is none, SourceError if the
        target leads out of it.
        """
        target = Path("." if self.path == STANDARD_INPUT else self.path)
        try:
            found = surroundings(target) if self.root is None else _named(self.root)
            stat_named(target, found)
        except OutsideError:
            raise SourceError(
                Reason("leads out of the repository root, and nothing outside is read", self.path),
                hint="name the directory that it leads to, or a wider root with `--root`",
            ) from None
        except FileError as error:
            special = isinstance(error, SpecialFileError)
            hint = "`-` reads plan JSON from standard input" if special else ""
            raise SourceError(Reason(error.why, self.path), hint=hint) from None
        return found

    @property
    def root_module(self) -> str:
        """What is asked to be checked, as a path in the repository."""
        if self.path == STANDARD_INPUT:
            return self.path
        try:
            here = self.files.resolve(absolute(Path(self.path)))
        except FileError:  # a plan file elsewhere
            here = absolute(Path(self.path))
        return Path(os.path.relpath(here, self.files.root)).as_posix()

    def given(self) -> Given:
        """Return what the command line and the environment give beside the configuration."""
        from checker.model import CALLER
        from checker.sources.terraform.configuration.engine import Engine
        from checker.sources.terraform.given import Given

        environment = {
            name: value
            for name, value in os.environ.items()
            if name.startswith("TF_VAR_") or name in {"TF_WORKSPACE", "TF_DATA_DIR"}
        }
        region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
        return Given(
            variables=self.variables,
            sensitive_variables=self.sensitive_variables,
            var_files=[Path(each) for each in self.var_files],
            environment=environment,
            workspace=self.workspace,
            deployer=None if self.deployer == CALLER else self.deployer,
            region=self.region or (region if self.env and region else None),
            plan=None if self.plan is None else Path(self.plan),
            state=None if self.state is None else Path(self.state),
            engine=None if self.engine is None else Engine(self.engine),
            marks=self.marks,
            kept_engine=self.kept_engine,
            installed=self.installed,
            progress=self.progress,
        )

    def _refuse_contradictions(self) -> None:
        from checker.model import CALLER

        is_file = self.path != STANDARD_INPUT and self.names_file()
        alone = self.path == STANDARD_INPUT or is_file
        if self.deployer == CALLER and self.access is None:
            raise UsageError(
                f"`--deployer {CALLER}` needs `--live`: without it the caller is unknown"
            )
        if self.plan is not None and (alone or self.recursive):
            raise UsageError("`--plan` needs one directory of Terraform")
        if self.state is not None and (alone or self.recursive):
            raise UsageError("`--state` needs one directory of Terraform")
        if self.state is not None and self.plan is not None:
            raise UsageError(
                "`--plan` cannot be used with `--state`: it holds the state of its time"
            )
        if self.recursive and alone:
            raise UsageError("`--recursive` needs a directory")

    def names_file(self) -> bool:
        """Tell whether the path is no directory, and there."""
        try:
            info = stat_named(Path(self.path), self.files)
        except FileError as error:
            raise SourceError(Reason(error.why, self.path)) from None
        return info is not None and not S_ISDIR(info.st_mode)


def _named(root: str) -> Repository:
    """Return the directory of `--root`, which must not be a link out of a repository either."""
    try:
        inside = confining(Path(root))
        if inside is not None:
            inside.stat(absolute(Path(root)))
        return Repository(Path(root))
    except OutsideError:
        raise UsageError(
            f"`--root {root}` leads out of the repository",
            hint="name the directory that it leads to",
        ) from None
    except FileError:
        raise UsageError(f"there is no directory `{root}` for `--root`") from None

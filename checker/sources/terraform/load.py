"""A Terraform configuration to an inventory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from stat import S_ISDIR

from checker.errors import Reason, SourceError, UsageError
from checker.files import FileError, OutsideError, Repository, absolute, stat_named
from checker.masking import Masker
from checker.model import Inventory
from checker.sources.terraform.assembly import inventory_of
from checker.sources.terraform.budget import Budget
from checker.sources.terraform.declarations import Declarations
from checker.sources.terraform.files import Files
from checker.sources.terraform.modules import Module
from checker.sources.terraform.plan.files import ArchivedFiles
from checker.sources.terraform.plan.model import Plan
from checker.sources.terraform.plan.opened import opened_plan
from checker.sources.terraform.plan.printed import parse_plan_json, parse_shown
from checker.sources.terraform.plan.project import ShownProject
from checker.sources.terraform.plan.saved import begins_as_zip, parse_saved_plan
from checker.sources.terraform.project import LiveData, Project
from checker.sources.terraform.roots import Roots, find_roots
from checker.sources.terraform.syntax import one_run
from checker.sources.terraform.values import Value as TerraformValue
from checker.sources.terraform.variables import undeclared, values_of, without_value

MOST_FRAMES = 12_000
STEPS_A_ROOT = 1_000
"""How many steps each root module adds to what all of one run may take together."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is given beside the configuration.

    `variables` are `NAME=VALUE`, `environment` holds `TF_VAR_*`, `deployer` is an ARN or address,
    `region` is that of providers which name none, `plan` a plan of the configuration, `live` the
    account that providers work in by default. `sensitive` are variables of root modules whose
    values no report shows, whatever the configuration says of them; names that it does not declare
    are of no account. `marks` tell more of them by the root module's directory.
    `sensitive_variables` are others that must be declared.
    """

    variables: Sequence[str] = ()
    var_files: Sequence[Path] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    deployer: str | None = None
    region: str | None = None
    plan: Path | None = None
    live: LiveData | None = None
    sensitive: frozenset[str] = frozenset()
    sensitive_variables: Sequence[str] = ()
    marks: Sequence[Callable[[str], frozenset[str]]] = ()

    def marked(self, directory: str) -> Given:
        """Return this for the root module of a directory, relative to the repository."""
        then = (each(directory) for each in self.marks)
        return replace(self, sensitive=self.sensitive.union(*then))


def load(target: Path, root: Path | Repository, given: Given | None = None) -> Inventory:
    """Read a root module's directory, or a saved plan file.

    No file outside `root` is read but those that the user names: a plan, files of variables.

    Raises SourceError with every reason if something that is needed cannot be read, UsageError
    for a variable or deployer that does not exist.
    """
    given = given or Given()
    files = Files(root)
    if _is_file(target, files):
        # Which configuration a plan belongs to is unknown: that beside it, if any.
        name = files.repository.name(_resolved(target, files.repository))
        beside = PurePosixPath(name).parent.as_posix()
        return _read(_of_plan(target, files, given.live), str(target), given.marked(beside))
    named = given.plan
    plan = None if named is None else read_plan(named, named.as_posix(), files.repository)
    directory = _directory(target, files)
    return _read(
        Project(directory, files, region=given.region, plan=plan, live=given.live),
        str(target),
        given.marked(files.name(directory)),
    )


def read_plan(path: Path, name: str, repository: Repository | None = None) -> Plan:
    """Read a plan file of either kind: a saved plan, or the JSON that `terraform show` prints.

    It may lie anywhere, but must not lead out of the `repository` if it is written as one inside.
    """
    with opened_plan(path, name, repository) as file:
        return parse_saved_plan(file, name) if begins_as_zip(file) else parse_shown(file, name)


def _of_plan(target: Path, files: Files, live: LiveData | None) -> Project:
    """Return the project of a plan file alone.

    The places in a saved plan are named as if its configuration lay beside the file, if it does.
    """
    repository = files.repository
    path = _resolved(target, repository)
    name = repository.name(path)
    plan = read_plan(target, name, repository)
    if plan.configuration is not None:
        return ShownProject(plan, name, live)
    beside = all(repository.is_file(path.parent / file) for file in plan.files.get("", {}))
    base = PurePosixPath(name).parent.as_posix() if beside else ""
    archived = ArchivedFiles(plan, base)
    return Project(archived.directory, archived, plan=plan, live=live)


def load_shown(data: bytes, name: str, given: Given | None = None) -> Inventory:
    """Read plan JSON alone; `name` is what its places are called. Raises as `load` does."""
    given = given or Given()
    project = ShownProject(parse_plan_json(data, name), name, given.live)
    return _read(project, name, given.marked("."))


def load_below(
    target: Path, root: Path | Repository, given: Given | None = None
) -> Iterator[Inventory]:
    """Read every root module at or below `target`, one inventory each.

    Addresses begin with the root module's path and a colon. A variable need not be declared by
    every root module, but by one; else as `load`.
    """
    files, given = Files(root), given or Given()
    directory = _directory(target, files)
    found = find_roots(directory, files)
    _refuse_undeclared(given, found)
    extra = STEPS_A_ROOT * len(found.directories)
    budget = Budget(lambda: files.bytes + extra)
    for where in found.directories:
        path = where.relative_to(directory).as_posix()
        prefix = "" if path == "." else f"{path}:"
        project = Project(
            where,
            files,
            prefix=prefix,
            modules=found.modules,
            region=given.region,
            live=given.live,
            budget=budget,
        )
        declared = found.modules[where]
        own = [word for word in given.variables if declared.has("variable", _name_in(word))]
        kept = [name for name in given.sensitive_variables if declared.has("variable", name)]
        mine = replace(given, variables=own, sensitive_variables=kept)
        yield _read(project, str(target / path), mine.marked(files.name(where)))


def _refuse_undeclared(given: Given, found: Roots) -> None:
    def declared(name: str) -> bool:
        return any(found.modules[where].has("variable", name) for where in found.directories)

    for word in given.variables:
        if "=" not in word:
            raise without_value()
        if not declared(_name_in(word)):
            raise UsageError(undeclared(word, "no root module declares"))
    for name in given.sensitive_variables:
        if not declared(name):
            raise UsageError(_undeclared(name, "any root module"))


def _undeclared(name: str, what: str) -> str:
    return f"`--sensitive-var {name}`: no variable `{name}` is declared by {what}"


def _name_in(word: str) -> str:
    return word.partition("=")[0].strip()


def _read(project: Project, target: str, given: Given) -> Inventory:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, MOST_FRAMES))
    try:
        with one_run():
            inventory = inventory_of(open_root(project, target, given), target, given.deployer)
    except SourceError as error:
        reasons = Masker(project.secrets.texts).whole(error.reasons)
        raise SourceError(*reasons, hint=error.hint) from None
    except RecursionError:
        raise SourceError(Reason("expressions and references are nested too deeply")) from None
    finally:
        sys.setrecursionlimit(limit)
    if project.unreadable:
        raise SourceError(*Masker(project.secrets.texts).whole(tuple(project.unreadable)))
    return inventory


def open_root(project: Project, target: str, given: Given) -> Module:
    """Return the root module of a project, with its variables; raises as `load` does."""
    declarations = project.declarations(project.directory)
    if not declarations.files and not declarations.unreadable:
        raise SourceError(
            Reason("the directory holds no Terraform files", target),
            hint="name the directory of a root module",
        )
    if declarations.unreadable:
        raise SourceError(*project.unreadable)
    for name in given.sensitive_variables:
        if name not in declarations.names("variable"):
            raise UsageError(_undeclared(name, "the configuration"))
    project.withheld = given.sensitive | frozenset(given.sensitive_variables)
    inputs = _inputs(project, declarations, given)
    return Module(project, declarations, inputs={n: _constant(v) for n, v in inputs.items()})


def _constant(value: TerraformValue) -> Callable[[], TerraformValue]:
    return lambda: value


def _is_file(target: Path, files: Files) -> bool:
    try:
        info = stat_named(target, files.repository)
    except FileError as error:
        raise _refused(target, error) from error
    return info is not None and not S_ISDIR(info.st_mode)


def _directory(target: Path, files: Files) -> Path:
    try:
        info = files.repository.stat(absolute(target))
        if info is None:
            raise SourceError(Reason("no such file or directory", str(target)))
        if not S_ISDIR(info.st_mode):
            raise SourceError(Reason("not a directory of Terraform files", str(target)))
        return files.repository.resolve(absolute(target))
    except FileError as error:
        raise _refused(target, error) from error


def _refused(target: Path, error: FileError) -> SourceError:
    hint = "name the place that the link leads to" if isinstance(error, OutsideError) else ""
    return SourceError(Reason(error.why, str(target)), hint=hint)


def _resolved(target: Path, repository: Repository) -> Path:
    """Return where a plan file lies; as it is named, if that is outside the repository."""
    try:
        return repository.resolve(absolute(target))
    except FileError:
        return absolute(target)


def _inputs(
    project: Project, declarations: Declarations, given: Given
) -> dict[str, TerraformValue]:
    if project.plan.plan is not None:
        return _planned_inputs(project, declarations, given)
    empty = Module(project, declarations, inputs={})
    return values_of(
        declarations,
        project.files,
        empty.scope,
        environment=given.environment,
        var_files=given.var_files,
        variables=given.variables,
    )


def _planned_inputs(
    project: Project, declarations: Declarations, given: Given
) -> dict[str, TerraformValue]:
    """Return the variables as a plan has them; all are unknown if it cannot be read."""
    if given.variables or given.var_files:
        raise UsageError("a plan has its variables: `--var` and `--var-file` cannot change them")
    names = list(declarations.names("variable"))
    blocks = {name: declarations.block("variable", name) for name in names}
    ephemeral = frozenset(
        name
        for name, block in blocks.items()
        if block is not None and "ephemeral" in block.body.arguments
    )
    return project.plan.inputs(names, ephemeral)

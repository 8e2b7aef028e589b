"""A Terraform configuration to an inventory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from checker.errors import Reason, SourceError, UsageError
from checker.masking import Masker
from checker.model import Inventory
from checker.sources.terraform.assembly import inventory_of
from checker.sources.terraform.declarations import Declarations
from checker.sources.terraform.files import Files
from checker.sources.terraform.modules import Module
from checker.sources.terraform.plan.files import ArchivedFiles
from checker.sources.terraform.plan.model import Plan
from checker.sources.terraform.plan.printed import parse_plan_json, read_plan_json
from checker.sources.terraform.plan.project import ShownProject
from checker.sources.terraform.plan.saved import is_archive, read_saved_plan
from checker.sources.terraform.project import LiveData, Project
from checker.sources.terraform.roots import Roots, find_roots
from checker.sources.terraform.syntax import one_run
from checker.sources.terraform.values import Value as TerraformValue
from checker.sources.terraform.variables import values_of

MOST_FRAMES = 12_000


@dataclass(frozen=True, slots=True)
class Given:
    """What is given beside the configuration.

    `variables` are `NAME=VALUE`, `environment` holds `TF_VAR_*`, `deployer` is an ARN or address,
    `region` is that of providers which name none, `plan` a plan of the configuration, `live` the
    account that providers work in by default.
    """

    variables: Sequence[str] = ()
    var_files: Sequence[Path] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    deployer: str | None = None
    region: str | None = None
    plan: Path | None = None
    live: LiveData | None = None


def load(target: Path, root: Path, given: Given | None = None) -> Inventory:
    """Read a root module's directory, or a saved plan file; no file outside `root` is read.

    Raises SourceError with every reason if something that is needed cannot be read, UsageError
    for a variable or deployer that does not exist.
    """
    given = given or Given()
    if target.is_file():
        return _read(_of_plan(target, root, given.live), str(target), given)
    files = Files(root)
    plan = None if given.plan is None else read_plan(given.plan, given.plan.as_posix())
    directory = _directory(target, files)
    return _read(
        Project(directory, files, region=given.region, plan=plan, live=given.live),
        str(target),
        given,
    )


def read_plan(path: Path, name: str) -> Plan:
    """Read a plan file of either kind: a saved plan, or the JSON that `terraform show` prints."""
    try:
        saved = is_archive(path)
    except OSError as error:
        raise SourceError(Reason(f"cannot be read: {error.strerror}", name)) from error
    return read_saved_plan(path, name) if saved else read_plan_json(path, name)


def _of_plan(target: Path, root: Path, live: LiveData | None) -> Project:
    """Return the project of a plan file alone.

    The places in a saved plan are named as if its configuration lay beside the file, if it does.
    """
    name = Files(root).name(target.resolve())
    plan = read_plan(target, name)
    if plan.configuration is not None:
        return ShownProject(plan, name, live)
    beside = all((target.parent / file).is_file() for file in plan.files.get("", {}))
    base = PurePosixPath(name).parent.as_posix() if beside else ""
    files = ArchivedFiles(plan, base)
    return Project(files.directory, files, plan=plan, live=live)


def load_shown(data: bytes, name: str, given: Given | None = None) -> Inventory:
    """Read plan JSON alone; `name` is what its places are called. Raises as `load` does."""
    given = given or Given()
    return _read(ShownProject(parse_plan_json(data, name), name, given.live), name, given)


def load_below(target: Path, root: Path, given: Given | None = None) -> Iterator[Inventory]:
    """Read every root module at or below `target`, one inventory each.

    Addresses begin with the root module's path and a colon. A variable need not be declared by
    every root module, but by one; else as `load`.
    """
    files, given = Files(root), given or Given()
    directory = _directory(target, files)
    found = find_roots(directory, files)
    _refuse_undeclared(given.variables, found)
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
        )
        declared = found.modules[where]
        own = [word for word in given.variables if declared.has("variable", _name_in(word))]
        yield _read(project, str(target / path), replace(given, variables=own))


def _refuse_undeclared(variables: Sequence[str], found: Roots) -> None:
    for word in variables:
        name = _name_in(word)
        if "=" not in word or any(
            found.modules[where].has("variable", name) for where in found.directories
        ):
            continue
        raise UsageError(f"`--var {name}`: no root module declares a variable `{name}`")


def _name_in(word: str) -> str:
    return word.partition("=")[0].strip()


def _read(project: Project, target: str, given: Given) -> Inventory:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, MOST_FRAMES))
    try:
        with one_run():
            inventory = inventory_of(open_root(project, target, given), target, given.deployer)
    except SourceError as error:
        reasons = Masker(project.secrets).whole(error.reasons)
        raise SourceError(*reasons, hint=error.hint) from None
    except RecursionError:
        raise SourceError(Reason("expressions and references are nested too deeply")) from None
    finally:
        sys.setrecursionlimit(limit)
    if project.unreadable:
        raise SourceError(*Masker(project.secrets).whole(tuple(project.unreadable)))
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
    inputs = _inputs(project, declarations, given)
    return Module(project, declarations, inputs={n: _constant(v) for n, v in inputs.items()})


def _constant(value: TerraformValue) -> Callable[[], TerraformValue]:
    return lambda: value


def _directory(target: Path, files: Files) -> Path:
    real = target.resolve()
    if not real.exists():
        raise SourceError(Reason("no such file or directory", str(target)))
    if not real.is_dir():
        raise SourceError(Reason("not a directory of Terraform files", str(target)))
    if not real.is_relative_to(files.root):
        raise SourceError(Reason(f"lies outside the root `{files.root}`", str(target)))
    return real


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

"""A Terraform configuration to an inventory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from checker.errors import Reason, SourceError, UsageError
from checker.files import FileError, Repository, absolute
from checker.masking import Masker
from checker.model import Inventory
from checker.model.cases import Answer
from checker.sources.terraform.cases import in_cases
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.configuration.engine import Engine
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.configuration.targets import directory_of, is_file, resolved
from checker.sources.terraform.evaluation.deep import deep
from checker.sources.terraform.given import Given
from checker.sources.terraform.modules.modules import Module
from checker.sources.terraform.modules.open_inputs import OpenInputs
from checker.sources.terraform.modules.project import LiveData, Project
from checker.sources.terraform.modules.variables import undeclared_sensitive, values_of
from checker.sources.terraform.modules.workspace import workspace_of
from checker.sources.terraform.other_directories import nothing_to_read
from checker.sources.terraform.plan.model import Plan
from checker.sources.terraform.provider.attributes import computed
from checker.sources.terraform.resources.assembly import inventory_of
from checker.sources.terraform.root_work import work_of
from checker.sources.terraform.state.objects import State
from checker.sources.terraform.terragrunt.unit_files import DEPENDS, laid_over
from checker.sources.terraform.terragrunt.units import Unit
from checker.sources.terraform.trails.trails import TerraformTrails
from checker.sources.terraform.values.budget import Budget
from checker.sources.terraform.values.terraform_values import TerraformValue


def load(target: Path, root: Path | Repository, given: Given | None = None) -> Inventory:
    """Read a root module's directory, or a saved plan file.

    No file outside `root` is read but those that the user names: a plan, files of variables.

    Raises SourceError with every reason if something that is needed cannot be read, UsageError
    for a variable or deployer that does not exist.
    """
    given = given or Given()
    files = given.files(root)
    if is_file(target, files):
        return load_file(target, files.repository, given)
    if given.plan is None and given.state is None:
        return _load_directory(target, files, given, None, None)
    from checker.sources.terraform.recorded.files import read_plan, read_state

    named = given.plan
    plan = None if named is None else read_plan(named, named.as_posix(), files.repository)
    kept = given.state
    state = None if kept is None else read_state(kept, kept.as_posix(), files.repository)
    return _load_directory(target, files, given, plan, state)


def _load_directory(
    target: Path, files: Files, given: Given, plan: Plan | None, state: State | None
) -> Inventory:
    directory = directory_of(target, files)
    scanned: dict[Path, Declarations] = {}
    size = sum(each.size for each in (plan, state) if each is not None)
    budget = Budget(lambda: files.bytes + size)

    def read(answers: Sequence[Answer]) -> tuple[Inventory, Project]:
        project = Project(
            directory,
            files,
            modules=scanned,
            region=given.region,
            plan=plan,
            live=given.live,
            data=given.data,
            state=state,
            engine=given.engine,
            kept_engine=given.kept_engine(files.name(directory)),
            budget=budget,
        )
        if plan is not None and plan.why_unknown:
            project.leave_out(plan.at.source, plan.why_unknown, plan.at)
        mine = replace(given.marked(files.name(directory)), answers=answers)
        return read_root(project, str(target), mine), project

    return in_cases(read)


def load_file(
    target: Path,
    repository: Repository,
    given: Given,
    prefix: str = "",
    budget: Budget | None = None,
) -> Inventory:
    """Read a plan, a state or a rendered unit, with the budget of a run in which it is one of many.

    Addresses begin with `prefix`. Raises as `load`.
    """
    from checker.sources.terraform.recorded.files import read_recorded

    # Which configuration a plan belongs to is unknown: that beside it, if any.
    name = repository.name(resolved(target, repository))
    found = read_recorded(target, name, repository)
    if isinstance(found, Unit):
        return _load_unit(found, target, repository, given, prefix, budget)
    beside = PurePosixPath(name).parent.as_posix()
    if isinstance(found, State) or found.configuration is not None:
        project = _shown(found, name, given.live, prefix)
    else:
        project = _saved(found, name, resolved(target, repository).parent, repository, given.live)
    return read_root(project, str(target), given.marked(beside))


def _shown(found: Plan | State, name: str, live: LiveData | None, prefix: str = "") -> Project:
    """Return the project of a state, or of plan JSON."""
    from checker.sources.terraform.recorded.shown_project import ShownProject
    from checker.sources.terraform.recorded.state_project import StateProject

    if isinstance(found, State):
        return StateProject(found, name, live)
    return ShownProject(found, name, live, prefix=prefix)


def _saved(
    plan: Plan, name: str, folder: Path, repository: Repository, live: LiveData | None
) -> Project:
    """Return the project of a saved plan.

    The places in it are named as if its configuration lay beside the file, if it does.
    """
    from checker.sources.terraform.recorded.archived_files import ArchivedFiles

    beside = all(_lies_at(folder / file, repository) for file in plan.files.get("", {}))
    base = PurePosixPath(name).parent.as_posix() if beside else ""
    archived = ArchivedFiles(plan, base)
    project = Project(archived.directory, archived, plan=plan, live=live)
    if plan.why_unknown:
        project.leave_out(name, plan.why_unknown, plan.at)
    return project


def _lies_at(path: Path, repository: Repository) -> bool:
    """Tell whether a file lies at a path that a plan names, which may be no path at all."""
    try:
        return repository.is_file(path)
    except FileError:
        return False


def _load_unit(
    unit: Unit,
    target: Path,
    repository: Repository,
    given: Given,
    prefix: str,
    budget: Budget | None,
) -> Inventory:
    """Read the module of a rendered unit of Terragrunt, with its inputs and generated files."""
    here = absolute(target).parent
    directory = directory_of(unit.module(here), Files(repository))
    files = laid_over(unit, repository, here, directory)
    engine = given.engine or (Engine.TOFU if Path(unit.binary).name == "tofu" else None)
    project = Project(
        directory,
        files,
        prefix=prefix,
        region=given.region,
        live=given.live,
        data=given.data,
        engine=engine,
        kept_engine=given.kept_engine(files.name(directory)),
        budget=budget,
    )
    if unit.depends:
        project.assume(DEPENDS)
    own = [path for path in unit.var_files if not files.is_missing(directory / path)]
    given = replace(
        given,
        environment={**given.environment, **unit.environment},
        var_files=[*(directory / path for path in own), *given.var_files],
    )
    found = read_root(project, str(target), given.marked(files.name(directory)))
    if budget is not None:  # that of many
        budget.count_root(work_of(found, project, files.bytes))
    return replace(found, size=files.bytes)


def load_shown(data: bytes, name: str, given: Given | None = None) -> Inventory:
    """Read plan JSON alone; `name` is what its places are called. Raises as `load` does."""
    from checker.sources.terraform.recorded.files import parse_recorded

    given = given or Given()
    found = parse_recorded(data, name)
    if isinstance(found, Unit):
        hint = "write it beside the unit: `terragrunt render --json --write`, and name that file"
        raise SourceError(Reason("a rendered unit is read as a file", name), hint=hint)
    return read_root(_shown(found, name, given.live), name, given.marked("."))


def read_root(project: Project, target: str, given: Given) -> Inventory:
    """Return everything of a root module's project; raises as `load` does."""
    try:
        with deep():
            root = open_root(project, target, given)
            inventory = inventory_of(root, target, given.deployer)
    except SourceError as error:
        reasons = Masker(project.secrets.texts).whole(error.reasons)
        raise type(error)(*reasons, hint=error.hint) from None
    if project.unreadable:
        raise SourceError(*Masker(project.secrets.texts).whole(tuple(project.unreadable)))
    beside = given.environment, given.var_files, given.variables, given.data
    return replace(inventory, trails=TerraformTrails(root, *beside))


def open_root(project: Project, target: str, given: Given) -> Module:
    """Return the root module of a project, with its variables; raises as `load` does."""
    declarations = project.declarations(project.directory)
    if not declarations.files and not declarations.unreadable:
        raise nothing_to_read(project, target)
    if declarations.unreadable:
        raise SourceError(*project.unreadable)
    lenders = given.earlier
    if lenders is not None:
        given = given.declared(declarations)
        project.places.borrow(lenders, given.data)
    for name in given.sensitive_variables:
        if name not in declarations.names("variable"):
            raise UsageError(undeclared_sensitive(name, "the configuration"))
    project.withheld = given.sensitive | frozenset(given.sensitive_variables)
    project.marks = given.marks
    project.inputs = OpenInputs(given.answers)
    project.workspace = workspace_of(
        given.workspace,
        given.environment,
        project.directory,
        project.files,
        project.plan.plan,
        declarations,
    )
    inputs = _inputs(project, declarations, given)
    given_values = {n: _constant(v) for n, v in inputs.items()}
    root = Module(project, declarations, inputs=given_values, compute=computed)
    project.family.setdefault((project.directory, project.workspace or ""), root)
    return root


def _constant(value: TerraformValue) -> Callable[[], TerraformValue]:
    return lambda: value


def _inputs(
    project: Project, declarations: Declarations, given: Given
) -> dict[str, TerraformValue]:
    if project.plan.plan is not None:
        return _planned_inputs(project, declarations, given)
    empty = Module(project, declarations, inputs={}, compute=computed)
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

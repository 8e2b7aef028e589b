"""A Terraform configuration to an inventory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from checker.errors import Reason, SourceError, UsageError
from checker.masking import Masker
from checker.model import Deployer, Inventory, Role
from checker.model import Mapping as EventSourceMapping
from checker.partial import Known, Text, Value
from checker.sources.terraform import tree
from checker.sources.terraform.declarations import Declarations
from checker.sources.terraform.files import Files
from checker.sources.terraform.modules import Module
from checker.sources.terraform.project import Project
from checker.sources.terraform.resources.functions import functions
from checker.sources.terraform.resources.keys import keys
from checker.sources.terraform.resources.mappings import mappings
from checker.sources.terraform.resources.queues import queues
from checker.sources.terraform.resources.roles import Principals
from checker.sources.terraform.resources.walk import Walk
from checker.sources.terraform.roots import Roots, find_roots
from checker.sources.terraform.values import Value as TerraformValue
from checker.sources.terraform.variables import values_of

MOST_FRAMES = 12_000

ASSUMPTIONS = (
    "no service control policy or resource control policy denies the actions",
    "nothing outside this configuration attaches, detaches or denies permissions on what it names",
)
NO_REGION = "the partition is `aws` where no provider names its Region"


@dataclass(frozen=True, slots=True)
class Given:
    """What is given beside the configuration.

    `variables` are `NAME=VALUE`, `environment` holds `TF_VAR_*`, `deployer` is an ARN or address,
    `region` is that of providers which name none.
    """

    variables: Sequence[str] = ()
    var_files: Sequence[Path] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    deployer: str | None = None
    region: str | None = None


def load(target: Path, root: Path, given: Given | None = None) -> Inventory:
    """Read the root module in `target`; no file outside `root` is read.

    Raises SourceError with every reason if something that is needed cannot be read, UsageError
    for a variable or deployer that does not exist.
    """
    files = Files(root)
    given = given or Given()
    project = Project(_directory(target, files), files, region=given.region)
    return _read(project, str(target), given)


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
        project = Project(where, files, prefix=prefix, modules=found.modules, region=given.region)
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
        inventory = _inventory(open_root(project, target, given), target, given.deployer)
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
    empty = Module(project, declarations, inputs={})
    declared: dict[str, tree.Block] = {}
    for (name,) in declarations.names("variable"):
        block = declarations.block("variable", name)
        if block is not None:
            declared[name] = block
    return values_of(
        project.directory,
        project.files,
        declared,
        empty.scope,
        environment=given.environment,
        var_files=given.var_files,
        variables=given.variables,
    )


def _inventory(root: Module, target: str, deployer: str | None) -> Inventory:
    walk = Walk(root)
    found, others = mappings(walk)
    made = functions(walk)
    principals = Principals(walk)
    roles = principals.roles(function.role for function in made)
    who = principals.deployer(deployer, roles) if deployer else _assumed(walk, found, roles)
    return Inventory(
        kind="terraform",
        target=target,
        prefix=root.project.prefix,
        mappings=found,
        queues=queues(walk),
        functions=made,
        roles=roles,
        keys=keys(walk),
        deployer=who,
        unread=tuple(root.project.unread.values()),
        assumptions=_assumptions(found),
        other_sources=others,
        secrets=frozenset(root.project.secrets),
    )


def _assumptions(found: Iterable[EventSourceMapping]) -> tuple[str, ...]:
    open_region = any(
        isinstance(mapping.region, Known) and mapping.region.value.literal is None
        for mapping in found
    )
    return (*ASSUMPTIONS, NO_REGION) if open_region else ASSUMPTIONS


def _assumed(
    walk: Walk, found: tuple[EventSourceMapping, ...], roles: tuple[Role, ...]
) -> Deployer | None:
    """Return the role that the provider assumes, if its documents are part of the input."""
    ids = {mapping.id for mapping in found}
    assumed: set[Text | None] = {
        f.instance.provider.role
        for f in walk.of("aws_lambda_event_source_mapping")
        if f.instance.address in ids
    }
    if len(assumed) != 1:
        return None
    arn = assumed.pop()
    for role in roles:
        if arn is not None and role.closed and role.arn == arn:
            known: Value[Role] = Known(role, role.at)
            return Deployer(role.id, known)
    return None

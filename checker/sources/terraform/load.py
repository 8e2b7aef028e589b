"""A Terraform configuration to an inventory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from checker.errors import Reason, SourceError
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
from checker.sources.terraform.values import Value as TerraformValue
from checker.sources.terraform.variables import given

MOST_FRAMES = 12_000

ASSUMPTIONS = (
    "no service control policy or resource control policy denies the actions",
    "nothing outside this configuration attaches, detaches or denies permissions on what it names",
)
NO_REGION = "the partition is `aws` where no provider names its Region"


def load(
    target: Path,
    root: Path,
    *,
    variables: Sequence[str] = (),
    var_files: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    deployer: str | None = None,
) -> Inventory:
    """Read the root module in `target`; no file outside `root` is read.

    `variables` are `NAME=VALUE`, `environment` holds `TF_VAR_*`, `deployer` is an ARN or address.
    Raises SourceError with every reason if something that is needed cannot be read, UsageError
    for a variable or deployer that does not exist.
    """
    files = Files(root)
    module: Module | None = None
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, MOST_FRAMES))
    try:
        module = open_root(
            target, files, variables=variables, var_files=var_files, environment=environment
        )
        inventory = _inventory(module, str(target), deployer)
    except SourceError as error:
        if module is None:
            raise
        reasons = Masker(module.project.secrets).whole(error.reasons)
        raise SourceError(*reasons, hint=error.hint) from None
    except RecursionError:
        raise SourceError(Reason("expressions and references are nested too deeply")) from None
    finally:
        sys.setrecursionlimit(limit)
    if module.project.unreadable:
        raise SourceError(*Masker(module.project.secrets).whole(tuple(module.project.unreadable)))
    return inventory


def open_root(
    target: Path,
    files: Files,
    *,
    variables: Sequence[str] = (),
    var_files: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
) -> Module:
    """Return the root module of a directory, with its variables; raises as `load` does."""
    directory = _directory(target, files)
    project = Project(directory, files)
    declarations = project.declarations(directory)
    if not declarations.files and not declarations.unreadable:
        raise SourceError(
            Reason("the directory holds no Terraform files", str(target)),
            hint="name the directory of a root module",
        )
    if declarations.unreadable:
        raise SourceError(*project.unreadable)
    inputs = _inputs(project, declarations, environment or {}, var_files, variables)
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
    project: Project,
    declarations: Declarations,
    environment: Mapping[str, str],
    var_files: Sequence[Path],
    variables: Sequence[str],
) -> dict[str, TerraformValue]:
    empty = Module(project, declarations, inputs={})
    declared: dict[str, tree.Block] = {}
    for (name,) in declarations.names("variable"):
        block = declarations.block("variable", name)
        if block is not None:
            declared[name] = block
    return given(
        project.directory,
        project.files,
        declared,
        empty.scope,
        environment=environment,
        var_files=var_files,
        variables=variables,
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

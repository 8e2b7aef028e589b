"""The root modules of one run as each other's states: who reads whose outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from checker.errors import SourceError, UsageError
from checker.sources.terraform.configuration.backends import (
    DEFAULT,
    StateLocation,
    StateReference,
    UnknownError,
    kept,
    states_named,
)
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.language import tree
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.modules import Module
from checker.sources.terraform.modules.project import ModuleInstance, Project
from checker.sources.terraform.modules.repetition import instances_of
from checker.sources.terraform.provider.remote_states import reference_of

DATA = "terraform_remote_state"
MOST_LINKED = 200
"""How many other root modules are read beside one."""
MOST_OPENED = 5_000
"""How many are read beside others in one run, all in all."""
BESIDE = 100
"""How many steps it takes to open one beside another."""
MOST_READINGS = 20_000
"""How many data sources are worked out in one run to find out who reads whose state."""
MOST_FOLLOWED = 1_000_000
"""How many readings of one root module's state by another are followed in one run."""
_BESIDE = {
    "aws_iam_role_policy": "role",
    "aws_iam_role_policy_attachment": "role",
    "aws_iam_policy_attachment": "roles",
    "aws_iam_role_policies_exclusive": "role_name",
    "aws_iam_role_policy_attachments_exclusive": "role_name",
    "aws_sqs_queue_policy": "queue_url",
    "aws_sqs_queue_redrive_policy": "queue_url",
    "aws_sqs_queue_redrive_allow_policy": "queue_url",
    "aws_sns_topic_subscription": "endpoint",
    "aws_kms_grant": "key_id",
    "aws_kms_key_policy": "key_id",
    "aws_lambda_function_recursion_config": "function_name",
}
"""What changes a thing that another resource makes, and the argument that names the thing."""


class States:
    """Which root module keeps its state where; `opened` reads one, beside another that reads it."""

    def __init__(
        self,
        roots: dict[Path, Declarations],
        opened: Callable[[Path, Project | None], Module],
        path: Callable[[Path], str],
    ) -> None:
        self._opened, self._path = opened, path
        self._kept: dict[StateLocation, list[Path]] = {}
        for where, module in roots.items():
            state = kept(module)
            if state is not None:
                self._kept.setdefault(state, []).append(where)
        self._edges: dict[Path, list[tuple[Path, str]]] = {}
        self._attaching: dict[Path, list[Path]] = {}
        self._opened_beside = self._followed = self._readings = 0

    def learn(
        self,
        directories: Iterable[Path],
        modules: Iterable[Declarations],
        run: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """Find out which root modules read whose states, if there is one that reads any.

        Each is evaluated in a `run` of its own.
        """
        if not any(module.names("data", DATA) for module in modules):
            return
        for where in directories:
            if self._readings > MOST_READINGS:
                return
            with suppress(SourceError, UsageError), run():
                found = list(_modules(self._opened(where, None)))
                self._edges[where] = sorted(self._edges_of(found, where))
                if any(_attaches(module.declarations) for module in found):
                    for other in dict.fromkeys(place for place, _ in self._edges[where]):
                        self._attaching.setdefault(other, []).append(where)

    def _edges_of(self, modules: list[ModuleInstance], where: Path) -> set[tuple[Path, str]]:
        """Return the states that the modules of a root module read, as far as the bound allows."""
        edges: set[tuple[Path, str]] = set()
        for instance in (each for module in modules for each in _readers(module)):
            self._readings += 1
            if self._readings > MOST_READINGS:
                break
            target = self._target(reference_of(instance), where)
            if not isinstance(target, str):
                edges.add(target)
        return edges

    def read(self, reference: StateReference, project: Project) -> ModuleInstance | str:
        """Return the root module whose outputs a data source reads, or why there is none."""
        target = self._target(reference, project.directory)
        if isinstance(target, str):
            return target
        where, workspace = target
        root = self._beside(project, where, workspace)
        if not isinstance(root, str):
            said = (
                f"`{reference.address}` holds what the root module `{self._path(where)}` gives now"
            )
            project.shared.assumed[said] = None
        return root

    def neighbours(self, project: Project) -> Iterator[ModuleInstance]:
        """Yield the root modules that make what a root module reads, or attach to the same things.

        These are those whose states it reads, near or far, and those that read one of them and
        attach something to what they do not make.
        """
        here = project.directory
        near = self._read_by(here)
        places = {here, *(where for where, _ in near)}
        attaching: set[Path] = set()
        for place in places:
            if len(attaching) <= MOST_LINKED and self._may_follow(self._attaching.get(place, ())):
                attaching.update(self._attaching.get(place, ()))
        near |= {(where, ""): None for where in sorted(attaching - places)}
        for where, workspace in list(near)[:MOST_LINKED]:
            root = self._beside(project, where, workspace)
            if not isinstance(root, str):
                yield root
        if len(near) > MOST_LINKED or self._is_spent:
            most = f"{MOST_LINKED} for one, {MOST_OPENED} or {MOST_READINGS} readings for all"
            why = f"not all that share states with it are read: more than {most}"
            project.leave_out(self._path(here), why, None)

    def _read_by(self, here: Path) -> dict[tuple[Path, str], None]:
        """Return the root modules whose states one reads, near or far, and a few beyond the bound.

        Each comes with the workspace that is read.
        """
        near: dict[tuple[Path, str], None] = {}
        pending = list(self._edges.get(here, ()))
        while pending and len(near) <= MOST_LINKED:
            target = pending.pop()
            if target not in near and target[0] != here:
                near[target] = None
                edges = self._edges.get(target[0], ())
                pending += edges if self._may_follow(edges) else ()
        return near

    def _may_follow(self, edges: Sized) -> bool:
        """Count readings before they are followed; tell whether they may be."""
        self._followed += len(edges)
        return self._followed <= MOST_FOLLOWED

    @property
    def _is_spent(self) -> bool:
        return (
            self._opened_beside > MOST_OPENED
            or self._followed > MOST_FOLLOWED
            or self._readings > MOST_READINGS
        )

    def _beside(self, project: Project, where: Path, workspace: str) -> ModuleInstance | str:
        """Return a root module in a workspace, read beside another one."""
        family = project.family
        key = (where, workspace)
        if key not in family:
            self._opened_beside += 1
            if self._opened_beside > MOST_OPENED:
                return f"more than {MOST_OPENED} root modules would be read beside others"
            project.budget.count(BESIDE)
            try:
                root = self._opened(where, project)
            except (SourceError, UsageError):
                return f"the root module `{self._path(where)}` cannot be read"
            if workspace:
                root.project.workspace = workspace
            family[key] = root
        return family[key]

    def _target(self, reference: StateReference, here: Path) -> tuple[Path, str] | str:
        try:
            named = states_named(reference, here)
        except UnknownError as error:
            return f"it is unknown which state it reads: {error}"
        for state in named:
            for wanted, workspace in _names(state):
                found = self._kept.get(wanted, [])
                if len(found) > 1:
                    both = " and ".join(f"`{self._path(where)}`" for where in found[:2])
                    return f"{both} keep their states at one place, `{state}`"
                if found:
                    return found[0], workspace
        return f"no root module here keeps its state at `{named[0]}`"


def _names(state: StateLocation) -> Iterator[tuple[StateLocation, str]]:
    """Yield by what a root module may keep a state, and in which workspace."""
    yield StateLocation(state.backend, state.keys), state.workspace
    if state.backend == "remote" and state.workspace == DEFAULT:
        *others, name = state.keys
        for end in range(len(name), 0, -1):
            yield StateLocation("remote", (*others, name[:end] + "*")), name[end:] or DEFAULT


def _modules(root: ModuleInstance) -> Iterator[ModuleInstance]:
    yield root
    for child, _ in root.children():
        yield from _modules(child)


def _attaches(module: Declarations) -> bool:
    """Tell whether a module changes things that it may not make itself."""
    for type_, argument in _BESIDE.items():
        for name in module.names("resource", type_):
            block = module.block("resource", type_, name)
            named = None if block is None else block.body.arguments.get(argument)
            if named is not None and not _is_own(named.expression):
                return True
    return False


def _is_own(expression: tree.Expression) -> bool:
    """Tell whether an expression is an attribute of a resource of the same module."""
    while isinstance(expression, (tree.Attribute, tree.Index, tree.Splat)):
        expression = expression.of
    return isinstance(expression, tree.Name) and expression.name.startswith("aws_")


def _readers(module: ModuleInstance) -> Iterator[Instance]:
    for name in module.declarations.names("data", DATA):
        at = module.declarations.blocks["data", DATA, name].at
        for instance, _ in instances_of(module.resource("data", DATA, name, at)):
            if isinstance(instance, Instance):
                yield instance

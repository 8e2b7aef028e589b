"""The root modules of one run as each other's states: who reads whose outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from checker.errors import SourceError, UsageError
from checker.sources.terraform.backends import DEFAULT, State, UnknownError, kept, states_named
from checker.sources.terraform.declarations import Declarations
from checker.sources.terraform.instances import Instance
from checker.sources.terraform.several import instances_of

if TYPE_CHECKING:
    from checker.sources.terraform.modules import Module
    from checker.sources.terraform.project import Project

DATA = "terraform_remote_state"
MOST_LINKED = 60
"""How many other root modules are read beside one."""


class States:
    """Which root module keeps its state where; `opened` reads one, beside another that reads it."""

    def __init__(
        self,
        roots: dict[Path, Declarations],
        opened: Callable[[Path, Project | None], Module],
        path: Callable[[Path], str],
    ) -> None:
        self._opened, self._path = opened, path
        self._kept: dict[State, list[Path]] = {}
        for where, module in roots.items():
            state = kept(module)
            if state is not None:
                self._kept.setdefault(state, []).append(where)
        self._edges: dict[Path, set[tuple[Path, str]]] = {}

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
            with suppress(SourceError, UsageError), run():
                root = self._opened(where, None)
                self._edges[where] = {
                    target
                    for module in _modules(root)
                    for instance in _readers(module)
                    if not isinstance(target := self._target(instance), str)
                }

    def read(self, instance: Instance) -> Module | str:
        """Return the root module whose outputs a data source reads, or why there is none."""
        target = self._target(instance)
        if isinstance(target, str):
            return target
        where, workspace = target
        project = instance.module.project
        root = self._beside(project, where, workspace)
        if not isinstance(root, str):
            said = (
                f"`{instance.address}` holds what the root module `{self._path(where)}` gives now"
            )
            project.assumed[said] = None
        return root

    def neighbours(self, project: Project) -> Iterator[Module]:
        """Yield the root modules that make what a root module reads, or attach to the same things.

        These are those whose states it reads, near or far, and those that read one of them.
        """
        here = project.directory
        near: dict[tuple[Path, str], None] = {}
        pending = sorted(self._edges.get(here, ()))
        while pending:
            target = pending.pop()
            if target not in near and target[0] != here:
                near[target] = None
                pending += sorted(self._edges.get(target[0], ()))
        places = {here, *(where for where, _ in near)}
        for where, targets in self._edges.items():
            if where not in places and any(other in places for other, _ in targets):
                near.setdefault((where, ""), None)
        for where, workspace in list(near)[:MOST_LINKED]:
            root = self._beside(project, where, workspace)
            if not isinstance(root, str):
                yield root
        for where, _ in list(near)[MOST_LINKED:]:
            why = f"is not read beside it: more than {MOST_LINKED} root modules share states"
            project.leave_out(self._path(where), why, None)

    def _beside(self, project: Project, where: Path, workspace: str) -> Module | str:
        """Return a root module in a workspace, read beside another one."""
        family = project.family
        key = (where, workspace)
        if key not in family:
            try:
                root = self._opened(where, project)
            except (SourceError, UsageError):
                return f"the root module `{self._path(where)}` cannot be read"
            if workspace:
                root.project.workspace = workspace
            family[key] = root
        return family[key]

    def _target(self, instance: Instance) -> tuple[Path, str] | str:
        try:
            named = states_named(instance)
        except UnknownError as error:
            return f"which state it reads is unknown: {error}"
        for state in named:
            for wanted, workspace in _names(state):
                found = self._kept.get(wanted, [])
                if len(found) > 1:
                    both = " and ".join(f"`{self._path(where)}`" for where in found[:2])
                    return f"{both} keep their states at one place, `{state}`"
                if found:
                    return found[0], workspace
        return f"no root module here keeps its state at `{named[0]}`"


def _names(state: State) -> Iterator[tuple[State, str]]:
    """Yield by what a root module may keep a state, and in which workspace."""
    yield State(state.backend, state.keys), state.workspace
    if state.backend == "remote" and state.workspace == DEFAULT:
        *others, name = state.keys
        for end in range(len(name), 0, -1):
            yield State("remote", (*others, f"{name[:end]}*")), name[end:] or DEFAULT


def _modules(root: Module) -> Iterator[Module]:
    yield root
    for child, _ in root.children():
        yield from _modules(child)


def _readers(module: Module) -> Iterator[Instance]:
    for name in module.declarations.names("data", DATA):
        at = module.declarations.blocks["data", DATA, name].at
        for instance, _ in instances_of(module.resource("data", DATA, name, at)):
            if isinstance(instance, Instance):
                yield instance

"""Where the values of one root module come from, as far as its places are distinguished."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path, PurePosixPath

from checker.errors import SourceError
from checker.files import FileError
from checker.knowledge.partial import Location
from checker.knowledge.trail import CallArgument, Trail, TrailStep
from checker.sources.terraform.evaluation.deep import deep
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.modules.modules import Module
from checker.sources.terraform.trails.call_arguments import call_argument
from checker.sources.terraform.trails.calls import Calls
from checker.sources.terraform.trails.following import Following, holds
from checker.sources.terraform.trails.frames import Lead
from checker.sources.terraform.trails.references import ReferenceTargets
from checker.sources.terraform.trails.root_variables import RootVariables
from checker.sources.terraform.trails.standing import (
    MOST_ABOUT,
    Standing,
    StandingBlock,
    leads_at,
)

MOST_LEADS = 500_000
"""How many expressions are looked at for all trails of one root module."""
MOST_STEPS = 1_000_000
"""How many steps the trails of a run take, of all its root modules."""
MOST_KEPT = 10_000
"""How many trails are kept: several rules ask for one."""
MOST_CALLS = 20
"""How many calls of modules are named at the end of a trail, the innermost first."""
_AS_FAR_AS_IT_GOES = (SourceError, EvaluationError, FileError, RecursionError, ValueError)
_INSTALLED = frozenset({".terraform", ".terragrunt-cache"})


class Tracing:
    """The trails of one root module and of those read beside it; `data` as of `Project`.

    It evaluates with a budget of its own, which all root modules of a run share.
    """

    def __init__(self, root: Module, variables: RootVariables, data: str | None) -> None:
        self._root, self._data = root, data
        self._calls = Calls()
        self._standing = Standing(self._calls)
        self._targets = ReferenceTargets(self._calls, variables)
        self._left = MOST_LEADS
        self._found: dict[tuple[Location, tuple[str, ...]], Trail] = {}

    def trail(self, place: Location, about: Sequence[str]) -> Trail:
        """Return the trail of what is written at a location in a file; it is traced once."""
        key = place, tuple(about[:MOST_ABOUT])
        found = self._found.get(key)
        if found is None:
            found = self._traced(place, about)
            if len(self._found) < MOST_KEPT:
                self._found[key] = found
        return found

    def _traced(self, place: Location, about: Sequence[str]) -> Trail:
        own = TrailStep("place", "", place)
        if self._left <= 0 or self._root.project.budget.traced >= MOST_STEPS:
            return (own,)
        following = Following(self._targets, self._left)
        following.pass_by(own)
        with suppress(*_AS_FAR_AS_IT_GOES), self._running():
            self._calls.add(self._root)
            self._trace(following, place, about)
        self._left -= 1 + following.looked_at
        return tuple(map(self._marked, following.steps))

    def call_argument(self, block: str, path: tuple[str, ...]) -> CallArgument | None:
        """Return what sets an attribute of a block in an installed module; see `Trails`."""
        if self._root.project.budget.traced >= MOST_STEPS:
            return None
        with suppress(*_AS_FAR_AS_IT_GOES), self._running():
            self._calls.add(self._root)
            return call_argument(self._calls, block, path, self._is_installed)
        return None

    def _trace(self, following: Following, place: Location, about: Sequence[str]) -> None:
        """Follow what stands at a place in each of its frames, then name the calls around it."""
        at, names = place, None
        reader = self._root.project.root_files.readers.get(place.source)
        if reader is not None:
            at, names = reader, _used(self._root, place)
        found = self._standing.at(at) or self._beside(at)
        if found is None:
            return
        frames = self._standing.frames(found, about)
        if reader is not None:
            following.pass_by(TrailStep("file", place.source, at))
        for lead in (lead for frame in frames for lead in leads_at(found.block, frame, at)):
            with suppress(*_AS_FAR_AS_IT_GOES):
                if reader is None:
                    following.follow(lead)
                else:
                    _follow_variables(following, lead, names)
        for frame in frames:
            self._name_calls(following, frame.module)

    def _beside(self, at: Location) -> StandingBlock | None:
        """Return the block that holds a location in a root module that is read beside this one."""
        for root in tuple(self._root.project.family.values()):
            if isinstance(root, Module):
                self._calls.add(root)
        return self._standing.at(at)

    def _name_calls(self, following: Following, module: Module) -> None:
        """Name the call of a module and those around it, where the trail does not pass them."""
        for _ in range(MOST_CALLS):
            call = self._calls.of(module)
            if call is None:
                return
            if not any(holds(call.block.at, step.at) for step in following.steps):
                following.pass_by(TrailStep("call", call.name, call.block.at))
            module = call.frame.module

    def _marked(self, step: TrailStep) -> TrailStep:
        """Say of a step in a module that was installed that it is one."""
        return replace(step, installed=True) if self._is_installed(step.at) else step

    def _is_installed(self, at: Location) -> bool:
        path = PurePosixPath(at.source)
        below = self._data and (self._root.project.directory / self._data)
        data = self._root.project.files.name(Path(below)) if below else ""
        inside = data and not data.startswith("..") and path.is_relative_to(data)
        named = path.parts[:1] == ("TF_DATA_DIR",)
        return inside or named or not _INSTALLED.isdisjoint(path.parts)

    @contextmanager
    def _running(self) -> Iterator[None]:
        """Evaluate with the budget of the trails, and leave that of the run as it was."""
        budget = self._root.project.budget
        spent, start = budget.spent, budget.most - MOST_STEPS
        budget.spent = start + budget.traced
        try:
            with deep():
                yield
        finally:
            budget.traced, budget.spent = budget.spent - start, spent


def _used(root: Module, place: Location) -> frozenset[str] | None:
    """Return the names that a template uses on the lines of a place; None of another file."""
    template = root.project.root_files.parsed(place.source)
    if template is None:
        return None
    last = place.end_line or place.line
    parts = [p for p in template.parts if place.line <= p.at.line <= last]
    return frozenset(_names(parts))


def _names(parts: Sequence[object]) -> Iterator[str]:
    """Yield the first words of the references in parts of a template."""
    pending = list(parts)
    while pending:
        node = pending.pop()
        if isinstance(node, tree.Name):
            yield node.name
        for name in getattr(node, "__slots__", ()):
            value = getattr(node, name)
            pending.extend(value if isinstance(value, tuple) else (value,))


def _follow_variables(following: Following, lead: Lead, names: frozenset[str] | None) -> None:
    """Follow what the call that reads a file gives the names used there."""
    call = lead.node
    if not isinstance(call, tree.Call) or names is None or len(call.arguments) < 2:  # noqa: PLR2004 - a path and variables
        return
    for name in sorted(names):
        following.follow(Lead(call.arguments[1], lead.frame, (name,)))

"""Whom an inventory asks where its values come from; see `tracing.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.knowledge.partial import Known, Location, Unknown
from checker.knowledge.trail import CallArgument, NoTrails, Trail, TrailStep
from checker.sources.terraform.modules.modules import Module

if TYPE_CHECKING:
    from checker.sources.terraform.trails.tracing import Tracing


class TerraformTrails:
    """The trails of one root module, which stays in memory with its modules.

    It is given what the root module is given: variables in the environment, in files and by word,
    and the name of the data directory. Nothing is done before the first trail is asked for.
    """

    def __init__(
        self,
        root: Module,
        environment: Mapping[str, str],
        var_files: Sequence[Path],
        variables: Sequence[str],
        data: str | None,
    ) -> None:
        self._root, self._data = root, data
        self._given = environment, var_files, variables

    def __reduce__(self) -> tuple[Any, ...]:
        """Stay behind where an inventory travels: it is to be asked before."""
        return (NoTrails, ())

    def of(self, value: Location | Known[object] | Unknown, about: Sequence[str] = ()) -> Trail:
        """Return the trail of a value, or of what is written at a location; see `Trails`."""
        place = value if isinstance(value, Location) else value.at
        return self._tracing.trail(place, about) if place.line else (TrailStep("place", "", place),)

    def call_argument(self, block: str, path: tuple[str, ...]) -> CallArgument | None:
        """Return what sets an attribute of a block in an installed module; see `Trails`."""
        return self._tracing.call_argument(block, path)

    @cached_property
    def _tracing(self) -> Tracing:
        # Most runs have no findings, and start without it.
        from checker.sources.terraform.trails.root_variables import RootVariables
        from checker.sources.terraform.trails.tracing import Tracing

        return Tracing(self._root, RootVariables(*self._given), self._data)

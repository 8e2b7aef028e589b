"""Where a value comes from: the places that it passed through on its way to a finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, TypeAlias

from checker.knowledge.partial import Known, Location, Unknown
from checker.records import dataclass

StepKind = Literal[
    "place", "local", "variable", "argument", "output", "attribute", "block", "for_each", "count",
    "template", "file", "default", "tfvars", "environment", "option", "plan", "call",
    "construct", "program",
]  # fmt: skip
"""What stands at a step. The first step is the `place` that was asked for; `argument` is one of a
module call, `attribute` one of a resource, `block` a resource or data source whose attribute its
provider computes, `option` a `--var`, `call` the call of the module that the place is in.
`construct` is a line of a template that the CDK wrote, `program` where the user's own program makes
the construct."""


@dataclass(frozen=True, slots=True)
class TrailStep:
    """One place on a trail; `name` is what stands there in the words of the configuration.

    `call` is the name of the module call that an argument is of. `installed` says that it lies in
    a module which was installed, or in a template that the CDK wrote, and which the user's own
    repository does not track, `secret` that what stands there, and where that comes from, is
    sensitive.
    """

    kind: StepKind
    name: str
    at: Location
    installed: bool = False
    call: str = ""
    secret: bool = False

    @property
    def is_tracked(self) -> bool:
        """Whether it is a line of a file that the user's own repository tracks."""
        return self.at.line > 0 and not self.installed


@dataclass(frozen=True, slots=True)
class CallArgument:
    """The argument of a module call that sets an attribute of a block inside the module.

    `call` is the call's address, such as `module.sqs`; `at` is the argument, or the call where the
    argument is not given. `name` is empty where no single argument sets the attribute.
    """

    call: str
    name: str
    at: Location


Trail: TypeAlias = tuple[TrailStep, ...]
"""The place that was asked for, then each that its value passed through, the outermost last."""


class Trails(Protocol):
    """What tells where the values of an input come from.

    It is asked for findings only, and before the inventory travels: it does not travel with it.
    """

    def of(self, value: Location | Known[object] | Unknown, about: Sequence[str] = ()) -> Trail:
        """Return the trail of a value, or of what is written at a location.

        `about` are the ids of the things that it belongs to, the nearest first: they tell apart
        the instances of a module, and of a block with `count` or `for_each`.
        """

    def call_argument(self, block: str, path: tuple[str, ...]) -> CallArgument | None:
        """Return what sets an attribute of a block that is in an installed module.

        `block` is the block's id, `path` the attribute's name, after those of the nested blocks
        that it is in. None for a block of the user's own repository.
        """


@dataclass(frozen=True, slots=True)
class NoTrails:
    """The trails of an input that knows no other place of a value than its own."""

    def of(
        self,
        value: Location | Known[object] | Unknown,
        about: Sequence[str] = (),  # noqa: ARG002 - as the protocol has it
    ) -> Trail:
        """Return the location alone."""
        return (TrailStep("place", "", value if isinstance(value, Location) else value.at),)

    def call_argument(
        self,
        block: str,  # noqa: ARG002 - as the protocol has it
        path: tuple[str, ...],  # noqa: ARG002 - the same
    ) -> CallArgument | None:
        """Return None: nothing is in an installed module."""
        return None


def primary(trail: Trail) -> TrailStep:
    """Return the innermost step that the user's own repository tracks, the first if none is."""
    return next((step for step in trail if step.is_tracked), trail[0])

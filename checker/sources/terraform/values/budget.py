"""How much work one run may do: counted in steps, and taken before the work is done.

A step is a node of an expression that is evaluated, an element that a loop goes through or that a
value holds, or some hundred characters that a text is made of or read for. So the budget bounds
time and memory at once: a step takes some microseconds at most, and some hundred bytes.
"""

from __future__ import annotations

from collections.abc import Callable

from checker.sources.terraform.language.evaluation_errors import UnknownResultError

FREE_STEPS = 1_000_000
STEPS_A_BYTE = 1
"""How many steps a run may take: so many, and so many for each byte of the files that it reads."""
RESERVE = 4
"""Expressions without loops and calls may use one part in so many beyond that.

So a loop that uses up the budget takes none of the plain references away.
"""


FREE_ROOT_STEPS = 1_200_000
"""How many steps all root modules may take besides, to be read and checked."""
A_ROOT = 700
"""How many steps a root module takes, or a unit of Terragrunt, whatever is in it."""


class ExhaustedError(UnknownResultError):
    """The work is more than what is left of the budget."""


class Budget:
    """What is left of the work that a run may do; `read` tells how many bytes it has read."""

    def __init__(self, read: Callable[[], int]) -> None:
        self.read = read
        self.spent = 0
        self.on_roots = 0
        self.traced = 0

    @property
    def most(self) -> int:
        """How many steps there are in all, without the reserve."""
        return FREE_STEPS + STEPS_A_BYTE * self.read()

    @property
    def for_roots(self) -> int:
        """How many steps there are for all root modules together, the reserve included."""
        most = self.most
        return most + most // RESERVE + FREE_ROOT_STEPS

    @property
    def is_over(self) -> bool:
        """Whether too little is left to read a further root module."""
        return self.spent + self.on_roots + 2 * A_ROOT > self.for_roots

    @property
    def over(self) -> str:
        """Why a root module is not read any more."""
        return (
            f"those before it take more than the {self.for_roots} steps of work that one run may"
            " take: check a directory further down"
        )

    def count_root(self, steps: int = 0) -> None:
        """Take the steps of a root module that was read, besides those that were counted."""
        self.on_roots += A_ROOT + steps

    def count(self, steps: int) -> None:
        """Take steps of work that is done, of which nobody knew how much it would be."""
        self.spent += steps

    def spend(self, steps: int, *, plain: bool = False) -> None:
        """Take steps before the work is done; `plain` work may use the reserve.

        Raises:
            ExhaustedError: there are fewer left. It costs half of what is left, so that too much
                cannot be asked for again and again.
        """
        spent = self.spent + steps
        if spent > FREE_STEPS:  # asking how much was read takes longer than all of this
            most = self.most
            limit = most + (most // RESERVE if plain else 0)
            if spent > limit:
                self.spent += max(0, limit - self.spent + 1) // 2
                raise ExhaustedError(f"the configuration takes more than {most} steps to work out")
        self.spent = spent

"""Blocks of a `dynamic` block with an unknown number of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checker.knowledge.partial import Hole

if TYPE_CHECKING:
    from checker.sources.terraform.modules.written import Written


@dataclass(frozen=True, slots=True)
class PossibleBlock(Hole):
    """Blocks that may be there or not; `block` stands for each, with what is alike in all."""

    block: Written | None = field(default=None, compare=False, repr=False)

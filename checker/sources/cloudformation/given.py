"""What the command line and files beside a template give: parameters, account, Region and name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class StackInput:
    """The parameters of a stack by name, and what its pseudo parameters are; None where unknown."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    account: str | None = None
    region: str | None = None
    stack_name: str | None = None
    deployer: str | None = None

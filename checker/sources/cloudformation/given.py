"""What the command line and files beside a template give: parameters, account, Region and name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from checker.knowledge.partial import Unknown
from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class StackInput:
    """The parameters of a stack by name, and what its pseudo parameters are; None where unknown.

    Parameters that are `kept` have the value of the stack that exists, which is unknown.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    account: str | None = None
    region: str | None = None
    stack_name: str | None = None
    deployer: str | None = None
    kept: frozenset[str] = frozenset()
    other_than: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What open parameters are not."""
    execution_role: str | None = None
    """The ARN of the role that CloudFormation deploys with, which counts where it is known."""
    stand_ins: Mapping[str, Unknown] = field(default_factory=dict)
    """Texts that stand for what is unknown, and why it is."""


@dataclass(frozen=True, slots=True)
class TemplateOptions:
    """What a run gives to the templates that it checks.

    `parameters` are `NAME=VALUE`, which win over `parameter_files`, and those over `samconfig.toml`
    of the environment `config_env`. `before` is the template that an update replaces. Where names
    need not be declared (`lenient`: one of several templates, or one of an earlier commit), those
    that are not are passed over.
    """

    parameters: tuple[str, ...] = ()
    parameter_files: tuple[Path, ...] = ()
    config_env: str | None = None
    account: str | None = None
    region: str | None = None
    stack_name: str | None = None
    deployer: str | None = None
    lenient: bool = False
    before: Path | None = None

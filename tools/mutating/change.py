"""A commit to be made: the files before and after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Files: TypeAlias = dict[str, str]
"""Texts by their paths in the repository."""


@dataclass(frozen=True)
class Configuration:
    """A root module: its `files`, and what `terraform init` installs, which git leaves out."""

    name: str
    files: Mapping[str, str]
    installed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """A commit on a configuration.

    `renamed` gives the id that a mapping has after it for the one before; `installed` is what
    `terraform init` installs then, where it is something else.
    """

    configuration: Configuration
    name: str
    before: Files
    after: Files
    breaking: bool = field(kw_only=True)
    renamed: Callable[[str], str] = str
    installed: Mapping[str, str] | None = None

    def __str__(self) -> str:
        return f"{self.configuration.name}:{self.name}"

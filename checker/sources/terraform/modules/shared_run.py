"""What root modules that are read beside one another share, since they may refer to one another."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path

from checker.records import dataclass
from checker.sources.terraform.configuration.absent_modules import AbsentModules
from checker.sources.terraform.evaluation.in_progress import InProgress
from checker.sources.terraform.values.budget import Budget
from checker.sources.terraform.values.secrets import Secrets


@dataclass(frozen=True, slots=True)
class SharedRun:
    """What bounds a run, what it works out now, and what it has met so far.

    `assumed` is what the values rest on that the configuration does not tell, `begun` are the
    directories that were read from their beginning, `absent` are the modules that are not there.
    """

    budget: Budget
    in_progress: InProgress
    secrets: Secrets = field(default_factory=Secrets)
    assumed: dict[str, None] = field(default_factory=dict)
    begun: set[Path] = field(default_factory=set)
    absent: AbsentModules = field(default_factory=AbsentModules)

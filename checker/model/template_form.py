"""How the templates of an input are written: what a fix is spelled by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class TemplateForm:
    """Which files are JSON, and which functions of SAM the resources are made of that SAM makes.

    `in_json` are names of files, `made_of` the ids of functions by those of what SAM made of them:
    a role `WorkerRole` of function `Worker`.
    """

    in_json: frozenset[str] = frozenset()
    made_of: Mapping[str, str] = field(default_factory=dict)

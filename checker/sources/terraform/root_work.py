"""How much work a root module is that is one of many in a run, in steps of the run's budget."""

from __future__ import annotations

from checker.knowledge.partial import Known
from checker.model import EventSourceMapping, Inventory
from checker.sources.terraform.modules.project import Project

A_MAPPING = 600
"""How many steps it takes to check a mapping, and to report it."""
A_CHECK = 500
"""How many steps it takes to check a root module that has a mapping, whatever else is in it."""
A_RESOURCE = 200
"""How many steps it takes to make an instance of a resource or data source a thing to check."""
A_WAIVER = 3
"""How many steps it takes to see what a comment waives."""
REPORTED = 4
"""So many characters of a mapping's names take a step: each finding on it repeats them."""
SCANNED = 20
"""So many bytes are read again in the time of a step, where several root modules read a file."""


def work_of(inventory: Inventory, project: Project, read_again: int = 0) -> int:
    """Return the steps of a root module that evaluating its expressions has not taken.

    `read_again` are bytes that were read before, for another root module.
    """
    names = sum(map(_characters, inventory.mappings))
    return (
        (A_CHECK if inventory.mappings else 0)
        + A_MAPPING * len(inventory.mappings)
        + A_RESOURCE * project.instances.blocks
        + A_WAIVER * len(inventory.waivers)
        + project.policies.work
        + names // REPORTED
        + read_again // SCANNED
    )


def _characters(mapping: EventSourceMapping) -> int:
    """Return how long the names of a mapping, its source and its function are together."""
    names = (each.value for each in (mapping.source, mapping.function) if isinstance(each, Known))
    return len(mapping.id) + sum(len(str(part)) for name in names for part in name.parts)

"""The ids of what templates make: `PATH:NESTED/NAME`.

PATH is the template's, where a run has several, and NESTED are nested stacks from the outermost on.
"""

from __future__ import annotations


def root_and_steps(id: str) -> tuple[str, tuple[str, ...]]:
    """Return the path of the template, empty for the only one, and the names that lead to a thing.

    Logical ids have letters and digits only.
    """
    root, _, rest = id.rpartition(":")
    return root, tuple(rest.split("/"))


def name_in(id: str, beside: str) -> str | None:
    """Return the logical id of a thing; None where it is not of the template of the one beside."""
    root, steps = root_and_steps(id)
    other, beside_steps = root_and_steps(beside)
    same = root == other and steps[:-1] == beside_steps[:-1]
    return steps[-1] if same else None

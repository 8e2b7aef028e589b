"""A plan file of either kind: a saved plan, or the JSON that `terraform show` prints of one."""

from __future__ import annotations

from pathlib import Path

from checker.errors import Reason, SourceError
from checker.sources.terraform.plans.archive import is_archive
from checker.sources.terraform.plans.plan import Plan

MOST_BYTES = 128 * 1024 * 1024


def read_plan(path: Path) -> Plan:
    """Return what a plan file knows; SourceError if it is none, or larger than `MOST_BYTES`."""
    name = path.as_posix()
    try:
        if is_archive(path):
            from checker.sources.terraform.plans.saved import read_saved

            return read_saved(path, name)[0]
    except OSError as error:
        raise SourceError(Reason(f"cannot be read: {error.strerror}", name)) from error
    from checker.sources.terraform.plans.shown import read_shown

    return read_shown(read_bytes(path), name).plan


def read_bytes(path: Path) -> bytes:
    """Return a file's bytes; SourceError if it cannot be read or is larger than `MOST_BYTES`."""
    name = path.as_posix()
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SourceError(Reason(f"the plan is larger than {MOST_BYTES} bytes", name))
        return path.read_bytes()
    except OSError as error:
        raise SourceError(Reason(f"cannot be read: {error.strerror}", name)) from error

"""Whole processes, one after another in turn, by the processor time and memory that they take."""

from __future__ import annotations

import os
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Taken:
    """What a process took: processor time in seconds, memory in megabytes (10^6 bytes)."""

    seconds: float
    megabytes: float


def run(command: Sequence[str]) -> Taken:
    """Run a command to its end, its output thrown away.

    Raises:
        RuntimeError: it could not do its work.
    """
    child = os.fork()
    if child == 0:
        # As installed: with bytecode.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os.execvp(command[0], list(command))  # noqa: S606 - the benchmark's own commands
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise RuntimeError(f"{' '.join(command)[:200]}: exit {status}")
    return Taken(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6)


def in_turn(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Taken]:
    """Run commands in turn, first once unmeasured; return the median of each."""
    for command in commands.values():
        run(command)
    taken: dict[str, list[Taken]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(run(command))
    return {
        name: Taken(
            statistics.median(each.seconds for each in all_),
            max(each.megabytes for each in all_),
        )
        for name, all_ in taken.items()
    }

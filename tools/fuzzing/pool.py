"""Trying many inputs: in this process one by one, and in several processes."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import connection, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from fuzzing import asked, forms, seeds
from fuzzing.kinds import KINDS
from fuzzing.oracles import judged
from fuzzing.run import limit_memory, prepare, run
from fuzzing.trial import Trial

PORTION = 1000
"""How many inputs a process tries before another takes its place: what is kept cannot grow."""
SILENCE = 180
"""After how many seconds without an answer a process is ended."""
Case = tuple[str, int, int]


@dataclass(frozen=True)
class Failure:
    """What does not hold of an input: the oracle's name, and what it says."""

    case: Case
    oracle: str
    said: str
    made: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tried:
    """An input that was tried: its failures, the exit code and the seconds that it took."""

    case: Case
    failures: tuple[Failure, ...]
    code: int = -1
    seconds: float = 0


def name_of(case: Case) -> str:
    """Return a case as `--only` takes it."""
    return ":".join(map(str, case))


def tried(case: Case, folder: Path) -> Tried:
    """Make an input in a folder, run the program on it, and judge."""
    kind, seed, n = case
    trial = Trial(folder, Random(f"{kind}:{seed}:{n}"))
    trial.prepare()
    KINDS[kind].make(trial)
    outcome = run(trial)
    failures = tuple(
        Failure(case, oracle, said, tuple(trial.said), tuple(trial.words))
        for oracle, said in judged(trial, outcome)
    )
    return Tried(case, failures, outcome.code, outcome.seconds)


def memory() -> Path:
    """Return a new folder, in memory where the machine has a place for that."""
    place = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    return Path(
        tempfile.mkdtemp(prefix="tfcheck-fuzz-", dir=place if os.access(place, os.W_OK) else None)
    )


def _work(cases: Sequence[Case], folder: Path, out: Connection) -> None:
    """Try cases in this process, and tell of each before and after."""
    prepare()
    limit_memory()
    for case in cases:
        out.send(case)
        try:
            out.send(tried(case, folder))
        except Exception as error:  # noqa: BLE001 - a failure of the fuzzer itself
            import traceback

            out.send(
                Tried(case, (Failure(case, "the fuzzer", f"{error!r}\n{traceback.format_exc()}"),))
            )
    out.close()


def load(folder: Path) -> None:
    """Load in this process what every forked one needs, by one input that is nothing special."""
    prepare()
    forms.load()
    seeds.configurations()
    trial = Trial(folder, Random(0))
    trial.prepare()
    trial.lay(seeds.scenarios()[0].files)
    asked.plan(trial)
    run(trial)


class Worker:
    """A process that tries a portion of the cases; `left` are those that it has not tried."""

    def __init__(self, cases: Sequence[Case], folder: Path) -> None:
        context = get_context("fork")
        self.left, self.folder = list(cases), folder
        self.now: Case | None = None
        self.over = False
        self.heard = time.monotonic()
        self.inbox, outbox = context.Pipe(duplex=False)
        self.process = context.Process(target=_work, args=(cases, folder, outbox), daemon=True)
        self.process.start()
        outbox.close()

    def listen(self) -> Iterator[Tried]:
        """Yield what the process has to tell; a case that ended it is a failure."""
        try:
            given = self.inbox.recv()
        except EOFError:
            self._end()
            if self.left:
                yield self._lost(f"the process ended with {self.process.exitcode}")
            return
        self.heard = time.monotonic()
        if isinstance(given, Tried):
            self.left.remove(given.case)
            self.now = None
            yield given
        else:
            self.now = given

    def _lost(self, why: str) -> Tried:
        case = self.now if self.now in self.left else self.left[0]
        self.left.remove(case)
        return Tried(case, (Failure(case, "ends_well", why),))

    def stuck(self) -> Tried | None:
        """End the process if it is silent for too long; return the case that made it so."""
        if time.monotonic() - self.heard < SILENCE:
            return None
        self.process.kill()
        self._end()
        return self._lost(f"nothing is heard for {SILENCE} s")

    def _end(self) -> None:
        self.process.join()
        self.inbox.close()
        self.over = True


def all_tried(cases: Sequence[Case], jobs: int) -> Iterator[Tried]:
    """Yield every case as it is tried, in several processes."""
    portions = [list(cases[n : n + PORTION]) for n in range(0, len(cases), PORTION)]
    place = memory()
    workers: list[Worker] = []
    free = [place / str(n) for n in range(jobs)]
    load(place / "first")
    try:
        while portions or workers:
            while portions and free:
                workers.append(Worker(portions.pop(0), free.pop()))
            ready = connection.wait([worker.inbox for worker in workers], timeout=5)
            for worker in list(workers):
                if worker.inbox in ready:
                    yield from worker.listen()
                if not worker.over and (lost := worker.stuck()) is not None:
                    yield lost
                if worker.over:
                    workers.remove(worker)
                    free.append(worker.folder)
                    if worker.left:
                        portions.insert(0, worker.left)
    finally:
        for worker in workers:
            worker.process.kill()
        shutil.rmtree(place, ignore_errors=True)


@dataclass
class Tally:
    """What was tried, counted."""

    seconds: Counter[str]
    kinds: Counter[str]
    codes: Counter[int]
    slowest: list[tuple[float, str]]

    @classmethod
    def empty(cls) -> Tally:
        """Return a tally of nothing."""
        return cls(Counter(), Counter(), Counter(), [])

    def add(self, each: Tried) -> None:
        """Count a case."""
        self.kinds[each.case[0]] += 1
        self.seconds[each.case[0]] += each.seconds
        self.codes[each.code] += 1
        self.slowest = sorted([*self.slowest, (each.seconds, name_of(each.case))], reverse=True)[:5]


def say(text: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(f"{text}\n")

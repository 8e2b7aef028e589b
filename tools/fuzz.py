"""Try tfcheck on mutated inputs of every kind, and on hostile servers in place of AWS.

    tools/fuzz.py --inputs 2000                 what `.ci/run` does
    tools/fuzz.py --inputs 200000 --seed 7      any number, from another seed
    tools/fuzz.py --inputs 200000 --seed 7 --begin 120000    goes on where that was stopped
    tools/fuzz.py --kind source --inputs 500    one kind only
    tools/fuzz.py --only source:7:1234 --keep DIR

An input that fails is printed as `KIND:SEED:N` with the oracle that failed: `--only` makes it
again, and `--keep` leaves its files in a folder. Exit code 1 if an input failed.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import time
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

from fuzzing.kinds import KINDS, kind_of  # noqa: E402 - the folder comes first
from fuzzing.pool import Case, Failure, Tally, all_tried, memory, name_of, say, tried  # noqa: E402
from fuzzing.run import prepare  # noqa: E402

_PRINTED = 3
"""How many failures that are alike are printed."""


def main(arguments: list[str] | None = None) -> int:
    """Run the fuzzer; return its exit code."""
    asked = _arguments(arguments)
    if asked.only:
        kind, seed, n = asked.only.split(":")
        return _one((kind, int(seed), int(n)), asked.keep)
    cases = [
        (asked.kind or kind_of(asked.seed, n), asked.seed, n)
        for n in range(asked.begin, asked.inputs)
    ]
    begun = time.monotonic()
    tally, failures, alike = Tally.empty(), list[Failure](), Counter[str]()
    for count, each in enumerate(all_tried(cases, asked.jobs), asked.begin + 1):
        tally.add(each)
        for failure in each.failures:
            failures.append(failure)
            alike[_alike(failure)] += 1
            if alike[_alike(failure)] <= _PRINTED:
                _print(failure)
        if count % 5000 == 0:
            seconds = time.monotonic() - begun
            say(f"{count} of {asked.inputs}: {len(failures)} failures, {seconds:.0f} s")
    _summary(tally, failures, time.monotonic() - begun, asked.seed)
    if asked.keep and failures:
        _keep(failures[0].case, asked.keep)
    return 1 if failures else 0


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=2000, help="how many inputs [2000]")
    parser.add_argument("--begin", type=int, default=0, help="go on after so many of them [0]")
    parser.add_argument("--seed", type=int, default=1, help="what decides them all [1]")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes [cores]")
    parser.add_argument("--kind", choices=sorted(KINDS), help="inputs of one kind only")
    parser.add_argument("--only", metavar="KIND:SEED:N", help="one input")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="leave the files of a failure here"
    )
    return parser.parse_args(arguments)


def _one(case: Case, keep: Path | None) -> int:
    """Try one case, and print all that came of it."""
    prepare()
    place = memory()
    try:
        each = tried(case, place / "0")
        for failure in each.failures:
            _print(failure)
        print(
            f"{name_of(case)}: exit code {each.code}, {each.seconds:.2f} s, "
            f"{len(each.failures)} failures"
        )
        if keep:
            shutil.copytree(place / "0", keep, symlinks=True, dirs_exist_ok=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return 1 if each.failures else 0


def _keep(case: Case, keep: Path) -> None:
    """Make an input again, and leave its files; the program does not run on it."""
    from random import Random

    from fuzzing.trial import Trial

    prepare()
    trial = Trial(keep.absolute() / "input", Random(":".join(map(str, case))))
    trial.prepare()
    KINDS[case[0]].make(trial)
    (keep / "arguments").write_text("\n".join(trial.words) + "\n", encoding="utf-8")


def _print(failure: Failure) -> None:
    print(f"FAILED {name_of(failure.case)} {failure.oracle}: {failure.said}")
    for line in failure.made:
        print(f"    {line!a:.160}")
    if failure.words:
        print(f"    tfcheck {' '.join(failure.words)!a:.300}")


def _alike(failure: Failure) -> str:
    """Return what failures that have one cause probably share."""
    said = re.sub(r"'.*?'|\".*?\"|`.*?`|[A-Z]{6,}|\d+|/dev/shm\S*", "_", failure.said)
    return f"{failure.oracle} {said:.150}"


def _summary(tally: Tally, failures: list[Failure], seconds: float, seed: int) -> None:
    count = tally.kinds.total()
    for kind, many in sorted(tally.kinds.items()):
        failed = len({f.case for f in failures if f.case[0] == kind})
        each = tally.seconds[kind] / many * 1000
        print(f"{kind:16}{many:8} inputs {each:8.1f} ms each {failed:6} failed")
    codes = ", ".join(f"{code}: {many}" for code, many in sorted(tally.codes.items()))
    print(f"exit codes: {codes}; slowest: {', '.join(f'{n} {s:.1f} s' for s, n in tally.slowest)}")
    for oracle, many in Counter(f.oracle for f in failures).most_common():
        print(f"{oracle}: {many}")
    print(
        f"seed {seed}: {count} inputs, {len({f.case for f in failures})} failed, "
        f"{seconds:.0f} s, {count / max(seconds, 0.001):.0f} a second"
    )


if __name__ == "__main__":
    sys.exit(main())

"""Make commits that break a mapping, and neutral ones, and try `--changed-since HEAD~1` on each.

    tools/mutate_commits.py                         all of them
    tools/mutate_commits.py --only orders:          those of one scenario
    tools/mutate_commits.py --every 12              every twelfth, as the default tests do
    tools/mutate_commits.py --only NAME --keep DIR  leave its repository in a directory

A commit breaks if two whole runs say so: a verdict got worse, or something is wrong that was not.
Each such must be reported, with what the verdict was; a neutral commit must be blamed for nothing,
whatever known faults there are. Exit code 1 if one is missed or blamed, or if there are too few.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

from mutating.configurations import changes  # noqa: E402 - the folder comes first
from mutating.trial import Outcome, tried  # noqa: E402

MOST_WAITED = {"breaking": 100, "neutral": 30}
"""How many commits of each kind there are at least."""


def main(arguments: list[str] | None = None) -> int:
    """Try the commits; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default="", metavar="NAME", help="names that begin so")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="one of N")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where the last repository goes")
    asked = parser.parse_args(arguments)
    chosen = [each for each in changes() if str(each).startswith(asked.only)][:: asked.every]
    outcomes = []
    for change in chosen:
        with tempfile.TemporaryDirectory(prefix="tfcheck-commit-") as place:
            outcomes.append(tried(change, Path(place)))
            _say(outcomes[-1])
            if asked.keep is not None:
                shutil.copytree(place, asked.keep, dirs_exist_ok=True)
    whole = not asked.only and asked.every == 1
    return _summary(outcomes, whole=whole)


def _say(outcome: Outcome) -> None:
    for fault in outcome.faults:
        kind = "breaking" if outcome.change.breaking else "neutral"
        print(f"{outcome.change} ({kind}): {fault}", flush=True)


def _summary(outcomes: list[Outcome], *, whole: bool) -> int:
    code = 0
    for kind, least in MOST_WAITED.items():
        of_kind = [each for each in outcomes if each.change.breaking is (kind == "breaking")]
        counted = [each for each in of_kind if each.counts]
        failed = [each for each in of_kind if each.faults]
        word = "missed" if kind == "breaking" else "blamed"
        print(f"{len(counted)} {kind} commits, {len(failed)} {word}")
        code |= bool(failed) or (whole and len(counted) < least)
    return int(code)


if __name__ == "__main__":
    sys.exit(main())

"""How `tfcheck plan` scales, and how it stands beside Checkov and tfparse, as ratios in one run.

    python benchmarks/scan.py [--checkov BIN/checkov] [--tfparse BIN/python] [--rounds 3]

Both tools are given by the path of their command, each in a virtual environment of its own; without
them these lines are left out. Figures are processor seconds of whole processes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from generate import generate
from measure import in_turn

READ = "import glob\nfor name in glob.glob({!r}): open(name, encoding='utf-8').read()"
PARSE = "import tfparse; tfparse.load_from_path({!r})"


def plan(folder: Path) -> list[str]:
    """Return the command that checks a folder."""
    return [sys.executable, "-m", "checker", "plan", str(folder), "--format", "json"]


def beside(folder: Path, checkov: str, tfparse: str, rounds: int) -> None:
    """Print how we stand beside the others on 1,000 mappings."""
    generate(folder, mappings=1000, irrelevant=0, files=20, style="mixed", seed=1)
    lines = sum(path.read_text("utf-8").count("\n") for path in folder.glob("*.tf"))
    commands = {"tfcheck": plan(folder)}
    if tfparse:
        commands["tfparse"] = [tfparse, "-c", PARSE.format(str(folder))]
    if checkov:
        words = ["--framework", "terraform", "--compact", "--quiet", "--skip-download"]
        commands["checkov"] = [checkov, "-d", str(folder), *words]
    taken = in_turn(commands, rounds)
    ours = taken["tfcheck"]
    print(f"1,000 mappings, {lines} lines: {ours.seconds:.2f} s, {ours.megabytes:.0f} MB")
    for name, target in (("tfparse", 1.5), ("checkov", 0.25)):
        if name in taken:
            ratio = ours.seconds / taken[name].seconds
            print(f"  {ratio:.2f} of {name}'s {taken[name].seconds:.2f} s (at most {target})")


def among(folder: Path, rounds: int) -> None:
    """Print what 100,000 irrelevant resources cost."""
    few, many = folder / "few", folder / "many"
    generate(few, mappings=1000, irrelevant=0, files=20, style="mixed", seed=1)
    generate(many, mappings=1000, irrelevant=100_000, files=20, style="mixed", seed=1)
    size = sum(path.stat().st_size for path in many.glob("others_*.tf"))
    read = [sys.executable, "-c", READ.format(str(many / "others_*.tf"))]
    nothing = [sys.executable, "-c", "pass"]
    commands = {"few": plan(few), "many": plan(many), "read": read, "nothing": nothing}
    taken = in_turn(commands, rounds)
    more = taken["many"].seconds - taken["few"].seconds
    reading = taken["read"].seconds - taken["nothing"].seconds
    print(
        f"100,000 irrelevant resources, {size / 1e6:.1f} MB: {more:.2f} s more,"
        f" {more / size * 1e7:.3f} s per 10 MB (reading them: {reading / size * 1e7:.3f})"
    )


def doubled(folder: Path, rounds: int) -> None:
    """Print what twice the mappings cost, up to 3,000."""
    counts = (375, 750, 1500, 3000)  # 20,000 resources are the most that is read
    for count in counts:
        generate(folder / str(count), count, irrelevant=0, files=20, style="mixed", seed=1)
    taken = in_turn({str(count): plan(folder / str(count)) for count in counts}, rounds)
    for less, more in pairwise(counts):
        ratio = taken[str(more)].seconds / taken[str(less)].seconds
        memory = taken[str(more)].megabytes
        print(f"{less} to {more} mappings: {ratio:.2f} times (at most 2.1), {memory:.0f} MB")


def main() -> None:
    """Read the command line and print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkov", default="", help="the command of Checkov 3.3")
    parser.add_argument("--tfparse", default="", help="a Python that has tfparse")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        beside(Path(place) / "beside", given.checkov, given.tfparse, given.rounds)
        among(Path(place) / "among", given.rounds)
        doubled(Path(place) / "doubled", given.rounds)


if __name__ == "__main__":
    main()

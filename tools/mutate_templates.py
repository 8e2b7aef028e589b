"""Try tfcheck on mutated templates of CloudFormation, and on templates with hidden values.

    tools/mutate_templates.py 10000         any number of them
    tools/mutate_templates.py 10000 7       from another seed

Prints what failed, by its number; exit code 1 if something did.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from sources.cloudformation.mutations import tried  # noqa: E402 - the folder comes first


def main(number: int, seed: str = "1") -> int:
    """Try a number of mutations; return the exit code."""
    wrong = 0
    for n in range(number):
        try:
            why = tried(seed, n)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a defect
            why = f"{type(error).__name__}: {error}"
        if why:
            wrong += 1
            print(f"{seed}:{n}: {why}")
    print(f"{number} templates, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]), *sys.argv[2:3]))

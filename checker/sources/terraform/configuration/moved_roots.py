"""Which directory a root module was in, in an earlier commit: where most of its lines were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path

from checker.errors import SourceError
from checker.files import FileError
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.language.evaluation_errors import EvaluationError

ALIKE = 0.5
"""From which share of common lines on two directories are one: git's for a renamed file."""
MOST_DIRECTORIES = 20_000
MOST_COMPARED = 200
"""How many directories are compared with how many others."""


def moved_roots(
    new: Iterable[Path], gone: Iterable[Path], now: Files, then: Files
) -> dict[Path, Path]:
    """Return where each of the new directories was among those that are gone, if it was anywhere.

    No directory becomes two.
    """
    before = {each: _lines(each, then) for each in islice(gone, MOST_COMPARED)}
    after = {each: _lines(each, now) for each in islice(new, MOST_COMPARED)}
    shares = [
        (_share(ours, before[old]), new, old) for new, ours in after.items() for old in before
    ]
    found: dict[Path, Path] = {}
    for share, place, old in sorted(shares, key=lambda each: (-each[0], *each[1:])):
        if share >= ALIKE and place not in found and old not in found.values():
            found[place] = old
    return found


def modules_below(directory: Path, files: Files) -> Iterator[Path]:
    """Yield the directories with configuration at or below one, without hidden ones."""
    with suppress(FileError):
        walked = islice(files.repository.walk(directory), MOST_DIRECTORIES)
        for where, names, others in walked:
            names[:] = [name for name in names if not name.startswith(".")]
            if any(".tf" in each or ".tofu" in each for each in others) and any(
                files.configuration(where)
            ):
                yield where


def _lines(directory: Path, files: Files) -> Counter[bytes]:
    found: Counter[bytes] = Counter()
    with suppress(EvaluationError, SourceError):
        for path in chain(*files.configuration(directory)):
            found.update(line.strip() for line in files.read(path).splitlines())
    del found[b""]
    return found


def _share(one: Counter[bytes], other: Counter[bytes]) -> float:
    """Return how much two texts have in common, from 0 to 1."""
    return 2 * (one & other).total() / max(one.total() + other.total(), 1)

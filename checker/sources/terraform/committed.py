"""The configuration as a commit has it: the waivers in its files, the variables it marks."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import chain

from checker.model import InlineWaiver
from checker.sources.terraform.configuration.declarations import Declarations, declare
from checker.sources.terraform.configuration.engine import Engine
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.configuration.sensitivity import sensitive_variables
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.resources.waivers import standing


def agreed(waivers: Iterable[InlineWaiver], files: Files) -> tuple[InlineWaiver, ...]:
    """Return waivers with the rules of each that a commit does not waive there: `proposed`.

    A commit waives a rule as well if a comment of it stands at the block of the same address in the
    same module's directory, names the rule, and gives the same reason and no earlier day. Where
    lines have moved, or a block into another file of the directory, that is the same waiver.
    """
    found: dict[str, list[InlineWaiver]] = {}
    marked: list[InlineWaiver] = []
    for waiver in waivers:
        if waiver.module not in found:
            found[waiver.module] = _waivers_in(waiver.module, files)
        alike = [each for each in found[waiver.module] if _covers(each, waiver)]
        known = {rule for each in alike for rule in each.rules}
        marked.append(replace(waiver, proposed=frozenset(waiver.rules) - known))
    return tuple(marked)


def _covers(then: InlineWaiver, now: InlineWaiver) -> bool:
    """Tell whether a waiver stands where another does, for the same reason, at least as long."""
    if (then.address, then.reason) != (now.address, now.reason) or not now.address:
        return False
    if then.until in {"", now.until}:
        return True
    try:
        return date.fromisoformat(now.until) <= date.fromisoformat(then.until)
    except ValueError:
        return False


def _waivers_in(module: str, files: Files) -> list[InlineWaiver]:
    return [each for declared in _declared(module, files) for each in standing(declared, module)]


def marked_variables(module: str, files: Files) -> frozenset[str]:
    """Return the variables that a module's directory marks sensitive in a commit."""
    return frozenset[str]().union(*map(sensitive_variables, _declared(module, files)))


def _declared(module: str, files: Files) -> Iterator[Declarations]:
    """Yield what a directory declares in a commit, for Terraform and for OpenTofu.

    Files that are neither are passed over. SourceError if the repository does not hold them all.
    """
    directory = files.root / posixpath.normpath(module)
    with suppress(EvaluationError):
        files.inside(directory)
        for engine in Engine:
            for path in chain(*files.configuration(directory, engine)):
                files.read(path)
            yield declare(directory, files, engine)

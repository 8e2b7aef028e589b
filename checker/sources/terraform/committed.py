"""The configuration as a commit has it: the waivers in its files, the variables it marks."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain

from checker.model import InlineWaiver
from checker.sources.terraform.configuration.declarations import Declarations, declare
from checker.sources.terraform.configuration.engine import Engine
from checker.sources.terraform.configuration.files import Files
from checker.sources.terraform.configuration.sensitivity import sensitive_variables
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.resources.waivers import standing


def waivers_in(files: Files, module: str) -> list[InlineWaiver]:
    """Return the waivers of a module's directory in a commit."""
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

"""The root modules below a directory: those that Terraform is run in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from checker.errors import Reason, SourceError
from checker.files import FileError
from checker.sources.terraform import tree
from checker.sources.terraform.declarations import Declarations, declare
from checker.sources.terraform.files import Files
from checker.sources.terraform.project import literal_of
from checker.sources.terraform.values import EvaluationError

MAPPING = "aws_lambda_event_source_mapping"
MOST_DIRECTORIES = 20_000


@dataclass(frozen=True, slots=True)
class Roots:
    """The directories of root modules, in the order of their paths, and every module by its own."""

    directories: tuple[Path, ...]
    modules: dict[Path, Declarations]


def find_roots(directory: Path, files: Files) -> Roots:
    """Find the root modules at or below a directory.

    A root module is called by no other module of these, and holds a provider, a backend or a
    mapping, or leads by calls of local modules to a mapping. SourceError with every reason if a
    file cannot be split into blocks, or if there is no root module.
    """
    scanned = {where: declare(where, files) for where in _directories(directory, files)}
    found = {where: each for where, each in scanned.items() if each.files}
    calls = {where: set(_called(each, files)) & set(found) for where, each in found.items()}
    reasons = [reason for each in scanned.values() for reason in each.unreadable]
    if reasons:
        raise SourceError(*dict.fromkeys(reasons))
    called = {other for where, others in calls.items() for other in others - {where}}
    roots = tuple(
        where
        for where, each in found.items()
        if where not in called and (_configures(each) or _maps(where, calls, found))
    )
    if not roots:
        raise SourceError(
            Reason("no root module: none with a provider, a backend or a mapping", str(directory)),
            hint="name a directory that holds one, or one root module without --recursive",
        )
    return Roots(roots, found)


def _directories(directory: Path, files: Files) -> Iterator[Path]:
    """Yield directories in the order of their paths, without hidden ones and links.

    SourceError for one that cannot be listed.
    """
    try:
        for count, (where, names, _) in enumerate(files.repository.walk(directory)):
            if count >= MOST_DIRECTORIES:
                raise SourceError(
                    Reason(f"more than {MOST_DIRECTORIES} directories", str(directory)),
                    hint="name a directory further down",
                )
            names[:] = [name for name in names if not name.startswith(".")]
            yield where
    except FileError as error:
        raise SourceError(Reason(f"a directory below it {error.why}", str(directory))) from error


def _called(module: Declarations, files: Files) -> Iterator[Path]:
    """Yield the directories of the local modules that a module calls."""
    for name in module.names("module"):
        block = module.block("module", name)
        source = None if block is None else literal_of(block.body.arguments.get("source"))
        if source is not None and source.startswith("."):
            # What leads out of the root is said where the call is evaluated.
            with suppress(EvaluationError):
                yield files.inside(module.directory / source)


def _configures(module: Declarations) -> bool:
    if "provider" in module.repeated or module.names("resource", MAPPING):
        return True
    return any(_backend(block) for block in module.all_of("terraform"))


def _backend(block: tree.Block) -> bool:
    return any(inner.kind in {"backend", "cloud"} for inner in block.body.blocks)


def _maps(start: Path, calls: dict[Path, set[Path]], modules: dict[Path, Declarations]) -> bool:
    """Tell whether a mapping is declared in a module that this one calls, near or far."""
    seen, pending = {start}, [start]
    while pending:
        where = pending.pop()
        if modules[where].names("resource", MAPPING):
            return True
        pending += calls[where] - seen
        seen |= calls[where]
    return False

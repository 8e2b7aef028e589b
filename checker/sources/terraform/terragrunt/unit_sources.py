"""Whether Terragrunt makes a unit of a directory, beside whose files it may generate others.

Terraform alone refuses such a directory where a generated file would declare what it refers to.
See https://terragrunt.gruntwork.io/docs/reference/hcl/blocks/#generate.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

from checker.errors import SourceError
from checker.files import FileError
from checker.sources.terraform.configuration.files import MOST_BYTES, Files
from checker.sources.terraform.terragrunt.units import CONFIGURATION, is_remote

MOST_LISTED = 5_000
"""How many directories of a repository are looked through for the files of units."""
MOST_READ = 1_000
"""How many files of units are read, and no more in all than one file may hold."""
_GENERATES = re.compile(r"^[ \t]*generate\b", re.MULTILINE)
_LOCK = ".terraform.lock.hcl"


def generating_unit(directory: Path, files: Files) -> str:
    """Return the file that makes a unit of a directory; an empty text where none adds files to it.

    Files are added by `generate`, which a unit may include, and are copied from beside the unit.
    """
    unit = next((n for n in files.names(directory) if n in CONFIGURATION), "")
    said = unit and files.name(directory / unit)
    generates = False
    left = MOST_BYTES
    for path in islice(_configurations(files), MOST_READ):
        text = _text(path, files)
        left -= len(text)
        if left < 0:
            break
        generates |= _GENERATES.search(text) is not None
        if not said and any(_leads(each, path.parent, directory) for each in _sources(text)):
            said = files.name(path)
            generates |= bool(files.configuration(path.parent)[0])
        if said and generates:
            return said
    return ""


def _configurations(files: Files) -> Iterator[Path]:
    """Yield the files of HCL below the repository's root, which a unit may include."""
    try:
        for where, inner, names in islice(files.repository.walk(files.root, _passed), MOST_LISTED):
            inner[:] = [each for each in inner if each[:1] != "."]
            for name in names:
                if name in CONFIGURATION or (name.endswith(".hcl") and name != _LOCK):
                    yield where / name
    except FileError:
        return


def _passed(_where: Path, _error: FileError) -> None:
    """Pass over a directory that cannot be listed: it only tells less."""


def _text(path: Path, files: Files) -> str:
    try:
        return files.read_source(path)
    except SourceError:
        return ""


def _sources(text: str) -> Iterator[str]:
    """Yield what may be the source of a unit, or a local value that is named for one.

    `"${local.x ? "../a" : "../b"}"` names two. Lines are cut, not matched: they may be long.
    """
    for line in text.split("\n"):
        name, equals, value = line.partition("=")
        if equals and "source" in name.rpartition("{")[2] and name.lstrip()[:1] not in {"#", "/"}:
            yield from (each for each in value.split('"') if "/" in each)


def _leads(source: str, here: Path, directory: Path) -> bool:
    """Tell whether a source leads to a directory: by its end where it begins with what is computed.

    `//` only says which part of a source is copied.
    """
    plain = source.partition("?")[0].replace("//", "/")
    _, computed, tail = plain.rpartition("}")
    if computed:
        words = PurePosixPath(tail.lstrip("/")).parts
        head = plain.partition("${")[0]
        if not words and head.endswith("/") and not is_remote(head):
            return Path(os.path.normpath(here / head)) == directory.parent
        return bool(words) and ".." not in words and directory.parts[-len(words) :] == words
    return not is_remote(source) and Path(os.path.normpath(here / plain)) == directory

"""The zip that a saved plan is, read into memory within bounds; nothing is unpacked to disk."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath

from checker.errors import Reason, SourceError

MOST_MEMBERS = 20_000
MOST_MEMBER_BYTES = 64 * 1024 * 1024
MOST_BYTES = 128 * 1024 * 1024
PLAN = "tfplan"


def is_archive(path: Path) -> bool:
    """Tell whether a file begins as a zip does."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def members(path: Path, name: str) -> dict[str, bytes]:
    """Return what the members of a plan file hold, by their names.

    SourceError for a file that is no zip, for names that lead elsewhere, and beyond the bounds
    of this module, which are counted while inflating.
    """
    found: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len(infos) > MOST_MEMBERS:
                raise _fault(f"the plan file has more than {MOST_MEMBERS} members", name)
            for info in infos:
                if info.is_dir():
                    continue
                _check(info, found, name)
                with archive.open(info) as member:
                    data = member.read(min(MOST_MEMBER_BYTES, MOST_BYTES - total) + 1)
                total += len(data)
                if len(data) > MOST_MEMBER_BYTES or total > MOST_BYTES:
                    raise _fault(f"the plan file inflates to more than {MOST_BYTES} bytes", name)
                found[info.filename] = data
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError,
            RuntimeError) as error:  # fmt: skip
        raise _fault(f"the plan file cannot be read: {error}", name) from error
    return found


def _check(info: zipfile.ZipInfo, found: dict[str, bytes], name: str) -> None:
    member = info.filename
    parts = PurePosixPath(member).parts
    if member.startswith("/") or "\\" in member or ".." in parts or "\0" in member:
        raise _fault("the plan file has a member whose name leads out of it", name)
    if member in found:
        raise _fault(f"the plan file has two members `{member}`", name)
    if info.flag_bits & 1:
        raise _fault("the plan file is encrypted", name)


def _fault(message: str, name: str) -> SourceError:
    return SourceError(Reason(message, name))

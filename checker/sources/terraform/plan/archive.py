"""Opening a saved plan: a zip, which anybody may have made.

Nothing is written to disk and no member's word about its size is believed: what is inflated is
counted while it is inflated.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from stat import S_IFMT, S_ISREG
from typing import BinaryIO

from checker.errors import Reason, SourceError

MOST_BYTES = 200 * 1024 * 1024
MOST_MEMBER_BYTES = 100 * 1024 * 1024
MOST_MEMBERS = 20_000
MOST_DIRECTORY_BYTES = 4 * 1024 * 1024
"""How large the zip's list of members may be."""
_CHUNK = 1024 * 1024

# The record at a zip's end: signature, disk numbers, members (here, in all), bytes and place of
# the list of members, length of the comment.
_END = struct.Struct("<4s2x2x2x2xI4xH")
_END_SIGNATURE = b"PK\x05\x06"
_LOCATOR_SIGNATURE, _LOCATOR_BYTES = b"PK\x06\x07", 20
_ENCRYPTED = 0x1


def begins_as_zip(file: BinaryIO) -> bool:
    """Tell whether an open file begins as a zip does; False if it cannot be read."""
    try:
        file.seek(0)
        return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def read_archive(file: BinaryIO, wanted: Callable[[str], bool], name: str) -> Mapping[str, bytes]:
    """Return the members of an open zip that are wanted, by their name.

    SourceError if the file is no zip, has a member that no saved plan has, or is too large.
    """
    with ExitStack() as stack:
        try:
            _check_end(file)
            archive = stack.enter_context(zipfile.ZipFile(file))
            members = archive.infolist()
            _check(members)
            return _inflated(archive, [one for one in members if wanted(one.filename)])
        except _RefusedError as error:
            raise SourceError(Reason(f"not a saved plan that can be read: {error}", name)) from None
        except (zipfile.BadZipFile, zlib.error, struct.error, EOFError):
            raise SourceError(Reason("the zip is damaged", name), hint=_HINT) from None
        except OSError as error:
            raise SourceError(Reason(f"the file cannot be read: {error.strerror}", name)) from None
        except (ValueError, NotImplementedError, RuntimeError, OverflowError):
            raise SourceError(Reason("the zip is not one that Terraform makes", name)) from None


_HINT = "save the plan again with `terraform plan -out=FILE`"


class _RefusedError(Exception):
    """What is wrong with the zip, for the user."""


def _check_end(file: BinaryIO) -> None:
    """Bound the list of members before it is read: it must end the file, as Terraform writes it."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END.size - _LOCATOR_BYTES))
    last = file.read()
    file.seek(0)
    if len(last) < _END.size:
        raise zipfile.BadZipFile
    signature, directory, comment = _END.unpack(last[-_END.size :])
    if signature != _END_SIGNATURE or comment:
        raise zipfile.BadZipFile
    # A second record, for larger zips, would be believed instead of this one.
    if directory > MOST_DIRECTORY_BYTES or last.startswith(_LOCATOR_SIGNATURE):
        raise _RefusedError(f"it has more than {MOST_MEMBERS} members")


def _check(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise _RefusedError(f"it has more than {MOST_MEMBERS} members")
    seen: set[str] = set()
    for member in members:
        name = member.filename
        steps = name.split("/")
        odd = "\\" in name or not name.isprintable() or name != member.orig_filename
        if odd or {"", ".", ".."} & set(steps):
            raise _RefusedError(f"it has a member of the unsafe name `{member.orig_filename!a}`")
        if name in seen:
            raise _RefusedError(f"it has two members of the name `{name}`")
        mode = S_IFMT(member.external_attr >> 16)
        if mode and not S_ISREG(mode):
            raise _RefusedError(f"its member `{name}` is not a file")
        if member.flag_bits & _ENCRYPTED:
            raise _RefusedError(f"its member `{name}` is encrypted")
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise _RefusedError(
                f"its member `{name}` is compressed in another way than Terraform's"
            )
        seen.add(name)


def _inflated(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for member in members:
        chunks: list[bytes] = []
        most = min(left, MOST_MEMBER_BYTES)
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                most -= len(chunk)
                left -= len(chunk)
                if most < 0:
                    limit = MOST_BYTES if left < 0 else MOST_MEMBER_BYTES
                    what = "it holds" if left < 0 else f"its member `{member.filename}` holds"
                    raise _RefusedError(f"{what} more than {limit} bytes")
                chunks.append(chunk)
        found[member.filename] = b"".join(chunks)
    return found

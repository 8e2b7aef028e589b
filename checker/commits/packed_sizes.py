"""How large an object in a pack is, and all that it is made of, read before any of it is made.

A delta of a few bytes can stand for gigabytes, and a delta of that one for more. Each says how long
it is and what it makes, see https://git-scm.com/docs/pack-format.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from dulwich.object_store import DiskObjectStore
from dulwich.objects import ObjectID, RawObjectID, hex_to_sha
from dulwich.pack import Pack

MOST_CHAINED = 4_096
"""How many deltas may stand one on another; git makes 50."""
_OFS_DELTA, _REF_DELTA = 6, 7
_HEAD = 1_024
"""So many bytes hold an object's header, and the beginning of a delta."""
_LONGEST = 10
"""How many bytes a number of 64 bits takes."""


class DamagedPackError(Exception):
    """A pack does not hold what its index says."""


def sizes(store: DiskObjectStore, id: bytes) -> Iterator[int]:
    """Yield how many bytes each thing has that is read or made for a packed object.

    Nothing for an object that lies in no pack. Raises DamagedPackError.
    """
    raw = RawObjectID(hex_to_sha(ObjectID(id)))
    place = _find(store, raw)
    for _ in range(MOST_CHAINED):
        if place is None:
            return
        pack, offset = place
        with Path(pack.data.path).open("rb") as file:
            kind, size, base = _header(file, offset, len(raw))
            yield size
            if kind not in (_OFS_DELTA, _REF_DELTA):
                return
            yield from _of_delta(file.read(_HEAD))
        if isinstance(base, int):
            if not 0 < base <= offset:
                raise DamagedPackError
            place = pack, offset - base
        else:
            place = _find(store, RawObjectID(base))
    raise DamagedPackError


def _find(store: DiskObjectStore, raw: RawObjectID) -> tuple[Pack, int] | None:
    """Return the pack that an object is read from, and where in it."""
    for each in (store, *store.alternates):
        for pack in each.packs:
            try:
                return pack, pack.index.object_offset(raw)
            except KeyError:
                continue
    return None


def _header(file: BinaryIO, offset: int, digest: int) -> tuple[int, int, int | bytes]:
    """Return type and size of what stands at an offset, and the base of a delta.

    The file is left where the content begins.
    """
    file.seek(offset)
    first = _byte(file)
    kind, size, shift = (first >> 4) & 7, first & 15, 4
    while first & 0x80:
        if shift > 7 * _LONGEST:
            raise DamagedPackError
        first = _byte(file)
        size |= (first & 0x7F) << shift
        shift += 7
    if kind == _REF_DELTA:
        return kind, size, file.read(digest)
    return kind, size, _distance(file) if kind == _OFS_DELTA else 0


def _distance(file: BinaryIO) -> int:
    """Return how far before a delta its base begins."""
    byte = _byte(file)
    found = byte & 0x7F
    for _ in range(_LONGEST):
        if not byte & 0x80:
            return found
        byte = _byte(file)
        found = ((found + 1) << 7) + (byte & 0x7F)
    raise DamagedPackError


def _of_delta(packed: bytes) -> Iterator[int]:
    """Yield what the beginning of a delta says: the sizes of its base and of what it makes."""
    try:
        data = iter(zlib.decompressobj().decompress(packed, 2 * _LONGEST))
    except zlib.error:
        raise DamagedPackError from None
    for _ in range(2):
        size = shift = 0
        for byte in data:
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield size


def _byte(file: BinaryIO) -> int:
    found = file.read(1)
    if not found:
        raise DamagedPackError
    return found[0]

"""Packs of git that no git writes: deltas that make gigabytes, go in circles, or end too early."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

BLOB, OFS_DELTA, REF_DELTA = 3, 6, 7


def number(value: int) -> bytes:
    """Write a number as a delta has it."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def head(kind: int, size: int) -> bytes:
    """Write the header of a packed object."""
    found = bytearray([kind << 4 | size & 15])
    size >>= 4
    while size:
        found[-1] |= 0x80
        found.append(size & 0x7F)
        size >>= 7
    return bytes(found)


def delta(base: str, of: int, times: int) -> bytes:
    """Write a delta that makes so many copies of the whole of its base."""
    part = min(of, 0xFFFFFF)  # what one copy can be of
    copies = bytes([0xF0, *part.to_bytes(3, "little")]) * times
    data = number(of) + number(part * times) + copies
    return head(REF_DELTA, len(data)) + bytes.fromhex(base) + zlib.compress(data)


def named(text: str) -> str:
    """Return an id that is the digest of nothing that is packed."""
    return hashlib.sha1(text.encode()).hexdigest()  # noqa: S324 - git's


def write(objects: Path, entries: Sequence[tuple[str, bytes]]) -> None:
    """Write a pack and its index below a directory of objects."""
    data = b"PACK" + struct.pack(">II", 2, len(entries))
    placed = []
    for name, packed in entries:
        placed.append((bytes.fromhex(name), len(data), zlib.crc32(packed)))
        data += packed
    data += hashlib.sha1(data).digest()  # noqa: S324 - git's
    placed.sort()
    fan = [sum(name[0] <= first for name, _, _ in placed) for first in range(256)]
    index = b"\xfftOc" + struct.pack(">I", 2) + struct.pack(">256I", *fan)
    index += b"".join(name for name, _, _ in placed)
    index += b"".join(struct.pack(">I", crc) for _, _, crc in placed)
    index += b"".join(struct.pack(">I", offset) for _, offset, _ in placed) + data[-20:]
    index += hashlib.sha1(index).digest()  # noqa: S324 - git's
    place = objects / "pack"
    place.mkdir(parents=True, exist_ok=True)
    (place / f"pack-{data[-20:].hex()}.pack").write_bytes(data)
    (place / f"pack-{data[-20:].hex()}.idx").write_bytes(index)

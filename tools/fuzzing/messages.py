"""Mutation of messages of protocol buffers, and of the values of MessagePack in them.

https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

import struct
from random import Random

from fuzzing import odd

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_SIZES = {_FIXED64: 8, _FIXED32: 4}
_MOST_DEPTH = 6
Field = tuple[int, int, int | bytes]


def fields(data: bytes) -> list[Field]:
    """Return the fields of a message: number, wire type, value; ValueError if it is none."""
    found, at = [], 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if not number:
            raise ValueError("a field without a number")
        value: int | bytes
        if kind == _VARINT:
            value, at = _varint(data, at)
        elif kind == _BYTES or kind in _SIZES:
            size, at = _varint(data, at) if kind == _BYTES else (_SIZES[kind], at)
            value, at = data[at : at + size], at + size
        else:
            raise ValueError("a wire type that is not used")
        if at > len(data):
            raise ValueError("cut off")
        found.append((number, kind, value))
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    found = shift = 0
    while at < len(data):
        found |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not data[at - 1] & 0x80:
            return found, at
    raise ValueError("cut off")


def packed(message: list[Field]) -> bytes:
    """Return the bytes of a message."""
    out = bytearray()
    for number, kind, value in message:
        out += _as_varint(number << 3 | kind)
        if isinstance(value, int):
            out += _as_varint(value)
        else:
            out += (_as_varint(len(value)) if kind == _BYTES else b"") + value
    return bytes(out)


def _as_varint(number: int) -> bytes:
    out = bytearray()
    while True:
        out.append(number & 0x7F | (0x80 if number > 0x7F else 0))
        number >>= 7
        if not number:
            return bytes(out)


def message(random: Random, data: bytes, depth: int = 0) -> bytes:
    """Return a message with one field changed, as deep as there are messages."""
    try:
        found = fields(data)
    except ValueError:
        return packed_value(random, data)
    if not found:
        return data + b"\x08\x01"
    at = random.randrange(len(found))
    number, kind, value = found[at]
    match random.randrange(8):
        case 0:
            del found[at]
        case 1:
            found.insert(at, found[at])
        case 2:
            found[at] = (random.randrange(1, 30), kind, value)
        case 3:
            found[at] = found[random.randrange(len(found))]
        case _ if isinstance(value, int):
            found[at] = (number, kind, random.choice((0, 1, 2, 3, 99, 2**31, 2**64 - 1)))
        case _ if kind == _BYTES and depth < _MOST_DEPTH:
            found[at] = (number, kind, message(random, value, depth + 1))
        case _:
            found[at] = (number, kind, flipped(random, value))
    return packed(found)


_ODD_VALUES: tuple[bytes, ...] = (
    b"\xc0",
    b"\xc1",
    b"\xc2",
    b"\x80",
    b"\x90",
    b"\x91" * 2000 + b"\xc0",
    b"\xdd\xff\xff\xff\xff",
    b"\xdf\xff\xff\xff\xff",
    b"\xdb\xff\xff\xff\xff" + b"x",
    b"\xc7\x03\x00abc",
    b"\xd4\x00\x00",
    b"\xc8\xff\xff\x0c",
    b"\xcb" + struct.pack(">d", float("nan")),
    b"\xcb" + struct.pack(">d", float("inf")),
    b"\xcf" + b"\xff" * 8,
    b"\xaa1e99999999",
    b"\xa3\xff\xfe\xfd",
    b"\x82\xa1a\x01\xa1a\x02",
    b"\x81\x01\x02",
)


def packed_value(random: Random, data: bytes) -> bytes:
    """Return a text, or a value of MessagePack, changed."""
    match random.randrange(5):
        case 0:
            return random.choice(_ODD_VALUES)
        case 1:
            return odd.text(random).encode("utf-8", "surrogatepass")[:2000]
        case 2 if data:
            return data[: random.randrange(len(data))]
        case 3:
            at = random.randrange(len(data) + 1)
            return data[:at] + random.choice(_ODD_VALUES) + data[at + 1 :]
        case _:
            return flipped(random, data)


def flipped(random: Random, data: bytes) -> bytes:
    """Return bytes of which one, two or eight are others."""
    found = bytearray(data)
    for _ in range(random.choice((1, 2, 8))):
        if found:
            found[random.randrange(len(found))] = random.randrange(256)
    return bytes(found)

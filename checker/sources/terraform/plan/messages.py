"""The messages of a saved plan's `tfplan` member, as far as they are read; the door to protobuf.

The format is Terraform's own (its planfile.proto) and carries a version, of which one is known.
What is nested deeper than one level is declared as bytes, which are laid out in the same way, and
parsed when it is asked for: so no file makes many more objects than it has top-level fields.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from checker.sources.terraform.plan.holes import Undecodable

MOST_FIELDS = 200_000
"""How many top-level fields a plan may have: changes, variables and a few others."""

_NUMBER, _FLAG, _STRING, _BYTES = "TYPE_INT64", "TYPE_BOOL", "TYPE_STRING", "TYPE_BYTES"

# Message: its fields as (name, number, type); a type in brackets is repeated.
_MESSAGES: dict[str, tuple[tuple[str, int, str | tuple[str]], ...]] = {
    "Plan": (
        ("version", 1, _NUMBER),
        ("variables", 2, (_BYTES,)),
        ("resource_changes", 3, ("ResourceInstanceChange",)),
        ("backend", 13, "Backend"),
        ("terraform_version", 14, _STRING),
        ("ui_mode", 17, _NUMBER),
        ("errored", 20, _FLAG),
        ("complete", 26, _FLAG),
        ("deferred_changes", 27, (_BYTES,)),
        ("set_later", 28, (_STRING,)),
    ),
    "Backend": (("workspace", 3, _STRING),),
    # An entry of `variables`.
    "Variable": (("name", 1, _STRING), ("value", 2, _BYTES)),
    "ResourceInstanceChange": (
        ("deposed_key", 7, _STRING),
        ("provider", 8, _STRING),
        ("change", 9, _BYTES),
        ("addr", 13, _STRING),
    ),
    "Change": (
        ("action", 1, _NUMBER),
        ("values", 2, (_BYTES,)),
        ("before_sensitive_paths", 3, (_BYTES,)),
        ("after_sensitive_paths", 4, (_BYTES,)),
    ),
    "DynamicValue": (("msgpack", 1, _BYTES),),
    "Path": (("steps", 1, (_BYTES,)),),
    "Step": (("attribute_name", 1, _STRING), ("element_key", 2, "DynamicValue")),
}


def parse(kind: str, data: bytes) -> Any:  # noqa: ANN401 - the classes are made when the program runs
    """Return a message of a kind; Undecodable if the bytes are none."""
    from google.protobuf.message import DecodeError

    try:
        return _classes()[kind].FromString(data)
    except (DecodeError, ValueError, RecursionError):
        raise Undecodable(f"it is not a valid `{kind}` message") from None


def parse_plan(data: bytes) -> Any:  # noqa: ANN401 - see `parse`
    """Return the plan; Undecodable if it is none, or larger than any that people make."""
    _count_fields(data)
    return parse("Plan", data)


@cache
def _classes() -> dict[str, Any]:
    """Make the message classes, in a pool of their own."""
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    file = descriptor_pb2.FileDescriptorProto(
        name="tfcheck/plan.proto", package="tfcheck.plan", syntax="proto3"
    )
    types = descriptor_pb2.FieldDescriptorProto
    for message, fields in _MESSAGES.items():
        described = file.message_type.add(name=message)
        for name, number, kind in fields:
            (of,) = kind if isinstance(kind, tuple) else (kind,)
            label = "LABEL_REPEATED" if isinstance(kind, tuple) else "LABEL_OPTIONAL"
            described.field.add(
                name=name,
                number=number,
                label=types.Label.Value(label),
                type=types.Type.Value("TYPE_MESSAGE" if of in _MESSAGES else of),
                type_name=f".tfcheck.plan.{of}" if of in _MESSAGES else None,
            )
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(file.SerializeToString())
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"tfcheck.plan.{name}"))
        for name in _MESSAGES
    }


def _count_fields(data: bytes) -> None:
    """Refuse a message of too many fields before it is parsed: an empty one costs two bytes."""
    at = 0
    for _ in range(MOST_FIELDS):
        if at >= len(data):
            return
        key, at = _varint(data, at)
        if key & 7 == _DELIMITED:
            length, at = _varint(data, at)
            at += length
        elif key & 7 == _VARINT:
            _, at = _varint(data, at)
        elif key & 7 in _FIXED:
            at += _FIXED[key & 7]
        else:
            raise Undecodable("it is not a valid `Plan` message")
    if at < len(data):
        raise Undecodable(f"it has more than {MOST_FIELDS} fields")


_VARINT, _DELIMITED, _FIXED = 0, 2, {1: 8, 5: 4}
_LONGEST_VARINT = 10


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = 0
    for n, byte in enumerate(data[at : at + _LONGEST_VARINT]):
        number |= (byte & 0x7F) << (7 * n)
        if byte < 0x80:  # noqa: PLR2004 - the highest bit says that more follows
            return number, at + n + 1
    raise Undecodable("it ends in the middle of a field")

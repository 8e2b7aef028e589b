"""The messages of a plan file that tfcheck reads, for the protobuf library.

Fields are those of Terraform's plan format 3; what is not listed is passed over. The numbers are
read off plan files of Terraform 1.11.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_PACKAGE = "tfcheck.plan"
_FIELDS: dict[str, dict[str, tuple[int, str, bool]]] = {
    # Each field has its number and its type, and says whether it is repeated.
    "DynamicValue": {"msgpack": (1, "bytes", False)},
    "Variable": {"key": (1, "string", False), "value": (2, "DynamicValue", False)},
    "Step": {"attribute": (1, "string", False), "element": (2, "DynamicValue", False)},
    "Path": {"steps": (1, "Step", True)},
    "Change": {
        "action": (1, "uint64", False),
        "values": (2, "DynamicValue", True),
        "before_sensitive": (3, "Path", True),
        "after_sensitive": (4, "Path", True),
    },
    "ResourceChange": {
        "provider": (8, "string", False),
        "change": (9, "Change", False),
        "address": (13, "string", False),
    },
    "Plan": {
        "version": (1, "uint64", False),
        "variables": (2, "Variable", True),
        "resource_changes": (3, "ResourceChange", True),
        "terraform_version": (14, "string", False),
        "ui_mode": (17, "uint64", False),
        "errored": (20, "bool", False),
        "apply_time_variables": (28, "string", True),
    },
}
_FIELD = descriptor_pb2.FieldDescriptorProto
_TYPES = {
    "bytes": _FIELD.TYPE_BYTES,
    "string": _FIELD.TYPE_STRING,
    "uint64": _FIELD.TYPE_UINT64,
    "bool": _FIELD.TYPE_BOOL,
}


@lru_cache(maxsize=1)
def plan_message() -> Any:  # noqa: ANN401 - a class that the library makes
    """Return the class of the message `Plan`."""
    file = descriptor_pb2.FileDescriptorProto(name="plan.proto", package=_PACKAGE, syntax="proto3")
    for name, fields in _FIELDS.items():
        message = file.message_type.add(name=name)
        for field, (number, type_, repeated) in fields.items():
            added = message.field.add(name=field, number=number)
            added.label = _FIELD.LABEL_REPEATED if repeated else _FIELD.LABEL_OPTIONAL
            if type_ in _TYPES:
                added.type = _TYPES[type_]
            else:
                added.type, added.type_name = _FIELD.TYPE_MESSAGE, f".{_PACKAGE}.{type_}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.Plan"))

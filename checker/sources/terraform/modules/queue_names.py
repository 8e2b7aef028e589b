"""Names of queues that the AWS provider refuses when it plans, in its own words."""

from __future__ import annotations

import re

from checker.sources.terraform.modules.provider_values import literal_of, parts_of
from checker.sources.terraform.values.terraform_values import TerraformValue

_QUEUE = re.compile(r"[0-9A-Za-z_-]{1,80}")
_FIFO_QUEUE = re.compile(r"[0-9A-Za-z_-]{1,75}\.fifo")


def queue_name(name: TerraformValue, fifo: TerraformValue) -> str | None:
    """Return what the provider says of a queue's name beside its `fifo_queue`, None for nothing."""
    if not isinstance(fifo, (bool, str, type(None))) or fifo not in _FLAGS:
        return None
    text = literal_of(name)
    if text is None:
        return _open_queue_name(name, fifo=_FLAGS[fifo])
    wanted = _FIFO_QUEUE if _FLAGS[fifo] else _QUEUE
    return None if not text or wanted.fullmatch(text) else f"invalid queue name: {text}"


def queue_prefix(prefix: TerraformValue, fifo: TerraformValue) -> str | None:
    """Return what the provider says of the name that it makes of a prefix, None for nothing.

    It adds 26 digits, and the suffix of a FIFO queue.
    """
    if not isinstance(fifo, (bool, str, type(None))) or fifo not in _FLAGS:
        return None
    known = "".join(part for part in parts_of(prefix) if isinstance(part, str))
    most = _LONGEST_NAME - _ADDED - (len(_SUFFIX) if _FLAGS[fifo] else 0)
    if len(known) <= most and _QUEUE_PART.fullmatch(known):
        return None
    return f"invalid queue name: {prefix}" + "0" * _ADDED + (_SUFFIX if _FLAGS[fifo] else "")


def _open_queue_name(name: TerraformValue, *, fifo: bool) -> str | None:
    """Say whether what is known of a queue's name makes it wrong, whatever the rest is."""
    parts = parts_of(name)
    known = "".join(part for part in parts if isinstance(part, str))
    tail = parts[-1] if parts and isinstance(parts[-1], str) else ""
    if fifo:
        wrong = len(tail) >= len(_SUFFIX) and not tail.endswith(_SUFFIX)
        known = known.removesuffix(_SUFFIX) if tail.endswith(_SUFFIX) else ""
        wrong = wrong or len(known) > _LONGEST_NAME - len(_SUFFIX)
    else:
        wrong = len(known) > _LONGEST_NAME
    return f"invalid queue name: {name}" if wrong or not _QUEUE_PART.fullmatch(known) else None


_QUEUE_PART = re.compile(r"[0-9A-Za-z_-]*")
_LONGEST_NAME = 80
_ADDED = 26


_SUFFIX = ".fifo"
_FLAGS: dict[object, bool] = {True: True, "true": True, False: False, "false": False, None: False}

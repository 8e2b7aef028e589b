"""Names and ARNs of other things, as arguments hold them."""

from __future__ import annotations

from collections.abc import Iterator

from checker.partial import Hole, Text
from checker.sources.terraform.convert import to_text
from checker.sources.terraform.instances import Instance
from checker.sources.terraform.values import Set, Value


def listed(value: Value, instance: Instance, argument: str) -> Iterator[Text]:
    """Yield the texts of a list argument; one hole that stands for all if they are not told."""
    if isinstance(value, Set):
        value = value.members
    if isinstance(value, Hole):
        yield Text.of(value)
    elif isinstance(value, tuple):
        for element in value:
            text = to_text(element, f"{instance.address}.{argument}", instance.at)
            if text is not None:
                yield text
    elif value is not None:
        yield Text.of(Hole(f"{instance.address}.{argument}", why=f"`{argument}` is no list"))


def principal_name(text: Text) -> Text:
    """Return a role's or user's name out of a name, an ARN or a path and name."""
    last = text.parts[-1] if text.parts else ""
    if isinstance(last, str) and "/" in last:
        return Text.of(last.rsplit("/", 1)[1])
    first = text.parts[0] if text.parts else ""
    if isinstance(first, str) and first.startswith("arn:"):
        cut = [(i, p) for i, p in enumerate(text.parts) if isinstance(p, str) and "/" in p]
        if cut:
            index, part = cut[-1]
            return Text((part.rsplit("/", 1)[1], *text.parts[index + 1 :]))
    return text


def principal(account: Text, name: Text) -> Text:
    """Return what names a role or user: its name is its own in its account, whatever its path."""
    return Text.of(account, ":", name)

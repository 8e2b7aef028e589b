"""Which arguments of a function call its value comes from.

See https://developer.hashicorp.com/terraform/language/functions. Of a function that is not here
all arguments have a part in the value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from checker.knowledge.holes import Hole
from checker.sources.terraform.language import tree
from checker.sources.terraform.trails.frames import ANY, Frame, Lead, Steps, as_key
from checker.sources.terraform.values.terraform_values import Lazy

MOST_KEYS = 1_000
"""So many keys are gone through to find the one of an entry."""


def handed_on(node: tree.Call, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Yield the arguments that a call's value comes from, with what is taken of each."""
    known = _KNOWN.get(node.name)
    if node.expand or known is None or not node.arguments:
        for argument in node.arguments:
            yield Lead(argument, frame)
        return
    yield from known(node, frame, steps)


def _same(node: tree.Call, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Follow the first argument, of which the value has every element."""
    yield Lead(node.arguments[0], frame, steps)


def _mixed(node: tree.Call, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Follow the first argument, whose elements stand elsewhere in the value."""
    yield Lead(node.arguments[0], frame, (ANY, *steps[1:]) if steps else ())


def _set(node: tree.Call, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Follow the element of a set that has the key's own value."""
    first = node.arguments[0]
    if steps and isinstance(first, tree.Tuple):
        same = [each for each in first.items if frame.key(each) == steps[0]]
        if same and steps[0] is not ANY:
            yield Lead(same[0], frame, at=same[0].at)
            return
    yield Lead(first, frame, (ANY,) if steps else ())


def _merge(node: tree.Call, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Follow the last of the maps that has the key, and those that may have it."""
    if not steps or steps[0] is ANY:
        for argument in node.arguments:
            yield Lead(argument, frame, steps)
        return
    for argument in reversed(node.arguments):
        value = frame.value(argument)
        if isinstance(value, dict):
            if steps[0] in value:
                yield Lead(argument, frame, steps)
                return
        elif value is not None:
            yield Lead(argument, frame, steps)


def _lookup(node: tree.Call, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Follow the entry of the map, or the default where it has none."""
    of, *others = node.arguments
    key = frame.key(others[0]) if others else ANY
    value = frame.value(of)
    known = value if key is not ANY and isinstance(value, dict) else None
    if known is None or key in known:
        yield Lead(of, frame, (key, *steps))
    if len(others) > 1 and (known is None or key not in known):
        yield Lead(others[1], frame, steps)


def _element(node: tree.Call, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Follow one element of a list, counted round."""
    of, *others = node.arguments
    value, at = frame.value(of), frame.key(others[0]) if others else ANY
    if isinstance(value, tuple) and value and isinstance(at, int):
        yield Lead(of, frame, (at % len(value), *steps))
    else:
        yield Lead(of, frame, (ANY, *steps))


def _one(node: tree.Call, frame: Frame, steps: Steps) -> Iterator[Lead]:
    yield Lead(node.arguments[0], frame, (0, *steps))


def _concat(node: tree.Call, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Follow the list that an element comes from."""
    index = steps[0] if steps else ANY
    for argument in node.arguments:
        if not isinstance(index, int):
            yield Lead(argument, frame, steps)
            continue
        value = frame.value(argument)
        if not isinstance(value, tuple):
            yield Lead(argument, frame, (ANY, *steps[1:]))
            index = ANY
        elif index < len(value):
            yield Lead(argument, frame, (index, *steps[1:]))
            return
        else:
            index -= len(value)


def _first(node: tree.Call, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Follow the first argument that is something, and those before it that may be."""
    for argument in node.arguments:
        value = frame.value(argument)
        if value is None or value in ("", (), {}):
            continue
        yield Lead(argument, frame, steps)
        if not isinstance(value, Hole):
            return


def _tried(node: tree.Call, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Follow the first argument that has a value, and those before it that may have one."""
    for argument in node.arguments:
        value = frame.value(argument)
        if isinstance(value, Hole) and value.name == "unknown" and not value.at:
            continue  # it is refused
        yield Lead(argument, frame, steps)
        if not isinstance(value, (Hole, Lazy)):
            return


def _zipmap(node: tree.Call, frame: Frame, steps: Steps) -> Iterator[Lead]:
    """Follow the value that stands where the key does."""
    keys, *others = node.arguments
    value = frame.value(keys)
    wanted = steps[0] if steps else ANY
    own = value[:MOST_KEYS] if isinstance(value, tuple) else ()
    index = next(
        (n for n, each in enumerate(own) if wanted is not ANY and as_key(each) == wanted), ANY
    )
    for argument in others:
        yield Lead(argument, frame, (index, *steps[1:]))


def _template(node: tree.Call, frame: Frame, steps: Steps) -> Iterator[Lead]:  # noqa: ARG001 - of a text nothing is taken
    """Follow the variables of a template, past its file."""
    path, *others = node.arguments
    file = frame.file(path)
    if file is not None:
        yield Lead(None, frame, step=replace(file, kind="template"))
    for argument in others:
        yield Lead(argument, frame)


def _file(node: tree.Call, frame: Frame, steps: Steps) -> Iterator[Lead]:  # noqa: ARG001 - of a text nothing is taken
    """Follow the path of a file, past the file."""
    file = frame.file(node.arguments[0])
    if file is not None:
        yield Lead(None, frame, step=file)
    yield Lead(node.arguments[0], frame)


_KNOWN: dict[str, Callable[[tree.Call, Frame, Steps], Iterator[Lead]]] = {
    **dict.fromkeys(
        ("tomap", "tolist", "tostring", "tonumber", "tobool", "sensitive", "nonsensitive",
         "ephemeralasnull", "convert", "jsonencode", "jsondecode", "yamlencode", "yamldecode"),
        _same,
    ),
    **dict.fromkeys(("flatten", "compact", "distinct", "reverse", "sort", "values"), _mixed),
    "toset": _set, "merge": _merge, "lookup": _lookup, "element": _element, "one": _one,
    "concat": _concat, "coalesce": _first, "coalescelist": _first, "try": _tried,
    "zipmap": _zipmap, "templatefile": _template, "file": _file,
}  # fmt: skip

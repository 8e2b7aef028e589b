"""Mutation of JSON: as a tree where it can be read, and as a text."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

from fuzzing import odd

Path = tuple[Any, ...]
_MARK = re.escape(json.dumps(odd.RAW)[1:-1])
_RAW = re.compile(f'"{_MARK}(.*?){_MARK}"')
_MOST_PLACES = 4000
_LONG = 2000


def mutated(random: Random, data: bytes, said: list[str], keys: tuple[str, ...] = ()) -> bytes:
    """Return a JSON document that is changed in one to four places; `keys` are favoured."""
    tree = json.loads(data)
    for _ in range(random.choice((1, 1, 2, 4))):
        tree = changed(random, tree, said, keys)
    found = written(tree)
    if random.random() < _TEXT_SHARE:
        found = broken(random, found, said)
    return found


_TEXT_SHARE = 0.15


def written(tree: Any) -> bytes:  # noqa: ANN401 - a JSON value
    """Return a value as JSON; raw numbers stand as they were written."""
    return _RAW.sub(lambda m: m[1], json.dumps(tree)).encode()


def places(tree: Any, path: Path = ()) -> list[Path]:  # noqa: ANN401 - a JSON value
    """Return the path of everything in a tree, without recursion."""
    found, left = [], [(path, tree)]
    while left and len(found) < _MOST_PLACES:
        here, node = left.pop()
        found.append(here)
        if isinstance(node, dict):
            left += [((*here, key), each) for key, each in node.items()]
        elif isinstance(node, list):
            left += [((*here, n), each) for n, each in enumerate(node)]
    return found


def at(tree: Any, path: Path) -> Any:  # noqa: ANN401 - a JSON value
    """Return what stands at a path."""
    for step in path:
        tree = tree[step]
    return tree


def changed(random: Random, tree: Any, said: list[str], keys: tuple[str, ...] = ()) -> Any:  # noqa: ANN401
    """Return the tree with one place changed."""
    listed = places(tree)
    favoured = [path for path in listed if path and path[-1] in keys]
    path = random.choice(favoured if favoured and random.random() < 0.5 else listed)
    if not path:
        if random.random() < 0.9:
            return tree
        said.append("the whole document is something else")
        return odd.value(random)
    holder, last = at(tree, path[:-1]), path[-1]
    how: Callable[..., str] = random.choice((_replace, _replace, _drop, _double, _move, _rename))
    said.append(f"{how(random, tree, holder, last, listed)} at {'.'.join(map(str, path)):.200}")
    return tree


def _replace(random: Random, _tree: Any, holder: Any, last: Any, _: list[Path]) -> str:  # noqa: ANN401
    before = holder[last]
    if isinstance(before, str) and random.random() < 0.3:
        at = random.randrange(len(before) + 1)
        holder[last] = before[:at] + odd.text(random) + before[at:]
    else:
        holder[last] = odd.value(random)
    return f"{json.dumps(holder[last]):.80} in place of {json.dumps(before):.60}"


def _drop(_random: Random, _tree: Any, holder: Any, last: Any, _: list[Path]) -> str:  # noqa: ANN401
    del holder[last]
    return "nothing"


def _double(random: Random, _tree: Any, holder: Any, last: Any, _: list[Path]) -> str:  # noqa: ANN401
    if isinstance(holder, list):
        times = random.choice((1, 1, 3, 40))
        holder[last:last] = [copy.deepcopy(holder[last]) for _ in range(times)]
        return f"{times} more"
    holder[last] = [holder[last], holder[last]]
    return "a list of two"


def _move(random: Random, tree: Any, holder: Any, last: Any, listed: list[Path]) -> str:  # noqa: ANN401
    other = random.choice(listed)
    holder[last] = copy.deepcopy(at(tree, other))
    return f"what stands at {'.'.join(map(str, other)):.80}"


def _rename(random: Random, _tree: Any, holder: Any, last: Any, _: list[Path]) -> str:  # noqa: ANN401
    if isinstance(holder, dict):
        name = odd.text(random)
        holder[name] = holder.pop(last)
        return f"the key {name!r:.60}"
    holder.reverse()
    return "the other way round"


def broken(random: Random, data: bytes, said: list[str]) -> bytes:
    """Return a text that is cut, garbled, or has something that JSON does not take, or does."""
    at = random.randrange(len(data) + 1)
    said.append(how := random.choice(sorted(_BREAKS)))
    return _BREAKS[how](random, data, at)


_BREAKS: dict[str, Callable[[Random, bytes, int], bytes]] = {
    "cut off": lambda _, data, at: data[:at],
    "a byte garbled": lambda random, data, at: data[:at] + random.randbytes(1) + data[at + 1 :],
    "a byte-order mark": lambda _, data, __: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda _, data, __: data.decode("utf-8", "replace").encode("utf-16"),
    "no UTF-8": lambda _, data, at: data[:at] + b"\xff\xfe" + data[at:],
    "NaN": lambda _, data, __: re.sub(rb"(?<=: )\d+", b"NaN", data, count=1),
    "Infinity": lambda _, data, __: re.sub(rb"(?<=: )\d+", b"-Infinity", data, count=1),
    "a huge number": lambda random, data, __: re.sub(
        rb"(?<=: )\d+", odd.number(random).encode(), data, count=1
    ),
    "a key twice": lambda random, data, __: data.replace(
        b"{", b'{"%s": 0, ' % random.choice((b"a", b"resource", b"Statement", b"version")), 1
    ),
    "very deep": lambda _, data, __: b"[" * 50_000 + data,
    "deep and closed": lambda _, __, ___: b"[" * 9_000 + b"]" * 9_000,
    "empty": lambda _, __, ___: b"",
    "a surrogate": lambda _, data, __: data.replace(b'"', b'"\\ud800', 1),
    "a second document": lambda _, data, __: data + b"\n" + data[:_LONG],
    "bytes moved": lambda random, data, at: data[at:] + data[: random.randrange(at + 1)],
}

"""Circles of things that depend on one another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator


def circles(
    names: Iterable[str], before: Callable[[str], Collection[str]]
) -> Iterator[tuple[str, ...]]:
    """Yield a circle of each set of things that depend on one another, in linear time.

    A thing is left out with all that depends on it once it is known to be in none, or in one.
    """
    done: set[str] = set()
    for name in names:
        path: list[str] = []
        on_path: dict[str, int] = {}
        pending = [(name, False)]
        while pending:
            one, leaving = pending.pop()
            if leaving:
                path.pop()
                del on_path[one]
                done.add(one)
                continue
            if one in on_path:
                yield tuple(sorted(path[on_path[one] :]))
                continue
            if one in done:
                continue
            on_path[one] = len(path)
            path.append(one)
            pending.append((one, True))
            pending.extend((each, False) for each in before(one))

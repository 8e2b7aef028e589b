"""Where two lines of history parted."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

_ONE, _OTHER, _OLDER = 1, 2, 4
_BOTH = _ONE | _OTHER


def merge_base(
    one: bytes,
    other: bytes,
    parents: Callable[[bytes], tuple[bytes, ...] | None],
    time: Callable[[bytes], int],
) -> tuple[bytes | None, bool]:
    """Return the newest common ancestor that is none of another's, and whether history was cut.

    The time it takes grows with the number of commits that are newer than the result. `parents`
    returns None where a shallow clone cuts history off.
    """
    walk = _Walk(time)
    walk.mark(one, _ONE)
    walk.mark(other, _OTHER)
    common: list[bytes] = []
    cut = False
    while walk.undecided:
        commit = walk.next()
        marks = walk.marks[commit]
        if marks & _BOTH == _BOTH:
            if not marks & _OLDER:
                common.append(commit)
            marks |= _OLDER
        above = parents(commit)
        cut = cut or above is None
        for parent in above or ():
            walk.mark(parent, marks)
    best = [each for each in common if not walk.marks[each] & _OLDER]
    return (max(best, key=time) if best else None), cut


class _Walk:
    """Commits still to be looked at, newest first, and from where each was reached.

    `undecided` counts those that are not known to be older than a common ancestor.
    """

    def __init__(self, time: Callable[[bytes], int]) -> None:
        self.marks: dict[bytes, int] = {}
        self.undecided = 0
        self._time = time
        self._heap: list[tuple[int, bytes]] = []
        self._waiting: set[bytes] = set()

    def mark(self, commit: bytes, marks: int) -> None:
        """Add marks to a commit, and look at it if they are new."""
        before = self.marks.get(commit, 0)
        if before | marks == before:
            return
        self.marks[commit] = before | marks
        if commit not in self._waiting:
            self._waiting.add(commit)
            heappush(self._heap, (-self._time(commit), commit))
            self.undecided += not marks & _OLDER and not before & _OLDER
        elif marks & _OLDER and not before & _OLDER:
            self.undecided -= 1

    def next(self) -> bytes:
        """Return the newest commit that waits."""
        _, commit = heappop(self._heap)
        self._waiting.remove(commit)
        self.undecided -= not self.marks[commit] & _OLDER
        return commit

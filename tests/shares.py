"""Which of the cases that take long a run tries."""

from __future__ import annotations

from zlib import crc32


def in_sample(item):
    """Tell whether a case is tried in each run: of those marked `sampled(n)` one of `n` is."""
    marker = item.get_closest_marker("sampled")
    return marker is None or crc32(item.name.encode()) % marker.args[0] == 0


def in_share(share):
    """Return what tells whether a case is in a share `N:WORD`: the word decides which one of N."""
    number, _, word = share.partition(":")
    return lambda item: crc32(f"{word} {item.nodeid}".encode()) % int(number) == 0

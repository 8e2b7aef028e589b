"""What a run may not do, watched by an audit hook: start a process, connect, read outside."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_LISTS = ("os.listdir", "os.scandir")
_STARTS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty")
_CONNECTS = ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo")


class Watch:
    """Collects deeds while it is on; there is one in a process, as hooks cannot be taken off."""

    def __init__(self) -> None:
        self._on = False
        self._installed = False
        self._outside = ""
        self._deeds: list[str] = []

    @contextmanager
    def watched(self, outside: str) -> Iterator[list[str]]:
        """Yield the list of deeds of the block; files below `outside` may not be opened."""
        if not self._installed:
            sys.addaudithook(self._hook)
            self._installed = True
        self._outside, self._deeds, self._on = outside, [], True
        try:
            yield self._deeds
        finally:
            self._on = False

    def _hook(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._on:
            return
        if event == "open" or event in _LISTS:
            path = arguments[0]
            if isinstance(path, (str, bytes)) and self._is_outside(os.fsdecode(path)):
                self._deeds.append(f"opened {os.fsdecode(path)!r} outside the repository")
        elif event in _STARTS:
            self._deeds.append(f"started a process: {event} {arguments!r:.120}")
        elif event in _CONNECTS:
            self._deeds.append(f"used the network: {event} {arguments!r:.120}")
        elif event == "pickle.find_class":
            self._deeds.append(f"unpickled {arguments!r:.120}")

    def _is_outside(self, path: str) -> bool:
        if not self._outside:
            return False
        self._on = False
        try:
            return os.path.realpath(path).startswith(self._outside)
        except (OSError, ValueError):
            return False
        finally:
            self._on = True


WATCH = Watch()

"""What the refs of a repository point to, see https://git-scm.com/docs/gitrepository-layout."""

from __future__ import annotations

import os
import re
from pathlib import Path

from dulwich.refs import Ref, check_ref_format

from checker.commits.kept import read_kept

MOST_PACKED = 64 * 1024 * 1024
"""How large the list of packed refs may be, in bytes."""
MOST_STEPS = 6
"""How many refs may lead from one to another."""
_OF_WORKING_TREE = ("refs/bisect/", "refs/rewritten/", "refs/worktree/")
_SYMBOLIC = b"ref:"


class Refs:
    """The refs of a repository; `private` are those of one working tree."""

    def __init__(self, shared: Path, private: Path, digits: int) -> None:
        self._shared, self._private = shared, private
        self._id = re.compile(rb"[0-9a-f]{%d}" % digits)
        self._packed: dict[bytes, bytes] | None = None

    def follow(self, name: str) -> bytes | None:
        """Return the id that a ref points to in the end; None if it points to none.

        Raises SourceError where a link or something that is no file stands in its place.
        """
        for _ in range(MOST_STEPS):
            if not _is_name(name):
                return None
            own = not name.startswith("refs/") or name.startswith(_OF_WORKING_TREE)
            text = read_kept(self._private if own else self._shared, name)
            line = text.partition(b"\n")[0].strip()
            if not line:
                return self._listed().get(os.fsencode(name))
            if not line.startswith(_SYMBOLIC):
                return line if self._id.fullmatch(line) else None
            name = os.fsdecode(line.removeprefix(_SYMBOLIC).strip())
        return None

    def _listed(self) -> dict[bytes, bytes]:
        """Return the packed refs; what is not a line of such a list is left out."""
        if self._packed is None:
            lines = read_kept(self._shared, "packed-refs", MOST_PACKED).split(b"\n")
            pairs = (line.partition(b" ") for line in lines)
            self._packed = {
                name.rstrip(b"\r"): whole for whole, _, name in pairs if self._id.fullmatch(whole)
            }
        return self._packed


def _is_name(name: str) -> bool:
    """Tell whether git takes a name for that of a ref; none of it leads out of the directory."""
    if name == "HEAD":
        return True
    inner = os.fsencode(name.removeprefix("refs/"))
    return name.startswith("refs/") and check_ref_format(Ref(inner)) and b"\0" not in inner

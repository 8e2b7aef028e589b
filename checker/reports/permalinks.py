"""Where a line of the repository is shown on GitHub, whatever becomes of its branch.

https://docs.github.com/en/repositories/working-with-files/using-files/getting-permanent-links-to-files
"""

from __future__ import annotations

from posixpath import normpath
from urllib.parse import quote

from checker.knowledge.partial import Location
from checker.records import dataclass

_MOST_PATH = 400
"""How long a path may be that is linked: a link is there to be followed."""
_INSTALLED = ".terraform"


@dataclass(frozen=True, slots=True)
class Permalinks:
    """Addresses of one commit's files, below `files`, and of the `run` that reports; or empty.

    Both are whole URLs without a final slash, of which the caller knows that they are GitHub's.
    `paths` are the files that the commit has as they are on the disk; None if all are.
    """

    files: str = ""
    run: str = ""
    paths: frozenset[str] | None = None

    def of(self, at: Location) -> str:
        """Return the address of the lines of a place; empty for what the commit does not hold."""
        path = normpath(at.source)
        names = path.split("/")
        if not self.files or at.line < 1 or len(path) > _MOST_PATH:
            return ""
        if path.startswith("/") or names[0] in {"", ".", ".."} or _INSTALLED in names:
            return ""
        if self.paths is not None and path not in self.paths:
            return ""
        quoted = _quoted(path)
        last = f"-L{at.end_line}" if at.end_line > at.line else ""
        return f"{self.files}/{quoted}#L{at.line}{last}" if quoted else ""


def _quoted(path: str) -> str:
    """Return a path as a part of a URL, its bytes as they are; empty for one of no file."""
    try:
        return quote(path.encode("utf-8", "surrogateescape"), safe="/-_.~")
    except UnicodeEncodeError:
        return ""


NO_LINKS = Permalinks()

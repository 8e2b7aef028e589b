"""The commits of a git repository: the one door to dulwich.

Objects, refs and the list of tracked files are read, and nothing is run: no filter, hook, text
conversion, pager or helper that a configuration names. No setting is followed.
"""

from checker.commits.committed import CommittedRepository
from checker.commits.left_out import LeftOut
from checker.commits.remotes import is_alike, remote_urls
from checker.commits.repository import GitRepository, opened
from checker.commits.tree import Commit, EntryKind, TreeEntry

__all__ = [
    "Commit",
    "CommittedRepository",
    "EntryKind",
    "GitRepository",
    "LeftOut",
    "TreeEntry",
    "is_alike",
    "opened",
    "remote_urls",
]

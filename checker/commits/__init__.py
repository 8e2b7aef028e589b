"""The commits of a git repository: the one door to dulwich.

Objects, refs and the list of tracked files are read, and nothing is run: no filter, hook, text
conversion, pager or helper that a configuration names. No setting is followed.
"""

from checker.commits.changes import ChangedFiles
from checker.commits.remotes import is_alike, remote_urls
from checker.commits.repository import GitRepository, opened
from checker.commits.tree import Commit, Entry, Kind

__all__ = [
    "ChangedFiles",
    "Commit",
    "Entry",
    "GitRepository",
    "Kind",
    "is_alike",
    "opened",
    "remote_urls",
]

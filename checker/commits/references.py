"""The names by which users call commits, see https://git-scm.com/docs/gitrevisions."""

from __future__ import annotations

import re
from typing import Protocol

from checker.commits.objects import WHOLE, Objects
from checker.errors import MissingCommitError, UsageError

_PLACES = (
    "refs/{}",
    "refs/tags/{}",
    "refs/heads/{}",
    "refs/remotes/{}",
    "refs/remotes/{}/HEAD",
)
"""Where a short name is looked up, in git's order."""
_HEADS = frozenset({"HEAD", "FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD"})
_STEPS = re.compile(r"(?:~\d{0,6}|\^\d{0,3}|\^\{(?:commit)?\})*")
_STEP = re.compile(r"([~^])(?!\{)(\d*)")
_LEAST_DIGITS = 4
_FORMS = "an id, a branch, a tag, `origin/BRANCH` or `HEAD`, and `~N` or `^N` after it"


class Commits(Protocol):
    """The commits of a repository, and the names that it has for them."""

    digits: int
    objects: Objects
    shallow: frozenset[bytes]

    def reference(self, name: str) -> bytes | None:
        """Return the id that a reference holds; None if there is none of this name."""

    def parents(self, commit: bytes) -> tuple[bytes, ...] | None:
        """Return the parents of a commit; None where a shallow clone cuts them off."""


def resolve(reference: str, repository: Commits) -> bytes:
    """Return the id of the commit that a reference names; raises UsageError if there is none."""
    end = min((reference.find(sign) for sign in "~^" if sign in reference), default=None)
    name, steps = reference[:end], reference[len(reference[:end]) :]
    if not _STEPS.fullmatch(steps) or "@{" in name or ":" in name:
        raise UsageError(f"`{reference}` is not a name of a commit", hint=f"name {_FORMS}")
    found = _named(name, repository) if name else None
    commit = None if found is None else repository.objects.peeled(found)
    if commit is None:
        # A clone may lack what its origin has; else the name is wrong.
        lacks = repository.shallow or re.fullmatch(f"[0-9a-fA-F]{{{repository.digits}}}", name)
        raise (MissingCommitError if lacks else UsageError)(
            f"there is no commit `{reference}` in the git repository",
            hint=f"name {_FORMS}; or {repository.objects.remedy}",
        )
    for sign, count in _STEP.findall(steps):
        commit = _stepped(commit, sign, count, reference, repository)
    return commit


def _named(name: str, repository: Commits) -> bytes | None:
    """Return the id that a name without steps stands for."""
    name = "HEAD" if name == "@" else name
    digits = name.lower()
    if re.fullmatch(f"[0-9a-f]{{{repository.digits}}}", digits):
        whole = digits.encode()
        return whole if repository.objects.has(whole) else None
    places = ([name] if name in _HEADS or name.startswith("refs/") else []) + [
        place.format(name) for place in _PLACES
    ]
    for place in places:
        found = repository.reference(place)
        if found is not None:
            return found
    if not re.fullmatch(f"[0-9a-f]{{{_LEAST_DIGITS},{repository.digits}}}", digits):
        return None
    ids = repository.objects.beginning_with(digits.encode())
    if len(ids) > 1:
        raise UsageError(f"several objects begin with `{name}`: give more of the commit's id")
    return ids[0] if ids else None


def _stepped(commit: bytes, sign: str, count: str, reference: str, repository: Commits) -> bytes:
    """Follow `~N` to the first parent N times, `^N` to the parent number N."""
    number = int(count or 1)
    steps, which = (number, 1) if sign == "~" else (1, number)
    for _ in range(steps if which else 0):
        parents = repository.parents(commit)
        if parents is None:
            raise MissingCommitError(
                f"`{reference}` lies before the beginning of this shallow clone", hint=WHOLE
            )
        if len(parents) < which:
            raise UsageError(f"there is no commit `{reference}`: history begins before it")
        commit = parents[which - 1]
    return commit

"""What the event of the workflow proposes: the commit that judges it, and the one that is shown."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
FROM_DEFAULT_BRANCH = ("workflow_run", "check_run", "check_suite", "issue")
"""What events hold whose workflow, and so `GITHUB_SHA`, is that of the default branch.

https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
"""
PROPOSALS = ("pull_request", "pull_request_target", "merge_group", "workflow_run")
"""Events that are refused if they do not hold their base commit."""


class Refused(Exception):  # noqa: N818 - it is our answer
    """The inputs cannot be followed without trusting what a stranger proposes."""


@dataclass(frozen=True)
class Base:
    """The commit that judges; `changes` says whether what is checked was proposed against it."""

    commit: str
    changes: bool


def event() -> dict[str, Any]:
    """Return the event that started the workflow.

    Raises:
        Refused: it cannot be read, so that whether there is a base commit is unknown.
    """
    path = os.environ.get("GITHUB_EVENT_PATH", "")
    if not path:
        return {}
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise Refused("the event of the workflow cannot be read") from error
    if not isinstance(found, dict):
        raise Refused("the event of the workflow cannot be read")
    return found


def base_of(known: dict[str, Any]) -> Base | None:
    """Return the commit that judges what is checked; None where nothing is proposed, as on a push.

    Raises:
        Refused: the event is of a proposal, and does not hold its base commit.
    """
    if "pull_request" in known:
        return Base(commit(known, "pull_request", "base", "sha"), changes=True)
    if "merge_group" in known:
        return Base(commit(known, "merge_group", "base_sha"), changes=True)
    holder = next((each for each in FROM_DEFAULT_BRANCH if each in known), None)
    if holder is not None:
        pulls = pulls_of(known, holder)
        if len(pulls) == 1:
            return Base(commit(pulls[0], "base", "sha"), changes=True)
        # None for a fork, several for a branch that is proposed twice: the default branch judges.
        return Base(commit(dict(os.environ), "GITHUB_SHA"), changes=False)
    name = os.environ.get("GITHUB_EVENT_NAME", "")
    if name in PROPOSALS:
        raise Refused(f"the event `{name}` does not hold its base commit")
    return None


def shown(known: dict[str, Any]) -> str:
    """Return the commit that reports link to: of a pull request its head, not what merges it.

    That of the merge is gone once the pull request is. Empty where none is known.
    """
    if "pull_request" in known:
        found = field(known, "pull_request", "head", "sha")
    elif "merge_group" in known:
        found = field(known, "merge_group", "head_sha")
    else:
        holder = next((each for each in FROM_DEFAULT_BRANCH if each in known), None)
        # A comment on an issue does not say what the workflow checks out.
        of_run = field(known, holder, "head_sha") if holder is not None else None
        found = of_run if holder is not None else os.environ.get("GITHUB_SHA")
    return found if isinstance(found, str) and COMMIT.fullmatch(found) else ""


def pulls_of(known: dict[str, Any], holder: str) -> list[dict[str, Any]]:
    """Return the pull requests of a run or check into this repository, not into a fork of it."""
    pulls = field(known, holder, "pull_requests")
    here = field(known, "repository", "id")
    listed = pulls if isinstance(pulls, list) else []
    return [each for each in listed if field(each, "base", "repo", "id") == here]


def commit(known: dict[str, Any], *names: str) -> str:
    """Return a commit's id out of an event."""
    found = field(known, *names)
    if not isinstance(found, str) or not COMMIT.fullmatch(found):
        raise Refused(f"`{'.'.join(names)}` is no commit, so the base commit is unknown")
    return found


def field(known: object, *names: str) -> object:
    """Return what stands under names in JSON, None if nothing does."""
    for name in names:
        known = known.get(name) if isinstance(known, dict) else None
    return known

"""What changed since a commit, by git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from checker.errors import UsageError

_SAFE = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=off")
_SECONDS = 120


def changed_since(reference: str, repository: Path) -> frozenset[str]:
    """Return the files that differ from where this branch left a commit, and those not tracked.

    Names are relative to `repository`. Raises UsageError if git cannot tell.
    """
    named = _git(repository, "rev-parse", "--verify", "--end-of-options", f"{reference}^{{commit}}")
    commit = named.strip()
    base = _git(repository, "merge-base", commit, "HEAD").strip()
    options = ("--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--relative")
    changed = _git(repository, "diff", *options, base, "--").split("\0")
    changed += _git(repository, "ls-files", "--others", "--exclude-standard", "-z").split("\0")
    return frozenset(name for name in changed if name)


def _git(repository: Path, *words: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(  # noqa: S603 - git, with options that no file of the repository sets
            ["git", *_SAFE, *words],  # noqa: S607 - the one on the path
            cwd=repository,
            env=environment,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"`--changed-since` needs git: {error}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no common commit"]
        raise UsageError(
            f"`--changed-since`: git cannot tell: {said[0]}",
            hint="name a commit that is there: in CI, fetch the whole history (`fetch-depth: 0`)",
        )
    return done.stdout.decode("utf-8", "surrogateescape")

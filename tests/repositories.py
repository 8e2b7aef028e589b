"""Git repositories made for tests, and a configuration that plants programs where git runs one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_QUIET = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "x",
    "GIT_AUTHOR_EMAIL": "x@example.com",
    "GIT_COMMITTER_NAME": "x",
    "GIT_COMMITTER_EMAIL": "x@example.com",
}


def git(*words, at=".", when=None):
    """Run git; return what it prints."""
    dates = {} if when is None else {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    done = subprocess.run(
        ["git", "-c", "protocol.file.allow=always", *words],
        cwd=at,
        env=environment | _QUIET | dates,
        check=True,
        capture_output=True,
    )
    return os.fsdecode(done.stdout).strip()


def new(place):
    """Make an empty repository at a place."""
    Path(place).mkdir(parents=True, exist_ok=True)
    git("init", "-q", "-b", "main", at=place)
    return Path(place)


def commit(place, files=None, when=None):
    """Write files, None to remove one, and commit all; return the commit's id."""
    for name, text in (files or {}).items():
        file = Path(place) / name
        if text is None:
            file.unlink()
            continue
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
    git("add", "-A", at=place)
    git("commit", "-qm", "x", "--allow-empty", at=place, when=when)
    return git("rev-parse", "HEAD", at=place)


def plant(place, ran):
    """Make the configuration and attributes run a program, which notes it in a file, everywhere."""
    program = Path(place) / ".git" / "canary"
    program.write_text(f"#!/bin/sh\necho $0 $* >> '{ran}'\ncat\n")
    program.chmod(0o755)
    own = f"{program}"
    hooks = Path(place) / ".git" / "planted-hooks"
    hooks.mkdir()
    for hook in ("post-checkout", "post-index-change", "fsmonitor-watchman", "pre-commit"):
        (hooks / hook).write_text(program.read_text())
        (hooks / hook).chmod(0o755)
    included = Path(place) / ".git" / "included"
    included.write_text(f'[filter "y"]\n\tclean = {own} included\n[core]\n\tfsmonitor = {own}\n')
    settings = {
        "filter.x.clean": f"{own} clean",
        "filter.x.smudge": f"{own} smudge",
        "filter.x.process": f"{own} process",
        "filter.x.required": "true",
        "diff.x.textconv": f"{own} textconv",
        "diff.x.command": f"{own} diff",
        "diff.external": f"{own} external",
        "merge.x.driver": f"{own} merge",
        "core.fsmonitor": own,
        "core.hooksPath": str(hooks),
        "core.sshCommand": own,
        "core.pager": own,
        "core.editor": own,
        "core.askPass": own,
        "core.gitProxy": own,
        "core.alternateRefsCommand": own,
        "credential.helper": own,
        "gpg.program": own,
        "gpg.ssh.program": own,
        "alias.rev-parse": f"!{own}",
        "alias.diff": f"!{own}",
        "include.path": str(included),
        "includeIf.gitdir:/.path": str(included),
        "uploadpack.packObjectsHook": own,
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{own}",
        "remote.origin.uploadpack": own,
        "submodule.recurse": "true",
    }
    for name, value in settings.items():
        git("config", name, value, at=place)
    attributes = "* filter=x diff=x merge=x text=auto\n*.tf filter=x diff=x\n"
    (Path(place) / ".git" / "info").mkdir(exist_ok=True)
    (Path(place) / ".git" / "info" / "attributes").write_text(attributes)
    return attributes

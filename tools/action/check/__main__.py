"""Run tfcheck as the action's inputs say: annotations, step summary, outputs.

What judges a proposal (`.tfcheck.yaml`, rule policy, baseline, inline waivers) is read from its
base commit by `--base`, out of git's objects: this program starts no git and checks nothing out.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

from given import arguments, formats, refuse_unknown
from proposal import Refused, base_of, event, shown
from results import (
    ANSWERS,
    COULD_NOT_CHECK,
    Result,
    is_unchecked,
    nothing,
    result_of,
    write_outputs,
    write_summary,
)

MOST_SAID = 16_000
"""How many bytes are kept of what the program says beside its reports."""


def main() -> None:
    """Check, and write what GitHub reads; the last step of the action ends with our code."""
    reports = Path(tempfile.mkdtemp(prefix="tfcheck-reports-", dir=os.environ["RUNNER_TEMP"]))
    markdown = reports / "report.md"
    try:
        refuse_unknown()
        known = event()
        words = [*formats(reports), *arguments(base_of(known))]
        code, said = run(words, shown(known))
        result = result_of(code, reports)
    except Refused as refused:
        print(f"::error title=tfcheck::{refused}")
        code, said, result = COULD_NOT_CHECK, str(refused), Result(COULD_NOT_CHECK)
    write_outputs(reports, result)
    if not result.summary and not (code == COULD_NOT_CHECK and is_unchecked(reports)):
        text = nothing(said if code == COULD_NOT_CHECK else f"{said}\n{ended(code)}")
        markdown.write_text(text, encoding="utf-8")
        write_summary(text)
        return
    sys.stdout.write((reports / "annotations").read_text(encoding="utf-8"))
    sys.stdout.flush()
    write_summary((reports / "summary.md").read_text(encoding="utf-8"))


def ended(code: int) -> str:
    """Say how a program ended that has not said so itself."""
    if code in ANSWERS:
        return "a report is missing, or is not one of tfcheck"
    if code < 0:
        return f"the signal {-code} ended tfcheck: did the runner have enough memory?"
    return f"tfcheck ended with {code}"


def run(words: list[str], commit: str) -> tuple[int, str]:
    """Run `tfcheck plan`; return its exit code, below 0 if a signal ended it, and what it said.

    Reports link to a `commit`, if one is given.
    """
    # The workflow's environment may hold TFCHECK_ options; GITHUB_ACTIONS would choose formats.
    kept_away = {"GITHUB_TOKEN", "NO_COLOR", "GITHUB_SHA"}
    environment = {k: v for k, v in os.environ.items() if k not in kept_away}
    if commit:
        environment["GITHUB_SHA"] = commit
    if os.environ.get("MODULES_DATA"):
        environment["TF_DATA_DIR"] = os.environ["MODULES_DATA"]
    # Until the token comes again, the runner takes no line for a command: names are strangers'.
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", flush=True)
    program = [os.environ["PYTHON"], "-I", "-X", "utf8", "-m", "checker", "plan"]
    kept = b""
    try:
        with subprocess.Popen([*program, *words], env=environment, stderr=subprocess.PIPE) as done:
            for line in done.stderr or ():
                # All in one stream: the runner does not keep the order between two, so that a line
                # of the other might come behind the token.
                sys.stdout.buffer.write(line)
                sys.stdout.buffer.flush()
                kept += line[: MOST_SAID - len(kept)]
        return done.returncode, kept.decode("utf-8", "replace")
    finally:
        print(f"\n::{token}::", flush=True)


if __name__ == "__main__":
    main()

"""Run tfcheck as the action's inputs say: annotations, step summary, outputs.

What judges a proposal (`.tfcheck.yaml`, rule policy, baseline, inline waivers) is read from its
base commit by `--base`, out of git's objects: this program starts no git and checks nothing out.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COULD_NOT_CHECK = 2
ANSWERS = (0, 1)
"""Exit codes of tfcheck that come with a report."""
NOTHING = "<!-- tfcheck -->\n\n### tfcheck: nothing was checked\n\nSee the log of the step.\n"
REPORTS = (("github", "annotations"), ("markdown", "report.md"), ("json", "report.json"))
COUNTS = ("mappings", "errors", "warnings", "unknown")
COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
FROM_DEFAULT_BRANCH = ("workflow_run", "check_run", "check_suite", "issue")
"""What events hold whose workflow, and so `GITHUB_SHA`, is that of the default branch.

https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
"""
PROPOSALS = ("pull_request", "pull_request_target", "merge_group", "workflow_run")
"""Events that are refused if they do not hold their base commit."""
_VERDICTS = ("blocked", "undecided", "at-risk", "ready")


class Refused(Exception):  # noqa: N818 - it is our answer
    """The inputs cannot be followed without trusting what a stranger proposes."""


@dataclass(frozen=True)
class Base:
    """The commit that judges; `changes` says whether what is checked was proposed against it."""

    commit: str
    changes: bool


def given(name: str) -> str:
    """Return an input of the action."""
    return os.environ.get(f"INPUT_{name}", "").strip()


def main() -> None:
    """Check, and write what GitHub reads; the last step of the action ends with our code."""
    reports = Path(tempfile.mkdtemp(prefix="tfcheck-reports-", dir=os.environ["RUNNER_TEMP"]))
    markdown = reports / "report.md"
    try:
        words = [*formats(reports), *arguments(base_of(event()))]
        code = run(words)
        summary = summary_of(reports) if code in ANSWERS else {}
    except Refused as refused:
        print(f"::error title=tfcheck::{refused}")
        code, summary = COULD_NOT_CHECK, {}
    if code not in ANSWERS or not summary:
        write_outputs(reports, COULD_NOT_CHECK, {})
        conclude(markdown, NOTHING)
        return
    write_outputs(reports, code, summary)
    sys.stdout.write((reports / "annotations").read_text(encoding="utf-8"))
    sys.stdout.flush()
    conclude(markdown, markdown.read_text(encoding="utf-8"))


def run(words: list[str]) -> int:
    """Run `tfcheck plan`; return its exit code, below 0 if a signal ended it."""
    # The workflow's environment may hold TFCHECK_ options; GITHUB_ACTIONS would choose formats.
    environment = {k: v for k, v in os.environ.items() if k not in {"GITHUB_TOKEN", "NO_COLOR"}}
    if os.environ.get("MODULES_DATA"):
        environment["TF_DATA_DIR"] = os.environ["MODULES_DATA"]
    # Until the token comes again, the runner takes no line for a command: names are strangers'.
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", flush=True)
    program = [os.environ["PYTHON"], "-I", "-X", "utf8", "-m", "checker", "plan"]
    try:
        return subprocess.run([*program, *words], env=environment, check=False).returncode
    finally:
        print(f"\n::{token}::", flush=True)


def conclude(markdown: Path, text: str) -> None:
    """Write the comment that is to be made, and the step's summary."""
    markdown.write_text(text, encoding="utf-8")
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as summary:
        summary.write(text)


def arguments(base: Base | None) -> list[str]:
    """Return the inputs as options.

    Raises:
        Refused: a file that judges is one of the workspace by another name.
    """
    words: list[str] = []
    if given("PLAN"):
        words.append(f"--plan={given('PLAN')}")
    policy = given("POLICY")
    if policy:
        named = "/" in policy or policy.endswith((".yaml", ".yml"))
        words.append(f"--policy={judging(policy, base) if named else policy}")
    if given("FAIL_ON"):
        words.append(f"--fail-on={given('FAIL_ON')}")
    if given("STRICT") == "true":
        words.append("--strict")
    if given("BASELINE"):
        words.append(f"--baseline={judging(given('BASELINE'), base)}")
    if base is not None:
        words.append(f"--base={base.commit}")
        if given("TRUST_WAIVERS") == "true":
            words.append("--trust-waivers")
        if base.changes and given("CHANGED_ONLY") == "true":
            words.append(f"--changed-since={base.commit}")
    return [*words, "--", given("PATH") or "."]


def judging(file: str, base: Base | None) -> str:
    """Return the path of a file that judges: of a proposal one that its base commit can hold.

    A file beside the workspace, which a step of the workflow put there, is read as it is.

    Raises:
        Refused: it is a file of the workspace by another name, such as a link.
    """
    if base is None:
        return file
    workspace, place = Path.cwd(), Path(os.path.abspath(file))  # noqa: PTH100 - follows no link
    if place.is_relative_to(workspace):
        return f"./{place.relative_to(workspace).as_posix()}"
    if place.resolve().is_relative_to(workspace.resolve()):
        raise Refused(f"`{one_line(file)}` leads into the workspace: name it by its path there")
    return str(place)


def formats(reports: Path) -> list[str]:
    """Return where each report goes.

    Raises:
        Refused: a link leads a report out of the workspace.
    """
    words = ["--format=text"]
    words += [f"--format={name}={reports / file}" for name, file in REPORTS]
    sarif = Path(given("SARIF_FILE"))
    if given("SARIF_FILE"):
        folder = sarif.absolute().parent
        if folder.is_relative_to(Path.cwd()) and not folder.resolve().is_relative_to(
            Path.cwd().resolve()
        ):
            raise Refused(f"`{one_line(str(sarif.parent))}` leads out of the workspace")
        # What the workspace holds there is a stranger's: a link that leads the report elsewhere, or
        # a report that would be uploaded as ours.
        if sarif.is_symlink() or sarif.is_file():
            sarif.unlink()
        words.append(f"--format=sarif={given('SARIF_FILE')}")
    return words


def one_line(text: str) -> str:
    """Return a name as a message may hold it."""
    return " ".join(text.split())


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


def summary_of(reports: Path) -> dict[str, int]:
    """Return the summary of the report as JSON; nothing if a report is missing or damaged."""
    if not all((reports / file).is_file() for _, file in REPORTS):
        return {}
    try:
        found = json.loads((reports / "report.json").read_text(encoding="utf-8"))["summary"]
        return {name: int(found[name]) for name in (*COUNTS, *_VERDICTS)}
    except (ValueError, KeyError, TypeError):
        return {}


def write_outputs(reports: Path, code: int, summary: dict[str, int]) -> None:
    """Write the outputs of the step."""
    known = {"code": str(code), "verdict": "none", "markdown-file": str(reports / "report.md")}
    if summary:
        verdicts = [each for each in _VERDICTS if summary[each]]
        known |= {name: str(summary[name]) for name in COUNTS}
        known["verdict"] = verdicts[0] if verdicts else "none"
        known["json-file"] = str(reports / "report.json")
    if given("SARIF_FILE") and code in ANSWERS and Path(given("SARIF_FILE")).exists():
        known["sarif-file"] = given("SARIF_FILE")
    lines = [f"{name}={value}\n" for name, value in known.items() if len(value.splitlines()) < 2]  # noqa: PLR2004 - one line
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.writelines(lines)


if __name__ == "__main__":
    main()

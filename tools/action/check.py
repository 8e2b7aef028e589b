"""Run tfcheck as the action's inputs say: annotations, step summary, outputs.

On a pull request `.tfcheck.yaml`, the policy and the baseline are those of the base commit: what a
stranger proposes does not decide how it is judged.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

COULD_NOT_CHECK = 2
NOTHING = "<!-- tfcheck -->\n\n### tfcheck: nothing was checked\n\nSee the log of the step.\n"
REPORTS = (("github", "annotations"), ("markdown", "report.md"), ("json", "report.json"))
_GIT = ("git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false")
_VERDICTS = ("blocked", "undecided", "at-risk", "ready")


class Refused(Exception):  # noqa: N818 - it is our answer
    """The inputs cannot be followed without trusting what a stranger proposes."""


def given(name: str) -> str:
    """Return an input of the action."""
    return os.environ.get(f"INPUT_{name}", "").strip()


def main() -> None:
    """Check, and write what GitHub reads; the last step of the action ends with our code."""
    temporary = Path(os.environ["RUNNER_TEMP"])
    reports = temporary / "tfcheck-reports"
    reports.mkdir(exist_ok=True)
    markdown = reports / "report.md"
    try:
        words = [*formats(reports), *arguments(base_of(temporary))]
    except Refused as refused:
        print(f"::error title=tfcheck::{refused}")
        write_outputs(reports, COULD_NOT_CHECK)
        conclude(markdown, NOTHING)
        return
    program = str(Path(os.environ["ENVIRONMENT"]) / "bin" / "tfcheck")
    # The workflow's environment may hold TFCHECK_ options; GITHUB_ACTIONS would choose formats.
    environment = {k: v for k, v in os.environ.items() if k not in {"GITHUB_TOKEN", "NO_COLOR"}}
    # Until the token comes again, the runner takes no line for a command: names are strangers'.
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", flush=True)
    done = subprocess.run([program, "plan", *words], env=environment, check=False)
    print(f"\n::{token}::", flush=True)
    write_outputs(reports, done.returncode)
    if done.returncode == COULD_NOT_CHECK or not markdown.exists():
        conclude(markdown, NOTHING)
        return
    sys.stdout.write((reports / "annotations").read_text(encoding="utf-8"))
    sys.stdout.flush()
    conclude(markdown, markdown.read_text(encoding="utf-8"))


def conclude(markdown: Path, text: str) -> None:
    """Write the comment that is to be made, and the step's summary."""
    markdown.write_text(text, encoding="utf-8")
    with Path(os.environ["GITHUB_STEP_SUMMARY"]).open("a", encoding="utf-8") as summary:
        summary.write(text)


def arguments(base: Path | None) -> list[str]:
    """Return the inputs as options; files that judge come from the base commit.

    Raises:
        Refused: such a file is wanted, and the base commit is not there.
    """
    pull = event().get("pull_request")
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
    if given("CHANGED_ONLY") == "true" and pull:
        words.append(f"--changed-since={pull['base']['sha']}")
    words += configuration(base, pull is not None)
    return [*words, "--", given("PATH") or "."]


def judging(file: str, base: Path | None) -> Path:
    """Return where a file that judges is: on a pull request never in what is proposed."""
    workspace = Path.cwd()
    place = workspace / file
    if not event().get("pull_request") or not place.is_relative_to(workspace):
        return place
    if base is None:
        raise Refused(f"{file} is to be read from the base commit: check out with fetch-depth: 0")
    return base / place.relative_to(workspace)


def configuration(base: Path | None, pull: bool) -> list[str]:  # noqa: FBT001 - told by the event
    """Return which `.tfcheck.yaml` is read: that of the base commit on a pull request."""
    if not pull:
        return []
    if base is None:
        return ["--no-config"]
    path = Path(given("PATH") or ".")
    folder = base / path if (base / path).is_dir() else (base / path).parent
    while folder.is_relative_to(base):
        if (folder / ".tfcheck.yaml").is_file():
            return [f"--config={folder / '.tfcheck.yaml'}"]
        folder = folder.parent
    return ["--no-config"]


def formats(reports: Path) -> list[str]:
    """Return where each report goes."""
    words = ["--format=text"]
    for name, file in REPORTS:
        (reports / file).unlink(missing_ok=True)
        words.append(f"--format={name}={reports / file}")
    sarif = Path(given("SARIF_FILE"))
    if given("SARIF_FILE"):
        # A pull request may hold a link of that name, which would lead the report elsewhere.
        if sarif.is_symlink():
            sarif.unlink()
        folder = sarif.absolute().parent
        if folder.is_relative_to(Path.cwd()) and not folder.resolve().is_relative_to(
            Path.cwd().resolve()
        ):
            raise Refused(f"{sarif.parent} leads out of the workspace")
        words.append(f"--format=sarif={given('SARIF_FILE')}")
    return words


def event() -> dict[str, dict[str, dict[str, str]]]:
    """Return the event that started the workflow."""
    path = os.environ.get("GITHUB_EVENT_PATH", "")
    found: dict[str, dict[str, dict[str, str]]] = json.loads(Path(path).read_text()) if path else {}
    return found


def base_of(temporary: Path) -> Path | None:
    """Check the base commit of a pull request out beside the workspace; None without one."""
    pull = event().get("pull_request")
    if not pull:
        return None
    sha = pull["base"]["sha"]
    place = temporary / "tfcheck-base"
    if place.is_dir():
        git("worktree", "remove", "--force", str(place))
    if not git("cat-file", "-e", f"{sha}^{{commit}}"):
        git("fetch", "--quiet", "--depth=1", "origin", sha)
    if git("worktree", "add", "--quiet", "--detach", str(place), sha):
        return place
    told = "the base commit is not there, so neither .tfcheck.yaml nor files of it are read"
    print(f"::warning title=tfcheck::{told}: check out with fetch-depth: 0")
    return None


def git(*words: str) -> bool:
    """Run git without hooks; tell whether it succeeded."""
    return subprocess.run([*_GIT, *words], check=False, capture_output=True).returncode == 0


def write_outputs(reports: Path, code: int) -> None:
    """Write the outputs of the step."""
    told = {"code": str(code), "verdict": "none", "markdown-file": str(reports / "report.md")}
    report = reports / "report.json"
    if report.exists():
        found = json.loads(report.read_text(encoding="utf-8"))
        summary = found["summary"]
        verdicts = [each for each in _VERDICTS if summary[each]]
        told |= {name: str(summary[name]) for name in ("mappings", "errors", "warnings", "unknown")}
        told |= {"verdict": verdicts[0] if verdicts else "none", "json-file": str(report)}
    if given("SARIF_FILE") and Path(given("SARIF_FILE")).exists():
        told["sarif-file"] = given("SARIF_FILE")
    lines = [f"{name}={value}\n" for name, value in told.items() if "\n" not in value]
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.writelines(lines)


if __name__ == "__main__":
    main()

"""The inputs of the action as options of the program; none of them is read by a shell."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from proposal import Base, Refused

REPORTS = (
    ("github", "annotations"),
    ("markdown", "report.md"),
    ("summary", "summary.md"),
    ("json", "report.json"),
)
COMMENTS = ("on-findings", "always", "never", "true", "false", "")
VERSIONS = ("1", "")
"""The versions of the report as JSON that the program writes."""
LISTED = (
    ("VAR_FILE", "var-file"),
    ("VAR", "var"),
    ("PARAMETER_FILE", "parameter-file"),
    ("PARAMETER", "parameter"),
    ("SELECT", "select"),
    ("IGNORE", "ignore"),
)
"""Inputs that hold a value a line; what is named later wins, as on Terraform's command line."""
ALONE = (
    ("REGION", "region"),
    ("CONFIG_ENV", "config-env"),
    ("ACCOUNT", "account"),
    ("STACK_NAME", "stack-name"),
    ("FAIL_ON", "fail-on"),
)
FLAGS = (("RECURSIVE", "recursive"), ("STRICT", "strict"))
SWITCHES = ("TRUST_WAIVERS", "CHANGED_ONLY")


def given(name: str) -> str:
    """Return an input of the action."""
    return os.environ.get(f"INPUT_{name}", "").strip()


def lines(name: str) -> list[str]:
    """Return the values of an input that holds one a line; blanks at a value's end are its own."""
    text = os.environ.get(f"INPUT_{name}", "")
    return [line.lstrip().rstrip("\r") for line in text.split("\n") if line.strip()]


def refuse_unknown() -> None:
    """Hold inputs that are one word of several to these.

    Raises:
        Refused: one is another word.
    """
    if given("COMMENT") not in COMMENTS:
        raise Refused("`comment` is `on-findings`, `always` or `never`")
    for name in (*(name for name, _ in FLAGS), *SWITCHES):
        if given(name) not in {"", "true", "false"}:
            raise Refused(f"`{name.lower().replace('_', '-')}` is `true` or `false`")
    if given("VERSION") not in VERSIONS:
        raise Refused("`version` is `1`: there is no other version of the report as JSON")


def arguments(base: Base | None) -> list[str]:
    """Return the inputs as options.

    Raises:
        Refused: a file that judges is one of the workspace by another name.
    """
    words = [f"--{option}" for name, option in FLAGS if given(name) == "true"]
    words += [f"--{option}={given(name)}" for name, option in ALONE if given(name)]
    words += [f"--{option}={each}" for name, option in LISTED for each in lines(name)]
    if given("PLAN"):
        words.append(f"--plan={given('PLAN')}")
    words += judges(base)
    if base is not None:
        words.append(f"--base={base.commit}")
        if given("TRUST_WAIVERS") == "true":
            words.append("--trust-waivers")
        if base.changes and given("CHANGED_ONLY") == "true":
            words.append(f"--changed-since={base.commit}")
    return [*words, "--", given("PATH") or "."]


def judges(base: Base | None) -> Iterator[str]:
    """Yield the options that name files by which the run is judged.

    Raises:
        Refused: one is a file of the workspace by another name.
    """
    policy = given("POLICY")
    if policy:
        named = "/" in policy or policy.endswith((".yaml", ".yml"))
        yield f"--policy={judging(policy, base) if named else policy}"
    if given("BASELINE"):
        yield f"--baseline={judging(given('BASELINE'), base)}"


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

"""Fixes of one line as suggestions of a review, on lines that the pull request's diff shows.

https://docs.github.com/en/rest/pulls/reviews#create-a-review-for-a-pull-request
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from comments import login, written
from github import UnansweredError, UnwrittenError, api, ask, repository

from checker.characters import is_plain
from checker.commits.unchanged import unchanged
from checker.files import Repository
from checker.reports.markup import prose, within

MOST_NEW, MOST_IN_ALL = 10, 30
"""How many suggestions are made at a push, and on a pull request."""
MOST_REPORT = 64 * 1024 * 1024
"""Bytes of the report that are read."""
MOST_LINE, MOST_MESSAGE = 500, 1_000
PAGE, MOST_FILE_PAGES, MOST_COMMENT_PAGES = 100, 30, 20
"""GitHub lists at most 3,000 files of a pull request."""
RULE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MARKED = re.compile(r"<!-- tfcheck suggestion=([0-9a-f]{32}) -->")
_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@")


@dataclass(frozen=True)
class Suggestion:
    """A fix of one line: what stands on it from one column to another becomes something else."""

    rule: str
    subject: str
    message: str
    path: str
    line: int
    begin: int
    old: str
    new: str

    @property
    def key(self) -> str:
        """What the same suggestion of another push has, wherever the line has moved."""
        parts = (self.rule, self.subject, self.path, self.old, self.new)
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]

    def of(self, text: str) -> dict[str, object] | None:
        """Return the comment that suggests it; None if the line of the diff says something else."""
        end = self.begin + len(self.old)
        if (
            text[self.begin : end] != self.old
            or len(text) > MOST_LINE
            or not is_plain(text.strip())
        ):
            return None
        line = f"{text[: self.begin]}{self.new}{text[end:]}\n" if self.new else ""
        ticks = "`" * max(3, 1 + max((len(each) for each in re.findall("`+", line)), default=0))
        body = (
            f"<!-- tfcheck suggestion={self.key} -->\n`{self.rule}`:"
            f" {within(self.message, MOST_MESSAGE, prose)}\n\n{ticks}suggestion\n{line}{ticks}\n"
        )
        return {"path": self.path, "line": self.line, "side": "RIGHT", "body": body}


@dataclass
class Offered:
    """How many suggestions a run made, and how many it left out for there being too many."""

    made: int = 0
    left: int = 0
    known: set[str] = field(default_factory=set)


def offer(number: int, head: str, offered: Offered) -> None:
    """Suggest what the pull request does not have as a suggestion yet.

    Raises:
        UnwrittenError: that failed.
    """
    # Of one line the worst finding has its say, today and at a later push.
    by_line: dict[tuple[str, int], Suggestion] = {}
    found = list(suggestions())
    same = checked_out(head, {each.path for each in found})
    for each in found:
        if each.path in same:
            by_line.setdefault((each.path, each.line), each)
    wanted = {each.key: each for each in by_line.values()}
    if not wanted:
        return
    pulls = f"{api()}/repos/{repository()}/pulls/{number}"
    offered.known = set(keys(f"{pulls}/comments", login()))
    new = [each for key, each in wanted.items() if key not in offered.known]
    if not new:
        return
    shown = lines(f"{pulls}/files", {each.path for each in new})
    made = [found for each in new if (found := _comment(each, shown)) is not None]
    room = max(min(MOST_NEW, MOST_IN_ALL - len(offered.known)), 0)
    offered.left = len(made) - len(made[:room])
    if made[:room]:
        review = {
            "commit_id": head,
            "event": "COMMENT",
            "body": "tfcheck suggests changes of single lines.",
            "comments": made[:room],
        }
        written(ask("POST", f"{pulls}/reviews", review))
        offered.made = len(made[:room])


def checked_out(head: str, paths: set[str]) -> frozenset[str]:
    """Return the files that the checkout has as the head does: in others lines are elsewhere."""
    top = os.environ.get("GITHUB_WORKSPACE", "")
    return unchanged(Repository(Path(top)), head, paths) if top else frozenset()


def _comment(each: Suggestion, shown: dict[str, dict[int, str]]) -> dict[str, object] | None:
    text = shown.get(each.path, {}).get(each.line)
    return None if text is None else each.of(text)


def suggestions() -> Iterator[Suggestion]:
    """Yield the fixes of one line that the report holds; nothing that is not as it writes them.

    Raises:
        UnwrittenError: there is no report.
    """
    path = os.environ.get("JSON", "")
    try:
        with Path(path).open("rb") as file:
            report = json.loads(file.read(MOST_REPORT + 1))
        findings = report["findings"]
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        raise UnwrittenError("there is no report") from None
    for each in findings if isinstance(findings, list) else ():
        found = _suggestion(each)
        if found is not None:
            yield found


def _suggestion(finding: Any) -> Suggestion | None:  # noqa: ANN401 - JSON
    try:
        (change,) = finding["fixes"]
        at = change["location"]
        found = Suggestion(
            finding["rule"],
            finding["subject"],
            finding["message"],
            at["file"],
            at["line"],
            at["column"] - 1,
            change["old"],
            change["new"],
        )
        same = (at["end-line"], at["end-column"] - 1) == (found.line, found.begin + len(found.old))
    except (KeyError, TypeError, ValueError):
        return None
    texts = (found.rule, found.subject, found.message, found.path, found.old, found.new)
    sound = all(isinstance(each, str) for each in texts) and bool(found.old) and found.begin >= 0
    plain = sound and is_plain(found.old) and is_plain(found.new) and RULE.fullmatch(found.rule)
    return found if plain and same and finding.get("waived") is None else None


def keys(comments: str, who: str | None) -> Iterator[str]:
    """Yield the keys of suggestions of ours that the pull request has, also of outdated ones."""
    for each in listed(comments, MOST_COMMENT_PAGES):
        user = each.get("user") if isinstance(each.get("user"), dict) else {}
        body = each.get("body")
        mine = user.get("login") == who if who is not None else user.get("type") == "Bot"
        found = MARKED.match(body) if isinstance(body, str) else None
        if mine and found:
            yield found[1]


def lines(files: str, wanted: set[str]) -> dict[str, dict[int, str]]:
    """Return the lines of files that their diff shows as they are now, by path and number."""
    found: dict[str, dict[int, str]] = {}
    for each in listed(files, MOST_FILE_PAGES):
        name, patch = each.get("filename"), each.get("patch")
        if isinstance(name, str) and name in wanted and isinstance(patch, str):
            found[name] = dict(numbered(patch))
            if len(found) == len(wanted):
                break
    return found


def numbered(patch: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that a diff shows as they are now, with their numbers."""
    number = 0
    for line in patch.split("\n"):
        hunk = _HUNK.match(line)
        if hunk:
            number = int(hunk[1])
        elif number and line[:1] in {"+", " "}:
            yield number, line[1:].removesuffix("\r")
            number += 1


def listed(url: str, most: int) -> Iterator[dict[str, Any]]:
    """Yield what GitHub lists, page by page.

    Raises:
        UnansweredError: it answers something else.
        UnwrittenError: there are more pages than are read.
    """
    for page in range(1, most + 1):
        answer = ask("GET", f"{url}?per_page={PAGE}&page={page}")
        if not isinstance(answer, list) or not all(isinstance(each, dict) for each in answer):
            raise UnansweredError("GitHub's answer is no list")
        yield from answer
        if len(answer) < PAGE:
            return
    raise UnwrittenError(f"GitHub lists more than {most * PAGE:,} of them")

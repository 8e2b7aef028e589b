"""Write the one comment of a step on a pull request, or bring it up to date.

A comment of an earlier run must not stand for this one: where it cannot be brought up to date, the
step says so, and fails if findings stand. With the argument `suggest`, suggest fixes instead.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from body import COUNTS, body
from comments import Seen, Wanted, bring_up_to_date
from github import UnansweredError, UnwrittenError
from mark import mark

SECONDS = 150
"""After so many the step ends, whatever GitHub does."""
PAUSES = (1, 4)
"""Seconds before the comment is tried again after a failure on GitHub's side."""


def main() -> int:
    """Comment if the event is a pull request; return the exit code of the step."""
    number, head = pull_request()
    if sys.argv[1:] == ["suggest"]:
        return suggest(number, head)
    if number is None:
        print("no pull request: no comment")
        return 0
    seen, ours = Seen(), mark()
    # Without findings none is made, but one of an earlier run must not go on naming some.
    new = os.environ.get("MODE") in {"always", "true"} or os.environ.get("STANDS") != "false"
    wanted = Wanted(ours, body(ours), new)
    why = within(SECONDS, lambda: tried(lambda: bring_up_to_date(number, wanted, seen)))
    return 0 if why is None else unwritten(why, stale=seen.stale)


def suggest(number: int | None, head: str) -> int:
    """Suggest fixes on a pull request; what fails is said, and never fails the step."""
    if number is None or not head or os.environ.get("GITHUB_EVENT_NAME") != "pull_request":
        print("::notice title=tfcheck::`suggest` works on the event `pull_request` alone")
        return 0
    # Its texts are set as the program sets them: it needs the environment that is installed.
    from suggestions import Offered, offer

    offered = Offered()
    why = within(SECONDS, lambda: tried(lambda: offer(number, head, offered)))
    if why is not None:
        print(f"::notice title=tfcheck::no fix is suggested: {why}")
    print(f"suggested fixes: {offered.made}; left out for there being too many: {offered.left}")
    return 0


def pull_request() -> tuple[int | None, str]:
    """Return the number of the event's pull request, and its head; None without one."""
    path = os.environ.get("GITHUB_EVENT_PATH", "")
    given = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
    pull = given.get("pull_request") if isinstance(given, dict) else None
    pull = pull if isinstance(pull, dict) else {}
    number, head = pull.get("number"), pull.get("head")
    commit = head.get("sha") if isinstance(head, dict) else None
    sound = isinstance(commit, str) and re.fullmatch("[0-9a-f]{40}|[0-9a-f]{64}", commit)
    return number if type(number) is int else None, commit if sound else ""


def tried(work: Callable[[], None]) -> None:
    """Work; each further try looks first what is there, so that nothing is written twice."""
    for pause in (*PAUSES, None):
        try:
            work()
        except UnansweredError:
            if pause is None:
                raise
            time.sleep(pause)
        else:
            return


def within(seconds: float, work: Callable[[], None]) -> str | None:
    """Return why work failed, None if it did not; also if an answer comes byte by byte."""
    ends: list[str | None] = []

    def run() -> None:
        try:
            work()
        except UnwrittenError as error:
            ends.append(str(error))
        except Exception as error:  # noqa: BLE001 - the step says so, without the token
            ends.append(f"it ended with {type(error).__name__}")
        else:
            ends.append(None)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    return ends[0] if ends else f"GitHub does not answer within {seconds:g} seconds"


def unwritten(why: str, *, stale: bool) -> int:
    """Say that the comment is not written; return the check's code, 1 if an old one misleads."""
    code = os.environ.get("CODE") or "2"
    stand = code != "0" or any(os.environ.get(name) not in {None, "", "0"} for name in COUNTS)
    rest = "see the step's summary"
    if stale:
        rest = f"one of an earlier run may stand that no longer holds: {rest}"
    level = "notice" if not stale else "error" if stand else "warning"
    print(f"::{level} title=tfcheck::no comment is written: {why}: {rest}")
    if code != "0":
        return int(code) if code.isdecimal() else 2
    return int(stale and stand)


if __name__ == "__main__":
    sys.exit(main())

"""Write the one comment on a pull request, or bring it up to date.

A comment of an earlier run must not stand for this one: where it cannot be brought up to date, the
step says so, and fails if findings stand.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from body import COUNTS, body
from comments import Seen, bring_up_to_date
from github import UnansweredError, UnwrittenError

SECONDS = 150
"""After so many the step ends, whatever GitHub does."""
PAUSES = (1, 4)
"""Seconds before the comment is tried again after a failure on GitHub's side."""


def main() -> int:
    """Comment if the event is a pull request; return the exit code of the step."""
    number = pull_request()
    if number is None:
        print("no pull request: no comment")
        return 0
    seen = Seen()
    why = within(SECONDS, lambda: publish(number, body(), seen))
    return 0 if why is None else unwritten(why, stale=seen.stale)


def pull_request() -> int | None:
    """Return the number of the event's pull request."""
    path = os.environ.get("GITHUB_EVENT_PATH", "")
    given = json.loads(Path(path).read_text(encoding="utf-8")) if path else {}
    pull = given.get("pull_request") if isinstance(given, dict) else None
    number = pull.get("number") if isinstance(pull, dict) else None
    return number if type(number) is int else None


def publish(number: int, text: str, seen: Seen) -> None:
    """Write the comment; each try looks first what is there, so that none is written twice."""
    for pause in (*PAUSES, None):
        try:
            bring_up_to_date(number, text, seen)
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

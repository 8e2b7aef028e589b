"""Write the one comment on a pull request, or bring it up to date.

https://docs.github.com/en/rest/issues/comments
"""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

MARK = "<!-- tfcheck -->"
MOST_PAGES = 20
FEW_RIGHTS = (401, 403, 404)
SERVER_FAILED = 500
PAUSES = (1, 4)
"""Seconds before an answer is asked for again that failed on GitHub's side."""


def main() -> None:
    """Comment if the event is a pull request; without the right to, point at the summary."""
    path = os.environ.get("GITHUB_EVENT_PATH", "")
    event = json.loads(Path(path).read_text()) if path else {}
    pull = event.get("pull_request")
    if not pull:
        print("no pull request: no comment")
        return
    body = Path(os.environ["MARKDOWN"]).read_text(encoding="utf-8")
    api = os.environ.get("GITHUB_API_URL", "https://api.github.com")
    issue = f"{api}/repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    try:
        found = ours(f"{issue}/{pull['number']}/comments")
        if found is None:
            ask("POST", f"{issue}/{pull['number']}/comments", {"body": body})
        else:
            ask("PATCH", f"{issue}/comments/{found}", {"body": body})
    except urllib.error.HTTPError as error:
        told = "may not comment (a fork, or no `pull-requests: write`): see the step's summary"
        if error.code not in FEW_RIGHTS:
            told = f"no comment: GitHub answered {error.code}: see the step's summary"
        print(f"::notice title=tfcheck::{told}")
    except OSError:
        print("::notice title=tfcheck::no comment: GitHub does not answer: see the step's summary")


def ours(comments: str) -> int | None:
    """Return the id of the comment that we wrote before."""
    for page in range(1, MOST_PAGES + 1):
        listed = ask("GET", f"{comments}?per_page=100&page={page}")
        for each in listed:
            bot = (each.get("user") or {}).get("type") == "Bot"
            if bot and str(each.get("body") or "").startswith(MARK):
                return int(each["id"])
        if len(listed) < 100:  # noqa: PLR2004 - a full page
            return None
    return None


def ask(method: str, url: str, body: dict[str, str] | None = None) -> Any:  # noqa: ANN401 - JSON
    """Ask GitHub's API."""
    request = urllib.request.Request(
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "Accept": "application/vnd.github+json",
            "Content-Type": "application/json",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "tfcheck",
        },
    )
    for pause in (*PAUSES, None):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            # What was posted may have arrived; once more would make it two.
            if pause is None or method == "POST" or error.code < SERVER_FAILED:
                raise
            time.sleep(pause)
    return None


if __name__ == "__main__":
    main()

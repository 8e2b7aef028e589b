"""Write the one comment on a pull request, or bring it up to date.

https://docs.github.com/en/rest/issues/comments
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

MARK = "<!-- tfcheck -->"
MOST_PAGES = 20
FEW_RIGHTS = (401, 403, 404)


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
        if error.code not in FEW_RIGHTS:
            raise
        told = "may not comment (a fork, or no `pull-requests: write`): see the step's summary"
        print(f"::notice title=tfcheck::{told}")


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
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


if __name__ == "__main__":
    main()

"""Ask GitHub's API: every answer is bounded in size, and the token goes nowhere else."""

from __future__ import annotations

import http.client
import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from typing import Any

MOST_BYTES = 64 * 1024 * 1024
"""A page of comments is at most 100 times 65,536 characters, escaped."""
TIMEOUT = 30
"""Seconds without a byte after which an answer is given up."""
FORBIDDEN = 403
LIMITED = 429
SERVER_FAILED = 500
LOCAL = ("127.0.0.1", "::1", "localhost")


class UnwrittenError(Exception):
    """The comment is not written; asking again gives the same."""


class RefusedError(UnwrittenError):
    """GitHub says no."""

    def __init__(self, code: int) -> None:
        """Word it by the status code."""
        why = f"GitHub refuses it ({code})"
        if code in {401, 403, 404}:
            why = f"the token is not allowed to (a fork, or no `pull-requests: write`; {code})"
        super().__init__(why)
        self.code = code


class UnansweredError(UnwrittenError):
    """GitHub did not answer, or not as its API does: asking again may help."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the token would go with it."""

    def redirect_request(self, *_: object) -> None:
        """Have every redirect end as an error."""


def api() -> str:
    """Return the address of GitHub's API; the token is not sent in the clear."""
    given = os.environ.get("GITHUB_API_URL") or "https://api.github.com"
    try:
        parts = urllib.parse.urlsplit(given)
    except ValueError:
        parts = urllib.parse.urlsplit("")
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
    if not secure or "@" in parts.netloc or parts.query or parts.fragment:
        raise UnwrittenError("`GITHUB_API_URL` is no https address")
    return given.rstrip("/")


def repository() -> str:
    """Return the repository as `owner/name`."""
    given = os.environ.get("GITHUB_REPOSITORY", "")
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", given, re.ASCII) or ".." in given:
        raise UnwrittenError("`GITHUB_REPOSITORY` is no repository")
    return given


def ask(method: str, url: str, body: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401 - JSON
    """Ask GitHub's API once, and return the JSON of its answer.

    Raises:
        RefusedError: it says no, or sends us elsewhere.
        UnansweredError: it fails, or its answer is none.
    """
    token = os.environ.get("GITHUB_TOKEN", "")
    if not re.fullmatch(r"[!-~]+", token):
        raise UnwrittenError("there is no token")
    request = urllib.request.Request(
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Accept": "application/vnd.github+json",
            "Content-Type": "application/json",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "tfcheck",
        },
    )
    request.add_unredirected_header("Authorization", f"Bearer {token}")
    content = sent(request)
    try:
        return None if method == "DELETE" else json.loads(content.decode())
    except (ValueError, RecursionError):
        raise UnansweredError("GitHub's answer is no JSON") from None


def sent(request: urllib.request.Request) -> bytes:
    """Send a request; return the content of the answer."""
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=TIMEOUT) as answer:
            content: bytes = answer.read(MOST_BYTES + 1)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code >= SERVER_FAILED or limited(error):
            raise UnansweredError(f"GitHub answers {error.code}") from None
        raise RefusedError(error.code) from None
    except (OSError, http.client.HTTPException):
        raise UnansweredError("GitHub does not answer") from None
    if len(content) > MOST_BYTES:
        raise UnansweredError(f"GitHub's answer is longer than {MOST_BYTES:,} bytes")
    return content


def limited(error: urllib.error.HTTPError) -> bool:
    """Tell whether a refusal is that of a rate limit.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    spent = error.headers.get("Retry-After") or error.headers.get("X-RateLimit-Remaining") == "0"
    return error.code == LIMITED or (error.code == FORBIDDEN and bool(spent))

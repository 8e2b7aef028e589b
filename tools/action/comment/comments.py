"""The comments of ours on a pull request: find them, and have one that says what holds.

https://docs.github.com/en/rest/issues/comments
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from github import RefusedError, UnansweredError, UnwrittenError, api, ask, repository
from mark import is_of

OWN_LOGIN = "github-actions[bot]"
"""Who comments with the workflow's own token."""
GONE = (404, 410)
NO_RIGHT = (401, 403)
MOST_PAGES = 20
PAGE = 100


@dataclass(frozen=True)
class Comment:
    """A comment that may be ours."""

    number: int
    login: str
    body: str = field(repr=False)

    def says(self, body: str) -> bool:
        """Tell whether it says that, however GitHub keeps the ends of lines."""
        return self.body.split() == body.split()


@dataclass
class Seen:
    """What is known of the comments of earlier runs."""

    stale: bool = True
    """One may stand that says something else than the run found."""


@dataclass(frozen=True)
class Wanted:
    """What a comment is to say under its mark; `new` says whether one is made if there is none."""

    mark: str
    body: str
    new: bool = True


def bring_up_to_date(number: int, wanted: Wanted, seen: Seen) -> None:
    """Update the comment that is ours and delete its doubles; write one if there is none.

    Raises:
        UnwrittenError: that failed; `seen` tells whether an old comment may stand.
    """
    issues = f"{api()}/repos/{repository()}/issues"
    who, body = login(), wanted.body
    found = list(ours(f"{issues}/{number}/comments", who, wanted.mark))
    seen.stale = not all(each.says(body) for each in found)
    for author in dict.fromkeys(each.login for each in found):
        first, *doubles = [each for each in found if each.login == author]
        try:
            if not first.says(body):
                written(ask("PATCH", f"{issues}/comments/{first.number}", {"body": body}))
        except RefusedError as error:
            # Deleted meanwhile, or perhaps of another bot: then another may be ours, or none.
            if error.code in GONE or (who is None and error.code in NO_RIGHT):
                continue
            raise
        for each in doubles:
            delete(f"{issues}/comments/{each.number}")
        return
    if wanted.new:
        written(ask("POST", f"{issues}/{number}/comments", {"body": body}))


def login() -> str | None:
    """Return who comments; None for the token of an app, which GitHub does not tell that."""
    if os.environ.get("BY_WORKFLOW") == "true":
        return OWN_LOGIN
    try:
        given = ask("GET", f"{api()}/user")
    except RefusedError:
        return None
    found = given.get("login") if isinstance(given, dict) else None
    if not isinstance(found, str):
        raise UnansweredError("GitHub does not answer whose token it is")
    return found


def ours(comments: str, who: str | None, mark: str) -> Iterator[Comment]:
    """Yield the comments with a mark of `who`, or of any bot if that is not known."""
    known: set[int] = set()
    marked = False
    for page in range(1, MOST_PAGES + 1):
        listed = ask("GET", f"{comments}?per_page={PAGE}&page={page}")
        if not isinstance(listed, list) or not all(is_comment(each) for each in listed):
            raise UnansweredError("GitHub's answer is no list of comments")
        numbers = {each["id"] for each in listed}
        if numbers & known:
            raise UnansweredError("GitHub lists the same comments again and again")
        known |= numbers
        for each in listed:
            user = each.get("user") or {}
            author = user.get("login") or OWN_LOGIN
            given = author == who or (who is None and user.get("type") == "Bot")
            # Whoever's login it is, the workflow's token is that of a bot.
            if who == OWN_LOGIN and user.get("type") != "Bot":
                continue
            if given and is_of(each.get("body") or "", mark):
                marked = True
                yield Comment(each["id"], author, each["body"])
        if len(listed) < PAGE:
            return
    if not marked:
        raise UnwrittenError(f"ours is not among the first {MOST_PAGES * PAGE} comments")


def is_comment(each: object) -> bool:
    """Tell whether this is a comment as GitHub lists them."""
    if not isinstance(each, dict) or type(each.get("id")) is not int:
        return False
    user = each.get("user") if each.get("user") is not None else {}
    return (
        isinstance(user, dict)
        and isinstance(user.get("login"), str | None)
        and isinstance(each.get("body"), str | None)
    )


def delete(url: str) -> None:
    """Delete a comment that may be gone."""
    try:
        ask("DELETE", url)
    except RefusedError as error:
        if error.code not in GONE:
            raise


def written(answer: object) -> None:
    """Hold an answer to what GitHub says of a comment that is written."""
    if not isinstance(answer, dict) or type(answer.get("id")) is not int:
        raise UnansweredError("GitHub's answer is not that of a written comment")

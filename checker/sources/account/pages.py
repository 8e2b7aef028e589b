"""Lists that come by pages, each of which names the next: they end, or are not known at all.

https://docs.aws.amazon.com/boto3/latest/guide/paginators.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from checker.records import dataclass

MOST_EMPTY = 50
"""How many pages without a member may follow each other: AWS filters after it has cut pages."""
MOST_CHARACTERS = 128 * 1024 * 1024
"""How long the members of all pages may be together, as JSON: as long as a file of answers."""
_SAME = 32
"""Bytes of a digest that stands for a member."""


class EndlessError(Exception):
    """A list does not end; the text says why that is sure."""


@dataclass(frozen=True, slots=True)
class Paging:
    """How an operation goes from page to page.

    `sent` takes the token that `received` held; `flag` tells whether more follows, where the
    operation has one. `most` pages hold more than a quota lets anybody have.
    """

    keys: tuple[str, ...]
    sent: str
    received: str
    most: int
    flag: str = ""


_MARKER = ("Marker", "Marker")
_DETAILS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
PAGING = {
    # 100 a page; there is no quota, and a Region's functions share a concurrency of some 1,000s.
    "lambda:ListEventSourceMappings": Paging(("EventSourceMappings",), "Marker", "NextMarker", 500),
    # 100 a page; quotas of 10,000 roles, 5,000 users, 500 groups and 10,000 policies.
    "iam:GetAccountAuthorizationDetails": Paging(_DETAILS, *_MARKER, 1_000, "IsTruncated"),
    # 100 a page; a role has 20 managed policies, and inline ones of 10,240 characters in all.
    "iam:ListAttachedRolePolicies": Paging(("AttachedPolicies",), *_MARKER, 50, "IsTruncated"),
    "iam:ListRolePolicies": Paging(("PolicyNames",), *_MARKER, 50, "IsTruncated"),
    # 50 a page; a key has 50,000 grants.
    "kms:ListGrants": Paging(("Grants",), "Marker", "NextMarker", 1_500, "Truncated"),
    # 50 a page; a resource has 50 tags.
    "kms:ListResourceTags": Paging(("Tags",), "Marker", "NextMarker", 20, "Truncated"),
    # An account has one parent, and a target ten policies of a type.
    "organizations:ListParents": Paging(("Parents",), "NextToken", "NextToken", 20),
    "organizations:ListPoliciesForTarget": Paging(("Policies",), "NextToken", "NextToken", 50),
}
"""How each operation that answers by pages does so."""


def pages(paging: Paging, ask: Callable[[dict[str, Any]], Any]) -> dict[str, list[Any]]:
    """Return the members of every page by key, each once; EndlessError for a list without end.

    `ask` gets the token of a page, and returns the page.
    """
    found = _Found(paging)
    token: dict[str, Any] = {}
    for _ in range(paging.most):
        page = ask(token)
        following = _following(paging, page)
        found.add(page, last=following is None)
        if following is None:
            return found.members
        token = {paging.sent: following}
    raise EndlessError(f"it has more than {paging.most} pages")


def _following(paging: Paging, page: dict[str, Any]) -> str | None:
    """Return the token of the next page; None if there is none."""
    more = page[paging.flag] if paging.flag else True
    token = page.get(paging.received) or None
    if paging.flag and more and token is None:
        raise EndlessError("it says that more pages follow, and not where")
    return str(token) if more and token is not None else None


class _Found:
    """The members of the pages so far, and what would show that they have no end."""

    def __init__(self, paging: Paging) -> None:
        self.members: dict[str, list[Any]] = {key: [] for key in paging.keys}
        self._paging = paging
        self._seen: set[bytes] = set()
        self._tokens: set[str] = set()
        self._empty = self._size = 0

    def add(self, page: dict[str, Any], *, last: bool) -> None:
        """Take in a page; EndlessError if it repeats what has been."""
        listed = [(key, each) for key in self._paging.keys for each in page.get(key) or ()]
        new = [(key, each) for key, each in listed if self._first(key, each)]
        for key, each in new:
            self.members[key].append(each)
        if last:
            return
        token = str(page[self._paging.received])
        if token in self._tokens:
            raise EndlessError("it names a page that was already read")
        self._tokens.add(token)
        if listed and not new:
            raise EndlessError("a page lists only members of earlier pages")
        self._empty = 0 if listed else self._empty + 1
        if self._empty > MOST_EMPTY:
            raise EndlessError(f"{self._empty} pages in a row have no members")

    def _first(self, key: str, member: object) -> bool:
        """Tell whether a member has not been on a page yet."""
        text = json.dumps([key, member], sort_keys=True, default=str)
        self._size += len(text)
        if self._size > MOST_CHARACTERS:
            raise EndlessError(f"its members have more than {MOST_CHARACTERS} characters")
        digest = hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=_SAME).digest()
        if digest in self._seen:
            return False
        self._seen.add(digest)
        return True

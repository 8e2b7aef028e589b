"""The policies of the organization that bind an account: SCPs and RCPs, level by level.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.iam.document import Document, Documents
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.model import Organization
from checker.requests.layers import ANYBODY, EVERYTHING
from checker.sources.account.answers import Answers
from checker.sources.account.client import NotReadError
from checker.sources.account.codes import NO_ORGANIZATION, NOT_ENABLED
from checker.sources.account.documents import parsed

MOST_LEVELS = 16
_SCP, _RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"


def read_organization(answers: Answers, account: str, region: str) -> Value[Organization]:
    """Return what binds an account.

    What the credentials are not allowed to read is left out and said, as `unseen`, or as the whole
    unknown if nothing was read. Of what cannot be read for another reason everything is possible:
    a level of policies that is unknown stands for it.
    """
    at = Location(f"arn:aws:organizations::{account}:account")
    reading = _Reading(answers, region, at)
    try:
        answer = answers.ask("organizations", region, "DescribeOrganization")["Organization"]
    except NotReadError as error:
        if error.code == NO_ORGANIZATION:
            return Known(Organization(account), at)
        return reading.ended(account, error)
    if answer["MasterAccountId"] == account:
        # The management account is bound by nothing, whatever is attached above it.
        return Known(Organization(account), at)
    try:
        reading.read(account)
    except NotReadError as error:
        return reading.ended(account, error)
    return Known(reading.whole(account), at)


class _Reading:
    """The policies by type and level, from the inside out, as far as they are read.

    `begun` are those of the level of a type that is being read.
    """

    def __init__(self, answers: Answers, region: str, at: Location) -> None:
        self._answers = answers
        self._region = region
        self._at = at
        self._levels: dict[str, list[Documents]] = {_SCP: [], _RCP: []}
        self._begun: tuple[str, list[Document | Unknown]] = (_SCP, [])
        self._bare: dict[str, list[str]] = {_SCP: [], _RCP: []}

    def read(self, account: str) -> None:
        """Read every level; NotReadError where that ends."""
        targets: list[str] = []
        lost = self._find(account, targets)
        for target in targets:
            for kind in self._levels:
                self._read_level(target, kind)
        self._mark_bare()
        if lost is not None:
            raise lost

    def _mark_bare(self) -> None:
        """Let a level without policies be unknown where another has some of that type.

        A type is enabled for the whole organization, and then every level has a policy of it.
        https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_type-auth.html
        """
        for kind, levels in self._levels.items():
            if levels and self._bare[kind]:
                why = f"no policy of `{kind}` is listed for `{self._bare[kind][0]}`, which has one"
                levels.append(Documents((Unknown(why, self._at, "ask again"),)))

    def _find(self, account: str, targets: list[str]) -> NotReadError | None:
        """Find what is above the account; return why there is more, if that failed.

        Where the parents are refused, the policies are, too.
        """
        try:
            targets += self._targets(account)
        except NotReadError as error:
            if error.refused:
                raise
            return error
        return None

    def _read_level(self, target: str, kind: str) -> None:
        members: list[Document | Unknown] = []
        self._begun = (kind, members)
        members.extend(self._document(each, target) for each in self._listed(target, kind))
        if members:
            self._levels[kind].append(Documents(tuple(members)))
        else:
            self._bare[kind].append(target)
        self._begun = (kind, [])

    def whole(self, account: str, unseen: Unknown | None = None) -> Organization:
        """Return what was read."""
        return Organization(
            account, tuple(self._levels[_SCP]), tuple(self._levels[_RCP]), unseen=unseen
        )

    def ended(self, account: str, error: NotReadError) -> Value[Organization]:
        """Return what is known where a call failed: the levels before, and what is denied here."""
        kind, members = self._begun
        if not error.refused:
            why = f"the policies of the organization cannot be read: {error}"
            lost = Unknown(why, self._at, "ask again")
            for each, levels in self._levels.items():
                levels.append(Documents((*(members if each == kind else ()), lost)))
            return Known(self.whole(account), self._at)
        unseen = Unknown(str(error), self._at, "run it with permission to read the organization")
        if not members and not any(self._levels.values()):
            return unseen
        if members:
            others = EVERYTHING if kind == _SCP else ANYBODY
            self._levels[kind].append(Documents((*members, others)))
        return Known(self.whole(account, unseen), self._at)

    def _targets(self, account: str) -> Iterator[str]:
        """Yield the account, its organizational units and the root, from the inside out."""
        target = account
        for _ in range(MOST_LEVELS):
            yield target
            if target.startswith("r-"):
                return
            found = self._answers.ask_all(
                "organizations", self._region, "ListParents", "Parents", ChildId=target
            )
            if not found:
                break
            target = found[0]["Id"]
        raise NotReadError("organizations:ListParents", "", "an answer without the root")

    def _listed(self, target: str, kind: str) -> list[dict[str, Any]]:
        try:
            return self._answers.ask_all(
                "organizations",
                self._region,
                "ListPoliciesForTarget",
                "Policies",
                TargetId=target,
                Filter=kind,
            )
        except NotReadError as error:
            if error.code == NOT_ENABLED:
                return []
            raise

    def _document(self, listed: dict[str, Any], target: str) -> Document | Unknown:
        answer = self._answers.ask(
            "organizations", self._region, "DescribePolicy", PolicyId=listed["Id"]
        )
        at = Location(str(listed.get("Arn", target)))
        return parsed(answer["Policy"]["Content"], str(listed.get("Name", listed["Id"])), at)

"""The policies of the organization that bind an account: SCPs and RCPs, level by level.

https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html
"""

from __future__ import annotations

from checker.iam.document import Documents
from checker.model import Organization
from checker.partial import Known, Location, Unknown, Value
from checker.sources.account.answers import Answers
from checker.sources.account.client import NotReadError
from checker.sources.account.documents import parsed

_NONE = "AWSOrganizationsNotInUseException"
MOST_LEVELS = 16


def read_organization(answers: Answers, account: str, region: str) -> Value[Organization]:
    """Return what binds an account; unknown, with the call and error, if it may not be read."""
    at = Location(f"arn:aws:organizations::{account}:account")
    try:
        told = answers.ask("organizations", region, "DescribeOrganization")["Organization"]
        if told["MasterAccountId"] == account:
            # The management account is bound by nothing, whatever is attached above it.
            return Known(Organization(account), at)
        levels = _levels(answers, account, region)
        scps = tuple(_level(answers, each, "SERVICE_CONTROL_POLICY", region) for each in levels)
        rcps = tuple(_level(answers, each, "RESOURCE_CONTROL_POLICY", region) for each in levels)
    except NotReadError as error:
        if error.code == _NONE:
            return Known(Organization(account), at)
        return Unknown(f"{error}", at, "run it with permission to read the organization")
    return Known(
        Organization(
            account,
            tuple(each for each in scps if each.members),
            tuple(each for each in rcps if each.members),
        ),
        at,
    )


def _levels(answers: Answers, account: str, region: str) -> list[str]:
    """Return the account, its organizational units and the root, from the inside out."""
    levels = [account]
    while len(levels) < MOST_LEVELS and not levels[-1].startswith("r-"):
        found = answers.ask_all(
            "organizations", region, "ListParents", "Parents", ChildId=levels[-1]
        )
        if not found:
            break
        levels.append(found[0]["Id"])
    return levels


def _level(answers: Answers, target: str, kind: str, region: str) -> Documents:
    try:
        listed = answers.ask_all(
            "organizations",
            region,
            "ListPoliciesForTarget",
            "Policies",
            TargetId=target,
            Filter=kind,
        )
    except NotReadError as error:
        if error.code == "PolicyTypeNotEnabledException":
            return Documents()
        raise
    members = []
    for each in listed:
        told = answers.ask("organizations", region, "DescribePolicy", PolicyId=each["Id"])
        at = Location(str(each.get("Arn", target)))
        members.append(parsed(told["Policy"]["Content"], str(each.get("Name", each["Id"])), at))
    return Documents(tuple(members))

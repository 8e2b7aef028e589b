"""Execution roles with every document: all at once, or role by role where that is cheaper.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from checker.iam.context import Tags
from checker.iam.document import Document, Documents
from checker.iam.managed import managed_policy
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.model import Role, account_of, open_role
from checker.sources.account.answers import Answers, tried, unread
from checker.sources.account.arns import principal_name, split_arn
from checker.sources.account.client import NotReadError
from checker.sources.account.documents import parsed

FEW = 3
"""Up to so many roles are read one by one, by some five calls each; more by the pages of all."""

Member = Document | Unknown


class Roles:
    """The roles and customer policies of an account, read as they are asked for."""

    def __init__(self, answers: Answers, region: str) -> None:
        self._answers = answers
        self._region = region
        self._answer: dict[str, dict[str, Any]] | None = None
        self._policies: dict[str, Any] = {}

    def read(self, arns: Iterable[str], account: str) -> list[Role]:
        """Return the roles with these ARNs."""
        wanted = list(arns)
        own = [arn for arn in wanted if account_of(Text.of(arn)) == Text.of(account)]
        if len(own) > FEW and self._answer is None:
            self.read_all(("Role", "LocalManagedPolicy"))
        found: dict[str, Role] = {}

        def one(arn: str) -> None:
            found[arn] = self.role(arn)

        self._answers.each(one, wanted)
        return [found[arn] for arn in wanted]

    def read_all(self, kinds: tuple[str, ...]) -> None:
        """Read everything of these kinds by pages; if that is refused, things are read singly."""
        try:
            answer = self._answers.ask_details(self._region, kinds)
        except NotReadError:
            return
        self._answer = _once(answer["RoleDetailList"], "Arn")
        self.keep(answer)

    def keep(self, answer: dict[str, list[Any]]) -> None:
        """Keep the documents of customer policies."""
        for arn, policy in _once(answer["Policies"], "Arn").items():
            versions = [each for each in policy["PolicyVersionList"] if each["IsDefaultVersion"]]
            if len(versions) == 1 and versions[0].get("Document"):
                self._policies[arn] = versions[0]["Document"]

    def role(self, arn: str) -> Role:
        """Return one role; what cannot be read of it is unknown."""
        at = Location(arn)
        answer = tried(lambda: self._role(arn), at, f"role `{arn}`")
        if isinstance(answer, Unknown):
            role = open_role(Text.of(arn), at)
            return Role(arn, role.arn, at, False, Documents((answer,)), answer, answer)  # noqa: FBT003
        return self._made(arn, answer.value, at)

    def _made(self, arn: str, answer: dict[str, Any], at: Location) -> Role:
        name = arn.rpartition("/")[2]
        inline = [
            parsed(each["PolicyDocument"], f"{each['PolicyName']} of {name}", at)
            if "PolicyDocument" in each
            else each["Unknown"]
            for each in answer.get("RolePolicyList", ())
        ]
        attached = answer.get("AttachedManagedPolicies", ())
        managed = [self.policy(each["PolicyArn"]) for each in attached]
        unknowns = [answer["Unknown"]] if "Unknown" in answer else []
        trust = parsed(answer.get("AssumeRolePolicyDocument") or "", f"the trust of {name}", at)
        return Role(
            id=arn,
            arn=Text.of(arn),
            at=at,
            closed=True,
            identity=Documents((*inline, *managed, *unknowns)),
            boundary=self._boundary(answer, at),
            trust=Known(trust, at) if isinstance(trust, Document) else trust,
            tags=_tags(answer),
            unique_id=_unique_id(answer),
        )

    def _boundary(self, answer: dict[str, Any], at: Location) -> Value[Document | None]:
        arn = (answer.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
        if arn is None:
            return Known(None, at)
        found = self.policy(arn)
        return Known(found, at) if isinstance(found, Document) else found

    def text(self, arn: str) -> str:
        """Return a managed policy as JSON; NotReadError if it cannot be read."""
        document = self._policies.get(arn) or self._version(arn)
        return document if isinstance(document, str) else json.dumps(document)

    def policy(self, arn: str) -> Member:
        """Return the default version of a managed policy."""
        at = Location(arn)
        if account_of(Text.of(arn)) == Text.of("aws"):
            shipped = managed_policy(Text.of(arn), at)
            if isinstance(shipped, Known):
                return shipped.value
        if arn not in self._policies:
            answer = tried(lambda: self._version(arn), at, f"policy `{arn}`")
            if isinstance(answer, Unknown):
                return answer
            self._policies[arn] = answer.value
        return parsed(self._policies[arn], arn, at)

    def _version(self, arn: str) -> object:
        split_arn(arn, "iam")
        policy = self._ask("GetPolicy", PolicyArn=arn)["Policy"]
        version = policy["DefaultVersionId"]
        return self._ask("GetPolicyVersion", PolicyArn=arn, VersionId=version)["PolicyVersion"][
            "Document"
        ]

    def _ask(self, operation: str, **words: object) -> dict[str, Any]:
        return self._answers.ask("iam", self._region, operation, **words)

    def _role(self, arn: str) -> dict[str, Any]:
        """Return a role as GetAccountAuthorizationDetails tells it."""
        if self._answer is not None and arn in self._answer:
            return self._answer[arn]
        name = principal_name(arn, "role")
        found: dict[str, Any] = dict(self._ask("GetRole", RoleName=name)["Role"])
        if found["Arn"] != arn:
            # IAM knows the roles of its own account by their names, whatever account was meant.
            raise NotReadError("iam:GetRole", "", f"only `{found['Arn']}` can be read")
        at = Location(arn)
        try:
            attached = self._answers.ask_all(
                "iam",
                self._region,
                "ListAttachedRolePolicies",
                "AttachedPolicies",
                RoleName=name,
            )
            names = self._answers.ask_all(
                "iam", self._region, "ListRolePolicies", "PolicyNames", RoleName=name
            )
        except NotReadError as error:
            found["Unknown"] = unread(error, at, f"the documents of role `{arn}`")
            return found
        found["AttachedManagedPolicies"] = attached
        found["RolePolicyList"] = [self._inline(name, each, at) for each in names]
        return found

    def _inline(self, role: str, policy: str, at: Location) -> dict[str, Any]:
        try:
            answer = self._ask("GetRolePolicy", RoleName=role, PolicyName=policy)
        except NotReadError as error:
            return {"Unknown": unread(error, at, f"document `{policy}` of role `{role}`")}
        return {"PolicyName": policy, "PolicyDocument": answer["PolicyDocument"]}

    # The deployer: a session of a role, or a user.

    def session(self, arn: str) -> Role | Unknown:
        """Return the role of an assumed-role session; its path is not in the session's ARN."""
        at = Location(arn)

        def of_session() -> str:
            name = principal_name(arn, "assumed-role")
            found = str(self._ask("GetRole", RoleName=name)["Role"]["Arn"])
            if account_of(Text.of(found)) != account_of(Text.of(arn)):
                raise NotReadError("iam:GetRole", "", f"only `{found}` can be read")
            return found

        answer = tried(of_session, at, f"`{arn}`")
        return answer if isinstance(answer, Unknown) else self.role(answer.value)

    def user(self, arn: str) -> Role | Unknown:
        """Return a user, with the documents of its groups, as a principal."""
        at = Location(arn)
        answer = tried(
            lambda: self._answers.ask_details(
                self._region, ("User", "Group", "LocalManagedPolicy")
            ),
            at,
            f"user `{arn}`",
        )
        if isinstance(answer, Unknown):
            return answer
        self.keep(answer.value)
        user = _once(answer.value["UserDetailList"], "Arn").get(arn)
        if user is None:
            return Unknown(f"there is no user `{arn}`, or several", at)
        groups = _once(answer.value["GroupDetailList"], "GroupName")
        inline = list(user.get("UserPolicyList", ()))
        attached = list(user.get("AttachedManagedPolicies", ()))
        for name in user.get("GroupList", ()):
            if name not in groups:
                why = f"the documents of group `{name}` are missing in the answer"
                inline.append({"Unknown": Unknown(why, at, "ask again")})
                continue
            inline += groups[name].get("GroupPolicyList", ())
            attached += groups[name]["AttachedManagedPolicies"]
        joined = {**user, "RolePolicyList": inline, "AttachedManagedPolicies": attached}
        made = self._made(arn, joined, at)
        return replace(made, trust=Unknown(f"`{arn}` is a user", at))


def _once(listed: Iterable[dict[str, Any]], name: str) -> dict[str, dict[str, Any]]:
    """Return things by a name of theirs, without those that are named in two ways.

    One that changes meanwhile may stand on two pages: which is true is asked of it alone.
    """
    found: dict[str, dict[str, Any]] = {}
    twice = {each[name] for each in listed if found.setdefault(each[name], each) != each}
    return {key: each for key, each in found.items() if key not in twice}


def _tags(answer: dict[str, Any]) -> Tags:
    """Return the tags of a role or user: IAM leaves the list out where there are none."""
    listed = answer.get("Tags") or ()
    return Tags(tuple((Text.of(each["Key"]), Text.of(each["Value"])) for each in listed))


def _unique_id(answer: dict[str, Any]) -> Text | None:
    found = answer.get("RoleId") or answer.get("UserId")
    return None if found is None else Text.of(found)

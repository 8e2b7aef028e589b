"""What a configuration only refers to, read from the account: for `plan --live`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from checker.iam.document import Document, Documents
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.sensitive import opened
from checker.knowledge.text import Text
from checker.model import (
    CALLER,
    Deployer,
    Function,
    Inventory,
    Key,
    Queue,
    Role,
    account_of,
    without_qualifier,
)
from checker.sources.account.answers import Answers
from checker.sources.account.client import Access, Clients, NotReadError
from checker.sources.account.documents import parsed
from checker.sources.account.functions import read_function
from checker.sources.account.keys import read_key
from checker.sources.account.queues import read_queue
from checker.sources.account.reader import UNSEEN, AccountReader, bound, key_names, targets

_DETAILS = "iam:GetAccountAuthorizationDetails"


class Live:
    """The account of the credentials that are given; everything is read once."""

    def __init__(self, access: Access) -> None:
        self._reader = AccountReader(Answers(Clients(access)))
        self._answers = self._reader.answers

    @property
    def account(self) -> str:
        """The id of the account."""
        return self._reader.account

    def data(self, type_: str, arguments: Mapping[str, str], region: str) -> dict[str, str]:
        """Return what a data source would tell, as far as it is read; empty if it cannot be."""
        try:
            match type_:
                case "aws_iam_role":
                    return self._role(arguments["name"])
                case "aws_kms_key":
                    return self._key(arguments["key_id"], region)
                case "aws_kms_alias":
                    return self._alias(arguments["name"], region)
                case "aws_lambda_function":
                    return self._function(arguments, region)
                case "aws_iam_policy":
                    return self._policy(arguments)
                case _:
                    return {}
        except (NotReadError, KeyError):
            return {}

    def policy(self, arn: str) -> Document | Unknown:
        """Return the default version of a managed policy, or why it cannot be read."""
        return self._reader.roles.policy(arn)

    def _role(self, name: str) -> dict[str, str]:
        role = self._answers.ask("iam", self._reader.region, "GetRole", RoleName=name)["Role"]
        arn = self._ours(role["Arn"], "iam:GetRole")
        return {"arn": arn, "unique_id": role["RoleId"], "path": role["Path"]}

    def _key(self, key: str, region: str) -> dict[str, str]:
        answer = self._described(key, region)
        return {"arn": answer["Arn"], "id": answer["KeyId"]}

    def _alias(self, name: str, region: str) -> dict[str, str]:
        answer = self._described(name, region)
        return {"target_key_arn": answer["Arn"], "target_key_id": answer["KeyId"]}

    def _described(self, key: str, region: str) -> dict[str, Any]:
        answer = self._answers.ask("kms", region, "DescribeKey", KeyId=key)
        found: dict[str, Any] = answer["KeyMetadata"]
        self._ours(found["Arn"], "kms:DescribeKey", key)
        return found

    def _function(self, arguments: Mapping[str, str], region: str) -> dict[str, str]:
        words = {"FunctionName": arguments["function_name"]}
        if "qualifier" in arguments:
            words["Qualifier"] = arguments["qualifier"]
        answer = self._answers.ask("lambda", region, "GetFunctionConfiguration", **words)
        arn = str(without_qualifier(Text.of(answer["FunctionArn"])))
        self._ours(arn, "lambda:GetFunctionConfiguration", words["FunctionName"])
        return {"arn": arn, "role": answer["Role"], "timeout": str(answer["Timeout"])}

    def _policy(self, arguments: Mapping[str, str]) -> dict[str, str]:
        arn = arguments["arn"] if "arn" in arguments else self._arn_of_policy(arguments["name"])
        try:
            text = self._reader.roles.text(arn)
        except NotReadError:
            return {"arn": arn}
        held = isinstance(parsed(text, arn, Location(arn)), Document)
        return {"arn": arn, "policy": text} if held else {"arn": arn}

    def _arn_of_policy(self, name: str) -> str:
        answer = self._answers.ask_details(self._reader.region, ("Role", "LocalManagedPolicy"))
        arns = {str(each["Arn"]) for each in answer["Policies"]}
        named = [arn for arn in arns if arn.rpartition("/")[2] == name]
        if len(named) != 1:
            raise NotReadError(_DETAILS, "", f"{len(named)} policies of the name `{name}`")
        return self._ours(named[0], _DETAILS)

    def _ours(self, arn: str, operation: str, asked: str = "") -> str:
        """Return an ARN that was answered; NotReadError if it is of another account.

        What is asked for by its ARN, or with an account, is of whatever account that names, and
        the answer is compared with it; a bare name is one of the account of the credentials.
        """
        _, partition, _, _, account, _ = arn.split(":", 5)
        here = self._reader.partition, self._reader.account
        if not _names_account(asked) and (partition, account) != here:
            why = "an invalid answer: it is of another account"
            raise NotReadError(operation, "", why)
        return arn

    def complete(self, found: Inventory, *, deployer: str | None) -> Inventory:
        """Return an inventory with what it only refers to; `deployer` is as it was named, if so."""
        found = replace(found, sources=(*found.sources, *self._queues(found)))
        found = replace(found, functions=(*found.functions, *self._functions(found)))
        found = replace(found, keys=(*found.keys, *self._keys(found)))
        found = replace(found, roles=tuple(self._roles(found)))
        found = replace(found, deployer=self._deployer(found, deployer))
        left = tuple(each for each in found.assumptions if each != UNSEEN)
        return bound(replace(found, assumptions=left), self._reader.organization())

    def _deployer(self, found: Inventory, named: str | None) -> Deployer | None:
        """Return who creates the mappings: as the input tells, else read; the caller by default."""
        who = found.deployer
        if named == CALLER:
            return self._reader.deployer(CALLER) if found.mappings else None
        if who is None:
            return self._assumed(found) if named is None else None
        if (
            not isinstance(who.role, Known)
            or who.role.value.closed
            or not who.id.startswith("arn:")
        ):
            return who
        answer = self._reader.deployer(who.id)
        if not isinstance(answer.role, Known):
            return answer
        return replace(
            answer, role=Known(_merged(answer.role.value, who.role.value), answer.role.at)
        )

    def _assumed(self, found: Inventory) -> Deployer | None:
        """Return who the mappings' providers work as: the caller, or the role that all assume.

        A role of another account is nobody that these credentials could read.
        """
        if found.assumed == {None}:
            return self._reader.deployer(CALLER)
        if len(found.assumed) != 1:
            return None
        (role,) = found.assumed
        arn = None if role is None else opened(role.literal)
        ours = arn is not None and account_of(Text.of(arn)) == Text.of(self.account)
        return self._reader.deployer(arn) if arn is not None and ours else None

    def _queues(self, found: Inventory) -> Iterator[Queue]:
        known = {str(queue.arn) for queue in found.queues}
        wanted = dict.fromkeys(_literal(mapping.source, "sqs") for mapping in found.mappings)
        read: list[Queue] = []
        for arn in [arn for arn in wanted if arn and arn not in known]:
            read.append(read_queue(self._answers, arn))
            known.add(arn)
        yield from read
        for arn in dict.fromkeys(targets((*found.queues, *read))):
            if arn not in known and Text.of(arn).literal is not None and "{" not in arn:
                yield read_queue(self._answers, arn)

    def _functions(self, found: Inventory) -> Iterator[Function]:
        known = {str(function.arn) for function in found.functions}
        for arn in dict.fromkeys(
            _literal(mapping.function, "lambda") for mapping in found.mappings
        ):
            if arn and str(without_qualifier(Text.of(arn))) not in known:
                yield read_function(self._answers, arn)

    def _keys(self, found: Inventory) -> Iterator[Key]:
        known = {str(key.arn) for key in found.keys}
        known |= {str(alias) for key in found.keys for alias in key.aliases}
        for arn, region in dict(key_names(found)).items():
            if arn not in known and arn.split(":", 5)[5] not in known and "{" not in arn:
                yield read_key(self._answers, arn, region)

    def _roles(self, found: Inventory) -> Iterator[Role]:
        """Yield the roles: those that the input only refers to with what the account attaches."""
        known = {str(role.arn): role for role in found.roles}
        wanted = {arn for f in found.functions if (arn := _literal(f.role, "iam"))}
        for arn, role in known.items():
            if role.closed or "{" in arn:
                yield role
            else:
                yield _merged(self._reader.roles.role(arn), role)
        for arn in sorted(wanted - set(known)):
            yield self._reader.roles.role(arn)


def _names_account(asked: str) -> bool:
    """Tell whether a function or a key is asked for with its account."""
    return ":" in asked


def _merged(live: Role, ours: Role) -> Role:
    """Return a role of the account with what the input attaches to it besides."""
    members = (*live.identity.members, *ours.identity.members)
    return replace(live, identity=Documents(members, live.identity.unseen), undone=ours.undone)


def _literal(arn: Value[Text], service: str) -> str:
    """Return an ARN without holes; empty for another."""
    text = opened(arn.value.literal) if isinstance(arn, Known) else None
    return text if text is not None and text.split(":")[2:3] == [service] else ""

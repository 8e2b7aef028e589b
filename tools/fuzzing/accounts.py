"""Kinds of input: answers of an account, answers that are none, and files to go on from."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from fuzzing import asked, json_text, odd, secrets, wire
from fuzzing.aws import NUMBER, TOKENS, Account, Answer, DroppedError, Fault
from fuzzing.run import run
from fuzzing.seeds import accounts
from fuzzing.trial import OUT, Findings, Trial

_OPERATIONS = (
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListRolePolicies",
    "iam:ListAttachedRolePolicies",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
    "iam:GetAccountAuthorizationDetails",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:ListGrants",
    "lambda:GetFunctionConcurrency",
    "lambda:GetFunctionConfiguration",
    "lambda:GetFunctionRecursionConfig",
    "lambda:ListEventSourceMappings",
    "sqs:GetQueueAttributes",
    "sts:GetCallerIdentity",
    "*",
)
_KEYS = (
    "Attributes",
    "Policy",
    "PolicyDocument",
    "AssumeRolePolicyDocument",
    "Role",
    "Timeout",
    "VisibilityTimeout",
    "RedrivePolicy",
    "EventSourceArn",
    "FunctionArn",
    "State",
    "Statement",
    "Action",
    "Resource",
    "Principal",
    "Condition",
    "Environment",
    "KmsMasterKeyId",
    "ReservedConcurrentExecutions",
)
_XML = "text/xml"


def answers(trial: Trial) -> None:
    """What an account answers, with odd values in it."""
    account = _account(trial)
    listed = json_text.written(account.answers)
    tree = json.loads(listed)
    for _ in range(trial.random.choice((1, 1, 2, 3))):
        tree = _changed(trial, tree)
    account.answers = tree
    _plant(trial, account)
    trial.account = account
    _asked(trial, account)


def _changed(trial: Trial, tree: dict[str, Any]) -> dict[str, Any]:
    """Return answers one of which is changed; its name stays."""
    key = trial.random.choice(sorted(tree))
    described = json_text.changed(trial.random, tree[key], trial.said, _KEYS)
    # Over the wire there is no number that JSON does not write.
    return {**tree, key: json.loads(json.dumps(described).replace(json.dumps(odd.RAW)[1:-1], ""))}


def _plant(trial: Trial, account: Account) -> None:
    """Give every function an environment variable that is a secret."""
    secret = secrets.planted(trial.random)
    trial.secrets.append(secret)
    for key, answer in account.answers.items():
        if "GetFunctionConfiguration" in key and isinstance(answer, dict):
            answer["Environment"] = {
                "Variables": {"TOKEN": secret, "URL": f"https://u:{secret}@x/"}
            }


def faults(trial: Trial) -> None:
    """Answers that are none: what is not read makes nothing better, and is no problem."""
    random = trial.random
    account = _account(trial)
    trial.quiet = _quiet(trial, account)
    names = [random.choice(_OPERATIONS) for _ in range(random.choice((1, 1, 1, 2)))]
    for name in names:
        how = random.choice(sorted(FAULTS))
        if how in _SOUND.get(name, ()):
            continue
        trial.said.append(f"{name}: {how}")
        account.faults = (*account.faults, Fault(name, FAULTS[how](random), how))
    trial.account = account
    _asked(trial, account)


def resumed(trial: Trial) -> None:
    """A file of answers to go on from."""
    random = trial.random
    account = _account(trial)
    _plant(trial, account)
    header = {"account": NUMBER, "since": "2026-11-23T18:40:37+00:00"}
    lines = [json.dumps([key, value]) for key, value in account.answers.items()]
    lines = [line for line in lines if "GetFunctionConfiguration" not in line]
    random.shuffle(lines)
    lines = [json.dumps(["answers of", header]), *lines]
    at = random.randrange(len(lines))
    lines[at] = json_text.mutated(random, lines[at].encode(), trial.said, _KEYS).decode(
        "utf-8", "replace"
    )
    file = trial.folder / OUT / "answers"
    file.write_bytes("\n".join(lines).encode())
    trial.account = account
    _asked(trial, account)
    trial.words += ["--resume", str(file)]


def _account(trial: Trial) -> Account:
    file: Path = trial.random.choice(accounts())
    trial.said.append(file.parents[1].name)
    return Account.recorded(file)


def _asked(trial: Trial, account: Account) -> None:
    trial.words = ["audit", "--region", account.region, "--max-workers", "1"]
    if trial.random.random() < _MOSTLY:
        trial.words.append("--assume-no-scp")
    asked.report(trial)


_MOSTLY = 0.8
_SOUND = dict.fromkeys(("lambda:GetFunctionConcurrency", "*"), ("{}", "nulls"))
"""What is an answer: a function without reserved concurrency has nothing in it."""
_QUIET: dict[str, Findings] = {}


def _quiet(trial: Trial, account: Account) -> Findings:
    name = trial.said[0]
    if name not in _QUIET:
        before = Trial(trial.folder, Random(0), account=account)
        before.prepare()
        before.words = ["audit", "--region", account.region, "--assume-no-scp", "--format", "json"]
        _QUIET[name] = Findings.of(run(before).report)
        trial.prepare()
    return _QUIET[name]


# What a server, or something in between, may answer instead.

Change = Callable[[Answer, str], Answer]


def _status(status: int, code: str) -> Callable[[Random], Change]:
    return lambda _: lambda _answer, protocol: wire.error(protocol, status, code)


def _body(body: bytes, kind: str = "") -> Callable[[Random], Change]:
    def change(answer: Answer, _protocol: str) -> Answer:
        headers = {"content-type": kind} if kind else answer[1]
        return 200, headers, body

    return lambda _: change


def _page(status: int) -> Callable[[Random], Change]:
    headers = {"content-type": "text/html"}
    return lambda _: lambda _answer, _protocol: (status, headers, b"<html>down</html>")


def _dropped(_: Random) -> Change:
    def change(_answer: Answer, _protocol: str) -> Answer:
        raise DroppedError

    return change


def _cut(random: Random) -> Change:
    share = random.random()
    return lambda answer, _: (answer[0], answer[1], answer[2][: int(len(answer[2]) * share)])


def _wrong_types(random: Random) -> Change:
    """Put values of other types in place of the members of an answer."""
    seed = random.random()

    def change(answer: Answer, protocol: str) -> Answer:
        own = Random(seed)
        if protocol in _IN_XML:
            return answer[0], answer[1], _RESULT.sub(rb"\1x\2", answer[2])
        described = json.loads(answer[2])
        for key, value in described.items() if isinstance(described, dict) else ():
            described[key] = own.choice([each for each in _TYPES if type(each) is not type(value)])
        return answer[0], answer[1], json.dumps(described).encode()

    return change


_TYPES: tuple[object, ...] = (7, "x", [], [7], {}, True)
_IN_XML = {"query", "ec2"}
_RESULT = re.compile(rb"(Result>).*(</\w+Result>)", re.DOTALL)


def _nulls(_: Random) -> Change:
    def change(answer: Answer, protocol: str) -> Answer:
        if protocol in _IN_XML:
            return answer
        described = json.loads(answer[2])
        names = list(described) if isinstance(described, dict) else []
        return answer[0], answer[1], json.dumps(dict.fromkeys(names)).encode()

    return change


def _marked(_: Random) -> Change:
    return lambda answer, _protocol: (answer[0], answer[1], b"\xef\xbb\xbf" + answer[2])


def _endless(_: Random) -> Change:
    """Answer with an ever new token."""

    def change(answer: Answer, protocol: str) -> Answer:
        token = f"t{next(TOKENS)}"
        if protocol in _IN_XML:
            more = f"<IsTruncated>true</IsTruncated><Marker>{token}</Marker>".encode()
            return answer[0], answer[1], answer[2].replace(b"Result>", b"Result>" + more, 1)
        described = json.loads(answer[2])
        if isinstance(described, dict):
            described |= {"NextMarker": token, "NextToken": token, "Truncated": True}
        return answer[0], answer[1], json.dumps(described).encode()

    return change


def _compressed(_: Random) -> Change:
    return lambda answer, _protocol: (answer[0], answer[1], zlib.compress(answer[2]))


FAULTS: dict[str, Callable[[Random], Change]] = {
    "refused": _status(403, "AccessDenied"),
    "throttled": _status(400, "ThrottlingException"),
    "expired": _status(403, "ExpiredToken"),
    "500": _status(500, "InternalFailure"),
    "503 of something else": _page(503),
    "404 of something else": _page(404),
    "dropped": _dropped,
    "cut": _cut,
    "empty": _body(b""),
    "HTML": _body(b"<html><body>sign in</body></html>", "text/html"),
    "{}": _body(b"{}"),
    "[]": _body(b"[]"),
    "null": _body(b"null"),
    "a text": _body(b'"yes"'),
    "empty XML": _body(b"<a/>", _XML),
    "wrong types": _wrong_types,
    "nulls": _nulls,
    "a byte-order mark": _marked,
    "deep": _body(b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
    "endless pages": _endless,
    "compressed": _compressed,
}
"""By name: what makes the change. None of them tells anything that is not so."""

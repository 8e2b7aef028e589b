"""Kinds of input: command lines, and checks of a pair of an account."""

from __future__ import annotations

from random import Random

from fuzzing import asked, odd
from fuzzing.accounts import FAULTS
from fuzzing.aws import Account, Fault
from fuzzing.seeds import accounts, scenarios
from fuzzing.trial import Trial

_ARNS = (
    "arn:aws:sqs:eu-west-1:123456789012:orders",
    "arn:aws:lambda:eu-west-1:123456789012:function:orders-worker",
    "arn:aws:iam::123456789012:role/orders-worker",
    "orders",
    "orders-worker",
    "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
    "me",
    "aws_iam_role.worker",
)
_FILES = (
    "repo/main.tf",
    "repo",
    "repo/none",
    "beside/x",
    "/dev/null",
    "",
    ".",
    "beside",
    "repo/fifo",
)
_VALUES: dict[str, tuple[str, ...]] = {
    "--var": ("a=1", "=", "a", "a=", "a=${b}", "a=[", "1=2", "a=\u202e", "é=1"),
    "--var-file": _FILES,
    "--plan": _FILES,
    "--region": ("eu-west-1", "moon", "", "us-east-1\n", "*", "eu_west_1", "../x", "a.b.c"),
    "--policy": ("current", "strict", "aws-2019", "none", "repo/p.yaml", "/", ".yaml", ""),
    "--fail-on": ("error", "warning", "note", "never"),
    "--deployer": _ARNS,
    "--format": (
        "json",
        "text",
        "html",
        "x",
        "json=",
        "sarif=beside/s",
        "json=repo",
        "junit",
        "github",
    ),
    "--output": ("beside/o", "repo", "", "none/x", "beside/o\x7f"),
    "--root": ("repo", ".", "none", "beside", "/"),
    "--baseline": _FILES,
    "--config": _FILES,
    "--changed-since": ("HEAD", "-x", "--output=x", "main..", "", "a b"),
    "--profile": ("none", "", "[x]"),
    "--role-arn": _ARNS,
    "--external-id": ("x", ""),
    "--max-workers": ("1", "0", "65", "x", "-1", "9" * 30),
    "--max-rps": ("0", "-1", "1000", "nan", "inf"),
    "--resume": ("beside/r", "repo", "/dev/null", "none/x"),
    "--queue": _ARNS,
    "--function": _ARNS,
    "--timeout": ("0", "-1", "nan", "0.01"),
    "--send-test-message": ("hello", ""),
    "--batch-size": ("10", "0", "x"),
}
_FLAGS = (
    "--recursive",
    "--env",
    "--live",
    "--strict",
    "--sarif-waived",
    "--no-inline-waivers",
    "--no-config",
    "--quiet",
    "--verbose",
    "--no-color",
    "--all-regions",
    "--assume-no-scp",
    "--yes",
    "--help",
    "--version",
    "--write-baseline",
    "--nonsense",
    "--",
    "-",
    "-qv",
)
_COMMANDS = (
    "plan",
    "plan",
    "plan",
    "audit",
    "preflight",
    "verify",
    "explain",
    "rules",
    "permissions",
    "",
    "x",
)
_COIN, _RARELY, _SELDOM = 0.5, 0.2, 0.1
_MAKES = ("--write-baseline", "--output")


def _option(random: Random) -> list[str]:
    """Return a flag, or an option with a value."""
    if random.random() < _COIN:
        return [random.choice(_FLAGS)]
    name = random.choice(sorted(_VALUES))
    if random.random() < _SELDOM:
        return [name, _sayable(odd.text(random))]
    return [name, _sayable(random.choice((_VALUES[name][0], *_VALUES[name])))]


def command_line(trial: Trial) -> None:
    """Options in any combination."""
    random = trial.random
    trial.lay(random.choice(scenarios()).files)
    trial.account = Account.recorded(random.choice(accounts()))
    command = random.choice(_COMMANDS)
    words = [command] if command else []
    if command == "plan" and random.random() < _ALMOST:
        words.append(random.choice(("repo", "repo", "repo", "-", "", "none", "repo/main.tf")))
    if words in (["plan"], ["plan", ""]):
        trial.directory = "repo"  # above it, what lies outside would be inside
    if command in {"preflight", "verify"}:
        words += [
            "--queue",
            _ARNS[0],
            "--function",
            _ARNS[1],
            *(["--timeout", "0"] if command == "verify" else []),
        ]
    if command in {"explain", "permissions"}:
        words.append(
            random.choice(("role-cannot-read-queue", "audit", "role", "deployer", "x", "*"))
        )
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        words += _option(random)
    if random.random() < _RARELY:
        name = random.choice(sorted(_VALUES)).removeprefix("--").replace("-", "_").upper()
        trial.environment[f"TFCHECK_{name}"] = _sayable(odd.text(random))
    if "verify" in words:
        words = [word for word in words if word != "--send-test-message"]
    trial.words, trial.whole = words, False
    trial.said.append(" ".join(words)[:300])


_ALMOST = 0.9


def _sayable(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:20_000]


def checks(trial: Trial) -> None:
    """A pair of an account, before it is mapped and after it, and a plan that asks the account."""
    random = trial.random
    file = random.choice(accounts())
    account = Account.recorded(file)
    trial.said.append(file.parents[1].name)
    trial.account, trial.whole = account, False
    for _ in range(random.choice((0, 1, 2))):
        name = random.choice(sorted(FAULTS))
        trial.said.append(name)
        account.faults = (*account.faults, Fault(random.choice(_CALLS), FAULTS[name](random), name))
    queue, function = _pair(account)
    match random.randrange(3):
        case 0:
            trial.words = ["preflight", "--queue", queue, "--function", function]
            asked.report(trial)
        case 1:
            trial.words = ["verify", "--queue", queue, "--function", function, "--timeout", "0"]
        case _:
            seed = next(seed for seed in scenarios() if seed.name == file.parents[1].name)
            trial.lay(seed.files)
            trial.whole = True
            asked.plan(trial, words=["--live", *seed.words])


_CALLS = (
    "*",
    "iam:GetRole",
    "lambda:GetFunctionConfiguration",
    "sqs:GetQueueAttributes",
    "lambda:ListEventSourceMappings",
    "sts:GetCallerIdentity",
)


def _pair(account: Account) -> tuple[str, str]:
    for key, answer in account.answers.items():
        if "ListEventSourceMappings" in key:
            for each in answer:
                return each.get("EventSourceArn", _ARNS[0]), each["FunctionArn"]
    return _ARNS[0], _ARNS[1]

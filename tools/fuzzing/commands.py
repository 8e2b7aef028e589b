"""Kinds of input: command lines, the environment's options, and what lies where files are asked for."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from random import Random

from fuzzing import asked, odd
from fuzzing.accounts import FAULTS
from fuzzing.aws import Account, Fault
from fuzzing.seeds import Seed, accounts, scenarios
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
_FILES = ("repo/main.tf", "repo", "repo/none", "beside/x", "/dev/null", "", ".", "beside", "repo/fifo")
_VALUES: dict[str, tuple[str, ...]] = {
    "--var": ("a=1", "=", "a", "a=", "a=${b}", "a=[", "1=2", "a=\u202e", "é=1"),
    "--var-file": _FILES,
    "--plan": _FILES,
    "--region": ("eu-west-1", "moon", "", "us-east-1\n", "*", "eu_west_1", "../x", "a.b.c"),
    "--policy": ("current", "strict", "aws-2019", "none", "repo/p.yaml", "/", ".yaml", ""),
    "--fail-on": ("error", "warning", "note", "never"),
    "--deployer": _ARNS,
    "--format": ("json", "text", "html", "x", "json=", "sarif=beside/s", "json=repo", "junit", "github"),
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
_COMMANDS = ("plan", "plan", "plan", "audit", "preflight", "verify", "explain", "rules", "permissions", "", "x")
_COIN, _RARELY, _SELDOM = 0.5, 0.2, 0.1
_MAKES = ("--write-baseline", "--output")


def command_line(trial: Trial) -> None:
    """Options in any combination."""
    random = trial.random
    trial.lay(random.choice(scenarios()).files)
    trial.account = Account.recorded(random.choice(accounts()))
    command = random.choice(_COMMANDS)
    words = [command] if command else []
    if command == "plan" and random.random() < _ALMOST:
        words.append(random.choice(("repo", "repo", "repo", "-", "", "none", "repo/main.tf")))
    if command in {"preflight", "verify"}:
        words += ["--queue", _ARNS[0], "--function", _ARNS[1], *(["--timeout", "0"] if command == "verify" else [])]
    if command in {"explain", "permissions"}:
        words.append(random.choice(("role-cannot-read-queue", "audit", "role", "deployer", "x", "*")))
    for _ in range(random.choice((0, 1, 2, 3, 6))):
        if random.random() < _COIN:
            words.append(random.choice(_FLAGS))
        else:
            name = random.choice(sorted(_VALUES))
            value = odd.text(random) if random.random() < _SELDOM else random.choice(_VALUES[name])
            words += [name, _sayable(value)]
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
    trial.said.append(file.parent.name)
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
            seed = next(seed for seed in scenarios() if seed.name == file.parent.name)
            trial.lay(seed.files)
            trial.whole = True
            asked.plan(trial, words=["--live", *seed.words])


_CALLS = ("*", "iam:GetRole", "lambda:GetFunctionConfiguration", "sqs:GetQueueAttributes", "lambda:ListEventSourceMappings", "sts:GetCallerIdentity")


def _pair(account: Account) -> tuple[str, str]:
    for key, answer in account.answers.items():
        if "ListEventSourceMappings" in key:
            for each in answer:
                return each.get("EventSourceArn", _ARNS[0]), each["FunctionArn"]
    return _ARNS[0], _ARNS[1]


def layout(trial: Trial) -> None:
    """What lies where files are looked for: links, pipes, directories, names that are none."""
    random = trial.random
    seed = random.choice(scenarios())
    trial.said.append(seed.name)
    trial.lay(seed.files)
    (trial.outside / "main.tf").write_text('resource "aws_sqs_queue" "out" {\n}\n', encoding="utf-8")
    words = list(seed.words)
    path = "repo"
    for _ in range(random.choice((1, 1, 2, 3))):
        how = random.choice(sorted(_LAID))
        trial.said.append(how)
        _LAID[how](trial, seed, random)
    if random.random() < _RARELY:
        path = "repo/link"
        if not (trial.repository / "link").exists():
            (trial.repository / "link").symlink_to("../outside")
    if random.random() < _RARELY:
        words.append("--recursive")
    asked.plan(trial, path, words)
    (trial.repository / ".git").mkdir(exist_ok=True)


def _swap(make: Callable[[Path], object], *names: str) -> Callable[[Trial, Seed, Random], None]:
    """Put something where a file of the seed stands, or under another name."""

    def lay(trial: Trial, seed: Seed, random: Random) -> None:
        name = random.choice(names or tuple(sorted(seed.files)))
        file = trial.repository / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_dir() and not file.is_symlink():
            return
        file.unlink(missing_ok=True)
        make(file)

    return lay


_TF = ("z.tf", "z.tf.json", "terraform.tfvars", "z.auto.tfvars", ".tfcheck.yaml", "z_override.tf", ".terraform", "fifo")


def _socket(file: Path) -> None:
    """Make a socket, by its name alone: a path to one is short."""
    here = Path.cwd()
    os.chdir(file.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(file.name)
    finally:
        os.chdir(here)


def _many(folder: Path) -> None:
    folder.mkdir()
    for n in range(300):
        (folder / f"f{n}.tf").write_text(f'variable "v{n}" {{\n}}\n', encoding="utf-8")


def _deep(folder: Path) -> None:
    for _ in range(60):
        folder.mkdir()
        folder = folder / "d"
    (folder.parent / "main.tf").write_text('provider "aws" {\n}\n', encoding="utf-8")


def _odd_name(trial: Trial, _seed: Seed, random: Random) -> None:
    name = random.choice((b"\xff\xfe.tf", b"a\nb.tf", b"\x1b[31m.tf", "\u202efx.tf".encode(), b" .tf", b".tf", b"a" * 250 + b".tf", b"::error::.tf", b"-rf.tf", b"a\\b.tf", b"<img src=x>.tf"))
    content = b'resource "aws_lambda_event_source_mapping" "odd" {\n  batch_size = 0\n}\n'
    Path(os.fsdecode(os.fsencode(trial.repository) + b"/" + name)).write_bytes(content)


def _unreadable(file: Path) -> None:
    file.write_text("x", encoding="utf-8")
    file.chmod(0)


_LAID: dict[str, Callable[[Trial, Seed, Random], None]] = {
    "a pipe": _swap(os.mkfifo),
    "a pipe of another name": _swap(os.mkfifo, *_TF),
    "a socket": _swap(_socket, *_TF),
    "a directory": _swap(lambda file: file.mkdir()),
    "a directory of another name": _swap(lambda file: file.mkdir(), *_TF),
    "a link out": _swap(lambda file: file.symlink_to("../outside/main.tf"), *_TF),
    "a link to a device": _swap(lambda file: file.symlink_to("/dev/zero"), *_TF),
    "a link to standard input": _swap(lambda file: file.symlink_to("/dev/stdin"), *_TF),
    "a link to nothing": _swap(lambda file: file.symlink_to("nothing"), *_TF),
    "a link to itself": _swap(lambda file: file.symlink_to(file.name), *_TF),
    "a link to the folder": _swap(lambda file: file.symlink_to("."), "link", "sub", ".terraform"),
    "a link to the folder above": _swap(lambda file: file.symlink_to(".."), "link", "sub"),
    "an empty file": _swap(lambda file: file.write_bytes(b"")),
    "a file of zeros": _swap(lambda file: file.write_bytes(b"\0" * 100_000), *_TF),
    "a file that nobody may read": _swap(_unreadable, *_TF),
    "many files": _swap(_many, "many"),
    "deep folders": _swap(_deep, "deep"),
    "an odd name": _odd_name,
}

"""Every operation under every fault: the findings of a quiet day, or unknowns.

The account has mappings that are sound and mappings of which one layer decides (a queue policy, a
boundary, a key policy, a service control policy...), so that losing an answer could pass them.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import random
import re
import urllib.request
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from landscape import BROKEN, SOUND, Landscape, organization
from lying import LIES, befalls
from relay import Recorded
from spoiling import applies, faults

from checker.cli import main
from checker.errors import UsageError
from checker.sources.account.answers import _plain
from checker.sources.account.client import Access, Clients, NotReadError
from checker.sources.account.expected import ANSWERS
from checker.sources.account.pages import PAGING

pytestmark = pytest.mark.slow


FEW = "checker.sources.account.roles.FEW"
PREFLIGHT = ("queue-denies", "boundary-cuts", "key-closed", "stopped", "scp-denies")
COMMANDS = {
    "audit": (0, ["audit", "--all-regions", "--deployer", "me"]),
    "audit, role by role": (100, ["audit"]),
    "plan": (0, ["plan", "--live", "--no-config"]),
    **{
        f"preflight {name}": (
            100,
            ["preflight", "--queue", f"QUEUE {name}", "--function", f"FUNCTION {name}"],
        )
        for name in ("fresh", "orders", *PREFLIGHT)
    },
    "verify": (0, ["verify", "--queue", "QUEUE orders", "--function", "FUNCTION orders"]),
    "verify none": (0, ["verify", "--queue", "QUEUE fresh", "--function", "FUNCTION fresh"]),
    "verify by a message": (
        0,
        [
            "verify",
            "--queue",
            "QUEUE orders",
            "--function",
            "FUNCTION orders",
            "--yes",
            "--send-test-message",
            "{}",
        ],
    ),
}
ANSWERED = [
    # What the first audits of failing servers got wrong.
    *itertools.product(
        ["audit"],
        [
            "lambda:ListEventSourceMappings",
            "lambda:GetFunctionConcurrency",
            "sqs:GetQueueAttributes",
        ],
        ["empty", "html", "object"],
    ),
    ("audit", "lambda:ListEventSourceMappings", "endless, same"),
    ("audit", "sqs:GetQueueAttributes", "wrong types 2"),
    ("audit", "organizations:DescribePolicy", "empty"),
    ("preflight fresh", "lambda:ListEventSourceMappings", "throttled"),
]


@dataclass(frozen=True)
class Run:
    """What a run of the program came to."""

    code: int
    out: str
    err: str

    @property
    def report(self):
        return json.loads(self.out) if self.out[:1] == "{" else None

    @property
    def verdicts(self):
        return {row["id"]: row["verdict"] for row in self.report["mappings"]}

    @property
    def problems(self):
        return {
            (each["rule"], each["subject"], mapping)
            for each in self.report["findings"]
            if each["kind"] == "problem"
            for mapping in each["mappings"] or [""]
        }


class World:
    """The account, the server before it, and the quiet run of each command."""

    def __init__(self, server, folder):
        from deployment import Deployment

        self.landscape = Landscape(Deployment(server))
        self.server = Recorded(server, organization())
        Path(folder, "main.tf").write_text(self.landscape.terraform())
        self._folder = folder
        self.environment = {
            "AWS_ENDPOINT_URL": self.server.endpoint,
            "AWS_ACCESS_KEY_ID": self.landscape.caller["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": self.landscape.caller["SecretAccessKey"],
            "AWS_REGION": "eu-west-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        self.quiet, self.operations, self.answers = {}, {}, {}

    def look(self):
        """Run each command without a fault; note what it calls, and what is answered."""
        for name in COMMANDS:
            self.server.seen.clear()
            with pytest.MonkeyPatch.context() as patch:
                for method in ("call", "pages", "details"):
                    patch.setattr(Clients, method, self._noted(method))
                self.quiet[name] = self.run(name)
            self.operations[name] = sorted(self.server.seen)
        self.faults = faults(self.server.kept)
        self.lies = LIES

    def _noted(self, method):
        call = getattr(Clients, method)

        def noted(clients, *asked, **words):
            answer = call(clients, *asked, **words)
            self.answers[method, asked, json.dumps(words)] = _plain(answer)
            return answer

        return noted

    def run(self, name, operation="", fault=""):
        if fault:
            self.spoil(operation, fault)
        few, words = COMMANDS[name]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(FEW, few)
            try:
                return self._run([self._named(word) for word in words])
            finally:
                self.server.spoil = None

    def spoil(self, operation, fault):
        """Let every answer to an operation be spoiled from now on."""
        spoil = self.faults.get(fault) or self.lies[fault]
        self.server.spoil = lambda request, answer: (
            spoil(request, answer) if request.operation == operation else answer
        )

    def _named(self, word):
        what, _, name = word.partition(" ")
        return self.landscape.arns[name][what == "FUNCTION"] if name and what.isupper() else word

    def _run(self, words):
        if words[0] == "plan":
            words = [*words, str(self._folder)]
        words += ["--timeout", "0.05"] if words[0] == "verify" else ["--format", "json"]
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(words)
        return Run(code, out.getvalue(), err.getvalue())

    def cells(self):
        """Yield each command with each operation that it calls and each fault that fits it."""
        for name, operations in self.operations.items():
            for operation, fault in itertools.product(operations, self.faults):
                if applies(fault, operation):
                    yield name, operation, fault

    def untrue(self):
        """Yield each command with each operation that it calls and each lie that is one of it."""
        for name, operations in self.operations.items():
            for operation, lie in itertools.product(operations, self.lies):
                if befalls(lie, operation):
                    yield name, operation, lie


@pytest.fixture(scope="module")
def world(server, tmp_path_factory):
    """The world, with clients that share what the SDK reads of its files, and never wait."""
    sessions = {}
    make = Clients.session.func

    def shared(self):
        key = os.environ["AWS_ENDPOINT_URL"]
        if key not in sessions:
            sessions[key] = make(self)
        return sessions[key]

    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CONFIG_FILE", "AWS_ENDPOINT_URL"):
            patch.delenv(name, raising=False)
        reset = urllib.request.Request(f"{server}/moto-api/reset", method="POST")
        urllib.request.urlopen(reset).close()
        found = World(server, tmp_path_factory.mktemp("plan"))
        found.session = make
        for name, value in found.environment.items():
            patch.setenv(name, value)
        patch.setattr(Clients, "session", property(shared))
        patch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
        patch.setattr("botocore.retries.bucket.TokenBucket.acquire", lambda *_, **__: True)
        patch.setattr("checker.sources.account.client.ATTEMPTS", 2)
        patch.setattr("checker.sources.account.client.PAUSE_SECONDS", 0, raising=False)
        for operation, paging in PAGING.items():
            patch.setitem(PAGING, operation, replace(paging, most=12))
        patch.setattr("checker.cli.verify.POLL_SECONDS", 0.02)
        found.look()
        yield found
        found.server.close()


def wrong(quiet, run, fault):
    """Return what is wrong with a run under a fault; empty if nothing is."""
    said = run.out + run.err
    if "bug in tfcheck" in said or "Traceback" in said:
        return [f"crash: {run.err}"]
    if run.code == 2:
        # `verify` has said what it saw before a message could not be sent.
        sound = not (quiet.report and run.out) and "nothing was checked" in run.err
        return [] if sound else [f"exit 2 with a result: {said}"]
    if quiet.report is None:
        return _wrong_words(quiet, run)
    if run.report is None:
        return [f"no report, exit {run.code}: {said}"]
    return [*_wrong_verdicts(quiet, run, fault), *_wrong_problems(quiet, run)]


def _wrong_words(quiet, run):
    if quiet.code != 0 and run.code == 0:
        return [f"false pass: {run.out}"]
    if quiet.code == 0 and run.code != 0 and "unknown" not in run.out:
        return [f"false problem: {run.out}"]
    return [] if run.code in (0, 1) else [f"exit {run.code}"]


def _wrong_verdicts(quiet, run, fault):
    found = run.verdicts
    for name, verdict in quiet.verdicts.items():
        if name not in found:
            if not run.report["unread"]:
                yield f"false pass: `{name}` is missing"
        elif found[name] == "ready" != verdict or (verdict, found[name]) == ("blocked", "at-risk"):
            # Who is not allowed to see the organization's policies is told that they are assumed.
            assumed = "AccessDeniedException on organizations:" in str(run.report["assumptions"])
            if not (fault == "refused" and assumed):
                yield f"false pass: `{name}` is {found[name]}, and was {verdict}"
    for name in found.keys() - quiet.verdicts.keys():
        yield f"false problem: `{name}` is nobody's"


def _wrong_problems(quiet, run):
    for each in run.problems - quiet.problems:
        yield f"false problem: {each}"
    errors = any(
        each["kind"] == "problem" and each["severity"] == "error" for each in run.report["findings"]
    )
    if errors and run.code != 1:
        yield f"exit {run.code} with an error"


def tried(world, cells):
    """Run cells of the matrix; return how many there were, and what was wrong."""
    failures, runs = [], 0
    for name, operation, fault in cells:
        runs += 1
        run = world.run(name, operation, fault)
        failures += [
            f"{name} / {operation} / {fault}: {each}"
            for each in wrong(world.quiet[name], run, fault)
        ]
    return runs, failures


def test_each_layer_decides_on_a_quiet_day(world):
    verdicts = {}
    assert world.quiet["audit"].report["unread"] == []
    for row in world.quiet["audit"].report["mappings"]:
        verdicts[row["function"]["arn"].rpartition(":")[2]] = row["verdict"]
    assert {name: verdicts.pop(name) for name in SOUND} == dict.fromkeys(SOUND, "ready")
    assert verdicts == dict.fromkeys((*BROKEN, "gone"), "blocked")
    assert len(world.quiet["audit"].verdicts) == len((*SOUND, *BROKEN, "gone"))
    assert world.quiet["audit"].problems == world.quiet["audit, role by role"].problems
    assert set(world.quiet["plan"].verdicts.values()) == {"ready", "at-risk", "blocked"}
    for name in COMMANDS:
        if name.startswith("preflight"):
            expected = "ready" if name == "preflight fresh" else "blocked"
            assert list(world.quiet[name].verdicts.values()) == [expected], name
    codes = [world.quiet[name].code for name in COMMANDS if name.startswith("verify")]
    assert codes == [0, 1, 1]


def test_every_operation_that_only_reads_is_called(world):
    from checker.sources.account.allowed import ALLOWED

    called = set().union(*world.operations.values())
    assert called == ALLOWED | {"sqs:SendMessage"}


def called(method, asked):
    """Return the operation that a method of the clients calls."""
    return "iam:GetAccountAuthorizationDetails" if method == "details" else f"{asked[0]}:{asked[2]}"


def read_of(operation, answer):
    """Return what the program reads of an answer."""
    shape = ANSWERS.get(operation)
    if shape is None:
        return answer
    return {name: answer.get(name) for name in (*shape.required, *shape.optional)}


def test_what_is_answered_under_a_fault_is_the_truth_or_nothing(world):
    """Every operation under every fault, below the commands."""
    clients = Clients(Access(region="eu-west-1", sending=frozenset({"sqs:SendMessage"})))
    by_operation = {
        called(method, asked): (method, asked, words, truth)
        for (method, asked, words), truth in world.answers.items()
    }
    wrong, tried, longest = [], 0, 0
    for operation, (method, asked, words, truth) in by_operation.items():
        for fault in world.faults:
            if not applies(fault, operation):
                continue
            tried += 1
            world.spoil(operation, fault)
            try:
                answer = _plain(getattr(clients, method)(*asked, **json.loads(words)))
            except (NotReadError, UsageError) as error:
                longest = max(longest, len(str(error)))
                continue
            finally:
                world.server.spoil = None
            if read_of(operation, answer) != read_of(operation, truth):
                wrong.append(f"{operation} / {fault}: {answer}")
    assert wrong == []
    assert tried > 600
    assert longest < 500


COST = {"verify": 1, "preflight": 3, "plan": 10, "audit": 20}
"""How long a run of a command takes beside one of the others."""


def sampled(cells):
    """Return a few of the cells, so that each command, operation and fault is among them.

    What takes long is taken rarely.
    """
    chance = random.Random(13)  # noqa: S311 - the same cells again
    left = sorted(cells, key=lambda cell: chance.random() * COST[re.split("[ ,]", cell[0])[0]])
    seen, found = set(), []
    for cell in left:
        if not seen.issuperset(enumerate(cell)):
            seen.update(enumerate(cell))
            found.append(cell)
    return found


@pytest.mark.parametrize("cell", ANSWERED, ids=" / ".join)
def test_a_fault_that_hid_something_hides_it_no_more(world, cell):
    assert tried(world, [cell]) == (1, [])


def test_a_fault_hides_nothing_and_invents_nothing(world):
    cells = sampled(world.cells())
    assert len(cells) > len(world.faults)
    assert tried(world, cells) == (len(cells), [])


def test_a_lie_hides_nothing_and_invents_nothing(world):
    cells = sampled(world.untrue())
    assert len(cells) >= len(world.lies)
    assert tried(world, cells) == (len(cells), [])


ROLE = ["--role-arn", "arn:aws:iam::123456789012:role/audit"]
BY_ROLE = {
    "audit": ["audit"],
    "plan": ["plan", "--live", "--no-config"],
    "preflight": ["preflight", "--queue", "QUEUE fresh", "--function", "FUNCTION fresh"],
    "verify": ["verify", "--queue", "QUEUE orders", "--function", "FUNCTION orders"],
}
OF_ROLES = ("sts:AssumeRole", "sts:GetCallerIdentity")


@pytest.fixture
def by_role(world, monkeypatch):
    """Run a command as a role, with an operation spoiled; each run assumes it anew."""
    kept = {}

    def session(clients):
        if id(clients) not in kept:
            kept[id(clients)] = clients, world.session(clients)
        return kept[id(clients)][1]

    monkeypatch.setattr(Clients, "session", property(session))

    def run(name, operation="", fault=""):
        if fault:
            world.spoil(operation, fault)
        try:
            return world._run([*map(world._named, BY_ROLE[name]), *ROLE])
        finally:
            world.server.spoil = None

    return run


def role_cells(world, names):
    """Yield commands with what becoming a role calls, and each fault of it."""
    for name, operation in itertools.product(names, OF_ROLES):
        for fault in world.faults:
            if operation == "sts:AssumeRole" or applies(fault, operation):
                yield name, operation, fault


def tried_by_role(by_role, cells):
    quiet, failures = {}, []
    for name, operation, fault in cells:
        if name not in quiet:
            quiet[name] = by_role(name)
        run = by_role(name, operation, fault)
        failures += [
            f"{name} / {operation} / {fault}: {each}" for each in wrong(quiet[name], run, fault)
        ]
    return failures


def test_a_role_is_assumed_on_a_quiet_day(world, by_role):
    world.server.seen.clear()
    assert by_role("preflight").code == 0
    assert "sts:AssumeRole" in world.server.seen


def test_a_fault_of_becoming_a_role_hides_nothing_and_invents_nothing(world, by_role):
    cells = sampled(role_cells(world, BY_ROLE))
    assert tried_by_role(by_role, cells) == []


@pytest.mark.matrix
def test_no_fault_of_becoming_a_role_hides_or_invents_anything(world, by_role):
    assert tried_by_role(by_role, role_cells(world, BY_ROLE)) == []


@pytest.mark.matrix
def test_no_lie_of_any_operation_hides_or_invents_anything(world):
    runs, failures = tried(world, world.untrue())
    assert failures == []
    assert runs > 3_000


@pytest.mark.matrix
def test_no_fault_of_any_operation_hides_or_invents_anything(world):
    """The whole matrix: some 20 minutes."""
    runs, failures = tried(world, world.cells())
    assert failures == []
    assert runs > 3_000

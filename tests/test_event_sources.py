"""A second type of event source, made here: nothing outside its own parts has to change."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema_rs
import pytest
from samples import (
    a_function,
    a_key,
    a_mapping,
    a_role,
    an_inventory,
    arn,
    known,
    place,
    unset,
)

from checker.check import check
from checker.iam.document import Documents, parse
from checker.knowledge.partial import Value
from checker.knowledge.text import Text
from checker.model import SOURCE_TYPES, EventSource, EventSourceMapping, Queue, SourceType
from checker.model.outside import unseen
from checker.policy import judge, load
from checker.policy.traces import traced
from checker.records import dataclass
from checker.reports import github, gitlab, html, junit, markdown, sarif, text
from checker.reports import json as json_report
from checker.requests import SOURCE_REQUESTS, SourceRequests, requests_of
from checker.rules import RULES
from checker.rules._permission import Wording, ask, reference_to, role_fix, tell
from checker.rules.rule import rule

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 28)
ACTIONS = ("tapes:GetRecords", "tapes:ListShards")
TAPE = arn("tapes", "tape/clicks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape(EventSource):
    """A tape of records, which no service of AWS has."""

    runs: Value[bool]


def open_tape(arn, at):
    attribute = unseen(arn, at, "its attributes are")
    policy = Documents(unseen=attribute)
    return Tape(
        id=arn.id, arn=arn, at=at, closed=False, kms_key=attribute, policy=policy, runs=attribute
    )


TAPES = SourceType(
    things=Tape,
    noun="tape",
    brand="Tapes",
    service="tapes",
    managed_alias=Text.of("alias/aws/tapes"),
    refusal="ResourcePolicyInvalidException",
    opened=open_tape,
)
REQUESTS = SourceRequests(
    of=TAPES,
    actions=lambda _demanded: ACTIONS,
    context=lambda tape: ((Text.of("aws:tapes:arn"), tape.arn),),
    undecrypted="GetRecords fails",
)


@rule(on=EventSourceMapping, sources=(Tape,), aws="refuses the mapping")
def role_cannot_read_tape(mapping, tape, inventory, settings):
    """The function's role may not read the tape.

    ## Why

    It is so.

    ## Fix

    Allow it.
    """
    role = inventory.role_of(inventory.function_of(mapping).get()).get()
    where = f"on tape `{tape.id}`"
    wording = Wording(role.id, where, role.id, role.at, role_fix(role, reference_to(tape)))
    asked = requests_of(tape).asked(tape, role, settings.role_required)
    yield from tell((ask(request, layers, inventory) for request, layers in asked), wording)


@rule(on=Tape, aws="delivers nothing")
def tape_stands_still(tape, _inventory, _settings):
    """The tape does not run.

    ## Why

    It is so.

    ## Fix

    Start it.
    """
    if not tape.runs.get():
        yield from ()


@pytest.fixture(autouse=True)
def _tapes():
    SOURCE_TYPES.append(TAPES)
    SOURCE_REQUESTS.append(REQUESTS)
    yield
    SOURCE_TYPES.remove(TAPES)
    SOURCE_REQUESTS.remove(REQUESTS)


def a_tape(**changes):
    tape = Tape(
        id="aws_tape.clicks",
        arn=TAPE,
        at=place(1, "tape.tf"),
        closed=True,
        kms_key=known(None),
        policy=Documents(),
        runs=known(True),
    )
    return replace(tape, **changes)


def allowing(*actions, resource=TAPE):
    listed = ",".join(f'"{action}"' for action in actions)
    statement = Text.of(
        f'{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":[{listed}],',
        '"Resource":"',
        resource,
        '"}]}',
    )
    return Documents((parse(statement, id="aws_iam_role_policy.read", at=place(25)).get(),))


TRUST = parse(
    Text.of(
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",'
        '"Principal":{"Service":"lambda.amazonaws.com"}}]}'
    ),
    id="trust",
    at=place(21),
)


def reading(*actions, **changes):
    """Return an inventory with a mapping from a tape, whose role may do some actions on it."""
    role = a_role(identity=allowing(*actions), trust=TRUST)
    mapping = a_mapping(source=known(TAPE))
    given = {"sources": (a_tape(),), "roles": (role,), "mappings": (mapping,)}
    return an_inventory(functions=(a_function(timeout=known(3)),), **{**given, **changes})


def judged(inventory):
    own = [role_cannot_read_tape, tape_stands_still]
    policy = load("current", [each.name for each in RULES])
    severities = {each.name: policy.severities["region-mismatch"] for each in own}
    policy = replace(policy, severities=policy.severities | severities)
    rules = [*policy.select(RULES), *own]
    results = check(inventory, rules, policy.settings)
    return judge(inventory, results, policy, TODAY), results, policy


def test_what_the_poller_needs_of_the_source_is_decided():
    report, _, _ = judged(reading(*ACTIONS))
    assert [row.verdict.value for row in report.mappings] == ["ready"]
    report, _, _ = judged(reading(ACTIONS[0]))
    (row,) = report.mappings
    assert row.verdict.value == "blocked"
    (finding,) = report.findings
    assert finding.rule == "role-cannot-read-tape"
    assert "tapes:ListShards" in finding.message


def test_rules_about_queues_are_not_put_to_it():
    _, results, _ = judged(reading(*ACTIONS))
    about_queues = {each.name for each in RULES if each.on is Queue or Queue in each.sources}
    assert about_queues
    assert not about_queues & {each.rule for each in results}
    assert {"region-mismatch", "duplicate-mapping", "role-cannot-decrypt"} <= {
        each.rule for each in results
    }


def test_rules_about_it_are_put_to_it_alone():
    _, results, _ = judged(an_inventory())
    assert not {each.rule for each in results} & {"role-cannot-read-tape", "tape-stands-still"}


def test_an_unknown_source_is_answered_by_the_engine():
    _, results, _ = judged(reading(*ACTIONS, mappings=(a_mapping(source=unset()),)))
    said = {each.rule: each for each in results}
    assert said["role-cannot-read-queue"].unknowns == (unset(),)
    assert "role-cannot-read-tape" not in said


def test_a_source_that_the_input_only_refers_to_is_open():
    report, _, _ = judged(reading(*ACTIONS, sources=()))
    (row,) = report.mappings
    assert row.noun == "tape"
    assert {each.rule for each in report.findings if each.kind == "unknown"} >= {
        "tape-stands-still",
        "role-cannot-decrypt",
    }


def test_rules_about_all_sources_name_it_by_its_noun():
    elsewhere = Text.of("eu-central-1")
    report, _, _ = judged(
        reading(*ACTIONS, mappings=(a_mapping(source=known(TAPE), region=known(elsewhere)),))
    )
    assert any("its tape is in `eu-west-1`" in each.message for each in report.findings)
    twice = (a_mapping(source=known(TAPE)), a_mapping("again", source=known(TAPE)))
    report, _, _ = judged(reading(*ACTIONS, mappings=twice))
    (finding,) = report.findings
    assert "both map tape" in finding.message
    assert "with Tapes arn" in finding.because[1].text


def test_its_service_decrypts_with_its_own_encryption_context():
    key = a_key(
        policy=parse(
            Text.of(
                '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},'
                '"Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{'
                '"kms:ViaService":"tapes.eu-west-1.amazonaws.com","kms:EncryptionContext:aws:tapes:arn":"',
                TAPE,
                '"}}}]}',
            ),
            id="key",
            at=place(50),
        )
    )
    tape = a_tape(kms_key=known(key.arn))
    report, _, _ = judged(reading(*ACTIONS, sources=(tape,), keys=(key,)))
    assert [row.verdict.value for row in report.mappings] == ["ready"]
    queue_only = replace(
        key,
        policy=parse(
            Text.of(
                '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},'
                '"Action":"kms:Decrypt","Resource":"*","Condition":{"StringEquals":{'
                '"kms:ViaService":"sqs.eu-west-1.amazonaws.com"}}}]}'
            ),
            id="key",
            at=place(50),
        ),
    )
    report, _, _ = judged(reading(*ACTIONS, sources=(tape,), keys=(queue_only,)))
    (finding,) = report.findings
    assert finding.rule == "role-cannot-decrypt"
    assert "of tape `aws_tape.clicks`" in finding.message


def test_its_permissions_are_traced():
    inventory = reading(ACTIONS[0])
    asked = traced(
        inventory.mappings[0], inventory, load("current", [each.name for each in RULES]).settings
    )
    answers = {each.question.partition(" ")[0]: each.answer for each in asked}
    assert answers["tapes:GetRecords"] == "allowed"
    assert answers["tapes:ListShards"] == "refused"


def test_every_report_names_it():
    report, _, _ = judged(reading(ACTIONS[0]))
    found = json.loads(json_report.render(report))
    schema = json.loads((ROOT / "policies/report.schema.json").read_text("utf-8"))
    jsonschema_rs.validator_for(schema).validate(found)
    (row,) = found["mappings"]
    assert row["queue"] is None
    assert row["source"] == {"type": "tape", "id": "aws_tape.clicks", "arn": str(TAPE)}
    assert "tape      aws_tape.clicks" in text.render(report, verbose=True)
    for each in (github, gitlab, html, junit, markdown, sarif):
        assert "aws_tape.clicks" in each.render(report)


def test_a_queue_is_reported_as_before():
    report, _, _ = judged(an_inventory())
    (row,) = json.loads(json_report.render(report))["mappings"]
    assert row["queue"] == {name: row["source"][name] for name in ("id", "arn")}
    assert row["source"]["type"] == "queue"

"""States alone: what Terraform recorded is checked as it stands, whichever way it is written."""

import json
from pathlib import Path

import pytest

from checker.cli import main

STATES = Path(__file__).resolve().parents[4] / "fixtures" / "states"
KINDS = ("terraform.tfstate", "shown.json")
ROLE = "aws_iam_role.worker"


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.chdir(STATES.parents[1])

    def run(*words):
        code = main(("plan", "--format", "json", *map(str, words)))
        out = capsys.readouterr()
        return out.err if code == 2 else json.loads(out.out)

    return run


@pytest.fixture
def verdicts(run):
    return lambda *words: {row["id"]: row["verdict"] for row in run(*words)["mappings"]}


def rules(report):
    return {finding["rule"] for finding in report["findings"] if finding["kind"] == "problem"}


def recorded(name):
    return json.loads((STATES / name / "terraform.tfstate").read_text(encoding="utf-8"))


def written(tmp_path, state):
    path = tmp_path / "terraform.tfstate"
    path.write_text(json.dumps(state), encoding="utf-8")
    return path


def instances(state, type_, name):
    (found,) = (r for r in state["resources"] if (r["type"], r["name"]) == (type_, name))
    return found["instances"]


EXPECTED = {
    "orders": {
        "aws_lambda_event_source_mapping.orders": "ready",
        'module.channel["mail"].aws_lambda_event_source_mapping.this': "at-risk",
        'module.channel["print"].aws_lambda_event_source_mapping.this': "at-risk",
    },
    "broken": {"aws_lambda_event_source_mapping.orders": "blocked"},
    "leftovers": {"aws_lambda_event_source_mapping.orders": "undecided"},
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", EXPECTED)
def test_a_state_is_judged_by_what_it_records(name, kind, verdicts):
    assert verdicts(STATES / name / kind) == EXPECTED[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_both_ways_to_write_a_state_give_the_same_findings(name, run):
    one, other = (run(STATES / name / kind) for kind in KINDS)
    assert rules(one) == rules(other)


@pytest.mark.parametrize("name", ["orders", "broken"])
def test_a_state_says_no_other_problem_than_its_configuration(name, run):
    alone, beside = run(STATES / name / KINDS[0]), run(STATES / name / "config")
    assert rules(alone) == rules(beside) - {"policy-attached-too-late", "role-allows-too-much"}


def test_what_exists_is_not_made_too_late(run):
    config = STATES / "orders" / "config"
    assert "policy-attached-too-late" in rules(run(config))
    assert "policy-attached-too-late" not in rules(
        run(config, "--state", STATES / "orders" / KINDS[0])
    )


def test_a_mapping_that_is_new_may_be_made_too_early(tmp_path, run):
    state = without(recorded("orders"), "aws_lambda_event_source_mapping", "orders")
    report = run(STATES / "orders" / "config", "--state", written(tmp_path, state))
    assert "policy-attached-too-late" in rules(report)


def test_what_a_state_calls_sensitive_is_never_printed(capsys, monkeypatch):
    monkeypatch.chdir(STATES.parents[1])
    for words in (
        (KINDS[0],),
        (KINDS[1],),
        ("config", "--state", str(STATES / "orders" / KINDS[0])),
    ):
        for kind in ("json", "sarif", "text", "markdown"):
            main(
                (
                    "plan",
                    str(STATES / "orders" / words[0]),
                    *words[1:],
                    "--verbose",
                    "--format",
                    kind,
                )
            )
            said = capsys.readouterr()
            assert "token-that-nobody-may-see" not in said.out + said.err


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ([{"type": "get_attr", "value": "name"}], True),
        ([{"type": "get_attr", "value": "name"}, {"type": "index", "value": 7}], True),
        (None, False),
    ],
)
def test_a_sensitive_name_of_a_queue_decides_and_is_not_shown(path, marked, tmp_path, capsys):
    state = recorded("broken")
    (queue,) = instances(state, "aws_sqs_queue", "orders")
    (mapping,) = instances(state, "aws_lambda_event_source_mapping", "orders")
    hidden = "hidden-name-of-the-queue"
    text = json.dumps(state).replace(":orders", f":{hidden}")
    state = json.loads(text)
    for name in ("arn", "id", "url", "name", "policy"):
        if path:
            (queue,) = instances(state, "aws_sqs_queue", "orders")
            queue["sensitive_attributes"].append([{"type": "get_attr", "value": name}])
    if path:
        (mapping,) = instances(state, "aws_lambda_event_source_mapping", "orders")
        mapping["sensitive_attributes"] = [[{"type": "get_attr", "value": "event_source_arn"}]]
    main(("plan", str(written(tmp_path, state)), "--format", "json"))
    said = capsys.readouterr()
    assert (hidden not in said.out + said.err) is marked
    assert json.loads(said.out)["mappings"][0]["verdict"] == "blocked"


def test_a_secret_by_its_name_or_shape_is_withheld_without_a_mark(tmp_path, capsys):
    state = recorded("broken")
    (queue,) = instances(state, "aws_sqs_queue", "orders")
    queue["attributes"]["policy"] = "glpat-aaaabbbbccccdddd1111"
    main(("plan", str(written(tmp_path, state)), "--format", "json"))
    said = capsys.readouterr()
    assert "glpat" not in said.out + said.err


# Copies: what a role or a queue repeats of the resources beside it.


def without(state, type_, name):
    state["resources"] = [r for r in state["resources"] if (r["type"], r["name"]) != (type_, name)]
    return state


def test_a_policy_that_only_the_role_repeats_may_be_gone(tmp_path, verdicts):
    """The apply that deletes an attachment leaves the list in the role as it was."""
    state = without(recorded("orders"), "aws_iam_role_policy_attachment", "read")
    (role,) = instances(state, "aws_iam_role", "worker")
    (policy,) = instances(state, "aws_iam_policy", "read")
    role["attributes"]["managed_policy_arns"] = [policy["attributes"]["arn"]]
    found = verdicts(written(tmp_path, state))
    assert found["aws_lambda_event_source_mapping.orders"] == "undecided"
    role["attributes"]["managed_policy_arns"] = []
    found = verdicts(written(tmp_path, state))
    assert found["aws_lambda_event_source_mapping.orders"] == "blocked"


@pytest.mark.parametrize("listed", [True, False])
def test_a_role_takes_nothing_away_by_what_it_lists(listed, tmp_path, verdicts):
    """A role that was read before its attachment was made lists nothing."""
    state = recorded("orders")
    (role,) = instances(state, "aws_iam_role", "worker")
    (policy,) = instances(state, "aws_iam_policy", "read")
    arn = policy["attributes"]["arn"]
    role["attributes"]["managed_policy_arns"] = [arn] if listed else []
    found = verdicts(written(tmp_path, state))
    assert found["aws_lambda_event_source_mapping.orders"] == "ready"


def test_a_queue_repeats_its_policy_resource(tmp_path, verdicts):
    state = recorded("orders")
    (queue,) = instances(state, "aws_sqs_queue", "orders")
    allow = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "sqs:ReceiveMessage",
                    "Resource": "*",
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ],
        }
    )
    queue["attributes"]["policy"] = allow
    attributes = {"queue_url": queue["attributes"]["url"], "policy": allow}
    state["resources"].append(
        {
            "mode": "managed",
            "type": "aws_sqs_queue_policy",
            "name": "orders",
            "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
            "instances": [{"schema_version": 1, "attributes": attributes}],
        }
    )
    found = verdicts(written(tmp_path, state))
    assert found["aws_lambda_event_source_mapping.orders"] == "ready"


# Tainted and deposed objects.


def test_a_tainted_permission_is_not_relied_on(tmp_path, verdicts):
    state = recorded("orders")
    (attachment,) = instances(state, "aws_iam_role_policy_attachment", "read")
    attachment["status"] = "tainted"
    found = verdicts(written(tmp_path, state))
    assert found["aws_lambda_event_source_mapping.orders"] == "undecided"


def test_a_deposed_permission_is_not_relied_on(tmp_path, verdicts):
    state = recorded("orders")
    (attachment,) = instances(state, "aws_iam_role_policy_attachment", "read")
    attachment["deposed"] = "0badcafe"
    found = verdicts(written(tmp_path, state))
    assert found["aws_lambda_event_source_mapping.orders"] == "undecided"


def test_a_deposed_mapping_still_reads_its_queue(tmp_path, verdicts):
    state = recorded("orders")
    (mapping,) = instances(state, "aws_lambda_event_source_mapping", "orders")
    mapping["deposed"] = "0badcafe"
    found = verdicts(written(tmp_path, state))
    left = "aws_lambda_event_source_mapping.orders (deposed object 0badcafe)"
    assert found[left] == "undecided"


def test_a_sure_problem_of_a_tainted_mapping_stays_one(tmp_path, verdicts):
    state = recorded("broken")
    (mapping,) = instances(state, "aws_lambda_event_source_mapping", "orders")
    mapping["status"] = "tainted"
    assert verdicts(written(tmp_path, state)) == {
        "aws_lambda_event_source_mapping.orders": "blocked"
    }


# Instances, modules and accounts.


def test_instances_with_and_without_a_key_stand_side_by_side(tmp_path, verdicts):
    state = recorded("orders")
    found = instances(state, "aws_lambda_event_source_mapping", "orders")
    found.append({**json.loads(json.dumps(found[0])), "index_key": 'a.b"]${x}'})
    assert set(verdicts(written(tmp_path, state))) >= {
        "aws_lambda_event_source_mapping.orders",
        'aws_lambda_event_source_mapping.orders["a.b\\"]$${x}"]',
    }


def test_roles_of_one_name_in_two_accounts_do_not_share_policies(tmp_path, verdicts):
    """`terraform show -json` does not say of a state whose account an attachment is in."""
    shown = json.loads((STATES / "orders" / "shown.json").read_text(encoding="utf-8"))
    found = shown["values"]["root_module"]["resources"]
    (role,) = (r for r in found if r["address"] == ROLE)
    twin = json.loads(json.dumps(role).replace("123456789012", "210987654321"))
    found.append({**twin, "address": "aws_iam_role.other", "name": "other"})
    path = tmp_path / "shown.json"
    path.write_text(json.dumps(shown), encoding="utf-8")
    assert verdicts(path)["aws_lambda_event_source_mapping.orders"] == "undecided"


def test_a_state_without_mappings_is_read(tmp_path, run):
    state = {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x"}
    assert run(written(tmp_path, {**state, "resources": []}))["mappings"] == []


def test_a_state_from_standard_input_is_read(run, monkeypatch):
    import io
    from types import SimpleNamespace

    data = (STATES / "broken" / KINDS[0]).read_bytes()
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    (row,) = run("-")["mappings"]
    assert row["verdict"] == "blocked"


# As the provider writes what it reads from AWS: everything that is not set is there, and empty.

READ = {
    "aws_lambda_event_source_mapping": {
        "amazon_managed_kafka_event_source_config": [],
        "arn": "arn:aws:lambda:us-east-1:123456789012:event-source-mapping:u",
        "batch_size": 10,
        "bisect_batch_on_function_error": False,
        "destination_config": [{"on_failure": [{"destination_arn": ""}]}],
        "document_db_event_source_config": [],
        "enabled": True,
        "event_source_arn": "arn:aws:sqs:us-east-1:123456789012:q",
        "filter_criteria": [],
        "function_arn": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "function_name": "f",
        "function_response_types": None,
        "kms_key_arn": "",
        "maximum_batching_window_in_seconds": 0,
        "maximum_record_age_in_seconds": 0,
        "maximum_retry_attempts": 0,
        "metrics_config": [],
        "parallelization_factor": 0,
        "provisioned_poller_config": [],
        "queues": None,
        "scaling_config": [],
        "self_managed_event_source": [],
        "self_managed_kafka_event_source_config": [],
        "source_access_configuration": [],
        "starting_position": "",
        "starting_position_timestamp": "",
        "state": "Enabled",
        "tags": None,
        "tags_all": {},
        "topics": None,
        "tumbling_window_in_seconds": 0,
    },
    "aws_sqs_queue": {
        "arn": "arn:aws:sqs:us-east-1:123456789012:q",
        "id": "https://sqs.us-east-1.amazonaws.com/123456789012/q",
        "url": "https://sqs.us-east-1.amazonaws.com/123456789012/q",
        "fifo_queue": False,
        "kms_master_key_id": "",
        "message_retention_seconds": 86400,
        "name": "q",
        "name_prefix": "",
        "policy": "",
        "redrive_allow_policy": "",
        "redrive_policy": "",
        "sqs_managed_sse_enabled": True,
        "visibility_timeout_seconds": 180,
    },
    "aws_lambda_function": {
        "arn": "arn:aws:lambda:us-east-1:123456789012:function:f",
        "dead_letter_config": [],
        "function_name": "f",
        "reserved_concurrent_executions": -1,
        "role": "arn:aws:iam::123456789012:role/r",
        "timeout": 30,
        "version": "$LATEST",
        "vpc_config": [],
    },
    "aws_iam_role": {
        "arn": "arn:aws:iam::123456789012:role/r",
        "assume_role_policy": json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": "sts:AssumeRole",
                        "Principal": {"Service": "lambda.amazonaws.com"},
                    }
                ],
            }
        ),
        "inline_policy": [],
        "managed_policy_arns": [],
        "name": "r",
        "name_prefix": "",
        "path": "/",
        "permissions_boundary": "",
    },
    "aws_iam_role_policy_attachment": {
        "policy_arn": "arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole",
        "role": "r",
    },
}


def test_what_is_empty_is_not_set(tmp_path, run):
    resources = [
        {
            "mode": "managed",
            "type": type_,
            "name": "x",
            "provider": 'provider["registry.opentofu.org/hashicorp/aws"]',
            "instances": [{"schema_version": 0, "attributes": attributes}],
        }
        for type_, attributes in READ.items()
    ]
    state = {"version": 4, "serial": 1, "lineage": "x", "resources": resources}
    report = run(written(tmp_path, state))
    assert [row["verdict"] for row in report["mappings"]] == ["at-risk"]
    assert "argument-not-for-sqs" not in rules(report)


# Every configuration that was applied when its plan was recorded.

APPLIED = sorted(STATES.parent.glob("configurations/*/applied.json"))


def printed(applied, tmp_path):
    """Write what was recorded after an apply as `terraform show -json` prints a state."""
    path = tmp_path / "state.json"
    values = json.loads(applied.read_text(encoding="utf-8"))
    path.write_text(json.dumps({"format_version": "1.0", "values": values}), encoding="utf-8")
    return path


@pytest.mark.parametrize("applied", APPLIED, ids=lambda path: path.parent.name)
def test_a_state_and_its_configuration_agree_on_every_mapping(applied, tmp_path, run):
    state = printed(applied, tmp_path)
    reports = [run(applied.parent), run(applied.parent, "--state", state), run(state)]
    alone, beside, kept = map(rules, reports)
    found = [{row["id"]: row["verdict"] for row in report["mappings"]} for report in reports]
    assert found[0] == found[1] == found[2]
    assert beside == kept == alone - {"policy-attached-too-late"}


def test_a_permission_that_was_deleted_in_the_last_apply_is_not_there(tmp_path, verdicts):
    """The role that was read before still lists it: a real state, after a real apply."""
    changes = STATES.parent / "plans" / "changes"
    state = printed(changes / "applied.json", tmp_path)
    assert verdicts(state) == {"aws_lambda_event_source_mapping.orders": "undecided"}
    assert verdicts(changes) == {"aws_lambda_event_source_mapping.orders": "blocked"}

"""A state beside its configuration fills what that leaves open, and never speaks against it."""

import json
import shutil
from pathlib import Path

import pytest

from checker.cli import main

ORDERS = Path(__file__).resolve().parents[4] / "fixtures" / "states" / "orders"
MAPPING = "aws_lambda_event_source_mapping.orders"
NAME = "orders-20261127182709128800000003"
ACCOUNT = "123456789012"


@pytest.fixture
def root(tmp_path):
    """A copy of the recorded configuration and its state, to be changed."""
    shutil.copytree(ORDERS / "config", tmp_path / "root")
    shutil.copy(ORDERS / "terraform.tfstate", tmp_path / "state")
    return tmp_path / "root"


@pytest.fixture
def run(root, capsys):
    def run(*words, state=True):
        beside = ["--state", str(root.parent / "state")] if state else []
        code = main(("plan", str(root), *beside, *words, "--format", "json"))
        out = capsys.readouterr()
        assert code < 2, out.err
        return out.out

    return run


def row(report, mapping=MAPPING):
    (found,) = (each for each in json.loads(report)["mappings"] if each["id"] == mapping)
    return found


def edit(root, *pairs, file="main.tf"):
    path = root / file
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def restate(root, change):
    path = root.parent / "state"
    state = json.loads(path.read_text(encoding="utf-8"))
    change(state)
    path.write_text(json.dumps(state), encoding="utf-8")


def instances(state, type_, name):
    (found,) = (r for r in state["resources"] if (r["type"], r["name"]) == (type_, name))
    return found["instances"]


def test_what_exists_is_known_by_its_name_and_account(run):
    assert row(run(state=False))["queue"]["arn"].startswith("arn:aws:sqs:eu-west-1:{account}:")
    found = row(run())
    assert found["queue"]["arn"] == f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{NAME}"
    assert found["verdict"] == "ready"


STAYS = {
    "an argument that changes in place": (
        "visibility_timeout_seconds = 180",
        "visibility_timeout_seconds = 240",
    ),
    "other tags": (
        'name_prefix                = "orders-"',
        'name_prefix = "orders-"\n  tags = { a = "b" }',
    ),
    "the description of the key": ('"messages"\n}', '"the messages"\n}'),
}


@pytest.mark.parametrize("change", STAYS)
def test_a_change_in_place_leaves_the_thing(change, root, run):
    edit(root, STAYS[change])
    assert row(run())["queue"]["arn"].endswith(f":{ACCOUNT}:{NAME}")


PREFIX = 'name_prefix                = "orders-"'
TRIGGERED = "lifecycle {\n    replace_triggered_by = [aws_sqs_queue.dead]\n  }"
REPLACED = {
    "another prefix": ('"orders-"', '"jobs-"'),
    "another kind of queue": (PREFIX, 'name_prefix = "orders-"\n  fifo_queue = true'),
    "a name of its own": (PREFIX, 'name = "orders"'),
    "another Region": ('  region = "eu-west-1"', '  region = "eu-west-2"'),
    "a prefix that is unknown": ('"orders-"', "var.prefix"),
    "a replacement by another": (PREFIX, f'name_prefix = "orders-"\n  {TRIGGERED}'),
}


@pytest.mark.parametrize("change", REPLACED)
def test_what_the_configuration_replaces_is_not_what_was_recorded(change, root, run):
    (root / "more.tf").write_text('variable "prefix" {\n  type = string\n}\n')
    edit(root, REPLACED[change])
    assert NAME not in row(run())["queue"]["arn"]


@pytest.mark.parametrize(
    "change",
    [
        lambda queue: queue.update(status="tainted"),
        lambda queue: queue.update(deposed="0badcafe"),
        lambda queue: queue["attributes"].update(arn="arn:aws:sqs:us-east-1:123456789012:x"),
        lambda queue: queue["attributes"].update(arn=7, name=[], url={}),
    ],
    ids=["tainted", "deposed", "in another Region", "of wrong types"],
)
def test_what_is_replaced_or_another_thing_fills_nothing(change, root, run):
    restate(root, lambda state: change(instances(state, "aws_sqs_queue", "orders")[0]))
    assert NAME not in row(run())["queue"]["arn"]


MOVED = {
    "to another name": [("aws_sqs_queue.orders", "aws_sqs_queue.jobs")],
    "twice": [
        ("aws_sqs_queue.orders", "aws_sqs_queue.middle"),
        ("aws_sqs_queue.middle", "aws_sqs_queue.jobs"),
    ],
    "in a circle": [
        ("aws_sqs_queue.orders", "aws_sqs_queue.jobs"),
        ("aws_sqs_queue.jobs", "aws_sqs_queue.orders"),
    ],
    "from elsewhere": [("aws_sqs_queue.none", "aws_sqs_queue.jobs")],
    "not at all": [],
    "badly": [('"x"', "aws_sqs_queue.jobs"), ("aws_sqs_queue.a[var.x]", "aws_sqs_queue.jobs")],
}


@pytest.mark.parametrize("moves", MOVED)
def test_a_thing_that_moved_is_the_one_that_was_recorded(moves, root, run):
    edit(root, ('"aws_sqs_queue" "orders"', '"aws_sqs_queue" "jobs"'))
    edit(root, ("aws_sqs_queue.orders", "aws_sqs_queue.jobs"))
    blocks = (f"moved {{\n  from = {old}\n  to   = {new}\n}}\n" for old, new in MOVED[moves])
    (root / "moves.tf").write_text("".join(blocks))
    known = moves in {"to another name", "twice", "in a circle"}
    assert (NAME in row(run())["queue"]["arn"]) is known


def test_a_thing_that_moved_by_json_is_the_one_that_was_recorded(root, run):
    edit(root, ('"aws_sqs_queue" "orders"', '"aws_sqs_queue" "jobs"'))
    edit(root, ("aws_sqs_queue.orders", "aws_sqs_queue.jobs"))
    moved = {"moved": {"from": "aws_sqs_queue.orders", "to": "aws_sqs_queue.jobs"}}
    (root / "moves.tf.json").write_text(json.dumps(moved))
    assert NAME in row(run())["queue"]["arn"]


def test_a_module_that_moved_is_the_one_that_was_recorded(root, run):
    edit(root, ('module "channel"', 'module "line"'))
    edit(root, ("  name     = each.key", '  name     = ""'))
    edit(
        root, ("name                       = var.name", 'name_prefix = "m"'), file="channel/main.tf"
    )

    def prefixed(state):
        """Record that the names of the module's queues begin with a prefix."""
        for resource in state["resources"]:
            if resource["type"] == "aws_sqs_queue" and "module" in resource:
                (queue,) = resource["instances"]
                queue["attributes"]["name_prefix"] = "m"

    restate(root, prefixed)
    (root / "moves.tf").write_text("moved {\n  from = module.channel\n  to   = module.line\n}\n")
    found = row(run(), 'module.line["mail"].aws_lambda_event_source_mapping.this')
    assert found["queue"]["arn"].endswith(f":{ACCOUNT}:mail")


def test_an_argument_is_never_filled(root, run):
    """What a variable will be is unknown, whatever it was at the last apply."""
    (root / "more.tf").write_text('variable "timeout" {\n  type = number\n}\n')
    edit(root, ("visibility_timeout_seconds = 180", "visibility_timeout_seconds = var.timeout"))
    assert row(run())["verdict"] == "undecided"


def test_a_deleted_permission_is_missing_though_the_state_has_it(root, run):
    text = (root / "main.tf").read_text()
    begin = text.index('resource "aws_iam_role_policy_attachment"')
    end = text.index('resource "aws_lambda_function"')
    (root / "main.tf").write_text(text[:begin] + text[end:])
    assert row(run())["verdict"] == "blocked"


@pytest.mark.parametrize(
    ("said", "account"),
    [
        ('allowed_account_ids = ["210987654321"]', "210987654321"),
        ('assume_role {\n    role_arn = "arn:aws:iam::210987654321:role/ci"\n  }', "210987654321"),
        ('profile = "prod"', ACCOUNT),
    ],
)
def test_the_account_is_filled_where_the_provider_leaves_it_open(said, account, root, run):
    edit(root, ('  region = "eu-west-1"', f'  region = "eu-west-1"\n  {said}'))
    assert f":{account}:" in row(run())["queue"]["arn"]


def data(type_, name, attributes, **words):
    return {
        "mode": "data",
        "type": type_,
        "name": name,
        "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
        "instances": [{"attributes": attributes, **words}],
    }


FOREIGN = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:of-another-team"
REMOTE = """
data "terraform_remote_state" "team" {
  backend = "s3"
  config = {
    bucket = "b"
    key    = "KEY"
  }
}
"""
OUTPUTS = {
    **data(
        "terraform_remote_state",
        "team",
        {
            "backend": "s3",
            "config": {
                "value": {"bucket": "b", "key": "team"},
                "type": ["object", {"bucket": "string", "key": "string"}],
            },
            "outputs": {"value": {"arn": FOREIGN}, "type": ["object", {"arn": "string"}]},
        },
    ),
    "provider": 'provider["terraform.io/builtin/terraform"]',
}
KEPT = """
resource "random_pet" "q" {
  keepers = {
    a = data.aws_ami.a.id
  }
}

data "aws_ami" "a" {
}
"""
READ = {
    "a parameter": (
        'data "aws_ssm_parameter" "queue" {\n  name = "/queue"\n}\n',
        data(
            "aws_ssm_parameter",
            "queue",
            {"name": "/queue", "insecure_value": FOREIGN},
        ),
        "data.aws_ssm_parameter.queue.insecure_value",
        True,
    ),
    "a parameter of another name": (
        'data "aws_ssm_parameter" "queue" {\n  name = "/other"\n}\n',
        data("aws_ssm_parameter", "queue", {"name": "/queue", "insecure_value": FOREIGN}),
        "data.aws_ssm_parameter.queue.insecure_value",
        False,
    ),
    "outputs of another state": (
        REMOTE.replace("KEY", "team"),
        OUTPUTS,
        "data.terraform_remote_state.team.outputs.arn",
        True,
    ),
    "outputs of another key": (
        REMOTE.replace("KEY", "other"),
        OUTPUTS,
        "data.terraform_remote_state.team.outputs.arn",
        False,
    ),
    "what is found by tags": (
        'data "aws_sqs_queues" "all" {\n  queue_name_prefix = "of"\n}\n',
        data("aws_sqs_queues", "all", {"queue_name_prefix": "of", "queue_urls": [FOREIGN]}),
        "data.aws_sqs_queues.all.queue_urls[0]",
        True,
    ),
    "a managed random name": (
        'resource "random_pet" "q" {\n  length = 2\n}\n',
        {**data("random_pet", "q", {"length": 2, "id": FOREIGN}), "mode": "managed"},
        "random_pet.q.id",
        True,
    ),
    "a random name of another length": (
        'resource "random_pet" "q" {\n  length = 3\n}\n',
        {**data("random_pet", "q", {"length": 2, "id": FOREIGN}), "mode": "managed"},
        "random_pet.q.id",
        False,
    ),
    "a random name with other keepers": (
        'resource "random_pet" "q" {\n  keepers = {\n    a = "2"\n  }\n}\n',
        {**data("random_pet", "q", {"keepers": {"a": "1"}, "id": FOREIGN}), "mode": "managed"},
        "random_pet.q.id",
        False,
    ),
    "a random name with fewer keepers": (
        'resource "random_pet" "q" {\n  keepers = {}\n}\n',
        {**data("random_pet", "q", {"keepers": {"a": "1"}, "id": FOREIGN}), "mode": "managed"},
        "random_pet.q.id",
        False,
    ),
    "a random name whose keeper is unknown": (
        KEPT,
        {**data("random_pet", "q", {"keepers": {"a": "1"}, "id": FOREIGN}), "mode": "managed"},
        "random_pet.q.id",
        False,
    ),
    "what the configuration computes": (
        'data "external" "q" {\n  program = ["./queue"]\n}\n',
        data("external", "q", {"program": ["./queue"], "result": {"arn": FOREIGN}}),
        "data.external.q.result.arn",
        False,
    ),
}


@pytest.mark.parametrize("case", READ)
def test_what_was_read_is_known_while_the_same_is_asked_for(case, root, run):
    block, recorded, expression, known = READ[case]
    (root / "more.tf").write_text(block)
    edit(root, ("= aws_sqs_queue.orders.arn\n  function_name", f"= {expression}\n  function_name"))
    restate(root, lambda state: state["resources"].append(recorded))
    queue = row(run())["queue"] or {}
    assert (queue.get("arn") == FOREIGN) is known


def test_a_secret_that_a_data_source_read_is_not_printed(root, run, capsys):
    """Older states do not mark what the provider's schema does."""
    (root / "more.tf").write_text('data "aws_ssm_parameter" "queue" {\n  name = "/queue"\n}\n')
    edit(
        root,
        ("= aws_sqs_queue.orders.arn\n  function_name",
         "= data.aws_ssm_parameter.queue.value\n  function_name"),
    )  # fmt: skip
    recorded = data("aws_ssm_parameter", "queue", {"name": "/queue", "value": FOREIGN})
    restate(root, lambda state: state["resources"].append(recorded))
    assert "of-another-team" not in run("--verbose")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--state", "{state}", "--plan", "{plan}"], "cannot be used with `--state`"),
        (["--state", "{plan}"], "is not a state but a plan"),
        (["--plan", "{state}"], "is not a plan but a state"),
        (["--state", "{state}", "--recursive"], "needs one directory"),
        (["--state", "{missing}"], "No such file"),
    ],
)
def test_what_does_not_go_together_is_said(words, why, root, capsys):
    plan = ORDERS.parents[1] / "plans" / "first" / "plan.json"
    names = {"state": root.parent / "state", "plan": plan, "missing": root / "none"}
    code = main(("plan", str(root), *(word.format(**names) for word in words)))
    assert code == 2
    assert why in " ".join(capsys.readouterr().err.split())


def test_a_state_alone_takes_no_state(root, capsys):
    state = str(root.parent / "state")
    assert main(("plan", state, "--state", state)) == 2


@pytest.mark.parametrize("type_", ["vault_generic_secret", "sops_file", "tfe_outputs"])
def test_what_a_vault_holds_is_not_printed(type_, root, run):
    (root / "more.tf").write_text(f'data "{type_}" "queue" {{\n}}\n')
    name = "values" if type_ == "tfe_outputs" else "data"
    edit(
        root,
        ("= aws_sqs_queue.orders.arn\n  function_name",
         f"= data.{type_}.queue.{name}.arn\n  function_name"),
    )  # fmt: skip
    restate(
        root,
        lambda state: state["resources"].append(data(type_, "queue", {name: {"arn": FOREIGN}})),
    )
    said = run("--verbose")
    assert "of-another-team" not in said
    assert row(said)["queue"] is not None

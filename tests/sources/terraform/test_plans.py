"""A real `terraform plan` beside our answer: nothing that we say may differ from what it says.

Needs `terraform` on the path and the AWS provider in the folder that TFCHECK_TERRAFORM_PLUGINS
names (the parent of `registry.terraform.io`); the provider talks to a moto server.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from checker.partial import Hole, Text, Truth
from checker.sources.terraform.files import Files
from checker.sources.terraform.load import Given, open_root
from checker.sources.terraform.project import Project, text_of
from checker.sources.terraform.resources.walk import Walk

PLUGINS = os.environ.get("TFCHECK_TERRAFORM_PLUGINS", "")
SCENARIOS = Path(__file__).parents[3] / "fixtures" / "scenarios"

pytestmark = [
    pytest.mark.terraform,
    pytest.mark.skipif(shutil.which("terraform") is None, reason="no terraform on the path"),
    pytest.mark.skipif(not PLUGINS, reason="TFCHECK_TERRAFORM_PLUGINS is not set"),
]

# What the model reads of each resource, and the plan tells.
ATTRIBUTES = {
    "aws_sqs_queue": (
        "name",
        "fifo_queue",
        "visibility_timeout_seconds",
        "message_retention_seconds",
        "kms_master_key_id",
        "redrive_policy",
        "policy",
    ),
    "aws_sqs_queue_policy": ("policy", "queue_url"),
    "aws_lambda_function": ("function_name", "timeout", "role", "reserved_concurrent_executions"),
    "aws_lambda_event_source_mapping": (
        "batch_size",
        "maximum_batching_window_in_seconds",
        "event_source_arn",
        "function_name",
        "enabled",
    ),
    "aws_iam_role": ("name", "path", "assume_role_policy", "permissions_boundary"),
    "aws_iam_role_policy": ("policy", "role"),
    "aws_iam_role_policy_attachment": ("role", "policy_arn"),
    "aws_iam_policy": ("name", "policy", "path"),
    "aws_kms_key": ("policy", "is_enabled"),
    "aws_kms_alias": ("name",),
}


def plannable():
    for folder in sorted(SCENARIOS.iterdir()):
        expected = folder / "expected.yaml"
        if expected.exists() and not (yaml.safe_load(expected.read_text()) or {}).get("no-plan"):
            yield folder


@pytest.fixture(scope="module")
def aws():
    """The environment of a provider that talks to a moto server."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield {
        **{k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "TF_"))},
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_CLI_CONFIG_FILE": os.devnull,
    }
    server.stop()


def terraform(folder, env, *words):
    done = subprocess.run(
        ["terraform", *words], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"terraform {words[0]}: {done.stderr}"
    return done.stdout


def planned(module):
    for resource in module.get("resources", []):
        if resource["mode"] == "managed":
            yield resource["address"], resource["type"], resource.get("values", {})
    for child in module.get("child_modules", []):
        yield from planned(child)


def differs(ours, theirs):
    """Tell whether our value contradicts the plan's; an unknown on our side does not."""
    if isinstance(ours, Hole) or theirs is None:
        return False
    if isinstance(theirs, str):
        text = text_of(ours)
        if text is None:
            return theirs != ""
        text = text.fill({"account": "123456789012"})
        if text.holes:
            return not theirs.startswith("{") and text.equals(Text.of(theirs)) is Truth.NO
        try:
            return json.loads(str(text)) != json.loads(theirs)
        except ValueError:
            return str(text) != theirs
    if isinstance(theirs, bool):
        return ours not in (theirs, str(theirs).lower())
    if isinstance(theirs, (int, float)):
        return float(str(ours)) != float(theirs)
    return False


@pytest.mark.parametrize("scenario", list(plannable()), ids=lambda folder: folder.name)
def test_no_value_differs_from_what_terraform_plans(scenario, aws, tmp_path):
    folder = tmp_path / "root"
    shutil.copytree(scenario, folder)
    terraform(folder, aws, "init", "-backend=false", "-input=false", f"-plugin-dir={PLUGINS}")
    options = (yaml.safe_load((folder / "expected.yaml").read_text()) or {}).get("options") or {}
    words = [f"-var={word}" for word in options.get("var", [])]
    terraform(folder, aws, "plan", "-input=false", "-refresh=false", "-out=plan.bin", *words)
    plan = json.loads(terraform(folder, aws, "show", "-json", "plan.bin"))
    root = open_root(
        Project(folder, Files(folder)), str(folder), Given(variables=options.get("var", []))
    )
    walk = Walk(root)
    seen = 0
    for address, type_, values in planned(plan["planned_values"]["root_module"]):
        instances = {f.instance.address: f for f in walk.of(type_)}
        if type_ not in ATTRIBUTES:
            continue
        found = instances.get(address)
        if found is None:
            assert any(f.unsure for f in instances.values()), f"{address} is not found"
            continue
        for name in ATTRIBUTES[type_]:
            if name in values:
                ours = found.instance.attribute(name, found.instance.at)
                assert not differs(ours, values[name]), (
                    f"{address}.{name}: {ours!r} != {values[name]!r}"
                )
                seen += 1
    assert seen, "the plan holds nothing to compare"

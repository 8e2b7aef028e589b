"""A real `terraform plan` beside our answer: nothing that we say may differ from what it says.

Needs `terraform` on the path and the AWS provider in the folder that TFCHECK_TERRAFORM_PLUGINS
names (the parent of `registry.terraform.io`); the provider talks to a moto server. A sample is
planned, and with --full every configuration and every fourth scenario; test_recorded_plans.py
compares all of them with what was recorded.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from comparison import ATTRIBUTES, differences, options
from scenarios import SCENARIOS

PLUGINS = os.environ.get("TFCHECK_TERRAFORM_PLUGINS", "")
FIXTURES = Path(__file__).parents[3] / "fixtures"
RECORDED = ("plan.json", "plan.tfplan", "applied.json", "recorded", "expected.yaml")

pytestmark = [
    pytest.mark.terraform,
    pytest.mark.skipif(shutil.which("terraform") is None, reason="no terraform on the path"),
    pytest.mark.skipif(not PLUGINS, reason="TFCHECK_TERRAFORM_PLUGINS is not set"),
]


def plannable():
    named = sorted(SCENARIOS, key=lambda each: each.name)
    planned = [folder for folder in named if not options(folder).get("no-plan")]
    return [*sorted((FIXTURES / "configurations").iterdir()), *planned[::4]]


@pytest.fixture(scope="module")
def aws():
    """The environment of a provider that talks to a moto server."""
    from moto.server import ThreadedMotoServer

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
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
        ["terraform", *words], cwd=folder, env=env, capture_output=True, check=False
    )
    assert done.returncode == 0, f"terraform {words[0]}: {done.stderr.decode()}"
    return done.stdout


@pytest.mark.sampled(4)
@pytest.mark.parametrize("source", plannable(), ids=lambda folder: folder.name)
def test_no_value_differs_from_what_terraform_plans(source, aws, tmp_path):
    folder = tmp_path / "root"
    shutil.copytree(source, folder, ignore=lambda _, names: [n for n in names if n in RECORDED])
    terraform(folder, aws, "init", "-backend=false", "-input=false", f"-plugin-dir={PLUGINS}")
    variables = (options(source).get("options") or {}).get("var", [])
    words = [f"-var={word}" for word in variables]
    terraform(folder, aws, "plan", "-input=false", "-refresh=false", "-out=plan.bin", *words)
    shown = terraform(folder, aws, "show", "-json", "plan.bin")
    seen, found = differences(folder, shown, {}, variables)
    assert not found
    assert seen


def test_every_type_that_is_compared_is_in_some_plan():
    whole = "".join(path.read_text("utf-8") for path in FIXTURES.glob("*/*/plan.json"))
    assert [type_ for type_ in ATTRIBUTES if f'"{type_}"' not in whole] == []

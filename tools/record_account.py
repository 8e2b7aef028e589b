"""Record what an account answers to an audit once a scenario is applied: `recorded/account.jsonl`.

A real Terraform applies each scenario to a moto server, and tfcheck audits that. The AWS provider
comes from the folder that TFCHECK_TERRAFORM_PLUGINS names. Arguments: the folders to record.

    TFCHECK_TERRAFORM_PLUGINS=... python tools/record_account.py fixtures/scenarios/*/*
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import tempfile
import urllib.request
from pathlib import Path

import yaml
from moto.server import ThreadedMotoServer
from record_plans import copied, terraform

from checker.cli import main as tfcheck

# Terraform asks again where an answer is late, and the server then has a mapping twice.
ATTEMPTS = 3
ENDPOINT = "http://aws"


class TwiceError(RuntimeError):
    """The server has other mappings than the scenario tells."""


def record(folder: Path, env: dict[str, str], endpoint: str) -> None:
    """Apply one scenario and record the answers to an audit of it."""
    said = yaml.safe_load((folder / "expected.yaml").read_text())
    if said.get("no-plan") or said.get("no-account"):
        return
    variables = [f"-var={word}" for word in (said.get("options") or {}).get("var", [])]
    plugins = f"-plugin-dir={os.environ['TFCHECK_TERRAFORM_PLUGINS']}"
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "root"
        copied(folder, root)
        terraform(root, env, "init", "-input=false", plugins)
        terraform(root, env, "apply", "-input=false", "-auto-approve", *variables)
        answers = Path(place) / "answers"
        tfcheck(["audit", "--resume", str(answers), "--format", f"json={place}/report.json"])
        if (report := _mappings(Path(place) / "report.json")) != len(said["mappings"]):
            raise TwiceError(f"{report} mappings instead of {len(said['mappings'])}")
        # The first line says whose answers these are, and since when.
        answer = list(filter(None, answers.read_text().splitlines()))[1:]
        lines = sorted(_as_aws(line, endpoint) for line in answer)
        (folder / "recorded/account.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(folder.name, flush=True)


def _mappings(report: Path) -> int:
    """Return how many mappings were audited."""
    return len(json.loads(report.read_text())["mappings"])


def _as_aws(line: str, endpoint: str) -> str:
    """Return an answer without the server's address; what a function holds is as AWS names it."""
    _, region, operation, *_ = json.loads(json.loads(line)[0])
    if operation == "GetFunctionConfiguration":
        return line.replace(endpoint, f"https://sqs.{region}.amazonaws.com")
    return line.replace(endpoint, ENDPOINT)


def main() -> None:
    """Record the folders that the command line names."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    aws = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_CLI_CONFIG_FILE": os.devnull,
    }
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "TF_"))} | aws
    for folder in map(Path, sys.argv[1:]):
        _attempt(folder, env, endpoint, ATTEMPTS)
    server.stop()


def _attempt(folder: Path, env: dict[str, str], endpoint: str, attempts: int) -> None:
    """Record one folder on a server that was emptied; say why if that cannot be done."""
    reset = urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")
    urllib.request.urlopen(reset).close()
    text = "".join(file.read_text() for file in folder.rglob("*.tf*") if file.suffix != ".tfplan")
    region = re.search(r'region"?\s*[=:]\s*"([a-z]+-[a-z]+-\d)"', text)
    env["AWS_REGION"] = region[1] if region else "eu-west-1"
    os.environ.update(env)
    try:
        record(folder, env, endpoint)
    except RuntimeError as error:
        if isinstance(error, TwiceError) and attempts > 1:
            _attempt(folder, env, endpoint, attempts - 1)
            return
        print(f"{folder.name}: not applied: {str(error).strip()[-300:]}", flush=True)


if __name__ == "__main__":
    main()

"""Record what a real Terraform plans: `plan.tfplan`, `plan.json` and `applied.json`.

Each folder of fixtures/plans, configurations and scenarios holds a configuration; a folder `before`
in it is applied first, so that the plan changes something. The AWS provider comes from the folder
that TFCHECK_TERRAFORM_PLUGINS names and talks to a moto server. Arguments: the folders to record,
default all.

    TFCHECK_TERRAFORM_PLUGINS=... python tools/record_plans.py [FOLDER ...]
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import yaml
from moto.server import ThreadedMotoServer

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
KINDS = ("plans", "configurations", "scenarios")
RECORDED = {"plan.json", "applied.json", "plan.tfplan", "recorded"}

PACKAGE = re.compile(r'^\s*"?filename"?\s*[=:]\s*"([^"]+)"', re.MULTILINE)
EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
PATIENCE = 150
"""Seconds: Terraform repeats a call that the server cannot answer until it is stopped."""


def terraform(folder: Path, env: dict[str, str], *words: str) -> str:
    """Run Terraform in a folder; end with what it says if it fails, or asks for ever."""
    try:
        done = subprocess.run(
            ["terraform", *words],
            cwd=folder,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"terraform {' '.join(words)}: no end in {PATIENCE} s") from error
    if done.returncode:
        raise RuntimeError(f"terraform {' '.join(words)}: {done.stderr}")
    return done.stdout


def copied(source: Path, target: Path) -> None:
    """Copy a configuration without what was recorded, and make the packages that it names."""
    shutil.copytree(
        source,
        target,
        dirs_exist_ok=True,
        ignore=lambda _, names: [n for n in names if n in RECORDED or n == "before"],
    )
    for file in target.rglob("*.tf*"):
        for name in PACKAGE.findall(file.read_text()):
            (target / name).write_bytes(EMPTY_ZIP)


def record(folder: Path, env: dict[str, str]) -> None:
    """Record one folder; a scenario is planned and not applied."""
    expected = folder / "expected.yaml"
    said = (yaml.safe_load(expected.read_text()) or {}) if expected.exists() else {}
    if said.get("no-plan"):
        return
    variables = [f"-var={word}" for word in (said.get("options") or {}).get("var", [])]
    plugins = f"-plugin-dir={os.environ['TFCHECK_TERRAFORM_PLUGINS']}"
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "root"
        if (folder / "before").is_dir():
            copied(folder / "before", root)
            terraform(root, env, "init", "-input=false", plugins)
            terraform(root, env, "apply", "-input=false", "-auto-approve")
            for path in root.glob("*.tf*"):
                if not path.name.startswith("terraform.tfstate") and path.is_file():
                    path.unlink()
        copied(folder, root)
        terraform(root, env, "init", "-input=false", plugins)
        refresh = [] if (folder / "before").is_dir() else ["-refresh=false"]
        terraform(root, env, "plan", "-input=false", "-out=plan.tfplan", *refresh, *variables)
        shown = json.loads(terraform(root, env, "show", "-json", "plan.tfplan"))
        shown.pop("timestamp", None)
        kept = folder / "recorded" if said else folder
        kept.mkdir(exist_ok=True)
        shutil.copy(root / "plan.tfplan", kept / "plan.tfplan")
        write(kept / "plan.json", shown)
        if said:
            return
        done = subprocess.run(
            ["timeout", "240", "terraform", "apply", "-input=false", "plan.tfplan"],
            cwd=root, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            print(f"{folder.name}: not applied: {done.stderr.strip().splitlines()[:3]}")
        else:
            write(
                folder / "applied.json", json.loads(terraform(root, env, "show", "-json"))["values"]
            )
    print(folder.name)


def write(path: Path, value: object) -> None:
    """Write JSON."""
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Record the folders that the command line names, or all."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    env = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "TF_"))} | {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_CLI_CONFIG_FILE": os.devnull,
    }
    for folder in (
        map(Path, sys.argv[1:]) if sys.argv[1:] else sorted((FIXTURES / "plans").iterdir())
    ):
        if folder.is_dir():
            reset = f"http://{host}:{port}/moto-api/reset"
            urllib.request.urlopen(urllib.request.Request(reset, method="POST")).close()
            try:
                record(folder, env)
            except RuntimeError as error:
                print(f"{folder.name}: {error}")
    server.stop()


if __name__ == "__main__":
    main()

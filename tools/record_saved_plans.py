"""Record the saved plans in fixtures/saved-plans and what `terraform show -json` says of them.

    python tools/record_saved_plans.py [NAME…]    (needs `terraform` on the path)

TFCHECK_TERRAFORM_PLUGINS names the folder of providers, the parent of `registry.terraform.io`.
Each folder holds the configuration that is planned in `config` and, where something must exist
before, what is applied first in `before`; the provider talks to a moto server.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from moto.server import ThreadedMotoServer

FOLDER = Path(__file__).parent.parent / "fixtures" / "saved-plans"
OPTIONS = {
    "destroy": ["-destroy"],
    "refresh": ["-refresh-only"],
    "second": ["-var=timeout=45"],
    "target": ["-target=aws_sqs_queue.aimed_at"],
}


def main() -> None:
    """Record the plans that the arguments name, or all."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    for folder in sorted(FOLDER.iterdir()):
        if (folder / "config").is_dir() and (len(sys.argv) == 1 or folder.name in sys.argv):
            server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
            server.start()
            host, port = server.get_host_and_port()
            try:
                _record(folder, _environment(f"http://{host}:{port}"))
            finally:
                server.stop()


def _environment(endpoint: str) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "TF_"))},
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_CLI_CONFIG_FILE": os.devnull,
    }


def _record(folder: Path, env: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        if (folder / "before").is_dir():
            shutil.copytree(folder / "before", work, dirs_exist_ok=True)
            _init(work, env)
            _terraform(work, env, "apply", "-input=false", "-auto-approve")
            (work / "main.tf").unlink()
            if folder.name in _STATES:
                _change_state(work / "terraform.tfstate", _STATES[folder.name])
        shutil.copytree(folder / "config", work, dirs_exist_ok=True)
        _init(work, env)
        options = OPTIONS.get(folder.name, [])
        _terraform(work, env, "plan", "-input=false", "-out=plan.tfplan", *options)
        shown = json.loads(_terraform(work, env, "show", "-json", "plan.tfplan"))
        shutil.copy(work / "plan.tfplan", folder / "plan.tfplan")
    text = json.dumps(shown, indent=1, ensure_ascii=False)
    (folder / "plan.json").write_text(text + "\n", encoding="utf-8")


def _with_deposed(state: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    """Leave an object behind that a replacement could not delete."""
    for resource in state["resources"]:
        if resource["name"] == "same":
            left = json.loads(json.dumps(resource["instances"][0]))
            resource["instances"].append({**left, "deposed": "0badcafe"})


_STATES: dict[str, Callable[[Any], None]] = {"second": _with_deposed}


def _change_state(path: Path, change: Callable[[Any], None]) -> None:
    state = json.loads(path.read_text(encoding="utf-8"))
    change(state)
    path.write_text(json.dumps(state), encoding="utf-8")


def _init(work: Path, env: Mapping[str, str]) -> None:
    plugins = os.environ["TFCHECK_TERRAFORM_PLUGINS"]
    _terraform(work, env, "init", "-input=false", f"-plugin-dir={plugins}")


def _terraform(work: Path, env: Mapping[str, str], *words: str) -> str:
    done = subprocess.run(
        ["terraform", *words], cwd=work, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"terraform {words[0]}: {done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()

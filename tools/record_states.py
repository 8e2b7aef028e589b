"""Record the states in fixtures/states: `terraform.tfstate`, and `shown.json` of `show -json`.

    TFCHECK_TERRAFORM_PLUGINS=... python tools/record_states.py [NAME ...]

Each folder holds the configuration that is applied in `config`; where there is a folder `before`
it is applied first, and `config` may fail on top of it: what Terraform then leaves behind (tainted
and deposed objects) is the fixture. The AWS provider talks to a moto server.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Mapping
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from moto.server import ThreadedMotoServer

FOLDER = Path(__file__).parent.parent / "fixtures" / "states"
EMPTY_ZIP = b"PK\x05\x06" + bytes(18)
TAINTED = {"leftovers": ["aws_iam_role_policy.worker"]}


def main() -> None:
    """Record the states that the arguments name, or all."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    for folder in sorted(FOLDER.iterdir()):
        if len(sys.argv) == 1 or folder.name in sys.argv:
            server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
            server.start()
            host, port = server.get_host_and_port()
            reset = f"http://{host}:{port}/moto-api/reset"
            urllib.request.urlopen(urllib.request.Request(reset, method="POST")).close()
            _Relay.moto = (host, port)
            relay = ThreadingHTTPServer(("127.0.0.1", 0), _Relay)
            Thread(target=relay.serve_forever, daemon=True).start()
            try:
                _record(folder, _environment(f"http://127.0.0.1:{relay.server_port}"))
            finally:
                relay.shutdown()
                server.stop()
            print(folder.name)


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
        (work / "worker.zip").write_bytes(EMPTY_ZIP)
        before = folder / "before"
        if before.is_dir():
            _apply(before, work, env)
            _Relay.refuses = True
            (work / "main.tf").unlink()
        _apply(folder / "config", work, env, fails=before.is_dir())
        for address in TAINTED.get(folder.name, ()):
            _terraform(work, env, "taint", address)
        _Relay.refuses = False
        shutil.copy(work / "terraform.tfstate", folder / "terraform.tfstate")
        shown = json.loads(_terraform(work, env, "show", "-json"))
    text = json.dumps(shown, indent=1, ensure_ascii=False)
    (folder / "shown.json").write_text(text + "\n", encoding="utf-8")


def _apply(source: Path, work: Path, env: Mapping[str, str], *, fails: bool = False) -> None:
    shutil.copytree(source, work, dirs_exist_ok=True)
    plugins = f"-plugin-dir={os.environ['TFCHECK_TERRAFORM_PLUGINS']}"
    _terraform(work, env, "init", "-input=false", plugins)
    _terraform(work, env, "apply", "-input=false", "-auto-approve", fails=fails)


class _Relay(BaseHTTPRequestHandler):
    """Passes requests on to the moto server, but refuses to detach a policy if it is told to."""

    protocol_version = "HTTP/1.1"
    moto = ("", 0)
    refuses = False

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.refuses and b"Action=DetachRolePolicy" in body:
            self._answer(403, {"Content-Type": "text/xml"}, _DENIED)
            return
        connection = HTTPConnection(*self.moto)
        connection.request(self.command, self.path, body, dict(self.headers))
        answer = connection.getresponse()
        self._answer(answer.status, dict(answer.getheaders()), answer.read())
        connection.close()

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _pass_on  # noqa: N815 - the names they have

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


_DENIED = (
    b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"
    b"<Message>not authorized to perform iam:DetachRolePolicy</Message></Error></ErrorResponse>"
)


def _terraform(work: Path, env: Mapping[str, str], *words: str, fails: bool = False) -> str:
    done = subprocess.run(
        ["terraform", *words], cwd=work, env=env, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip
    if bool(done.returncode) != fails:
        raise RuntimeError(f"terraform {' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()

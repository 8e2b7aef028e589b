"""A throttled, slow, partly failing account gives the findings of a healthy one."""

from __future__ import annotations

import http.server
import json
import threading

import pytest
from deployment import READ
from faults import FaultProxy

from checker.cli import main


@pytest.fixture
def quick(monkeypatch):
    """Let retries wait little: how long is the SDK's affair."""
    monkeypatch.setattr(
        "botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.01
    )
    monkeypatch.setattr("botocore.retries.bucket.TokenBucket.acquire", lambda *_, **__: True)


def findings(capsys):
    assert main(["audit", "--format", "json", "--assume-no-scp"]) == 1
    report = json.loads(capsys.readouterr().out)
    return sorted(
        (each["rule"], each["kind"], each["subject"], each["message"])
        for each in report["findings"]
    ), {each["id"]: each["verdict"] for each in report["mappings"]}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("seed", [1, 2])
def test_findings_on_a_bad_day_are_those_of_a_quiet_one(aws, capsys, monkeypatch, seed):
    for n in range(6):
        aws.sound(f"q{n}", actions=READ[: 2 + n % 2])
    quiet = findings(capsys)
    proxy = FaultProxy(aws.endpoint, seed)
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
    try:
        assert findings(capsys) == quiet
    finally:
        proxy.close()
    assert proxy.faults["throttled"] > 0
    assert proxy.faults["served"] > 10


def test_a_server_that_only_fails_leaves_nothing_passed(aws, capsys, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setattr("checker.sources.account.client.ATTEMPTS", 1)
    assert main(["audit"]) == 2
    assert "nothing was checked" in capsys.readouterr().err


@pytest.fixture
def nonsense(monkeypatch):
    """A function that sets the endpoint to a server that gives one answer to everything."""
    servers = []

    def serve(status, body):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST  # noqa: N815 - the name of the library

            def log_message(self, *_):
                pass

        servers.append(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{servers[-1].server_port}")

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.usefixtures("aws", "quick")
@pytest.mark.parametrize("status", [200, 302, 404, 500])
@pytest.mark.parametrize("body", [b"<html>sign in</html>", b'{"Account": [', b"", b"[]", b"7"])
def test_a_server_that_is_no_aws_ends_in_one_line(nonsense, capsys, monkeypatch, status, body):
    monkeypatch.setattr("checker.sources.account.client.ATTEMPTS", 1)
    nonsense(status, body)
    assert main(["audit", "--region", "eu-west-1"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "nothing was checked" in told.err
    assert "bug in tfcheck" not in told.err
    assert len(told.err.splitlines()) <= 2

"""A throttled, slow, partly failing account gives the findings of a healthy one."""

from __future__ import annotations

import http.server
import json
import threading
import time

import pytest
from deployment import READ
from faults import FaultProxy

from checker.cli import main

pytestmark = pytest.mark.sampled(3)


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
        threading.Thread(target=servers[-1].serve_forever, args=(0.02,), daemon=True).start()
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
    answer = capsys.readouterr()
    assert answer.out == ""
    assert "nothing was checked" in answer.err
    assert "bug in tfcheck" not in answer.err
    assert len(answer.err.splitlines()) <= 2


class Dripping(http.server.BaseHTTPRequestHandler):
    """Answers without an end: a byte now and then, or as much as anybody takes."""

    piece, pause = b" ", 0.05

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response_only(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(self.piece)
                time.sleep(self.pause)
        except OSError:
            self.close_connection = True

    do_GET = do_POST  # noqa: N815 - the name of the library

    def log_message(self, *_):
        pass


class Pouring(Dripping):
    piece, pause = b" " * 65_536, 0


@pytest.mark.parametrize(
    ("handler", "bound", "says"),
    [
        (Dripping, ("MOST_SECONDS", 0.2), "takes longer than"),
        (Pouring, ("MOST_BYTES", 500_000), "of more than 500000 bytes"),
    ],
)
def test_an_answer_without_an_end_is_none(aws, monkeypatch, capsys, handler, bound, says):
    monkeypatch.setattr(f"checker.sources.account.wire.{bound[0]}", bound[1])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    try:
        assert main(["audit"]) == 2
    finally:
        server.shutdown()
        server.server_close()
    assert says in capsys.readouterr().err


def test_connections_are_used_again(aws, monkeypatch):
    """Reading an answer ourselves gives its connection back."""
    from checker.sources.account.client import Access, Clients

    connections = set()

    class Kept(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            connections.add(self.client_address)
            body = b'{"EventSourceMappings": []}'
            self.send_response_only(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815 - the name of the library

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Kept)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    clients = Clients(Access(region="eu-west-1"))
    for _ in range(3):
        clients.pages("lambda", "eu-west-1", "ListEventSourceMappings", "EventSourceMappings")
    server.shutdown()
    server.server_close()
    assert len(connections) == 1

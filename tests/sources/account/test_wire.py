"""Whatever part of an answer has no end, reading it has one: the SDK bounds each read alone."""

from __future__ import annotations

import itertools
import socket
import threading
import time

import pytest

from checker.cli import main

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n \r\n0\r\n"
SLOW, FAST = 0.02, 0
ENDLESS = {
    # What comes first, what comes again and again, and the seconds between.
    "a status line": (b"HTTP/1.1 ", b"2", SLOW),
    "a header": (HEAD + b"A: ", b"x", SLOW),
    "headers": (HEAD, b"A: b\r\n", SLOW),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n", FAST),
    "continue, slowly": (b"", b"HTTP/1.1 100 Continue\r\n\r\n", SLOW),
    "continue with headers": (b"", b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\n", FAST),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", SLOW),
    "many chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"4\r\nabcd\r\n", FAST),
    "the size of a chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0", SLOW),
    "what a chunk is extended by": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a", SLOW),
    "trailers": (CHUNKED, b"A: b\r\n", FAST),
    "trailers, slowly": (CHUNKED, b"A: b\r\n", SLOW),
    "a body of some length": (HEAD + b"Content-Length: 99999999999\r\n\r\n", b" " * 9999, FAST),
    "an error": (b"HTTP/1.1 503 no\r\n\r\n", b" ", SLOW),
}


class Endless:
    """Listens on a free loopback port until `close`; answers each connection without an end."""

    def __init__(self, first, again, pause):
        self.connections = 0
        self._first, self._again, self._pause = first, again, pause
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._pour, args=(connection,), daemon=True).start()

    def _pour(self, connection):
        with connection:
            try:
                connection.recv(65_536)
                connection.sendall(self._first)
                for _ in itertools.count():
                    connection.sendall(self._again)
                    time.sleep(self._pause)
            except OSError:
                return

    def close(self):
        self._socket.close()


@pytest.fixture
def endless(monkeypatch):
    """Return what makes a server, to which the environment points."""
    servers = []

    def endless(name):
        servers.append(Endless(*ENDLESS[name]))
        monkeypatch.setenv("AWS_ENDPOINT_URL", servers[0].endpoint)
        return servers[0]

    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (("ACCESS_KEY_ID", "test"), ("SECRET_ACCESS_KEY", "test")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr("checker.sources.account.wire.MOST_SECONDS", 0.3)
    monkeypatch.setattr("checker.sources.account.wire.MOST_BYTES", 200_000)
    yield endless
    for each in servers:
        each.close()


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "words", [[], ["--role-arn", "arn:aws:iam::123456789012:role/x"]], ids=["", "role"]
)
@pytest.mark.parametrize("name", ENDLESS)
def test_no_part_of_an_answer_is_read_for_ever(endless, capsys, name, words):
    server = endless(name)
    assert main(["audit", *words]) == 2
    said = capsys.readouterr().err
    assert "an answer that takes longer than" in said or "an answer of more than" in said
    assert "nothing was checked" in said
    assert server.connections == 1, "what has no end is not asked for again"

"""A moto server for a test session, emptied before each test that asks for it."""

from __future__ import annotations

import json
import logging
import urllib.request
from functools import cache

import pytest
from botocore.loaders import create_loader
from deployment import REGION, Deployment


@pytest.fixture(autouse=True, scope="session")
def _models_are_read_once():
    """All sessions share what the SDK reads of its own files: megabytes of JSON for each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.session.create_loader", cache(create_loader))
        yield


@pytest.fixture(scope="session")
def server():
    """The address of a moto server on a free loopback port."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    answer = json.dumps({"lambda": {"use_docker": False}}).encode()
    urllib.request.urlopen(f"http://{host}:{port}/moto-api/config", answer).close()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(server, monkeypatch):
    """An empty account, and the environment with credentials for it."""
    reset = urllib.request.Request(f"{server}/moto-api/reset", method="POST")
    urllib.request.urlopen(reset).close()
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr("checker.sources.account.client.PAUSE_SECONDS", 0)
    return Deployment(server)

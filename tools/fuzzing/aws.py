"""An account that answers from a recording, inside the process: no socket is opened.

The SDK is answered where it would open a socket, so that its own serializers, parsers, paginators
and retries work as ever. Answers can be changed as values, or fail as `Fault`s.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from fuzzing import wire

NUMBER = "123456789012"
REGION = "eu-west-1"
ENDPOINT = "http://aws"
SECRET = "JKQVXZKQJXVZQK"  # noqa: S105 - looked for in every output
"""What stands for the credentials of the runner."""
ENVIRONMENT = {
    "AWS_ENDPOINT_URL": ENDPOINT,
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
}
_IDENTITY = {"UserId": "AIDA", "Account": NUMBER, "Arn": f"arn:aws:iam::{NUMBER}:user/test"}
_REQUEST = threading.local()

Answer = tuple[int, dict[str, str], bytes]


class DroppedError(Exception):
    """The connection is dropped."""


@dataclass(frozen=True)
class Fault:
    """What becomes of each answer to an operation (`iam:GetRole`, `*` for all)."""

    operation: str
    change: Callable[[Answer, str], Answer]
    name: str = ""

    def fits(self, operation: str) -> bool:
        """Tell whether an operation is hit."""
        return self.operation in {"*", operation}


@dataclass
class Account:
    """Answers by what was asked, and what is wrong with them."""

    answers: dict[str, Any]
    faults: tuple[Fault, ...] = ()
    asked: list[str] = field(default_factory=list)

    @classmethod
    def recorded(cls, file: Path) -> Account:
        """Return the account whose answers stand in a recording (`account.jsonl`)."""
        lines = file.read_text(encoding="utf-8").splitlines()
        return cls(dict(json.loads(line) for line in lines if line))

    @property
    def region(self) -> str:
        """The Region whose mappings were listed."""
        listed = next((key for key in self.answers if "ListEventSourceMappings" in key), None)
        return REGION if listed is None else str(json.loads(listed)[1])

    def answer(self, service: str, operation: Any, region: str, words: dict[str, Any]) -> Answer:  # noqa: ANN401
        """Return status, headers and body for an operation of the SDK's model."""
        name = f"{service}:{operation.name}"
        self.asked.append(name)
        found = self._found(service, operation.name, region, words)
        answer = wire.refused(operation) if found is None else wire.answered(operation, found)
        for fault in self.faults:
            if fault.fits(name):
                answer = fault.change(answer, operation.service_model.metadata["protocol"])
        return answer

    def _found(self, service: str, operation: str, region: str, words: dict[str, Any]) -> Any:  # noqa: ANN401
        if operation == "GetCallerIdentity":
            return _IDENTITY
        bare = {k: v for k, v in words.items() if k not in _TOKENS}
        exact = json.dumps([service, region, operation, bare], sort_keys=True)
        if exact in self.answers:
            return self.answers[exact]
        for key, answer in self.answers.items():
            parts = json.loads(key)
            if len(parts) == len(("service", "region", "operation", "key", "words")) and (
                [*parts[:3], parts[4]] == [service, region, operation, bare]
            ):
                return {parts[3]: answer}
        return None


_TOKENS = {"Marker", "NextToken", "MaxItems", "MaxResults"}


class Door:
    """The one place that answers the SDK in this process; `account` is who answers now."""

    def __init__(self) -> None:
        self.account: Account | None = None
        self._installed = False

    def install(self) -> None:
        """Answer every client from now on; let retries wait for nothing and models be read once."""
        if self._installed:
            return
        self._installed = True
        import botocore.handlers
        import botocore.httpsession
        import botocore.loaders
        import botocore.retries.bucket
        import botocore.retries.standard

        botocore.handlers.BUILTIN_HANDLERS.append(("before-parameter-build", _remember))
        botocore.httpsession.URLLib3Session.send = lambda _, request: self._send(request)
        loader = botocore.loaders.create_loader()
        botocore.loaders.create_loader = lambda *_a, **_k: loader
        botocore.retries.standard.ExponentialBackoff.delay_amount = lambda *_a, **_k: 0
        botocore.retries.bucket.TokenBucket.acquire = lambda *_a, **_k: True

    def _send(self, request: Any) -> Any:  # noqa: ANN401 - the SDK has no types
        from botocore.awsrequest import AWSResponse
        from botocore.exceptions import ConnectionClosedError

        service, operation, region = request_of(request)
        words = _REQUEST.words
        account = self.account or Account({})
        try:
            status, headers, body = account.answer(service, operation, region, words)
        except DroppedError:
            raise ConnectionClosedError(endpoint_url=request.url) from None
        return AWSResponse(request.url, status, _Headers(headers), _Raw(body))


def request_of(request: Any) -> tuple[str, Any, str]:  # noqa: ANN401 - see above
    """Return service, operation and Region of a request, by its signature and what built it."""
    model = _REQUEST.model
    signed = request.headers.get("Authorization", b"")
    text = signed.decode() if isinstance(signed, bytes) else str(signed)
    scope = text.partition("Credential=")[2].split("/")
    region = scope[2] if len(scope) > 2 else REGION
    service = model.service_model.service_name
    return service, model, _REQUEST.region or region


def _remember(params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:  # noqa: ANN401
    _REQUEST.words, _REQUEST.model = dict(params), model
    _REQUEST.region = context.get("client_region")


class _Headers(dict[str, str]):
    """Headers of which the SDK asks in any case."""

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - see `dict.get`
        return super().get(name.lower(), default)


class _Raw:
    """The body of an answer, as the SDK reads it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        """Yield the body once."""
        yield self._body

    def read(self, size: int | None = None, **_: object) -> bytes:
        """Return so many bytes, or the rest of the body."""
        cut = len(self._body) if size is None else size
        body, self._body = self._body[:cut], self._body[cut:]
        return body

    def close(self) -> None:
        """Have nothing to close."""


DOOR = Door()
TOKENS = count(1)
"""Tokens of pages that never end."""

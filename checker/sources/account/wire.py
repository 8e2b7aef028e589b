"""Answers over the wire, no larger and no slower than AWS sends any: the SDK waits for ever.

A read timeout of the SDK is that of each read, so a server that sends a byte now and then would
keep it for ever, and one that never ends would fill the memory. So what comes from the socket is
bounded, from the first byte of an answer on: that of a header, of a `100 Continue` of many, or of
what follows the body.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from http.client import HTTPResponse
from socket import socket
from typing import Any

import botocore.exceptions as errors
from botocore.awsrequest import (
    AWSHTTPConnection,
    AWSHTTPConnectionPool,
    AWSHTTPSConnection,
    AWSHTTPSConnectionPool,
    AWSPreparedRequest,
    AWSResponse,
)
from botocore.client import BaseClient
from botocore.httpsession import URLLib3Session
from urllib3.exceptions import HTTPError

MOST_BYTES = 32 * 1024 * 1024
"""The largest answer: a page of 100 roles with all that AWS lets them hold has some 10 MB."""
MOST_SECONDS = 60.0
_PIECE = 64 * 1024


class UnboundedError(Exception):
    """An answer is larger, or takes longer, than any of AWS; the text says which."""


def bounded(client: BaseClient) -> Callable[..., AWSResponse]:
    """Return what sends a client's requests (an event handler of `before-send`).

    The handler raises UnboundedError, and for a connection that breaks what the SDK raises.
    """
    session = client._endpoint.http_session  # noqa: SLF001 - the SDK shows it nowhere else
    session._pool_classes_by_scheme.update(_POOLS)  # noqa: SLF001 - see above

    def send(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        request.stream_output = True
        response = _begun(session, request)
        try:
            body = _read(response.raw)
        except HTTPError as error:
            response.raw.close()
            raise errors.ConnectionClosedError(endpoint_url=request.url, error=error) from None
        except BaseException:
            response.raw.close()
            raise
        whole = AWSResponse(response.url, response.status_code, response.headers, None)
        whole._content = body  # noqa: SLF001 - it is what `content` would read
        return whole

    return send


def _begun(session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
    """Send a request, and return the answer as soon as its headers are there."""
    try:
        return session.send(request)
    except errors.HTTPClientError as error:
        cause = error.kwargs.get("error")
        if isinstance(cause, UnboundedError):
            raise cause from None
        raise


def _read(raw: HTTPResponse) -> bytes:
    # `read1` returns what has come, however little.
    read = getattr(raw, "read1", raw.read)
    return b"".join(iter(lambda: read(_PIECE), b""))


class _Received(io.RawIOBase):
    """What comes from a socket for one answer; it raises UnboundedError past the bounds."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw
        self._left = MOST_BYTES
        self._end = time.monotonic() + MOST_SECONDS

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - any writable buffer
        count: int | None = self._raw.readinto(buffer)
        self._left -= count or 0
        if self._left < 0:
            raise UnboundedError(f"an answer of more than {MOST_BYTES} bytes")
        if time.monotonic() > self._end:
            raise UnboundedError(f"an answer that takes longer than {MOST_SECONDS:.0f} s")
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Response(HTTPResponse):
    """An answer of HTTP whose headers, body and trailers are bounded together."""

    def __init__(self, sock: socket, *words: Any, **named: Any) -> None:  # noqa: ANN401 - those of the library
        super().__init__(sock, *words, **named)
        self.fp = io.BufferedReader(_Received(self.fp.detach()))


class _Connection(AWSHTTPConnection):  # type: ignore[misc]
    response_class = _Response


class _SecureConnection(AWSHTTPSConnection):  # type: ignore[misc]
    response_class = _Response


class _Pool(AWSHTTPConnectionPool):  # type: ignore[misc]
    ConnectionCls = _Connection


class _SecurePool(AWSHTTPSConnectionPool):  # type: ignore[misc]
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}

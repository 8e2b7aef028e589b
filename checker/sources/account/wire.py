"""Answers over the wire, no larger and no slower than AWS sends any: the SDK waits for ever.

A read timeout of the SDK is that of each read, so a server that sends a byte now and then would
keep it for ever, and one that never ends would fill the memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import botocore.exceptions as errors
from botocore.awsrequest import AWSResponse
from urllib3.exceptions import HTTPError

MOST_BYTES = 32 * 1024 * 1024
"""The largest answer: a page of 100 roles with all that AWS lets them hold has some 10 MB."""
MOST_SECONDS = 60.0
_PIECE = 64 * 1024


class UnboundedError(Exception):
    """An answer is larger, or takes longer, than any of AWS; the text says which."""


def bounded(client: Any) -> Callable[..., AWSResponse]:  # noqa: ANN401 - boto3 has no types
    """Return what sends a client's requests (an event handler of `before-send`).

    The handler raises UnboundedError, and for a connection that breaks what the SDK raises.
    """
    session = client._endpoint.http_session  # noqa: SLF001 - the SDK shows it nowhere else

    def send(request: Any, **_: Any) -> AWSResponse:  # noqa: ANN401 - see above
        request.stream_output = True
        response = session.send(request)
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


def _read(raw: Any) -> bytes:  # noqa: ANN401 - see above
    start, size = time.monotonic(), 0
    pieces = []
    # `read1` returns what has come, however little, so that the time can be looked at.
    read = getattr(raw, "read1", raw.read)
    while piece := read(_PIECE):
        size += len(piece)
        if size > MOST_BYTES:
            raise UnboundedError(f"an answer of more than {MOST_BYTES} bytes")
        if time.monotonic() - start > MOST_SECONDS:
            raise UnboundedError(f"an answer that takes longer than {MOST_SECONDS:.0f} s")
        pieces.append(piece)
    return b"".join(pieces)

"""A proxy between the SDK and a server that does what bad days do.

It throttles one call in five, drops one connection in twenty, answers 500 to one in twenty, and
cuts one answer in twenty short; which ones, a seed decides.
"""

from __future__ import annotations

import http.client
import http.server
import json
import random
import threading
from urllib.parse import urlsplit


class FaultProxy:
    """Listens on a free loopback port until `close`; `faults` counts what it did."""

    def __init__(self, upstream, seed=1):  # noqa: C901 - the handler is in here
        self.faults = {"throttled": 0, "dropped": 0, "broken": 0, "cut": 0, "served": 0}
        draw = random.Random(seed)  # noqa: S311 - the same faults again
        lock = threading.Lock()
        faults, target = self.faults, urlsplit(upstream)

        class Handler(http.server.BaseHTTPRequestHandler):
            def _answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with lock:
                    dice = draw.random()
                if dice < 0.05:
                    return self._dropped()
                if dice < 0.25:
                    return self._throttled()
                if dice < 0.30:
                    faults["broken"] += 1
                    return self._write(500, b"{}", {})
                status, answer, headers = self._asked(body)
                if dice < 0.35 and len(answer) > 20:
                    faults["cut"] += 1
                    return self._write(status, answer[: len(answer) // 2], headers)
                faults["served"] += 1
                return self._write(status, answer, headers)

            do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the names of the library

            def _dropped(self):
                faults["dropped"] += 1
                self.close_connection = True
                self.connection.close()

            def _throttled(self):
                faults["throttled"] += 1
                described = {"__type": "ThrottlingException", "message": "slow down"}
                kind = {
                    "Content-Type": "application/x-amz-json-1.0",
                    "x-amzn-ErrorType": "ThrottlingException",
                }
                if "/iam/" in self.headers.get("Authorization", ""):
                    text = "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>"
                    return self._write(400, text.encode(), {"Content-Type": "text/xml"})
                return self._write(400, json.dumps(described).encode(), kind)

            def _asked(self, body):
                connection = http.client.HTTPConnection(target.hostname, target.port, timeout=30)
                headers = {k: v for k, v in self.headers.items() if k.lower() != "connection"}
                connection.request(self.command, self.path, body, headers)
                response = connection.getresponse()
                answer = response.read()
                kept = {
                    k: v
                    for k, v in response.getheaders()
                    if k.lower() not in ("content-length", "connection", "transfer-encoding")
                }
                connection.close()
                return response.status, answer, kept

            def _write(self, status, answer, headers):
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

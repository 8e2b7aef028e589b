"""A server that answers as another did: each request is passed on once, and its answer kept.

What it answers to one operation a fault may spoil. An organization, which the server behind knows
only as its management account, and the Regions are its own.
"""

from __future__ import annotations

import http.client
import http.server
import json
import re
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

ACCOUNT = "123456789012"
LAMBDA = (
    (r"/event-source-mappings/?$", "ListEventSourceMappings"),
    (r"/functions/[^/]+/configuration$", "GetFunctionConfiguration"),
    (r"/functions/[^/]+/concurrency$", "GetFunctionConcurrency"),
    (r"/functions/[^/]+/recursion-config$", "GetFunctionRecursionConfig"),
)


@dataclass
class Answer:
    """What goes over the wire; a length of None is that of the body, `drop` closes without it."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    drop: bool = False


@dataclass(frozen=True)
class Request:
    """What was asked: the operation by its name in IAM, where, and its parameters as text."""

    operation: str
    region: str
    method: str
    path: str
    body: bytes

    @property
    def words(self):
        return unquote(self.path) + unquote(self.body.decode(errors="replace"))


def asked(method, path, headers, body):
    """Return the request that a client of the SDK sent."""
    scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", headers.get("Authorization", ""))
    region, service = scope.groups() if scope else ("none", "none")
    target = headers.get("X-Amz-Target", "")
    if target:
        name = target.rpartition(".")[2]
    elif service == "lambda":
        plain = urlsplit(path).path
        name = next((name for pattern, name in LAMBDA if re.search(pattern, plain)), plain)
    else:
        name = dict(parse_qsl(body.decode())).get("Action", "none")
    return Request(f"{service}:{name}", region, method, path, body)


class Recorded:
    """Listens on a free loopback port until `close`.

    `spoil` takes a request and its answer and returns what is sent; `seen` counts operations.
    """

    def __init__(self, upstream, organization):
        self.kept = {}
        self.seen = {}
        self.spoil = None
        self._target = urlsplit(upstream)
        self._organization = organization
        self._lock = threading.Lock()
        recorded = self

        class Handler(http.server.BaseHTTPRequestHandler):
            wbufsize = -1

            def _reply(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                request = asked(self.command, self.path, self.headers, body)
                answer = recorded.answer(request, self.headers)
                if answer.drop:
                    self.close_connection = True
                    return
                self.send_response_only(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                size = len(answer.body) if answer.length is None else answer.length
                self.send_header("Content-Length", str(size))
                self.end_headers()
                self.wfile.write(answer.body)
                self.wfile.flush()
                if size != len(answer.body):
                    self.close_connection = True

            do_GET = do_POST = do_PUT = do_DELETE = _reply  # noqa: N815 - names of the library

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

    def answer(self, request, headers):
        with self._lock:
            self.seen[request.operation] = self.seen.get(request.operation, 0) + 1
            if "token-" in request.words:
                answer = self._any(request.operation)  # a page that only a fault told of
            else:
                if request not in self.kept:
                    self.kept[request] = self._first(request, headers)
                answer = self.kept[request]
        return self.spoil(request, answer) if self.spoil else answer

    def _any(self, operation):
        return next(each for asked, each in self.kept.items() if asked.operation == operation)

    def _first(self, request, headers):
        service, _, name = request.operation.partition(":")
        if service == "organizations":
            return self._organization(name, json.loads(request.body))
        if name == "DescribeRegions":
            return Answer(200, REGIONS, {"Content-Type": "text/xml"})
        connection = http.client.HTTPConnection(
            self._target.hostname, self._target.port, timeout=30
        )
        sent = {k: v for k, v in headers.items() if k.lower() != "connection"}
        connection.request(request.method, request.path, request.body, sent)
        response = connection.getresponse()
        kind = response.getheader("Content-Type", "")
        more = {k: v for k, v in response.getheaders() if k.lower() == "x-amzn-errortype"}
        body = response.read()
        connection.close()
        return Answer(response.status, body, {"Content-Type": kind, **more})

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


REGIONS = b"""<?xml version="1.0" encoding="UTF-8"?>
<DescribeRegionsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><regionInfo>
<item><regionName>eu-west-1</regionName></item><item><regionName>eu-west-2</regionName></item>
</regionInfo></DescribeRegionsResponse>"""


def json_answer(value, status=200):
    return Answer(
        status, json.dumps(value).encode(), {"Content-Type": "application/x-amz-json-1.1"}
    )


class OneOrganization:
    """An organization of which the account is a member, with policies by target and type."""

    def __init__(self, policies):
        self._policies = policies
        self._documents = {}

    def __call__(self, name, words):
        if name == "DescribeOrganization":
            whole = {"Id": "o-example", "MasterAccountId": "999999999999", "FeatureSet": "ALL"}
            return json_answer({"Organization": whole})
        if name == "ListParents":
            unit = {"Id": "ou-abcd-1", "Type": "ORGANIZATIONAL_UNIT"}
            root = {"Id": "r-abcd", "Type": "ROOT"}
            return json_answer({"Parents": [unit if words["ChildId"] == ACCOUNT else root]})
        if name == "ListPoliciesForTarget":
            listed = self._policies.get((words["TargetId"], words["Filter"]), ())
            return json_answer({"Policies": [self._listed(words, each) for each in listed]})
        summary, content = self._documents[words["PolicyId"]]
        return json_answer({"Policy": {"PolicySummary": summary, "Content": json.dumps(content)}})

    def _listed(self, words, document):
        name = f"p-{len(self._documents)}"
        summary = {
            "Id": name,
            "Arn": f"arn:aws:organizations::999999999999:policy/o-example/x/{name}",
            "Name": f"policy {name}",
            "Type": words["Filter"],
        }
        self._documents[name] = (summary, document)
        return summary

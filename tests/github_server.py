"""A stand-in of GitHub's API for the comments of one pull request, which may fail as servers do."""

from __future__ import annotations

import http.server
import json
import threading
from urllib.parse import parse_qs, urlsplit

OWN = "github-actions[bot]"
MARK = "<!-- tfcheck -->"


class Comments:
    """A pull request's comments; `answers` replaces the answer of a method by what a test says.

    Such an answer is a status, a status with content and headers, or a function of the handler.
    """

    def __init__(self, **answers):
        self.bodies = {7: ("User", f"{MARK}\nof somebody else")}
        self.logins = {7: "stranger"}
        self.asked, self.answers, self.token = [], answers, "token"
        comments = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def _answer(self):
                size = int(self.headers.get("Content-Length") or 0)
                given = json.loads(self.rfile.read(size) or b"{}")
                comments.asked.append((self.command, self.path))
                if self.headers["Authorization"] != f"Bearer {comments.token}":
                    return self.write(401, {})
                replaced = comments.answers.get(self.command)
                if callable(replaced):
                    return replaced(self)
                if isinstance(replaced, int):
                    return self.write(replaced, {"message": "no"})
                if replaced is not None:
                    return self.write(*replaced)
                return self.write(*comments.answer(self.command, self.path, given))

            do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815 - the library's names

            def write(self, status, given, headers=()):
                body = given if isinstance(given, bytes) else json.dumps(given).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

            def log_error(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            stopped = threading.Event()

            def handle_error(self, *_):
                """The client may go away."""

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, method, path, given):
        """Answer as GitHub does: its status and content."""
        number = urlsplit(path).path.rpartition("/")[2]
        if method == "GET":
            page = int(parse_qs(urlsplit(path).query)["page"][0])
            listed = [self.listed(each) for each in sorted(self.bodies)]
            return 200, listed[(page - 1) * 100 : page * 100]
        if method == "DELETE":
            self.bodies.pop(int(number))
            return 204, b""
        if len(given["body"].encode("utf-16-le")) // 2 > 65_536:
            return 422, {"message": "Body is too long (maximum is 65536 characters)"}
        number = int(number) if method == "PATCH" else max(self.bodies, default=0) + 1
        self.bodies[number] = ("Bot", given["body"])
        self.logins.setdefault(number, OWN)
        return 201, {"id": number}

    def listed(self, number):
        kind, body = self.bodies[number]
        user = {"type": kind, "login": self.logins.get(number, OWN)}
        return {"id": number, "body": body, "user": user}

    def old(self, number, body=f"{MARK}\nan old report", login=OWN, kind="Bot"):
        """Have a comment of an earlier run there."""
        self.bodies[number], self.logins[number] = (kind, body), login

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

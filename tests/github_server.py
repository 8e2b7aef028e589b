"""A stand-in of GitHub's API for the comments of one pull request, which may fail as servers do."""

from __future__ import annotations

import http.server
import json
import threading
from urllib.parse import parse_qs, urlsplit

OWN = "github-actions[bot]"
MARK = "<!-- tfcheck -->"


def shown(patch):
    """The numbers of the lines that a diff shows as they are after it."""
    numbers, number = set(), None
    for line in patch.splitlines():
        if line.startswith("@@"):
            number = int(line.split("+")[1].split(",")[0].split(" ")[0])
        elif number is not None and line[:1] != "-" and line[:1] != "\\":
            numbers.add(number)
            number += 1
    return numbers


class Comments:
    """A pull request's comments; `answers` replaces the answer of a method by what a test says.

    Such an answer is a status, a status with content and headers, or a function of the handler.
    """

    def __init__(self, **answers):
        self.bodies = {7: ("User", f"{MARK}\nof somebody else")}
        self.logins = {7: "stranger"}
        self.reviews, self.review_comments, self.files = [], [], []
        self.asked, self.answers, self.token = [], answers, "token"
        comments = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def _answer(self):
                size = int(self.headers.get("Content-Length") or 0)
                self.given = self.rfile.read(size) or b"{}"
                given = json.loads(self.given)
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
        place = urlsplit(path).path
        number = place.rpartition("/")[2]
        if "/pulls/" in place:
            return self.answer_on_reviews(method, path, given)
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

    def answer_on_reviews(self, method, path, given):
        """Answer on the review comments and the files of the pull request.

        A comment on a line that the diff does not show is refused, and so is the whole review.
        """
        what = urlsplit(path).path.rpartition("/")[2]
        if method == "GET":
            page = int(parse_qs(urlsplit(path).query)["page"][0])
            listed = {"comments": self.review_comments, "files": self.files}[what]
            return 200, listed[(page - 1) * 100 : page * 100]
        assert (method, what) == ("POST", "reviews")
        patches = {each["filename"]: each["patch"] for each in self.files}
        for each in given["comments"]:
            if each["side"] != "RIGHT" or each["line"] not in shown(patches.get(each["path"], "")):
                return 422, {"message": "Unprocessable Entity", "errors": ["Line must be in diff"]}
        self.reviews.append(given)
        self.review_comments += [
            {"id": n, "user": {"login": OWN, "type": "Bot"}, **each}
            for n, each in enumerate(given["comments"], len(self.review_comments) + 1)
        ]
        return 200, {"id": len(self.reviews)}

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

"""How long reading ten IAM documents of twenty statements takes, and how long deciding by them.

Times are medians in one process: documents are read once, and a decision is asked for many
actions, as rules do. The target for a decision is at most 0.2 ms.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable

from checker.iam.authorize import Layers, authorize
from checker.iam.document import Document, Documents, parse
from checker.iam.request import Caller, Context, Request
from checker.knowledge.partial import Known, Location
from checker.knowledge.text import Text

DOCUMENTS, STATEMENTS, TARGET = 10, 20, 0.2
ROLE = "arn:aws:iam::111122223333:role/worker"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders"
ACTIONS = (
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ChangeMessageVisibility",
)


def text(number: int) -> str:
    """Return a document; the last one allows."""
    statements = [
        {
            "Sid": f"S{n}",
            "Effect": "Deny" if n % 7 == 3 else "Allow",  # noqa: PLR2004 - some deny
            "Action": [f"sqs:{name}" for name in ("Receive*", "DeleteMessage", "Get*Attributes")],
            "Resource": f"arn:aws:sqs:eu-west-1:111122223333:other-{number}-{n}-*",
            "Condition": {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/work*"}},
        }
        for n in range(STATEMENTS - 1)
    ]
    whole = {"Effect": "Allow", "Action": "sqs:*", "Resource": QUEUE}
    return json.dumps({"Version": "2012-10-17", "Statement": [*statements, whole]})


def milliseconds(work: Callable[[], object]) -> float:
    """Return how long some work takes, in milliseconds."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def read() -> tuple[Document, ...]:
    """Read the documents."""
    found = [
        parse(Text.of(text(n)), id=f"document {n}", at=Location("d.json", 1, 1))
        for n in range(DOCUMENTS)
    ]
    return tuple(each.value for each in found if isinstance(each, Known))


def main() -> None:
    """Print both figures."""
    reading = statistics.median(milliseconds(read) for _ in range(20))
    first, later = [], []
    for _ in range(20):
        layers = Layers(identity=Documents(read()))
        requests = [
            Request(Caller.role(ROLE), action, Text.of(QUEUE), context=Context({}))
            for action in ACTIONS
        ]
        first.append(milliseconds(lambda: authorize(requests[0], layers)))  # noqa: B023
        later += [milliseconds(lambda: authorize(r, layers)) for r in requests * 5]  # noqa: B023
    print(f"reading {DOCUMENTS} documents of {STATEMENTS} statements: {reading:.2f} ms")
    print(f"the first decision by them: {statistics.median(first):.3f} ms")
    print(f"a later decision: {statistics.median(later):.3f} ms  (target: at most {TARGET})")


if __name__ == "__main__":
    main()

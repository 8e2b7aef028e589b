"""The picture of a mapping: its parts, and what each needs of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.records import dataclass
from checker.reports.report import Finding, ReportedThing, Row, Severity
from checker.reports.terminal import visible
from checker.reports.titles import title

MOST_SHOWN = 30
"""How many characters of a name stand in a box."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What one part needs of another, and the rules that say whether it has it."""

    start: str
    end: str
    needs: str
    rules: tuple[str, ...]


EDGES = (
    Edge(
        "queue",
        "mapping",
        "the visibility timeout is long enough; one Region; read by this mapping alone",
        (
            "visibility-timeout-below-function-timeout",
            "visibility-timeout-too-short",
            "region-mismatch",
            "duplicate-mapping",
            "queue-policy-without-version",
            "encryption-conflict",
            "queue-shared-by-functions",
            "queue-not-encrypted",
            "fifo-queue-unsupported",
            "filters-drop-messages",
        ),
    ),
    Edge(
        "mapping",
        "function",
        "settings that AWS takes, enabled, with concurrency left",
        (
            "batch-size-out-of-range",
            "batching-window-not-allowed",
            "argument-not-for-sqs",
            "concurrency-out-of-range",
            "concurrency-above-default-quota",
            "pollers-invalid",
            "filter-pattern-invalid",
            "filter-key-closed-to-lambda",
            "too-many-filters",
            "whole-batch-retried",
            "mapping-disabled",
            "mapping-not-enabled",
            "mapping-orphaned",
            "deployer-cannot-create-mapping",
            "deployer-cannot-list",
            "policy-attached-too-late",
            "reserved-concurrency-zero",
            "reserved-concurrency-too-low",
            "function-feeds-its-own-queue",
            "function-reads-several-queues",
            "permission-does-nothing",
        ),
    ),
    Edge("function", "role", "Lambda is allowed to assume it", ("role-not-assumable-by-lambda",)),
    Edge(
        "role",
        "queue",
        "is allowed to receive, delete and read the attributes",
        (
            "role-cannot-read-queue",
            "role-cannot-extend-visibility",
            "cross-account-queue-closed",
            "document-invalid",
            "attachment-undone",
            "statement-grants-nothing",
            "action-does-not-exist",
            "role-allows-too-much",
        ),
    ),
    Edge(
        "role",
        "key",
        "is allowed to decrypt with it",
        (
            "role-cannot-decrypt",
            "key-unusable",
            "key-in-other-region",
            "managed-key-across-accounts",
        ),
    ),
    Edge(
        "queue",
        "dead-letter queue",
        "takes what fails, late enough, and keeps it",
        (
            "dead-letter-queue-missing",
            "dead-letter-queue-mismatch",
            "dead-letter-queue-doubtful",
            "dead-letter-queue-on-function",
            "dead-letter-retention-too-short",
            "redrive-policy-invalid",
            "receive-count-too-low",
        ),
    ),
)
SAID = {"yes": "yes", "no": "no", "maybe": "unknown", "risk": "at risk", "none": "none"}
MARKS = {"yes": "\N{CHECK MARK}", "no": "\N{MULTIPLICATION X}", "maybe": "?", "risk": "!"}
# Where boxes stand, and where the marks of edges do, in the units of the drawing.
_BOXES = {
    "queue": (10, 10),
    "mapping": (340, 10),
    "function": (670, 10),
    "dead-letter queue": (10, 150),
    "key": (340, 150),
    "role": (670, 150),
}
_LINES = {
    ("queue", "mapping"): (250, 40, 336, 40),
    ("mapping", "function"): (580, 40, 666, 40),
    ("function", "role"): (790, 70, 790, 146),
    ("role", "queue"): (670, 160, 254, 62),
    ("role", "key"): (670, 185, 584, 185),
    ("queue", "dead-letter queue"): (130, 70, 130, 146),
}


@dataclass(frozen=True, slots=True)
class Box:
    """A part in its place; `short` is its name as far as it fits."""

    kind: str
    id: str
    short: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """An edge in its place, with its state and what is said of it."""

    start: str
    end: str
    needs: str
    state: str
    mark: str
    said: str
    rules: str
    points: tuple[int, int, int, int]

    @property
    def middle(self) -> tuple[float, float]:
        """Where its mark stands."""
        x, y, to_x, to_y = self.points
        return (x + to_x) / 2, (y + to_y) / 2


def boxes(row: Row) -> Iterator[Box]:
    """Yield the parts of a mapping."""
    things: dict[str, ReportedThing | None] = {
        "queue": row.source,
        "mapping": ReportedThing(title(row), ""),
        "function": row.function,
        "role": row.role,
        "key": row.key,
        "dead-letter queue": row.dead_letter,
    }
    for kind, (x, y) in _BOXES.items():
        thing = things[kind]
        missing = "none is known" if kind in {"key", "dead-letter queue"} else "unknown"
        name = visible(thing.id) if thing is not None else missing
        yield Box(kind, name, _short(name), x, y)


def lines(row: Row, findings: Sequence[Finding]) -> Iterator[Line]:
    """Yield the edges of a mapping, each with what the findings say of it."""
    standing = [each for each in findings if each.waived is None]
    for edge in EDGES:
        said = [each for each in standing if each.rule in edge.rules]
        state = _state(said)
        if not said and edge.end == "key" and row.key is None:
            continue
        names = ", ".join(dict.fromkeys(each.rule for each in said))
        points = _LINES[edge.start, edge.end]
        yield Line(
            edge.start, edge.end, edge.needs, state, MARKS[state], SAID[state], names, points
        )


def _state(findings: Sequence[Finding]) -> str:
    """Return whether a part has what it needs: an error weighs most, a note nothing."""
    said = {(each.kind, each.severity) for each in findings}
    if ("problem", Severity.ERROR) in said:
        return "no"
    if ("unknown", Severity.ERROR) in said:
        return "maybe"
    return "risk" if any(severity is Severity.WARNING for _, severity in said) else "yes"


def _short(name: str) -> str:
    return name if len(name) <= MOST_SHOWN else f"\N{HORIZONTAL ELLIPSIS}{name[1 - MOST_SHOWN :]}"

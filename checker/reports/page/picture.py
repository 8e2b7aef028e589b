"""What the picture of a mapping shows: its parts, and what each needs of another."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from checker.records import dataclass
from checker.reports.page.by_mapping import MappingFinding, standing
from checker.reports.report import ReportedThing, Row, Severity, Verdict
from checker.reports.terminal import visible


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
            "earlier-mapping-still-exists",
            "mapping-does-not-wait",
            "queue-policy-without-version",
            "encryption-conflict",
            "fifo-attribute-not-allowed",
            "high-throughput-half-set",
            "queue-shared-by-functions",
            "queue-not-encrypted",
            "fifo-queue-unsupported",
            "filters-drop-messages",
            "queue-open-to-everyone",
            "producer-cannot-send",
        ),
    ),
    Edge(
        "mapping",
        "function",
        "settings that AWS takes, enabled, with concurrency left",
        (
            "configuration-invalid",
            "wrong-identifier",
            "name-taken-twice",
            "resource-managed-twice",
            "value-out-of-range",
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
            "function-dead-letter-target-invalid",
            "environment-key-unusable",
            "environment-variables-invalid",
            "function-code-not-readable",
            "package-type-conflict",
            "function-kind-not-for-mappings",
        ),
    ),
    Edge(
        "function",
        "role",
        "Lambda is allowed to assume it",
        (
            "role-not-assumable-by-lambda",
            "role-cannot-join-vpc",
            "role-cannot-send-dead-letters",
            "role-cannot-trace",
        ),
    ),
    Edge(
        "role",
        "queue",
        "is allowed to receive, delete and read the attributes",
        (
            "role-cannot-read-queue",
            "role-cannot-extend-visibility",
            "cross-account-queue-closed",
            "document-invalid",
            "policy-too-large",
            "managed-policy-missing",
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
            "retention-too-short",
            "redrive-policy-invalid",
            "receive-count-too-low",
            "receive-count-below-advice",
        ),
    ),
)
STATES = {"y": "yes", "n": "no", "m": "unknown", "r": "at risk"}
"""What is said of an edge, by the letter of its state."""
NONE = "-"
"""The state of an edge that nothing is said of."""
PARTS = ("queue", "mapping", "function", "role", "key", "dead-letter queue")
"""The parts of a mapping, in the order in which the page has their names."""
_EDGE_OF = {rule: n for n, edge in enumerate(EDGES) for rule in edge.rules}


def names(row: Row) -> dict[str, str]:
    """Return the names of the parts of a mapping that are known, by the part."""
    things: dict[str, ReportedThing | None] = {
        "queue": row.source,
        "mapping": ReportedThing(row.id, ""),
        "function": row.function,
        "role": row.role,
        "key": row.key,
        "dead-letter queue": row.dead_letter,
    }
    return {part: visible(thing.id) for part, thing in things.items() if thing is not None}


def states(row: Row, findings: Sequence[MappingFinding], *, is_complete: bool = True) -> str:
    """Return the state of each edge of a mapping as one letter, in the order of `EDGES`.

    An edge is `yes` only where a rule of it found nothing, and no finding of it is waived. A report
    that leaves findings out is not `is_complete`: then only those of a ready mapping are `yes`.
    """
    known = names(row)
    said: dict[int, set[tuple[str, Severity]]] = {}
    waived = {_EDGE_OF.get(part.rule) for e in findings if e.finding.waived for part in e.parts}
    sure = is_complete or row.verdict is Verdict.READY
    fine = {_EDGE_OF.get(rule) for rule in row.passed if sure} - waived
    for each in standing(findings):
        for part in each.parts:
            edge = _EDGE_OF.get(part.rule)
            if edge is not None:
                said.setdefault(edge, set()).add((each.finding.kind, part.severity))
    return "".join(
        _state(said.get(n, ()), is_fine=n in fine and {edge.start, edge.end} <= known.keys())
        for n, edge in enumerate(EDGES)
    )


def _state(said: Collection[tuple[str, Severity]], *, is_fine: bool) -> str:
    """Return whether a part has what it needs: an error weighs most, a note nothing."""
    if ("problem", Severity.ERROR) in said:
        return "n"
    if ("unknown", Severity.ERROR) in said:
        return "m"
    if any(severity is Severity.WARNING for _, severity in said):
        return "r"
    return "y" if is_fine else NONE

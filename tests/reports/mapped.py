"""Reports of many mappings, for the tests of the HTML page."""

from __future__ import annotations

from checker.knowledge.partial import Location
from checker.policy.summary import summarize
from checker.reports.report import (
    Finding,
    Report,
    ReportedThing,
    Row,
    Severity,
    SourceLine,
    UnreadRow,
    Verdict,
    Waived,
)
from checker.rules.rule import Evidence

VERDICTS = (Verdict.BLOCKED, Verdict.AT_RISK, Verdict.READY)
FIX = 'add to a policy of `aws_iam_role.r`: `{ Effect = "Allow", Action = ["sqs:DeleteMessage"] }`'


def thing(kind, name, service="", account="{account}", region="eu-west-1"):
    arn = f"arn:aws:{service}:{region}:{account}:{name}" if service else ""
    return ReportedThing(f"{kind}.{name}", arn)


def row(number, verdict, **words):
    given = {
        "source": thing("aws_sqs_queue", f"q{number}", "sqs"),
        "function": thing("aws_lambda_function", f"f{number}", "lambda"),
        "role": ReportedThing("aws_iam_role.r", ""),
        "dead_letter": None,
        "passed": ("region-mismatch", "role-not-assumable-by-lambda"),
    } | words
    at = Location("main.tf", 10 * number + 10, 1)
    return Row(
        id=f"aws_lambda_event_source_mapping.m{number}",
        verdict=verdict,
        noun="queue",
        deployer=None,
        at=at,
        **given,
    )


def finding(rule, severity, mappings, message="", **words):
    given = {"kind": "problem", "subject": "aws_iam_role.r", "at": Location("iam.tf", 3, 3)} | words
    return Finding(
        rule=rule, severity=severity, mappings=tuple(mappings), message=message or rule, **given
    )


def a_page(each=4, **words):
    """So many mappings of each of three verdicts; those that are blocked share one error."""
    rows = [row(n, VERDICTS[n // each]) for n in range(3 * each)]
    found = [
        finding(
            "role-cannot-read-queue",
            Severity.ERROR,
            [one.id for one in rows[:each]],
            "role `aws_iam_role.r` is not allowed to `sqs:DeleteMessage`",
            because=(Evidence("`aws_iam_role_policy.p` allows less", Location("iam.tf", 3, 3)),),
            fix=FIX,
        ),
        *(
            finding(
                "dead-letter-queue-missing",
                Severity.WARNING,
                [one.id],
                f"queue `{one.source.id}` has no dead-letter queue",
                subject=one.source.id,
                at=one.at,
                fix=f"`maxReceiveCount = 5` on queue `{one.source.id}`",
            )
            for one in rows[each : 2 * each]
        ),
        finding("whole-batch-retried", Severity.NOTE, [rows[-1].id]),
        finding(
            "queue-not-encrypted", Severity.ERROR, [rows[-1].id], waived=Waived("ok", "", None)
        ),
    ]
    given = {
        "unread": (UnreadRow("module.x", "not installed", None, mappings=True),),
        "lines": (SourceLine("iam.tf", 3, '  Action = ["sqs:ReceiveMessage"]'),),
    } | words
    return Report(
        version="0.1.0",
        kind="terraform",
        target=".",
        policy="current",
        assumptions=("nothing denies the actions",),
        mappings=tuple(rows),
        findings=tuple(found),
        summary=summarize(rows, found, 0),
        **given,
    )

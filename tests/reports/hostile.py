"""Names that strangers choose, and a report that holds a name wherever one can stand."""

from __future__ import annotations

from checker.knowledge.partial import Location
from checker.policy.summary import summarize
from checker.reports.report import (
    Compared,
    Finding,
    KnownFindings,
    Proposed,
    Report,
    ReportedThing,
    Row,
    Severity,
    Traced,
    UnreadRow,
    Verdict,
    Waived,
)
from checker.rules.rule import Evidence

NAMES = (
    "::error file=x::stolen",
    "a\n::set-output name=x::y",
    "a\r::error::y",
    "##[error]stolen ##[add-mask]a",
    "x ##vso[task.setvariable variable=a]b ##teamcity[message text='x'] ####[b]",
    "%0A::warning::x",
    "\x1b[31mred\x1b[0m\x07",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "'><svg/onload=alert(1)>",
    "[link](https://evil.example/)",
    "![image](https://evil.example/x.png)",
    "https://evil.example/ www.evil.example",
    "@everyone #1 GH-1 org/repo#2",
    "`code` ``` ```` `",
    "| a | b |\n|---|---|",
    "&lt;b&gt; &#64;x &xxe;",
    "<!ENTITY xxe SYSTEM 'file:///etc/passwd'>",
    "]]><x/>",
    "\u202egnp.exe \u2066x\u2069 \u200b",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    "\x00\ufffe\ud800",
    "<!-- tfcheck -->",
    "</details></summary>",
    "a" * 5000,
)


def a_report(name="aws_sqs_queue.orders"):
    """One mapping a verdict with every kind of finding; `name` stands wherever a name can."""
    at = Location(f"{name}.tf" if name else "main.tf", 3, 5)

    def finding(kind, severity, waived=None, rule="role-cannot-read-queue", **words):
        return Finding(
            rule=rule,
            kind=kind,
            severity=severity,
            mappings=words.get("mappings", (f"blocked {name}",)),
            subject=name,
            message=f"role `{name}` is not allowed to `sqs:DeleteMessage` on {name}",
            at=words.get("at", at),
            because=(Evidence(f"`{name}` allows only {name}", at), Evidence(name)),
            fix=f"add {name}\nto `{name}`",
            waived=waived,
            why=f"`{name}` has no value" if kind == "unknown" else "",
            new=waived is None,
        )

    findings = (
        finding("problem", Severity.ERROR),
        finding("unknown", Severity.ERROR, rule="role-cannot-decrypt"),
        finding("problem", Severity.WARNING, rule="receive-count-too-low", at=None),
        finding("problem", Severity.NOTE, rule="whole-batch-retried", at=Location("arn:aws:sqs:x")),
        finding("problem", Severity.NOTE, rule="waiver-unused", mappings=()),
        finding(
            "problem",
            Severity.ERROR,
            Waived(name, "2027-01-31", at),
            rule="dead-letter-queue-missing",
        ),
    )
    thing = ReportedThing(name, f"arn:aws:sqs:eu-west-1:{{account}}:{name}")
    trace = (Traced(f"asks {name}", "allowed", ((f"layer {name}", (Evidence(name, at),)),)),)
    parts = (thing, thing, thing, thing, at, ("region-mismatch",), trace, thing, thing)
    worse = {Verdict.BLOCKED: Verdict.READY, Verdict.UNDECIDED: Verdict.AT_RISK}
    rows = tuple(
        Row(f"{verdict.value} {name}", verdict, "queue", *parts, was=worse.get(verdict))
        for verdict in Verdict
    )
    return Report(
        version="0.1.0",
        kind="terraform",
        target=name or ".",
        policy="current",
        assumptions=(f"nothing denies {name}",),
        unread=(UnreadRow(name or "module.x", f"not installed: {name}", at),),
        mappings=rows,
        findings=findings,
        summary=summarize(rows, findings, 0),
        baseline=KnownFindings(1, (f"gone: {name}",)),
        unchanged=1,
        proposed=(Proposed(("region-mismatch",), name or "a.b", name, "2027-01-31", at),),
        compared=Compared("0123456789ab", 2, (f"`{name or 'module.x'}`: it has no version",)),
    )

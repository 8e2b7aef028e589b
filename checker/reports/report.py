"""Report: what every format renders."""

from __future__ import annotations

from enum import Enum
from typing import Literal

from checker.knowledge.partial import Location
from checker.knowledge.trail import Trail
from checker.model import Spent
from checker.records import dataclass
from checker.rules.fix import Edit, Replacement
from checker.rules.rule import Evidence


class Severity(Enum):
    """How bad a finding is, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Verdict(Enum):
    """What is said of a mapping, worst first."""

    BLOCKED = "blocked"
    UNDECIDED = "undecided"
    AT_RISK = "at-risk"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Waived:
    """Why a finding does not count; `until` is an ISO date or empty."""

    reason: str
    until: str
    at: Location | None


@dataclass(frozen=True, slots=True)
class Cause:
    """The unknown that unknown findings follow from, and what would settle it.

    `at` is a place that the user's own repository tracks, `origin` the place that the rule named.
    """

    text: str
    at: Location | None
    remedy: str = ""
    origin: Location | None = None


@dataclass(frozen=True, slots=True)
class Affected:
    """What one rule says of one thing, among all that one cause affects."""

    rule: str
    severity: Severity
    subject: str
    mappings: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, or an unknown; `fix` is what to change, or what would settle it.

    `why` is what an unknown finding rests on, `cause` what that follows from in the end; findings
    of several rules may share it. `edits` do what `fix` says, if they are known; they are `safe`
    if they change nothing else that a person would want to decide.

    `at` is the innermost place of the `trail` that the user's own repository tracks. The trail
    begins at the place that the rule named; it is empty where that is the only place.

    `affected` lists what one cause affects, where findings of it were made one. It is `new` if the
    commit that the report was compared with does not have it. A `replacement` does what safe
    `edits` say, for formats that show it.
    """

    rule: str
    kind: Literal["problem", "unknown"]
    severity: Severity
    mappings: tuple[str, ...]
    subject: str
    message: str
    at: Location | None
    because: tuple[Evidence, ...] = ()
    fix: str = ""
    waived: Waived | None = None
    why: str = ""
    cause: Cause | None = None
    edits: tuple[Edit, ...] = ()
    safe: bool = False
    trail: Trail = ()
    affected: tuple[Affected, ...] = ()
    new: bool = False
    replacement: Replacement | None = None

    @property
    def origin(self) -> Location | None:
        """The place that the rule named, which may be in an installed module."""
        return self.trail[0].at if self.trail else self.at

    @property
    def parts(self) -> tuple[Affected, ...]:
        """What the finding says of each thing: itself, where it is of one cause alone."""
        alone = Affected(self.rule, self.severity, self.subject, self.mappings, self.message)
        return self.affected or (alone,)


@dataclass(frozen=True, slots=True)
class ReportedThing:
    """A queue, function, role or deployer as a report names it; `arn` may hold `{holes}`."""

    id: str
    arn: str


@dataclass(frozen=True, slots=True)
class Traced:
    """How a permission was decided: `answer` to `question`, and what each layer said."""

    question: str
    answer: str
    layers: tuple[tuple[str, tuple[Evidence, ...]], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One mapping and its verdict; a part is None where the input does not tell it.

    `source` is what it reads, `noun` says what that is, such as a `queue`. `key` is its KMS key,
    `dead_letter` where what fails goes. `passed` names the rules that were put to the mapping or
    its parts and found nothing, `trace` tells how its permissions were decided, where that was
    asked for. `was` is a better verdict that an earlier commit had.
    """

    id: str
    verdict: Verdict
    noun: str
    source: ReportedThing | None
    function: ReportedThing | None
    role: ReportedThing | None
    deployer: ReportedThing | None
    at: Location | None
    passed: tuple[str, ...] = ()
    trace: tuple[Traced, ...] = ()
    key: ReportedThing | None = None
    dead_letter: ReportedThing | None = None
    was: Verdict | None = None


@dataclass(frozen=True, slots=True)
class UnreadRow:
    """Something of the input that was not read; `mappings` tells that it may hold mappings."""

    id: str
    why: str
    at: Location | None
    mappings: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """How many of each; unknown and waived findings count only as such."""

    mappings: int
    ready: int
    at_risk: int
    blocked: int
    undecided: int
    other_sources: int
    errors: int
    warnings: int
    notes: int
    unknown: int
    waived: int


@dataclass(frozen=True, slots=True)
class Proposed:
    """An inline waiver that waives nothing, since the commit that a run is judged by has none such.

    `rules` are those that it would waive, `address` is the block that it stands at, `until` an ISO
    date or empty.
    """

    rules: tuple[str, ...]
    address: str
    reason: str
    until: str
    at: Location


@dataclass(frozen=True, slots=True)
class KnownFindings:
    """How many findings a baseline knows, and what it lists that nothing matches any more.

    `lost` says that something is not read now which was then.
    """

    count: int
    gone: tuple[str, ...]
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """With which commit a report was compared, and how many of its findings are `fixed`.

    `unread_rows` say what of the commit was not read, `lost` that something is not read now which
    was then. `why` says why the commit could not be read, so that everything is reported.
    """

    commit: str
    fixed: int = 0
    unread_rows: tuple[str, ...] = ()
    lost: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a file that a finding names, without its end; `source` as in `Location`."""

    source: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a run found out; `mappings` and `findings` are worst first.

    `baseline` tells what was left out as known, `unchanged` how many findings were left out since
    the commit that it was `compared` with has them too; None where that was not asked for. Verdicts
    count them. `proposed` are the inline waivers that the commit it was judged by does not have.
    `spent` says what became of inline waivers, for reports that are merged; no format shows it.
    `lines` are those that findings name, for formats that show them; none of an account.
    A problem of the severity `fail_on`, or a worse one, makes the run fail.
    """

    version: str
    kind: str
    target: str
    policy: str
    assumptions: tuple[str, ...]
    unread: tuple[UnreadRow, ...]
    mappings: tuple[Row, ...]
    findings: tuple[Finding, ...]
    summary: Summary
    baseline: KnownFindings | None = None
    unchanged: int | None = None
    proposed: tuple[Proposed, ...] = ()
    compared: Compared | None = None
    spent: tuple[Spent, ...] = ()
    lines: tuple[SourceLine, ...] = ()
    fail_on: Severity = Severity.ERROR

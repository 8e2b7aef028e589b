"""Functions of dates and times.

See https://developer.hashicorp.com/terraform/language/functions: date and time functions.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.evaluation.functions.function import FunctionScope, TerraformFunction
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.size_limits import weight
from checker.sources.terraform.values.terraform_values import TerraformValue

_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,18}))?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)
_DURATION = re.compile(r"([0-9]{0,18})(?:\.([0-9]{0,18}))?(ns|us|µs|μs|ms|s|m|h)")
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9}
_UNITS |= {"m": 60 * 10**9, "h": 3600 * 10**9}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def timestamp(text: str) -> tuple[datetime, int]:
    """Read RFC 3339; return the time to the second, and its nanoseconds.

    Raises:
        EvaluationError: it is not RFC 3339 as Terraform reads it.
    """
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise EvaluationError(f"not a valid RFC3339 timestamp: `{text[:40]}`")
    zone = UTC
    if match[8]:
        away = timedelta(hours=int(match[9]), minutes=int(match[10]))
        if away >= timedelta(hours=24) or int(match[10]) > 59:  # noqa: PLR2004 - minutes
            raise EvaluationError("not a valid RFC3339 timestamp: offset out of range")
        zone = timezone(-away if match[8] == "-" else away)
    try:
        second = datetime(*map(int, match.groups()[:6]), tzinfo=zone)  # type: ignore[arg-type,misc]
    except ValueError as error:
        if int(match[1]) == 0:
            raise UnknownResultError("a time in the year 0") from None
        raise EvaluationError(f"not a valid RFC3339 timestamp: {error}") from None
    return second, int((match[7] or "").ljust(9, "0")[:9])


def written(time: datetime) -> str:
    """Write RFC 3339, to the second."""
    text = f"{time.year:04d}" + time.strftime("-%m-%dT%H:%M:%S")
    return text + ("Z" if not time.utcoffset() else _offset(time, ":"))


def _offset(time: datetime, separator: str) -> str:
    minutes = int((time.utcoffset() or timedelta()).total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}{separator}{abs(minutes) % 60:02d}"


def _duration(text: str) -> int:
    """Read a duration as Go does; return nanoseconds."""
    refusal = EvaluationError(f"invalid duration `{text[:40]}`")
    body = text[1:] if text[:1] in ("+", "-") else text
    if body == "0":
        return 0
    total = Fraction(0)
    at = 0
    while at < len(body):
        match = _DURATION.match(body, at)
        if match is None or not (match[1] or match[2]):
            raise refusal
        decimals = match[2] or ""
        number = Fraction(int((match[1] or "") + decimals), 10 ** len(decimals))
        total += int(number * _UNITS[match[3]])
        at = match.end()
    if not body or total >= 2**63:
        raise refusal
    return -int(total) if text[0] == "-" else int(total)


def _timeadd(text: str, duration: str) -> TerraformValue:
    start, nanoseconds = timestamp(text)
    passed = nanoseconds + _duration(duration)
    try:
        return written(start + timedelta(seconds=passed // 10**9))
    except OverflowError:
        raise UnknownResultError("a time outside the years 1 to 9999") from None


def _timeadd_cost(text: str, duration: str) -> int:
    return weight(text) + len(duration)


def _formatdate_cost(template: str, text: str) -> int:
    return weight(text) + len(template)


def _timecmp(left: str, right: str) -> TerraformValue:
    first, second = timestamp(left), timestamp(right)
    return (first > second) - (first < second)


def _formatdate(template: str, text: str) -> TerraformValue:
    time, _ = timestamp(text)
    out: list[str] = []
    at = 0
    while at < len(template):
        character = template[at]
        end = at + 1
        if character == "'":
            literal, end = _literal(template, at)
            out.append(literal)
        elif character.isascii() and character.isalpha():
            while template[end : end + 1] == character:
                end += 1
            out.append(_field(template[at:end], time))
        else:
            out.append(character)
        at = end
    return "".join(out)


def _literal(template: str, at: int) -> tuple[str, int]:
    """Read what stands between quotes, where two quotes mean one."""
    out: list[str] = []
    while True:
        end = template.find("'", at + 1)
        if end < 0:
            raise EvaluationError("unterminated literal")
        out.append(template[at + 1 : end])
        if template[end + 1 : end + 2] != "'":
            return "".join(out), end + 1
        out.append("'")
        at = end + 1


def _field(verb: str, time: datetime) -> str:
    hour = time.hour % 12 or 12
    fields = {
        "YYYY": f"{time.year:04d}",
        "YY": f"{time.year % 100:02d}",
        "MMMM": _MONTHS[time.month - 1],
        "MMM": _MONTHS[time.month - 1][:3],
        "MM": f"{time.month:02d}",
        "M": str(time.month),
        "DD": f"{time.day:02d}",
        "D": str(time.day),
        "EEEE": _DAYS[time.weekday()],
        "EEE": _DAYS[time.weekday()][:3],
        "hh": f"{time.hour:02d}",
        "h": str(time.hour),
        "HH": f"{hour:02d}",
        "H": str(hour),
        "AA": "AM" if time.hour < 12 else "PM",  # noqa: PLR2004 - noon
        "aa": "am" if time.hour < 12 else "pm",  # noqa: PLR2004 - noon
        "mm": f"{time.minute:02d}",
        "m": str(time.minute),
        "ss": f"{time.second:02d}",
        "s": str(time.second),
        "ZZZZZ": _offset(time, ":"),
        "ZZZZ": _offset(time, ""),
        "ZZZ": _offset(time, "") if time.utcoffset() else "UTC",
        "Z": _offset(time, ":") if time.utcoffset() else "Z",
    }
    if verb not in fields:
        raise EvaluationError(f"invalid date format verb `{verb[:20]}`")
    return fields[verb]


def _now(scope: FunctionScope) -> TerraformValue:
    return Text(
        (
            Hole(
                f"timestamp() at {scope.unique()}",
                why="`timestamp` is the time of the run",
                at=scope.at,
            ),
        )
    )


def _plan_time(scope: FunctionScope) -> TerraformValue:
    why = "`plantimestamp` is the time of the plan"
    return Text((Hole("plantimestamp()", why=why, at=scope.at),))


FUNCTIONS = (
    TerraformFunction("timestamp", _now, (), partial=True, returns="string", scoped=True),
    TerraformFunction("plantimestamp", _plan_time, (), partial=True, returns="string", scoped=True),
    TerraformFunction(
        "timeadd", _timeadd, ("string", "string"), returns="string", cost=_timeadd_cost
    ),
    TerraformFunction("timecmp", _timecmp, ("string", "string")),
    TerraformFunction(
        "formatdate", _formatdate, ("string", "string"), returns="string", cost=_formatdate_cost
    ),
)

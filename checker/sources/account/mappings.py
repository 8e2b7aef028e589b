"""Event source mappings, by pages.

https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.model import EventSourceMapping, Pollers

_STOPPED = ("Disabled", "Disabling")
STATES = ("Creating", "Enabling", "Enabled", "Updating", "Deleting", *_STOPPED)
"""The states of a mapping.

https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html
"""
_REPORTS = "ReportBatchItemFailures"


def arn_of(answer: dict[str, Any]) -> str:
    """Return a mapping's ARN, which older answers lack: it is made of the function's and a UUID."""
    found = answer.get("EventSourceMappingArn")
    if found:
        return str(found)
    head = str(answer["FunctionArn"]).split(":")[:5]
    return ":".join([*head, "event-source-mapping", str(answer["UUID"])])


def reads_queue(answer: dict[str, Any]) -> bool:
    """Tell whether a mapping's source is a queue."""
    return str(answer.get("EventSourceArn", "")).split(":")[2:3] == ["sqs"]


def mapping(answer: dict[str, Any], region: str) -> EventSourceMapping:
    """Return a mapping as the API tells it."""
    arn = arn_of(answer)
    at = Location(arn)
    state = _state(answer["State"], at)
    key = answer.get("KMSKeyArn")
    scaling = answer.get("ScalingConfig") or {}
    return EventSourceMapping(
        id=arn,
        at=at,
        source=Known(Text.of(str(answer["EventSourceArn"])), at),
        function=Known(Text.of(str(answer["FunctionArn"])), at),
        region=Known(Text.of(region), at),
        batch_size=Known(int(answer["BatchSize"]), at),
        batching_window=Known(int(answer.get("MaximumBatchingWindowInSeconds") or 0), at),
        enabled=_enabled(state),
        tagged=Known(value=False, at=at),
        maximum_concurrency=Known(scaling.get("MaximumConcurrency"), at),
        pollers=_pollers(answer.get("ProvisionedPollerConfig") or {}, at),
        reports_failures=_reports(answer.get("FunctionResponseTypes") or (), at),
        filters=_filters(answer, at),
        filter_key=Known(Text.of(key) if key else None, at),
        state=state,
        transition=str(answer.get("StateTransitionReason") or ""),
    )


def _state(answer: str, at: Location) -> Value[str | None]:
    """Return the state; unknown for a word that is not among those of AWS."""
    if answer in STATES:
        return Known(answer, at)
    return Unknown(f"the state of the mapping is unknown: AWS calls it `{answer}`", at, "ask again")


def _enabled(state: Value[str | None]) -> Value[bool]:
    if isinstance(state, Unknown):
        return state
    return Known(state.value not in _STOPPED, state.at)


def _reports(answer: Sequence[str], at: Location) -> Value[bool]:
    """Tell whether the function reports the messages that it failed on."""
    others = [each for each in answer if each != _REPORTS]
    if _REPORTS in answer or not others:
        return Known(_REPORTS in answer, at)
    why = f"what the function reports is unknown: AWS calls it `{others[0]}`"
    return Unknown(why, at, "ask again")


def _pollers(answer: dict[str, Any], at: Location) -> Value[Pollers | None]:
    if not answer:
        return Known(None, at)
    least, most = answer.get("MinimumPollers"), answer.get("MaximumPollers")
    return Known(Pollers(Known(least, at), Known(most, at), at), at)


def _filters(answer: dict[str, Any], at: Location) -> Value[tuple[Value[Text], ...]]:
    error = answer.get("FilterCriteriaError")
    if error:
        # They are encrypted, and the caller is not allowed to decrypt them.
        why = f"AWS does not show the filters: {error.get('ErrorCode', 'it gives no reason')}"
        return Unknown(why, at, "allow `kms:Decrypt` on the key of the filters")
    filters = (answer.get("FilterCriteria") or {}).get("Filters") or ()
    return Known(tuple(Known(Text.of(each.get("Pattern", "")), at) for each in filters), at)

"""Event source mappings, by pages.

https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html
"""

from __future__ import annotations

from typing import Any

from checker.knowledge.partial import Known, Location, Text, Unknown, Value
from checker.model import EventSourceMapping, Pollers


def arn_of(told: dict[str, Any]) -> str:
    """Return a mapping's ARN, which older answers lack: it is made of the function's and a UUID."""
    found = told.get("EventSourceMappingArn")
    if found:
        return str(found)
    head = str(told["FunctionArn"]).split(":")[:5]
    return ":".join([*head, "event-source-mapping", str(told["UUID"])])


def reads_queue(told: dict[str, Any]) -> bool:
    """Tell whether a mapping's source is a queue."""
    return str(told.get("EventSourceArn", "")).split(":")[2:3] == ["sqs"]


def mapping(told: dict[str, Any], region: str) -> EventSourceMapping:
    """Return a mapping as the API tells it."""
    arn = arn_of(told)
    at = Location(arn)
    state = told["State"]
    reports = "ReportBatchItemFailures" in (told.get("FunctionResponseTypes") or ())
    key = told.get("KMSKeyArn")
    scaling = told.get("ScalingConfig") or {}
    return EventSourceMapping(
        id=arn,
        at=at,
        source=Known(Text.of(str(told["EventSourceArn"])), at),
        function=Known(Text.of(str(told["FunctionArn"])), at),
        region=Known(Text.of(region), at),
        batch_size=Known(int(told["BatchSize"]), at),
        batching_window=Known(int(told.get("MaximumBatchingWindowInSeconds") or 0), at),
        enabled=Known(state not in {"Disabled", "Disabling"}, at),
        tagged=Known(value=False, at=at),
        maximum_concurrency=Known(scaling.get("MaximumConcurrency"), at),
        pollers=_pollers(told.get("ProvisionedPollerConfig") or {}, at),
        reports_failures=Known(reports, at),
        filters=_filters(told, at),
        filter_key=Known(Text.of(key) if key else None, at),
        state=Known(state, at),
        transition=str(told.get("StateTransitionReason") or ""),
    )


def _pollers(told: dict[str, Any], at: Location) -> Value[Pollers | None]:
    if not told:
        return Known(None, at)
    least, most = told.get("MinimumPollers"), told.get("MaximumPollers")
    return Known(Pollers(Known(least, at), Known(most, at), at), at)


def _filters(told: dict[str, Any], at: Location) -> Value[tuple[Value[Text], ...]]:
    error = told.get("FilterCriteriaError")
    if error:
        # They are encrypted, and the caller is not allowed to decrypt them.
        why = f"AWS does not show the filters: {error.get('ErrorCode', 'it gives no reason')}"
        return Unknown(why, at, "allow `kms:Decrypt` on the key of the filters")
    filters = (told.get("FilterCriteria") or {}).get("Filters") or ()
    return Known(tuple(Known(Text.of(each.get("Pattern", "")), at) for each in filters), at)

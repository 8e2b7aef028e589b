"""The rule `filter-pattern-invalid`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from checker.knowledge import jsontext
from checker.knowledge.json_nodes import JsonError, JsonNode, Members, UnknownJsonError
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.model import EventSourceMapping, Inventory
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, aws="refuses the mapping")
def filter_pattern_invalid(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """AWS refuses a filter's pattern.

    ## Why

    A pattern is a JSON object; below its keys there are objects again, or lists that are not empty:

        InvalidParameterValueException: Invalid filter pattern definition.

    `terraform validate` and `plan` do not look into it.

    Source: recorded against AWS (localstack/localstack, badmintoncryer/cdk-preflight). Confidence:
    high.

    <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html>

    ## Fix

    ```terraform
    filter {
      pattern = jsonencode({ body = { kind = ["order"] } })
    }
    ```

    ## Since

    tfcheck 0.1.0. Filters exist since November 2021.
    """
    read = inventory.decisions.once_of("filter-pattern-invalid", inventory, _Read)
    for pattern in mapping.filters.get():
        if isinstance(pattern, Unknown):
            yield pattern
            continue
        wrong = read.wrong(pattern.value, pattern.at)
        if isinstance(wrong, Unknown):
            yield wrong
        elif wrong is not None:
            why, at = wrong
            yield Problem(
                message=f"the pattern of the filter is invalid: {why}",
                at=at,
                fix=Fix("write the pattern with `jsonencode`, each value in a list"),
                because=(Evidence("AWS answers: `Invalid filter pattern definition.`", at),),
            )


_Wrong: TypeAlias = tuple[str, Location] | Unknown | None


class _Read:
    """The patterns of a run; one that many mappings have is read once."""

    def __init__(self) -> None:
        self._read: dict[tuple[Text, int, Location], tuple[Text, _Wrong]] = {}

    def wrong(self, pattern: Text, at: Location) -> _Wrong:
        """Say what is wrong with a pattern, or why that is unknown; None if nothing is."""
        key = (pattern, id(pattern.origin), at)
        if key not in self._read:
            # the pattern is kept, so that nothing else takes the identity of its origin
            self._read[key] = pattern, _wrong(pattern, at)
        return self._read[key][1]


_MOST = 4096


def _wrong(pattern: Text, at: Location) -> _Wrong:
    """Say what is wrong with a pattern, or why that is unknown; None if nothing is."""
    if sum(len(part) for part in pattern.parts if isinstance(part, str)) > _MOST:
        return f"it is longer than {_MOST} characters", at
    try:
        node = jsontext.parse(pattern, at)
    except UnknownJsonError as error:
        return error.unknown
    except JsonError as error:
        return f"it is not JSON: {error.message}", error.at
    if not isinstance(node.value, Members):
        return "it is not a JSON object", node.at
    return _below(node)


def _below(node: JsonNode) -> _Wrong:
    pending = [node]
    while pending:
        current = pending.pop()
        if isinstance(current.value, Unknown):
            return current.value
        if isinstance(current.value, Members):
            pending += [inner for _, inner in current.value.items]
        elif not isinstance(current.value, tuple):
            return "a value in it is neither a list nor an object", current.at
        elif not current.value:
            return "a list in it is empty", current.at
    return None

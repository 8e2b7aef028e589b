"""The rule `value-out-of-range`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from checker.knowledge.partial import Known, Location, Unknown
from checker.model import EventSourceMapping, Function, GivenValue, Inventory, ValueRange, models
from checker.rules._made_queues import made_queues
from checker.rules.fix import Fix, set_attribute
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings


@rule(
    on=EventSourceMapping,
    aws="refuses the queue, function, role or mapping",
    works=(SOURCE, PLAN, TEMPLATE),
)
def value_out_of_range(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """A queue, function, role or mapping has a value that AWS does not take.

    ## Why

    AWS takes some values only: a visibility timeout of 0 to 43,200 seconds, a retention of 60 to
    1,209,600, a delay of 0 to 900, a wait for messages of 0 to 20, messages of 1 KiB to 1 MiB, a
    function's timeout of 1 to 900 seconds (5,400 on managed instances) and memory of 128 to 10,240
    MB (32,768 on managed instances), and of words those that it lists. What Terraform itself
    refuses, `configuration-invalid` says; it does not look at `receive_wait_time_seconds`, at the
    length of a function's name, nor at what depends on another argument. The metrics of a queue's
    mapping are event counts alone, the path of a role begins and ends with a slash, and a handler
    has no white space:

        InvalidParameterValueException: Invalid EventSourceMapping metrics. Expected values: [EventCount]
        ValidationError: The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.

    Of a value that is unknown it is unknown whether AWS takes it; a name is taken to be short
    enough. The ranges are in `policies/aws-ranges.jsonl`, which is made of botocore's service
    models. The end of a function's memory is from the Lambda guide.

    Source: service models of botocore 1.44.5; metrics and paths recorded against AWS
    (badmintoncryer/cdk-preflight, cfn-lint issue 722); memory from the Lambda guide,
    gettingstarted-limits. Confidence: high.

    <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html>
    <https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html>

    ## Fix

    ```terraform
    resource "aws_sqs_queue" "orders" {
      receive_wait_time_seconds = 20
    }
    ```

    ## Since

    tfcheck 0.2.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    work = inventory.decisions.once_of(
        "refused places", inventory, lambda: frozenset(each.at for each in inventory.refusals)
    )
    function = inventory.function_of(mapping)
    yield from _judged(mapping.id, mapping.given, work)
    if isinstance(function, Known) and function.value.closed:
        made = function.value
        image = made.options.package
        sent = not isinstance(image, Known) or image.value != "Image"  # of an image no handler is
        given = (each for each in made.given if sent or each.range.argument != "handler")
        yield from _judged(made.id, given, work, made)
        role = inventory.role_of(made)
        if isinstance(role, Known) and role.value.closed:
            yield from _judged(role.value.id, role.value.given, work)
    for queue in made_queues(mapping, inventory):
        yield from _judged(queue.id, queue.given, work)


def _judged(
    id_: str,
    given: Iterable[GivenValue],
    refused: frozenset[Location],
    function: Function | None = None,
) -> Iterator[Said]:
    """Yield what is wrong with the values of a thing, but for what Terraform refuses."""
    for each in given:
        if isinstance(each.value, Unknown):
            if each.range.characters is not None or each.range.argument in _ASKED_FOR:
                continue
            why = f"it is unknown whether AWS takes `{each.range.argument}` of `{id_}`"
            yield each.value.leaves(why)
        elif each.value.at not in refused:
            yield from _outside(id_, each, function)


_ASKED_FOR = ("timeout", "visibility_timeout_seconds", "message_retention_seconds")
"""Of these other rules say that they are unknown; and few names come near their length."""


def _outside(id_: str, given: GivenValue, function: Function | None) -> Iterator[Said]:
    range_, value = given.range, given.value.get()
    if isinstance(value, int):
        yield from _number(id_, given, value, function)
    elif range_.words and value not in range_.words:
        listed = ", ".join(f"`{word}`" for word in range_.words)
        close = get_close_matches(value[:_LONGEST], range_.words, n=1, cutoff=0.4)
        yield _problem(id_, given, f"which is not {_one_of(listed)}", (close or range_.words)[0])
    elif range_.characters is not None and range_.characters < len(value) and ":" not in value:
        why = f"which is longer than {range_.characters} characters"
        yield _problem(id_, given, why, None)
    elif range_.pattern and not re.fullmatch(range_.pattern, value):
        yield _problem(id_, given, f"which does not match `{range_.pattern}`", None)


_LONGEST = 100


def _one_of(listed: str) -> str:
    return f"one of {listed}" if "," in listed else listed


def _number(id_: str, given: GivenValue, number: int, function: Function | None) -> Iterator[Said]:
    least, most, plain = given.range.least or 0, given.range.most or 0, given.range.plain
    if function is not None and plain is not None and plain < number <= most:
        managed = function.managed
        if isinstance(managed, Unknown):
            why = f"it is unknown whether `{id_}` runs on managed instances, and may have {number}"
            yield managed.leaves(f"{why} for `{given.range.argument}`")
            return
        if managed.value:
            return
        most = plain
    if not least <= number <= most:
        bound = least if number < least else most
        yield _problem(id_, given, f"outside {least} to {most}", bound)


def _problem(id_: str, given: GivenValue, why: str, fixed: int | str | None) -> Problem:
    range_, at = given.range, given.value.at
    block, _, name = range_.argument.rpartition(".")
    fix = Fix("write one that AWS takes" if range_.pattern else "choose a shorter name")
    if isinstance(fixed, int) and not block:
        fix = set_attribute(id_, name, fixed)
    elif fixed is not None:
        fix = Fix(f"`{name} = {fixed}`" if isinstance(fixed, int) else f"write `{fixed}`")
    answer = f": `{range_.text}`" if range_.text else ""
    return Problem(
        message=f"`{range_.argument}` of `{id_}` is {with_place(given.value)}, {why}",
        at=at,
        fix=fix,
        because=(Evidence(f"AWS refuses `{range_.aws}`{answer} ({_said_by(range_)})", at),),
        subject=id_,
    )


def _said_by(range_: ValueRange) -> str:
    return "recorded" if range_.text else f"service models of botocore {models()}"

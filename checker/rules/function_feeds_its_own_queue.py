"""The rule `function-feeds-its-own-queue`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import RESOURCE, EventSourceMapping, Function, Inventory, Queue
from checker.requests import poll, source_layers
from checker.rules._permission import only_cause
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, resting_on, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, sources=(Queue,), aws="accepts it, stops it after 16 rounds")
def function_feeds_its_own_queue(
    mapping: EventSourceMapping, queue: Queue, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The function is allowed to send to the queue that invokes it, so messages can go in a circle.

    ## Why

    Most such circles are intended: a function that puts work back. Lambda's recursive loop
    detection covers SQS, stops a circle after about 16 rounds, and the message goes to the
    dead-letter queue. With an old SDK nothing stops it and each round costs money. The rule reports
    a function that has its own queue in an environment variable and whose role is allowed to send
    to it, and a queue whose dead-letter queue invokes the same function. It reports nothing where
    the function's recursion configuration (`recursive_loop = "Allow"`) says that the circle is
    intended.

    Source: Lambda guide, invocation-recursion. Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html>

    ## Fix

    Send to another queue, or leave `sqs:SendMessage` on this one out of the role's policy:

    ```terraform
    statement {
      actions   = ["sqs:SendMessage"]
      resources = [aws_sqs_queue.results.arn]
    }
    ```

    ## Since

    tfcheck 0.1.0. Lambda stops circles since July 2023.
    """
    function = inventory.function_of(mapping).get()
    if isinstance(function.loops, Known) and function.loops.value:
        return
    for said in _circles(mapping, queue, function, inventory):
        if isinstance(function.loops, Unknown):
            yield _meant(said, function.loops)
        else:
            yield said


def _meant(said: Said, loops: Unknown) -> Said:
    """Return what is said of a circle where it is unknown whether it is meant."""
    if isinstance(said, Unknown):
        return said
    return loops.leaves(f"{said.message}, and it is unknown whether that is intended")


def _circles(
    mapping: EventSourceMapping, queue: Queue, function: Function, inventory: Inventory
) -> Iterator[Said]:
    yield from _by_dead_letters(mapping, queue, function, inventory)
    url = _url(queue)
    variables = function.environment[:_MOST_VARIABLES]
    known = [name for name, value in variables if _names(value, queue, url)]
    if not known and len(variables) < len(function.environment):
        why = f"function `{function.id}` has more than {_MOST_VARIABLES} variables"
        yield Unknown(f"{why}: it is unknown whether one names queue `{queue.id}`", function.at)
    more = function.more_environment
    if more is None:
        more = next(_unknown_names(function, queue, url), None)
    if not known and more is None:
        return
    role = inventory.role_of(function).get()
    request, layers = poll("sqs:SendMessage", queue, role), source_layers(queue, role)
    decision = inventory.decisions.authorize(request, layers)
    if not known and more is not None:
        if decision.allowed is not Truth.NO:
            yield more.leaves(
                f"it is unknown whether function `{function.id}` sends to queue `{queue.id}`"
            )
        return
    if decision.allowed is Truth.YES:
        reasons = tuple(resting_on(each) for each in decision.because)
        yield Problem(
            message=f"function `{function.id}` has queue `{queue.id}` in its variable `{known[0]}`"
            " and is allowed to send to it, and the queue invokes the function",
            at=mapping.at,
            fix=Fix(f"remove `sqs:SendMessage` on `{queue.id}`, or send to another queue"),
            because=reasons,
        )
    elif decision.allowed is Truth.MAYBE:
        reason = decision.because[0]
        why = (
            f"it is unknown whether role `{role.id}` is allowed to send to queue"
            f" `{queue.id}`: {reason.text}"
        )
        yield Unknown(why, reason.at or role.at, reason.remedy, only_cause((reason,)))


def _by_dead_letters(
    mapping: EventSourceMapping, queue: Queue, function: Function, inventory: Inventory
) -> Iterator[Said]:
    redrive = queue.redrive
    if not isinstance(redrive, Known) or redrive.value is None:
        return  # the rules of the dead-letter queue speak
    dead = inventory.queue(redrive.value.target)
    if not isinstance(dead, Known) or dead.value.arn.equals(queue.arn) is Truth.YES:
        return
    for other in inventory.mappings_reading(dead.value):
        fed = inventory.function_of(other)
        if isinstance(fed, Known) and fed.value.arn == function.arn:
            yield Problem(
                message=f"function `{function.id}` reads queue `{queue.id}` and its dead-letter"
                f" queue `{dead.value.id}`, so it receives again what it could not process",
                at=mapping.at,
                fix=Fix(f"let another function read `{dead.value.id}`"),
                because=(Evidence(f"`{other.id}` reads the dead-letter queue", other.at),),
            )
            return  # another mapping of the two is reported of itself


_MOST_VARIABLES = 200
"""How many variables are looked at; all of a function's together hold 4 KB at most."""


def _url(queue: Queue) -> Text | None:
    """Return what the queue's URL is like."""
    fields = queue.arn.split(":", RESOURCE)
    if fields is None or len(fields) <= RESOURCE:
        return None
    return Text.of("https://sqs.*/", fields[4], "/", fields[RESOURCE])


def _unknown_names(function: Function, queue: Queue, url: Text | None) -> Iterator[Unknown]:
    """Yield why variables are unknown that may name the queue: those of no other resource."""
    for _, value in function.environment[:_MOST_VARIABLES]:
        if isinstance(value, Unknown):
            yield value
            continue
        hole = next(iter(value.value.holes), None)
        if hole is None or len(value.value.parts) > 1:
            continue
        ours = hole.name.startswith((f"{function.id}.", "var.")) or ".var." in hole.name
        names = value.value.equals(queue.arn)
        if ours and (names if url is None else names | value.value.like(url)) is Truth.MAYBE:
            yield value.value.why_unknown(value.at)


def _names(value: Value[Text], queue: Queue, url: Text | None) -> bool:
    """Tell whether a variable surely holds the queue's ARN or URL."""
    if not isinstance(value, Known):
        return False
    if value.value.equals(queue.arn) is Truth.YES:
        return True
    return url is not None and value.value.like(url) is Truth.YES

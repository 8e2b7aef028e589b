"""The rule `function-kind-not-for-mappings`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Unknown
from checker.model import EventSourceMapping, Function, Inventory
from checker.rules.fix import Fix
from checker.rules.rule import Evidence, Problem, Said, rule, with_place
from checker.rules.settings import Settings


@rule(
    on=EventSourceMapping,
    aws="invokes it in vain, or refuses the mapping",
)
def function_kind_not_for_mappings(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The function is durable or isolates its tenants in a way that a mapping does not serve.

    ## Why

    A mapping invokes a function synchronously and without a tenant. A durable function is invoked
    by a qualified ARN, of a version or an alias, and its whole execution has to end within the
    longest timeout of a function: 15 minutes, 90 minutes on managed instances. A function with
    tenant isolation needs the id of a tenant in each invocation, which no mapping sends. AWS's
    guide says so; of a longer execution one page says that creating the mapping fails, another
    that the invocation does. The answers of AWS are not recorded (confidence M), so this is a
    warning.

    Source: Lambda guide, durable-invoking-esm and tenant-isolation. Confidence: medium.

    <https://docs.aws.amazon.com/lambda/latest/dg/durable-invoking-esm.html>
    <https://docs.aws.amazon.com/lambda/latest/dg/tenant-isolation.html>

    ## Fix

    ```terraform
    resource "aws_lambda_event_source_mapping" "orders" {
      event_source_arn = aws_sqs_queue.orders.arn
      function_name    = aws_lambda_alias.live.arn
    }
    ```

    and an `execution_timeout` of at most 900.

    ## Since

    tfcheck 0.1.0. Tenant isolation is there since November 2025, durable functions since December
    2025.
    """
    found = inventory.function_of(mapping)
    if isinstance(found, Unknown) or not found.value.closed:
        return  # the rules on its timeout and role say what is unknown of it
    function = found.value
    yield from _durable(mapping, function)
    tenants = function.options.tenants
    if tenants.get():
        yield Problem(
            message=f"function `{function.id}` isolates tenants, and `{mapping.id}` names none",
            at=tenants.at,
            fix=Fix("map the queue to a function without `tenancy_config`"),
            because=(Evidence("Lambda lists no event source for such functions", mapping.at),),
            subject=function.id,
        )


_LONGEST = 900
_LONGEST_MANAGED = 5_400


def _durable(mapping: EventSourceMapping, function: Function) -> Iterator[Said]:
    longest = function.options.durable
    if isinstance(longest, Known) and longest.value is None:
        return
    if isinstance(mapping.function, Known) and mapping.function.value == function.arn:
        if isinstance(longest, Unknown):
            yield longest.leaves(f"it is unknown whether function `{function.id}` is durable")
            return
        yield Problem(
            message=f"function `{function.id}` is durable, and `{mapping.id}` names no version or"
            " alias of it",
            at=mapping.function.at,
            fix=Fix("name an alias or a version of the function"),
            because=(Evidence("a durable function is invoked by a qualified ARN", longest.at),),
        )
    allowed = _LONGEST if _is_not(function) else _LONGEST_MANAGED
    seconds = longest.get()
    if seconds is not None and seconds > allowed:
        yield Problem(
            message=f"an execution of function `{function.id}` may take"
            f" {with_place(longest, ' s')}, and a mapping waits {allowed} s",
            at=longest.at,
            fix=Fix(f"set `execution_timeout` to {allowed} at most"),
            because=(Evidence(f"`{mapping.id}` invokes it synchronously", mapping.at),),
            subject=function.id,
        )


def _is_not(function: Function) -> bool:
    """Tell whether a function surely does not run on managed instances."""
    managed = function.options.managed
    return isinstance(managed, Known) and not managed.value

"""Functions, by three calls each: configuration, reserved concurrency, recursion configuration.

https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.model import Function, FunctionOptions, open_function, without_qualifier
from checker.sources.account.answers import Answers, tried
from checker.sources.account.arns import split_arn


def read_function(answers: Answers, arn: str) -> Function:
    """Return the function with an ARN, which may name a version or alias."""
    at = Location(arn)
    plain = str(without_qualifier(Text.of(arn)))

    def configuration() -> dict[str, Any]:
        region = split_arn(arn, "lambda").region
        found: dict[str, Any] = answers.ask(
            "lambda", region, "GetFunctionConfiguration", FunctionName=arn
        )
        return found

    def reserved() -> int | None:
        region = split_arn(arn, "lambda").region
        answer = answers.ask("lambda", region, "GetFunctionConcurrency", FunctionName=plain)
        found: int | None = answer.get("ReservedConcurrentExecutions")
        return found

    def loops() -> bool:
        region = split_arn(arn, "lambda").region
        answer = answers.ask("lambda", region, "GetFunctionRecursionConfig", FunctionName=plain)
        return bool(answer["RecursiveLoop"] == "Allow")

    answer = tried(configuration, at, f"function `{arn}`")
    if isinstance(answer, Unknown):
        function = open_function(Text.of(arn), at)
        return Function(
            id=arn,
            arn=function.arn,
            at=at,
            closed=False,
            timeout=answer,
            role=answer,
            reserved_concurrency=answer,
            dead_letter=answer,
        )
    concurrency = tried(reserved, at, f"the reserved concurrency of `{plain}`")
    recursion = tried(loops, at, f"the recursion configuration of `{plain}`")
    return replace(_function(arn, answer.value, concurrency, at), loops=recursion)


def _function(
    arn: str, answer: dict[str, Any], reserved: Value[int | None], at: Location
) -> Function:
    target = (answer.get("DeadLetterConfig") or {}).get("TargetArn")
    variables = (answer.get("Environment") or {}).get("Variables") or {}
    return Function(
        id=arn,
        arn=Text.of(arn),
        at=at,
        closed=True,
        timeout=Known(int(answer["Timeout"]), at),
        role=Known(Text.of(str(answer["Role"])), at),
        reserved_concurrency=reserved,
        dead_letter=Known(Text.of(target) if target else None, at),
        environment=tuple((name, Known(Text.of(value), at)) for name, value in variables.items()),
        options=_options(answer, at),
    )


def _options(answer: dict[str, Any], at: Location) -> FunctionOptions:
    """Return what a mapping meets of a function that is there; what made it is long tested."""
    durable = answer.get("DurableConfig")
    longest: Value[int | None] = Known(None, at)
    if durable is not None and durable.get("ExecutionTimeout") is None:
        longest = Unknown("AWS names no `ExecutionTimeout` of the durable function", at)
    elif durable is not None:
        longest = Known(int(durable["ExecutionTimeout"]), at)
    tenancy = (answer.get("TenancyConfig") or {}).get("TenantIsolationMode")
    return FunctionOptions(
        durable=longest,
        managed=Known(bool(answer.get("CapacityProviderConfig")), at),
        tenants=Known(tenancy == "PER_TENANT", at),
    )

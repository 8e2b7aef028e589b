"""The rule `environment-variables-invalid`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from checker.knowledge.partial import Known, Location, Unknown
from checker.knowledge.sensitive import plain
from checker.model import Function, Inventory
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings

RESERVED = frozenset(
    {
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_MAX_CONCURRENCY",
        "AWS_LAMBDA_METADATA_API",
        "AWS_LAMBDA_METADATA_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
    }
)
"""The names that the Lambda guide lists as reserved, configuration-envvars, read on 2026-11-28."""
MOST_BYTES = 4_096
_NAME = re.compile("[a-zA-Z][a-zA-Z0-9_]+")


@rule(on=Function, aws="refuses the function", works=(SOURCE, PLAN, TEMPLATE))
def environment_variables_invalid(
    function: Function, _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """Lambda refuses the function's environment variables.

    ## Why

    Lambda sets some variables itself, and takes none of these names:

        InvalidParameterValueException: Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION

    A name begins with a letter, has at least two characters, and letters, digits and `_` alone: the
    service model has the pattern `[a-zA-Z]([a-zA-Z0-9_])+`; what Lambda answers to other names is
    not recorded. All of them have 4 KB (4,096 bytes) together, measured as JSON, names, quotes and all:

        InvalidParameterValueException: Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: {"TABLE":"..."}

    Without the function there is no mapping. Terraform plans them without a word. What is unknown
    of a value may be empty, so only what is surely too large is reported. Where the variables
    themselves are unknown, so is whether Lambda takes them.

    Source: Lambda guide, configuration-envvars, and botocore's service model; recorded against AWS
    in mattermost-cloud-monitoring pull request 264, aws-cdk pull request 28048 and
    terraform-aws-github-runner issue 3594. Confidence: high; medium for reserved names other than
    `AWS_REGION` and `AWS_DEFAULT_REGION`, whose refusal is the guide's word and not recorded.

    <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>

    ## Fix

    ```terraform
    environment {
      variables = {
        ORDERS_REGION = "eu-west-1"
      }
    }
    ```

    ## Since

    tfcheck 0.2.0.
    """  # noqa: E501 - AWS's texts stay in one line, to be found
    if not function.closed:
        return
    names = tuple(name for name, _ in function.environment)
    reserved = [name for name in names if plain(name) in RESERVED]
    if reserved:
        says = f"AWS answers: `{_RESERVED}{', '.join(reserved)}`"
        yield _named(function, reserved, "reserved by Lambda", says)
    odd = [name for name in names if plain(name) not in RESERVED and not _NAME.fullmatch(name)]
    if odd:
        says = "AWS's service model takes `[a-zA-Z]([a-zA-Z0-9_])+`"
        yield _named(function, odd, "no name that Lambda takes", says)
    if _bytes(function) > MOST_BYTES:
        yield Problem(
            message=f"the environment variables of function `{function.id}` have more than"
            f" {MOST_BYTES} bytes",
            at=_at(function, names),
            fix=Fix("keep long values in Parameter Store or S3, and name them in a variable"),
            because=(Evidence(f"AWS answers: `{_SIZE}`"),),
        )
    if function.more_environment is not None:
        yield from _hidden(function, function.more_environment)


_RESERVED = (
    "the environment variables you have provided contains reserved keys that are currently not"
    " supported for modification. Reserved keys used in this request: "
)
_SIZE = "the environment variables you have provided exceeded the 4KB limit."


def _named(function: Function, names: list[str], what: str, says: str) -> Problem:
    listed = ", ".join(f"`{name}`" for name in names)
    are = "is" if len(names) == 1 else "are each"
    return Problem(
        message=f"{listed} in the environment of function `{function.id}` {are} {what}",
        at=_at(function, names),
        fix=Fix("choose another name"),
        because=(Evidence(says),),
    )


def _at(function: Function, names: Iterable[str]) -> Location:
    """Return the place of the first of some variables."""
    wanted = set(names)
    places = (value.at for name, value in function.environment if name in wanted)
    return next(places, function.at)


def _bytes(function: Function) -> int:
    """Return how many bytes the variables have at least, as the JSON that Lambda measures.

    It tells how long secrets are, so nobody is shown it.
    """
    size = 2 + max(0, len(function.environment) - 1)
    for name, value in function.environment:
        size += _quoted(name) + 1 + 2
        if isinstance(value, Known):
            known = (part for part in value.value.parts if isinstance(part, str))
            size += sum(_quoted(part) - 2 for part in known)
    return size


def _quoted(text: str) -> int:
    return len(json.dumps(plain(text), ensure_ascii=False).encode("utf-8", "replace"))


def _hidden(function: Function, more: Unknown) -> Iterator[Unknown]:
    """Say that a block may be there whose variables Lambda may refuse."""
    yield more.leaves(f"it is unknown whether Lambda takes the environment of `{function.id}`")

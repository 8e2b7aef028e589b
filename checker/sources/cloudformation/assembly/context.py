"""Context that an app asks an account for, and that was not looked up when it was synthesized.

The template then holds what the CDK puts in its place, and the program may have decided by it.
https://docs.aws.amazon.com/cdk/v2/guide/context.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from checker.knowledge.partial import Location, Unknown
from checker.sources.cloudformation.assembly.documents import items, text
from checker.sources.cloudformation.assembly.manifest import MissingContext

REMEDY = "run `cdk synth` with credentials that look it up, or put it into `cdk.context.json`"
_KEY = "1234abcd-12ab-34cd-56ef-1234567890ab"
"""The id that `aws-cdk-lib` writes for a key that was not looked up."""
_NAME = "DUMMY_ARN"
"""The name that it writes into the ARN of a role that was not looked up."""
_MOST_WORDS = 20
_SHORTEST = 8
"""A shorter text may stand in a template for something else."""


def stand_ins(missing: Iterable[MissingContext], at: Location) -> dict[str, Unknown]:
    """Return the texts in a template that stand for context, each with why it is unknown."""
    return {word: Unknown(why(each), at, REMEDY) for each in missing for word in _words(each)}


def _words(missing: MissingContext) -> Iterator[str]:
    if missing.provider == "key-provider":
        yield _KEY
    if missing.provider == "cc-api-provider":
        yield _NAME
    if missing.provider == "ssm":
        yield f"dummy-value-for-{text({**missing.given}, 'parameterName')}"
    given = missing.given.get("dummyValue")
    for each in (items(given) or [given])[:_MOST_WORDS]:
        values = each.values() if isinstance(each, dict) else (each,)
        listed = islice(values, _MOST_WORDS)
        yield from (value for value in listed if isinstance(value, str) and len(value) >= _SHORTEST)


def why(missing: MissingContext) -> str:
    """Say of context that it was not looked up."""
    return f"context `{missing.key}` was not looked up when the app was synthesized"


def unknown(missing: tuple[MissingContext, ...], at: Location) -> Unknown | None:
    """Return why what a stack holds is not what is deployed; None if all context was looked up."""
    if not missing:
        return None
    more = f", nor {len(missing) - 1} more" if len(missing) > 1 else ""
    return Unknown(f"{why(missing[0])}{more}: the template may become another", at, REMEDY)

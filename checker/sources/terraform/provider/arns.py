"""Names and ARNs as AWS builds them, with a hole for what is not known yet."""

from __future__ import annotations

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.text import Text, narrowed
from checker.sources.terraform.modules.instances import Instance


def name_of(instance: Instance, argument: str = "name", suffix: str = "") -> Text:
    """Return a resource's name: as written, or a prefix with a suffix that is made up later."""
    written = instance.written.text(argument)
    if written is not None and written.parts:
        return narrowed(written)
    prefix = instance.written.text(f"{argument}_prefix")
    made_up = instance.hole(argument, Kind.NAME)
    return Text.of(narrowed(prefix) if prefix is not None else "terraform-", made_up, suffix)


def arn(instance: Instance, service: str, resource: Text, *, regional: bool = True) -> Text:
    """Return the ARN of a resource in the account of its provider."""
    provider = instance.provider
    region: Text | str = provider.region if regional else ""
    return Text.of(
        "arn:", provider.partition, f":{service}:", region, ":", provider.account, ":", resource
    )


def invoked(arn: Text) -> Text:
    """Return the function's ARN in that by which API Gateway calls it; another text as it is."""
    parts = [*arn.parts]
    for n, part in enumerate(parts):
        if isinstance(part, str) and _FUNCTIONS in part and str(parts[-1]).endswith(_CALLED):
            parts[-1] = str(parts[-1]).removesuffix(_CALLED)
            inner = str(part).partition(_FUNCTIONS)[2]
            return Text.of(inner, *parts[n + 1 :]).taken_of(arn.thing)
    return arn


_FUNCTIONS = "/functions/"
_CALLED = "/invocations"


def function_arn(named: Text, instance: Instance) -> Text:
    """Return the full ARN of a function given by name, partial ARN or ARN, as the API accepts it.

    See https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html.
    """
    first = named.parts[0] if named.parts else ""
    if isinstance(first, str) and first.startswith("arn:"):
        return named
    if isinstance(first, Hole) and first.kind in {Kind.ANY, Kind.JSON}:
        return named
    fields = named.split(":")
    if fields is not None and len(fields) > 2 and fields[1].literal == "function":  # noqa: PLR2004
        provider = instance.provider
        made = Text.of("arn:", provider.partition, ":lambda:", provider.region, ":", named)
    else:
        made = arn(instance, "lambda", Text.of("function:", named))
    return made.taken_of(named.thing)

"""`aws_lambda_event_source_mapping` to the model."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text, narrowed
from checker.model import EventSourceMapping, Foreign, Pollers
from checker.sources.terraform.evaluation.operators import first_hole
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.provider.arns import function_arn
from checker.sources.terraform.resources.given_values import given_values
from checker.sources.terraform.resources.identifiers import CALLED, READ, MeantBlocks
from checker.sources.terraform.resources.reading import (
    boolean,
    complete,
    integer,
    optional_integer,
    optional_text,
    text,
    unknown,
)
from checker.sources.terraform.resources.tags import tags_of
from checker.sources.terraform.resources.walk import Walk
from checker.sources.terraform.values.marks import bare
from checker.sources.terraform.values.terraform_values import Set

DEFAULT_BATCH = 10

# Arguments that only a mapping of another source takes; they settle what an unknown source is.
_OTHER_ARGUMENTS = ("starting_position", "starting_position_timestamp", "topics", "queues",
                    "parallelization_factor", "tumbling_window_in_seconds",
                    "bisect_batch_on_function_error")  # fmt: skip
_STREAM_ARGUMENTS = ("maximum_record_age_in_seconds", "maximum_retry_attempts")
_OTHER_BLOCKS = (
    "self_managed_event_source",
    "amazon_managed_kafka_event_source_config",
    "self_managed_kafka_event_source_config",
    "document_db_event_source_config",
    "source_access_configuration",
)


def mappings(walk: Walk, meant: MeantBlocks) -> tuple[tuple[EventSourceMapping, ...], int]:
    """Return every mapping of a queue, and how many mappings read something else."""
    found: list[EventSourceMapping] = []
    others = 0
    for item in walk.of("aws_lambda_event_source_mapping"):
        source = _source(item.instance.written)
        wrong = isinstance(source, Known) and READ.argument.form.refuses(source.value)
        if wrong:
            source = meant.attribute(source, READ, item.instance)
        if not wrong and _reads_something_else(item.instance, source):
            others += 1
        else:
            found.append(_mapping(meant, item.instance, source, item.unsure))
    return tuple(found), others


def _source(written: Written) -> Value[Text]:
    """Return what a mapping reads; the provider sends no empty ARN."""
    source = text(written, "event_source_arn")
    if isinstance(source, Known) and not source.value.parts:
        return Unknown("`event_source_arn` is empty", source.at, "set it to the ARN of the queue")
    return source


def _reads_something_else(instance: Instance, source: Value[Text]) -> bool:
    if isinstance(source, Known):
        fields = source.value.split(":", 3) or Text(source.value.parts[:1]).split(":", 3) or ()
        service = fields[2] if len(fields) > 2 else Text.of()  # noqa: PLR2004 - arn:partition:service
        if len(fields) > 3 and service.literal is not None:  # noqa: PLR2004 - it is whole
            return service.literal != "sqs"
        start = service.parts[0] if service.parts else ""
        if isinstance(start, str) and not "sqs".startswith(start):
            return True
    # A wrapper module writes every argument, null where it is not wanted: only one that is sent
    # settles what is read.
    found = _foreign(instance.written, _OTHER_ARGUMENTS, _OTHER_BLOCKS)
    return any(each.unknown is None for each in found)


def _mapping(
    meant: MeantBlocks, instance: Instance, source: Value[Text], unsure: Hole | None
) -> EventSourceMapping:
    written = instance.written
    named = complete(text(written, "function_name"))
    named = meant.attribute(named, CALLED, instance)
    function: Value[Text] = named
    if isinstance(named, Known):
        function = Known(function_arn(_narrowed(named.value), instance), named.at)
    return EventSourceMapping(
        id=instance.address,
        at=instance.at,
        source=complete(source),
        function=function,
        region=Known(instance.provider.region, written.place("region")),
        batch_size=_batch_size(instance),
        batching_window=integer(written, "maximum_batching_window_in_seconds", 0),
        enabled=boolean(written, "enabled", default=True),
        tagged=_tagged(instance),
        unsure=None if unsure is None else unknown(unsure, instance.at),
        maximum_concurrency=_concurrency(written),
        pollers=_pollers(written),
        reports_failures=_reports_failures(written),
        foreign=(*_foreign(written), *_no_retries(instance)),
        filters=_filters(written),
        filter_key=optional_text(written, "kms_key_arn"),
        tags=tags_of(instance),
        given=given_values(written, "aws_lambda_event_source_mapping"),
    )


def _batch_size(instance: Instance) -> Value[int]:
    """Return the batch size that AWS gets, or its default where the provider tells none.

    The provider leaves a zero out where it makes a mapping, and sends one where it changes one.
    """
    found = integer(instance.written, "batch_size", DEFAULT_BATCH)
    if not isinstance(found, Known) or found.value != 0:
        return found
    before = bare(instance.module.project.before(instance.address).get("batch_size"))
    if before in (None, 0, DEFAULT_BATCH):
        return Known(DEFAULT_BATCH, found.at, default=True)
    return found


def _concurrency(written: Written) -> Value[int | None]:
    for block in written.nested("scaling_config"):
        if isinstance(block, Hole):
            return unknown(block, written.at)
        return optional_integer(block, "maximum_concurrency")
    return Known(None, written.at, default=True)


def _pollers(written: Written) -> Value[Pollers | None]:
    for block in written.nested("provisioned_poller_config"):
        if isinstance(block, Hole):
            return unknown(block, written.at)
        least = optional_integer(block, "minimum_pollers")
        most = optional_integer(block, "maximum_pollers")
        return Known(Pollers(least, most, block.at), block.at)
    return Known(None, written.at, default=True)


def _reports_failures(written: Written) -> Value[bool]:
    types = written.get("function_response_types")
    at = written.place("function_response_types")
    if isinstance(types, Hole):
        return unknown(types, at)
    members = types.members if isinstance(types, Set) else types
    if not isinstance(members, tuple):
        return Known(value=False, at=at, default=True)
    reports = any(
        (each.literal if isinstance(each, Text) else each) == "ReportBatchItemFailures"
        for each in members
    )
    unknowns = next(filter(None, map(first_hole, members)), None)
    return unknown(unknowns, at) if unknowns and not reports else Known(value=reports, at=at)


def _filters(written: Written) -> Value[tuple[Value[Text], ...]]:
    found: list[Value[Text]] = []
    at = written.at
    for criteria in written.nested("filter_criteria"):
        if isinstance(criteria, Hole):
            return unknown(criteria, at)
        at = criteria.at
        for one in criteria.nested("filter"):
            if isinstance(one, Hole):
                return unknown(one, at)
            found.append(text(one, "pattern"))
    return Known(tuple(found), at, default=not found)


_UNSENT = (None, False, 0, "", "false", "0", ())
"""Values with which the provider leaves an argument out."""


def _foreign(
    written: Written,
    arguments: tuple[str, ...] = (*_OTHER_ARGUMENTS, *_STREAM_ARGUMENTS),
    blocks: tuple[str, ...] = (*_OTHER_BLOCKS, "destination_config", "logging_config"),
) -> Iterator[Foreign]:
    for name in arguments:
        value = written.get(name)
        hole = first_hole(value)
        if hole is not None:
            yield Foreign(name, written.place(name), unknown(hole, written.place(name)))
        elif value not in _UNSENT:
            yield Foreign(name, written.place(name))
    for kind in blocks:
        for block in written.nested(kind):
            if isinstance(block, Hole):
                yield Foreign(kind, written.at, unknown(block, written.at))
            else:
                yield Foreign(kind, block.at)
            break


def _no_retries(instance: Instance) -> Iterator[Foreign]:
    """Yield the one zero that the provider sends, where it makes a mapping."""
    name = "maximum_retry_attempts"
    made = not instance.module.project.before(instance.address)
    if made and instance.written.has(name) and instance.written.get(name) in (0, "0"):
        yield Foreign(name, instance.written.place(name))


def _narrowed(name: Text) -> Text:
    """A function's name holds no colon, but a text that is one hole may be a whole ARN."""
    if len(name.parts) < 2 or name.spelled.startswith("arn:"):  # noqa: PLR2004
        return name
    return narrowed(name)


def _tagged(instance: Instance) -> Value[bool]:
    at = instance.written.place("tags")
    everywhere = instance.provider.tagged
    value = instance.written.get("tags")
    if everywhere is True or (value and not isinstance(value, Hole)):
        return Known(value=True, at=at)
    for hole in (value, everywhere):
        if isinstance(hole, Hole):
            return Unknown(hole.why, at, hole.remedy)
    return Known(value=False, at=at)

"""What the provider refuses of things, whether or not anything is read of it."""

from __future__ import annotations

from checker.sources.terraform.language.evaluation_errors import RefusedError
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.resources.walk import MAPPING, Walk

TYPES = (MAPPING, "aws_lambda_function", "aws_sqs_queue", "aws_iam_role", "aws_kms_key")


def note_refused_values(walk: Walk) -> None:
    """Note what the provider refuses of the values of mappings and of what they rest on."""
    for type_ in TYPES:
        for found in walk.of(type_):
            found.instance.written.refuse_values()
    for found in walk.of(MAPPING):
        _no_source(found.instance)


def _no_source(instance: Instance) -> None:
    """Note that a mapping names nothing to read: one of the two has to be there."""
    written = instance.written
    if written.body.unread or written.body.shown or written.get("event_source_arn") is not None:
        return
    if next(iter(written.nested("self_managed_event_source")), None) is not None:
        return
    why = (
        "`event_source_arn`: one of `event_source_arn,self_managed_event_source` must be specified"
    )
    at = written.place("event_source_arn")
    error = RefusedError("Invalid combination of arguments", why, at)
    instance.module.project.refusals.note(error, instance.address)

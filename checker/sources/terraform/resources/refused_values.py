"""What the provider refuses of things, whether or not anything is read of it."""

from __future__ import annotations

from checker.sources.terraform.language.evaluation_errors import RefusedError
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.resources.walk import MAPPING, Walk

FUNCTION = "aws_lambda_function"
QUEUE = "aws_sqs_queue"
TYPES = (MAPPING, FUNCTION, QUEUE, "aws_iam_role", "aws_kms_key")


def note_refused_values(walk: Walk) -> None:
    """Note what the provider refuses of the values of mappings and of what they rest on."""
    for type_ in TYPES:
        for found in walk.of(type_):
            found.instance.written.refuse_values()
    for found in walk.of(MAPPING):
        _no_source(found.instance)
    for found in walk.of(QUEUE):
        _encryption(found.instance)
    for found in walk.of(FUNCTION):
        if not found.instance.written.body.unread and not found.instance.written.body.shown:
            _code(found.instance)
            _handler(found.instance)


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
    _refuse(instance, _INVALID, why, "event_source_arn")


CODE = ("filename", "image_uri", "s3_bucket")
_INVALID = "Invalid combination of arguments"


def _code(instance: Instance) -> None:
    """Note that a function has no code, or more than one."""
    written, names = instance.written, ",".join(CODE)
    set_ = [name for name in CODE if written.is_set(name)]
    if len(set_) > 1:
        why = f"`{set_[0]}`: only one of `{names}` can be specified, but `{','.join(set_)}` were"
        _refuse(instance, _INVALID, f"{why} specified", set_[0])
    elif not set_ and all(written.get(name) is None for name in CODE):
        _refuse(instance, _INVALID, f"`{CODE[0]}`: one of `{names}` must be specified", CODE[0])


def _encryption(instance: Instance) -> None:
    """Note that a queue has a key and says no to the other encryption: null is the way to say it.

    Of one that says yes to both `encryption-conflict` speaks.
    """
    key, own = "kms_master_key_id", "sqs_managed_sse_enabled"
    if instance.written.is_set(key) and instance.written.get(own) in _NO:
        _refuse(
            instance, "Conflicting configuration arguments", f"`{key}`: conflicts with {own}", key
        )


_NO: tuple[object, ...] = (False, "false")


def _handler(instance: Instance) -> None:
    """Note that a function which is no container image does not say what is run, and in what.

    See https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html.
    """
    written = instance.written
    package = written.get("package_type")
    if package is not None and not (isinstance(package, str) and package == "Zip"):
        return
    for name in ("handler", "runtime"):
        if written.get(name) is None:
            _refuse(instance, "handler and runtime must be set when PackageType is Zip", "", name)
            return


def _refuse(instance: Instance, summary: str, why: str, argument: str) -> None:
    error = RefusedError(summary, why, instance.written.place(argument))
    instance.module.project.refusals.note(error, instance.address)

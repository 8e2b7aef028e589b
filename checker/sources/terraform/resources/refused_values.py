"""What the provider refuses of things, whether or not anything is read of it."""

from __future__ import annotations

from checker.knowledge.partial import Unknown
from checker.sources.terraform.language.evaluation_errors import RefusedError
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.resources.reading import optional_integer
from checker.sources.terraform.resources.walk import MAPPING, Walk

FUNCTION = "aws_lambda_function"
QUEUE = "aws_sqs_queue"
_POLICIES = ("aws_iam_policy", "aws_iam_role_policy")
TYPES = (MAPPING, FUNCTION, QUEUE, "aws_iam_role", "aws_kms_key", *_POLICIES)


def note_refused_values(walk: Walk) -> None:
    """Note what the provider refuses of the values of mappings and of what they rest on."""
    for type_ in TYPES:
        for found in walk.of(type_):
            found.instance.written.refuse_values()
    for found in walk.of(MAPPING):
        _no_source(found.instance)
    for found in walk.of(QUEUE):
        _encryption(found.instance)
        _deduplication(found.instance)
        _message_size(found.instance, walk)
    for found in walk.of(FUNCTION):
        _timeout(found.instance)
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


def _timeout(instance: Instance) -> None:
    """Note a timeout that the provider takes, if at all, of functions on managed instances only."""
    written = instance.written
    seconds = optional_integer(written, "timeout")
    if isinstance(seconds, Unknown) or seconds.value is None or not _LONG < seconds.value <= _MOST:
        return
    if next(iter(written.nested("capacity_provider_config")), None) is None:
        why = f"expected timeout to be in the range (1 - {_LONG}), got {seconds.value}"
        _refuse(instance, why, "", "timeout")


_LONG, _MOST = 900, 5_400


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


def _deduplication(instance: Instance) -> None:
    """Note that a standard queue is to tell messages apart by their content."""
    written = instance.written
    if written.get("content_based_deduplication") in _IS and written.get("fifo_queue") in _NOT:
        why = "content-based deduplication can only be set for FIFO queue"
        _refuse(instance, why, "", "content_based_deduplication")


_IS: tuple[object, ...] = (True, "true")
_NOT: tuple[object, ...] = (None, False, "false")


def _message_size(instance: Instance, walk: Walk) -> None:
    """Note a message size that versions of the provider before 6.8 do not take.

    https://github.com/hashicorp/terraform-provider-aws/issues/44054
    """
    size = optional_integer(instance.written, _SIZE)
    if isinstance(size, Unknown) or size.value is None or not _OLD < size.value <= _NEW:
        return
    root = walk.modules[0]
    if root.project.engine.has_provider_before(_SINCE, root.declarations):
        why = f"expected {_SIZE} to be in the range (1024 - {_OLD}), got {size.value}"
        _refuse(instance, why, "", _SIZE)


_SIZE = "max_message_size"
_OLD, _NEW = 262_144, 1_048_576
_SINCE = (6, 8, 0)


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

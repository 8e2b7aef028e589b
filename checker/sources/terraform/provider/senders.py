"""What the AWS provider computes of that which sends to queues, of layers and of repositories.

The formats follow the Service Authorization Reference,
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html.
"""

from __future__ import annotations

from checker.knowledge.holes import Kind
from checker.knowledge.text import Text, narrowed
from checker.model import RESOURCE, arn_field
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.provider.arns import arn, name_of
from checker.sources.terraform.provider.data_sources import Compute


def _topic_name(instance: Instance) -> Text:
    fifo = instance.written.get("fifo_topic") in (True, "true")
    return name_of(instance, suffix=".fifo" if fifo and instance.mode == "resource" else "")


def _topic_arn(instance: Instance) -> Text:
    return arn(instance, "sns", _topic_name(instance))


def _bucket(instance: Instance) -> Text:
    return name_of(instance, "bucket")


def bucket_arn(instance: Instance, name: Text) -> Text:
    """Return the ARN of a bucket, which names neither Region nor account."""
    return Text.of("arn:", instance.provider.partition, ":s3:::", narrowed(name))


def _bucket_arn(instance: Instance) -> Text:
    return bucket_arn(instance, _bucket(instance))


def rule_arn(instance: Instance, name: Text, bus: Text | None) -> Text:
    """Return the ARN of an EventBridge rule; the bus of one that is not `default` is part of it.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-manage-iam-access.html
    """
    if bus is not None and bus.spelled.startswith("arn:"):
        resource = arn_field(bus, RESOURCE)
        first = resource.parts[0] if resource is not None and resource.parts else ""
        if resource is None or not isinstance(first, str):
            return arn(instance, "events", Text.of("rule/", instance.hole("event_bus_name"), name))
        bus = Text.of(first.removeprefix("event-bus/"), *resource.parts[1:])
    if bus is None or not bus.parts or bus.literal == "default":
        return arn(instance, "events", Text.of("rule/", narrowed(name)))
    return arn(instance, "events", Text.of("rule/", narrowed(bus), "/", narrowed(name)))


def _bus_arn(instance: Instance) -> Text:
    return arn(instance, "events", Text.of("event-bus/", name_of(instance)))


def _rule_arn(instance: Instance) -> Text:
    return rule_arn(instance, name_of(instance), instance.written.text("event_bus_name"))


def _layer_arn(instance: Instance) -> Text:
    return arn(instance, "lambda", Text.of("layer:", name_of(instance, "layer_name")))


def _layer_version_arn(instance: Instance) -> Text:
    return Text.of(_layer_arn(instance), ":", instance.hole("version", Kind.NAME))


def _repository_url(instance: Instance) -> Text:
    provider = instance.provider
    host = Text.of(provider.account, ".dkr.ecr.", provider.region, ".", provider.dns_suffix)
    return Text.of(host, "/", name_of(instance))


_TOPIC: dict[str, Compute] = {"arn": _topic_arn, "name": _topic_name}
SENDERS: dict[str, dict[str, Compute]] = {
    "aws_sns_topic": _TOPIC | {"id": _topic_arn},
    "data.aws_sns_topic": _TOPIC | {"id": _topic_arn},
    "aws_s3_bucket": {"arn": _bucket_arn, "bucket": _bucket, "id": _bucket},
    "data.aws_s3_bucket": {"arn": _bucket_arn, "bucket": _bucket, "id": _bucket},
    "aws_cloudwatch_event_bus": {"arn": _bus_arn, "name": name_of, "id": name_of},
    "aws_cloudwatch_event_rule": {"arn": _rule_arn, "name": name_of},
    "aws_ecr_repository": {"repository_url": _repository_url, "name": name_of, "id": name_of},
    "aws_lambda_layer_version": {
        "arn": _layer_version_arn,
        "id": _layer_version_arn,
        "layer_arn": _layer_arn,
        "version": lambda instance: Text.of(instance.hole("version", Kind.NAME)),
    },
}

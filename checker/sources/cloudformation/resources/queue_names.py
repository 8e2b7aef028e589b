"""Names that SQS does not take for a queue of a template.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
"""

from __future__ import annotations

import re

from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import Refusal
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.reading import boolean
from checker.sources.cloudformation.values.stack import Stack

QUEUE = "AWS::SQS::Queue"
_SUFFIX = Text.of("*.fifo")
_STANDARD = re.compile(r"[A-Za-z0-9_-]{1,80}")
_FIFO = re.compile(r"[A-Za-z0-9_-]{1,75}\.fifo")
_STANDARD_SAYS = (
    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
)
_FIFO_SAYS = (
    "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores,"
    " must end with .fifo suffix and be 1 to 80 in length"
)


def name_refusal(stack: Stack, resource: TemplateResource, unsure: str) -> Refusal | None:
    """Return why SQS refuses the name of a queue; None where it takes it, or that is unknown."""
    if resource.type != QUEUE:
        return None
    written = stack.property(resource, "QueueName")
    fifo = boolean(stack.property(resource, "FifoQueue"), "FifoQueue", resource.at, default=False)
    if written is None or not isinstance(written.value, Text) or isinstance(fifo, Unknown):
        return None
    name = written.value
    ends = name.like(_SUFFIX)
    refused = ends is (Truth.NO if fifo.value else Truth.YES)
    if name.literal is not None:
        refused = (_FIFO if fifo.value else _STANDARD).fullmatch(name.literal) is None
    if not refused:
        return None
    says = _FIFO_SAYS if fifo.value else _STANDARD_SAYS
    return Refusal("InvalidParameterValue", says, written.at, resource.id, unsure)

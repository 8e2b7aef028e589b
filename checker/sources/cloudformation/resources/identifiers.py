"""Properties that are given another identifier than AWS takes, and what was meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from checker.knowledge.json_nodes import JsonNode
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.model import WrongIdentifier
from checker.model import identifier_forms as forms
from checker.model.identifier_words import said_of
from checker.model.identifiers import MeantThing
from checker.records import dataclass
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.reading import inner
from checker.sources.cloudformation.values.attributes import (
    ALIAS,
    BUCKET,
    FUNCTION,
    KEY_ALIAS,
    MANAGED_POLICY,
    QUEUE,
    ROLE,
    VERSION,
)
from checker.sources.cloudformation.values.nodes import text_of
from checker.sources.cloudformation.values.stack import Stack

MOST_WRONG = 1_000
"""So many are reported of one template."""
MAPPING, PERMISSION = "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission"
_PATTERN = "Model validation failed (#/{}: failed validation constraint for keyword [pattern])"
_ROLE_NAME = (
    "The specified value for roleName is invalid. It must contain only alphanumeric characters"
    " and/or the following: +=,.@_-"
)
_USER_NAME = _ROLE_NAME.replace("roleName", "userName")
_POLICY = "InvalidInput: ARN ... is not valid"
_ADDRESS = "The address ... is not valid for this endpoint."
_REDRIVE = "Value {...} for parameter RedrivePolicy is invalid"
_KEY = "InvalidArnException or NotFoundException"
_ENDPOINT = "Invalid parameter: SQS endpoint ARN"
_DESTINATION = "The ARN is not well formed"
_OTHER_SERVICE = {
    "EventSourceArn": "Unrecognized event source. Unsupported source arn : ...",
    "deadLetterTargetArn": "Only SQS queues are valid resources for deadLetterTargetArn",
}
"""What AWS answers to an ARN of a service that it does not take."""


@dataclass(frozen=True, slots=True)
class IdentifierProperty:
    """A property that names a thing, by its path, and what AWS answers to another form."""

    path: tuple[str, ...]
    form: forms.IdentifierForm
    answer: str = ""

    def refusal(self, given: Text) -> str:
        """Return what AWS answers to another form."""
        if given.spelled.startswith("arn:") and self.path[-1] in _OTHER_SERVICE:
            return _OTHER_SERVICE[self.path[-1]]
        return self.answer or _PATTERN.format("/".join(self.path))


_DEAD_LETTERS = ("DeadLetterConfig", "TargetArn")
_CALLED = IdentifierProperty(("FunctionName",), forms.FUNCTION)
_ROLES = IdentifierProperty(("Roles",), forms.ROLE_NAME, _ROLE_NAME)
_USERS = IdentifierProperty(("Users",), forms.USER_NAME, _USER_NAME)
_OF_TYPE: dict[str, tuple[IdentifierProperty, ...]] = {
    MAPPING: (
        IdentifierProperty(("EventSourceArn",), forms.SOURCE_ARN),
        _CALLED,
        IdentifierProperty(("KmsKeyArn",), forms.KEY_ARN),
    ),
    FUNCTION: (
        IdentifierProperty(("Role",), forms.ROLE_ARN),
        IdentifierProperty(_DEAD_LETTERS, forms.TARGET_ARN),
    ),
    ALIAS: (_CALLED,),
    VERSION: (_CALLED,),
    PERMISSION: (_CALLED,),
    ROLE: (
        IdentifierProperty(("PermissionsBoundary",), forms.POLICY_ARN, _POLICY),
        IdentifierProperty(("ManagedPolicyArns",), forms.POLICY_ARN, _POLICY),
    ),
    "AWS::IAM::Policy": (_ROLES, _USERS),
    MANAGED_POLICY: (_ROLES, _USERS),
    "AWS::IAM::RolePolicy": (IdentifierProperty(("RoleName",), forms.ROLE_NAME, _ROLE_NAME),),
    QUEUE: (
        IdentifierProperty(("KmsMasterKeyId",), forms.KEY, _KEY),
        IdentifierProperty(("RedrivePolicy", "deadLetterTargetArn"), forms.QUEUE_ARN, _REDRIVE),
    ),
    "AWS::SQS::QueuePolicy": (IdentifierProperty(("Queues",), forms.QUEUE_URL, _ADDRESS),),
    "AWS::SQS::QueueInlinePolicy": (IdentifierProperty(("Queue",), forms.QUEUE_URL, _ADDRESS),),
    KEY_ALIAS: (IdentifierProperty(("TargetKeyId",), forms.KEY_ITSELF, _KEY),),
    BUCKET: (
        IdentifierProperty(
            ("NotificationConfiguration", "QueueConfigurations", "Queue"),
            forms.QUEUE_ARN,
            _DESTINATION,
        ),
    ),
}
_SUBSCRIBED = IdentifierProperty(("Endpoint",), forms.QUEUE_ARN, _ENDPOINT)
_SUBSCRIPTION = "AWS::SNS::Subscription"


def wrong_identifiers(stack: Stack) -> tuple[WrongIdentifier, ...]:
    """Return what is given another identifier than AWS takes."""
    return tuple(islice(_every(stack), MOST_WRONG))


def _every(stack: Stack) -> Iterator[WrongIdentifier]:
    for type_, named in _OF_TYPE.items():
        for resource in stack.of_type(type_):
            for each in named:
                yield from _of(stack, resource, each)
    for resource in stack.of_type(_SUBSCRIPTION):
        yield from _subscribed(stack, resource)


def _subscribed(stack: Stack, resource: TemplateResource) -> Iterator[WrongIdentifier]:
    """Yield the endpoint of a queue's subscription that is no ARN; its protocol may be unknown."""
    protocol = stack.text_property(resource, "Protocol")
    if isinstance(protocol, Text) and protocol.literal is not None:
        yield from _of(stack, resource, _SUBSCRIBED) if protocol.literal == "sqs" else ()
    elif protocol is not None:
        why = protocol if isinstance(protocol, Unknown) else protocol.why_unknown(resource.at)
        for wrong in _of(stack, resource, _SUBSCRIBED):
            if _names_a_queue(stack, wrong):
                yield replace(wrong, unsure=why if wrong.unsure is None else wrong.unsure)


def _of(
    stack: Stack, resource: TemplateResource, named: IdentifierProperty
) -> Iterator[WrongIdentifier]:
    for node in _below(stack.property(resource, named.path[0]), named.path[1:]):
        text = text_of(node)
        if isinstance(text, Unknown) or not text.parts or not named.form.refuses(text):
            continue
        if named.path == _DEAD_LETTERS and text.spelled.startswith("arn:"):
            continue  # function-dead-letter-target-invalid speaks
        there = resource.type == MAPPING
        yield WrongIdentifier(
            resource.id,
            named.path[-1],
            said_of(text),
            named.form.wanted,
            named.refusal(text),
            node.at,
            (text.thing,) if text.thing else (),
            None if there else stack.unsure(resource),
            resource.type == PERMISSION,
            _meant(stack, resource, named, text),
        )


_MEANT = {
    forms.SOURCE_ARN: (QUEUE, "arn"),
    forms.QUEUE_ARN: (QUEUE, "arn"),
    forms.TARGET_ARN: (QUEUE, "arn"),
    forms.ROLE_ARN: (ROLE, "arn"),
    forms.ROLE_NAME: (ROLE, "id"),
    forms.QUEUE_URL: (QUEUE, "id"),
    forms.POLICY_ARN: (MANAGED_POLICY, "id"),
}
"""What has an identifier of a form: the type, and whether `Ref` or an attribute gives it."""
_LISTED = ("Roles", "Queues", "ManagedPolicyArns")


def _meant(
    stack: Stack, resource: TemplateResource, named: IdentifierProperty, text: Text
) -> MeantThing | None:
    """Return what to refer to: a resource of the same template that surely is meant."""
    of = stack.resources.get(text.thing)
    type_, attribute = _MEANT.get(named.form, ("", ""))
    if of is None or of.type != type_ or of.stack != resource.stack:
        return None
    return MeantThing(of.id, attribute, named.path[-1] in _LISTED)


def _names_a_queue(stack: Stack, wrong: WrongIdentifier) -> bool:
    """Tell whether what is named in another way than by its ARN surely is a queue."""
    return any(stack.resources[each].type == QUEUE for each in wrong.things)


def _below(node: JsonNode | None, path: tuple[str, ...]) -> Iterator[JsonNode]:
    """Yield what stands at a path, in each member of the lists on the way."""
    if node is None or isinstance(node.value, Unknown):
        return
    if isinstance(node.value, tuple):
        for each in node.value:
            yield from _below(each, path)
    elif not path:
        yield node
    elif not isinstance(node.value, Text):
        yield from _below(inner(node, path[0]), path[1:])


class MeantResources:
    """The resources that wrong identifiers mean, by what references to them give."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._by_type: dict[str, dict[Text, TemplateResource | None]] = {}

    def arn(self, value: Value[Text], form: forms.IdentifierForm, type_: str) -> Value[Text]:
        """Return the ARN of the resource that a wrong identifier means.

        What has the form that AWS takes stays as it is. Where nothing tells which resource is
        meant, the value is unknown.
        """
        if not isinstance(value, Known) or not value.value.parts or not form.refuses(value.value):
            return value
        of = self._meant(value.value, type_)
        if of is not None:
            return Known(self._stack.attributes.arn(of).taken_of(of.id), value.at)
        why = f"it is {said_of(value.value)}, and AWS takes {form.wanted}"
        return Unknown(why, value.at, f"give it {form.wanted}")

    def reference(self, text: Text, form: forms.IdentifierForm, type_: str) -> Text:
        """Return what `Ref` gives of the resource that a wrong identifier means, else the text."""
        of = self._meant(text, type_) if form.refuses(text) else None
        return text if of is None else self._stack.attributes.reference(of)

    def queue(self, text: Text) -> Text:
        """Return the ARN of the queue that a text means where AWS takes its ARN, else the text."""
        of = self._meant(text, QUEUE) if forms.QUEUE_ARN.refuses(text) else None
        return text if of is None else self._stack.attributes.arn(of)

    def _meant(self, text: Text, type_: str) -> TemplateResource | None:
        if text.thing:
            of = self._stack.resources.get(text.thing)
            return of if of is not None and of.type == type_ else None
        named = self._by_type.get(type_)
        if named is None:
            named = self._by_type[type_] = self._index(type_)
        return named.get(text)

    def _index(self, type_: str) -> dict[Text, TemplateResource | None]:
        """Return the resources of a type by what names them; None for what names several."""
        found: dict[Text, TemplateResource | None] = {}
        attributes = self._stack.attributes
        for each in self._stack.of_type(type_):
            names = {attributes.reference(each), attributes.name(each), attributes.arn(each)}
            for name in names:
                found[name] = None if name in found else each
        return found

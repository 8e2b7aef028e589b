"""Arguments that are given another identifier than AWS takes, and what was meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.knowledge.text import Text
from checker.model import identifier_forms as forms
from checker.model.identifier_words import of_attribute, said_of
from checker.model.identifiers import WrongIdentifier
from checker.model.identities import without_keys
from checker.model.redrive import redrive
from checker.records import dataclass
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.provider_values import refused
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.resources.names import listed
from checker.sources.terraform.resources.reading import sent, unknown
from checker.sources.terraform.resources.walk import MAPPING, FoundInstance, Walk

MOST_WRONG = 1_000
"""So many are reported of one configuration."""


@dataclass(frozen=True, slots=True)
class Naming:
    """An argument of a type of resource that names a thing, and what AWS answers to another form.

    `block` is the nested block in which it stands, `listed` tells that it is a list.
    """

    type: str
    name: str
    form: forms.IdentifierForm
    answer: str
    block: str = ""
    listed: bool = False

    @property
    def path(self) -> str:
        """The argument as a path in the block of the resource."""
        return f"{self.block}.{self.name}" if self.block else self.name


_VALIDATION = "1 validation error detected: Value '...' at '{}' failed to satisfy constraint"
_ROLE_NAME = (
    "The specified value for roleName is invalid. It must contain only alphanumeric characters"
    " and/or the following: +=,.@_-"
)
_USER_NAME = _ROLE_NAME.replace("roleName", "userName")
_POLICY = "InvalidInput: ARN ... is not valid"
_ADDRESS = "The address ... is not valid for this endpoint."
_REDRIVE = "Value {...} for parameter RedrivePolicy is invalid"
_OTHER_SERVICE = {
    "event_source_arn": "Unrecognized event source. Unsupported source arn : ...",
    "redrive_policy": "Only SQS queues are valid resources for deadLetterTargetArn",
}
"""What AWS answers to an ARN of a service that it does not take."""
_IMAGE = "Source image ... is not valid. Provide a valid source image."
_KEY = "InvalidArnException or NotFoundException"


def _of_vpc(name: str, form: forms.IdentifierForm, member: str) -> Naming:
    answer = _VALIDATION.format(f"vpcConfig.{member}")
    return Naming("aws_lambda_function", name, form, answer, block="vpc_config", listed=True)


SOURCE = Naming(MAPPING, "event_source_arn", forms.SOURCE_ARN, _VALIDATION.format("eventSourceArn"))
_CALLED = Naming(MAPPING, "function_name", forms.FUNCTION, _VALIDATION.format("functionName"))
_ROLE = Naming("aws_lambda_function", "role", forms.ROLE_ARN, _VALIDATION.format("role"))
_OF_ALIAS = Naming("aws_lambda_alias", "function_name", forms.FUNCTION, _CALLED.answer)
_TARGET = Naming("aws_sqs_queue", "redrive_policy", forms.QUEUE_ARN, _REDRIVE)
ARGUMENTS = (
    SOURCE,
    _CALLED,
    Naming(MAPPING, "kms_key_arn", forms.KEY_ARN, _KEY),
    _ROLE,
    Naming(
        "aws_lambda_function",
        "target_arn",
        forms.TARGET_ARN,
        _VALIDATION.format("deadLetterConfig.targetArn"),
        block="dead_letter_config",
    ),
    Naming("aws_lambda_function", "kms_key_arn", forms.KEY_ARN, _VALIDATION.format("kMSKeyArn")),
    Naming("aws_lambda_function", "image_uri", forms.IMAGE, _IMAGE),
    _of_vpc("subnet_ids", forms.SUBNET_ID, "subnetIds"),
    _of_vpc("security_group_ids", forms.GROUP_ID, "securityGroupIds"),
    Naming(
        "aws_lambda_function",
        "layers",
        forms.LAYER_ARN,
        _VALIDATION.format("layers"),
        listed=True,
    ),
    _OF_ALIAS,
    Naming("aws_lambda_permission", "function_name", forms.FUNCTION, _CALLED.answer),
    Naming("aws_iam_role_policy", "role", forms.ROLE_NAME, _ROLE_NAME),
    Naming("aws_iam_role_policy_attachment", "role", forms.ROLE_NAME, _ROLE_NAME),
    Naming("aws_iam_role_policy_attachment", "policy_arn", forms.POLICY_ARN, _POLICY),
    Naming("aws_iam_policy_attachment", "roles", forms.ROLE_NAME, _ROLE_NAME, listed=True),
    Naming("aws_iam_policy_attachment", "users", forms.USER_NAME, _USER_NAME, listed=True),
    Naming("aws_iam_policy_attachment", "policy_arn", forms.POLICY_ARN, _POLICY),
    Naming("aws_iam_role_policies_exclusive", "role_name", forms.ROLE_NAME, _ROLE_NAME),
    Naming("aws_iam_role_policy_attachments_exclusive", "role_name", forms.ROLE_NAME, _ROLE_NAME),
    Naming(
        "aws_iam_role_policy_attachments_exclusive",
        "policy_arns",
        forms.POLICY_ARN,
        _POLICY,
        listed=True,
    ),
    Naming("aws_iam_user_policy", "user", forms.USER_NAME, _USER_NAME),
    Naming("aws_iam_user_policy_attachment", "user", forms.USER_NAME, _USER_NAME),
    Naming("aws_iam_user_policy_attachment", "policy_arn", forms.POLICY_ARN, _POLICY),
    Naming("aws_iam_role", "permissions_boundary", forms.POLICY_ARN, _POLICY),
    Naming("aws_iam_role", "managed_policy_arns", forms.POLICY_ARN, _POLICY, listed=True),
    Naming("aws_sqs_queue", "kms_master_key_id", forms.KEY, _KEY),
    Naming("aws_sqs_queue_policy", "queue_url", forms.QUEUE_URL, _ADDRESS),
    Naming("aws_sqs_queue_redrive_policy", "queue_url", forms.QUEUE_URL, _ADDRESS),
    Naming("aws_sqs_queue_redrive_allow_policy", "queue_url", forms.QUEUE_URL, _ADDRESS),
    Naming("aws_kms_alias", "target_key_id", forms.KEY_ITSELF, _KEY),
    Naming("aws_kms_key_policy", "key_id", forms.KEY_ITSELF, _KEY),
    Naming("aws_kms_grant", "key_id", forms.KEY_ITSELF, _KEY),
    Naming("aws_kms_grant", "grantee_principal", forms.PRINCIPAL_ARN, _KEY),
)


def wrong_identifiers(walk: Walk) -> tuple[WrongIdentifier, ...]:
    """Return what is given another identifier than AWS takes, of the root module's blocks."""
    found: dict[object, WrongIdentifier] = {}
    for each in _every(walk):
        # instances of one block are one finding
        key = without_keys(each.id), each.argument, each.at, each.given, each.unsure is None
        first = found.setdefault(key, each)
        if first is not each:
            found[key] = replace(first, things=(*first.things, each.id, *each.things))
        if len(found) == MOST_WRONG:
            break
    return tuple(found.values())


def _every(walk: Walk) -> Iterator[WrongIdentifier]:
    project = walk.modules[0].project
    for argument in ARGUMENTS:
        for found in walk.beside(argument.type):
            if found.instance.module.project is project:
                yield from _of(argument, found)
    for type_ in ("aws_sqs_queue", "aws_sqs_queue_redrive_policy"):
        for found in walk.beside(type_):
            if found.instance.module.project is project:
                yield from _of_target(found)


def _of(argument: Naming, found: FoundInstance) -> Iterator[WrongIdentifier]:
    blocks = [found.instance.written]
    if argument.block:
        nested = found.instance.written.nested(argument.block)
        blocks = [block for block in nested if isinstance(block, Written)]
    for block in blocks:
        for text in _texts(argument, found.instance, block):
            # what the provider refuses itself is reported of it
            said = refused(block.type, argument.name, block.get(argument.name))
            if said is None and argument.form.refuses(text):
                yield _wrong(argument, found, text, block.place(argument.name))


def _texts(argument: Naming, instance: Instance, block: Written) -> Iterator[Text]:
    if argument.listed:
        value = block.get(argument.name)
        if value is not None and not isinstance(value, Hole):
            yield from (each for each in listed(value, instance, argument.name) if each.parts)
        return
    text = sent(block, argument.name)
    if text is not None:
        yield text


def _of_target(found: FoundInstance) -> Iterator[WrongIdentifier]:
    """Yield the dead-letter target of a redrive policy that is no ARN of a queue."""
    written = found.instance.written
    text = sent(written, "redrive_policy")
    given = None if text is None else redrive(text, written.place("redrive_policy"))
    target = None if not isinstance(given, Known) or given.value is None else given.value.target
    if isinstance(target, Known) and _TARGET.form.refuses(target.value):
        yield _wrong(_TARGET, found, target.value, target.at)


def _wrong(argument: Naming, found: FoundInstance, text: Text, at: Location) -> WrongIdentifier:
    hole = found.unsure
    there = argument.type == MAPPING or hole is None
    return WrongIdentifier(
        found.instance.address,
        argument.path if argument is not _TARGET else "deadLetterTargetArn",
        said_of(text),
        argument.form.wanted,
        _answer(argument, text),
        at,
        tuple(filter(None, (text.thing, of_attribute(text), _queue(argument, found)))),
        None if there or hole is None else unknown(hole, found.instance.at),
        argument.type == "aws_lambda_permission",
    )


def _answer(argument: Naming, text: Text) -> str:
    arn = text.spelled.startswith("arn:")
    return _OTHER_SERVICE.get(argument.name, argument.answer) if arn else argument.answer


def _queue(argument: Naming, found: FoundInstance) -> str:
    """Return the address of the queue whose redrive policy is a resource of its own."""
    url = found.instance.written.text("queue_url") if argument is _TARGET else None
    return "" if url is None else url.thing


class MeantBlocks:
    """The blocks that wrong identifiers mean, by their addresses and by what else names them."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._blocks: dict[str, dict[str | Text, Instance | None]] = {}

    def attribute(self, value: Value[Text], use: Use, instance: Instance) -> Value[Text]:
        """Return the attribute that AWS takes of the block that a wrong identifier means.

        What has the form that AWS takes stays as it is. Where nothing tells which block is meant,
        the value is unknown.
        """
        if not isinstance(value, Known) or not use.argument.form.refuses(value.value):
            return value
        of = self.block(use.type, value.value)
        if of is not None:
            return Known(of.text(use.attribute), value.at)
        wrong = _wrong(use.argument, FoundInstance(instance), value.value, value.at)
        return Unknown(wrong.why, value.at, f"give it {wrong.wanted}")

    def text(self, text: Text, use: Use) -> Text:
        """Return the attribute that AWS takes of the block that a text means, else the text."""
        of = self.block(use.type, text) if use.argument.form.refuses(text) else None
        return text if of is None else of.text(use.attribute)

    def key(self, text: Text) -> Text:
        """Return the key of the alias that a text names where AWS takes the key alone."""
        of = self.block("aws_kms_alias", text) if forms.KEY_ITSELF.refuses(text) else None
        return text if of is None else of.written.text("target_key_id") or text

    def block(self, type_: str, text: Text) -> Instance | None:
        """Return the block of a type that a text names by any of its identifiers."""
        blocks = self._blocks.get(type_)
        if blocks is None:
            blocks = self._blocks[type_] = self._index(type_)
        return blocks.get(text.thing or of_attribute(text) or text)

    def _index(self, type_: str) -> dict[str | Text, Instance | None]:
        """Return the blocks of a type by what names them; None for what names several."""
        found: dict[str | Text, Instance | None] = {}
        names = _NAMES.get(type_, ("arn",))
        for each in self._walk.named(type_):
            found[each.instance.address] = each.instance
            for name in map(each.instance.text, names):
                found[name] = None if name in found else each.instance
        return found


_NAMES = {"aws_sqs_queue": ("arn", "url", "name"), "aws_kms_alias": ("arn", "name")}


@dataclass(frozen=True, slots=True)
class Use:
    """An argument, and the attribute of a type of resource that it takes."""

    argument: Naming
    type: str
    attribute: str


READ = Use(SOURCE, "aws_sqs_queue", "arn")
CALLED = Use(_CALLED, "aws_lambda_function", "arn")
RUN_AS = Use(_ROLE, "aws_iam_role", "arn")
DEAD = Use(_TARGET, "aws_sqs_queue", "arn")
OF_ROLE = Use(Naming("", "role", forms.ROLE_NAME, ""), "aws_iam_role", "name")
ATTACHED = Use(Naming("", "policy_arn", forms.POLICY_ARN, ""), "aws_iam_policy", "arn")
GRANTED = Use(Naming("", "grantee_principal", forms.PRINCIPAL_ARN, ""), "aws_iam_role", "arn")
AT_URL = Use(Naming("", "queue_url", forms.QUEUE_URL, ""), "aws_sqs_queue", "url")

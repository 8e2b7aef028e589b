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
from checker.sources.terraform.plan.configured import REMEDY
from checker.sources.terraform.resources.identifier_arguments import (
    ARGUMENTS,
    CALLED_AS,
    DEAD_LETTER_TARGET,
    OTHER_SERVICE,
    RUNS_AS,
    SOURCE,
    Naming,
)
from checker.sources.terraform.resources.names import listed
from checker.sources.terraform.resources.reading import sent, unknown
from checker.sources.terraform.resources.walk import MAPPING, FoundInstance, Walk

MOST_WRONG = 1_000
"""So many are reported of one configuration."""


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
            # what the provider refuses itself is reported of it, unless it made a plan of that
            planned = found.instance.module.project.refusals.accepted
            said = refused(block.type, argument.name, block.get(argument.name))
            if (said is None or planned) and argument.form.refuses(text):
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
    if isinstance(target, Known) and DEAD_LETTER_TARGET.form.refuses(target.value):
        yield _wrong(DEAD_LETTER_TARGET, found, target.value, target.at)


def _wrong(argument: Naming, found: FoundInstance, text: Text, at: Location) -> WrongIdentifier:
    return WrongIdentifier(
        found.instance.address,
        argument.path if argument is not DEAD_LETTER_TARGET else "deadLetterTargetArn",
        said_of(text),
        argument.form.wanted,
        _answer(argument, text),
        at,
        tuple(filter(None, (text.thing, of_attribute(text), _queue(argument, found)))),
        _unsure(argument, found, text),
        argument.type == "aws_lambda_permission",
    )


def _unsure(argument: Naming, found: FoundInstance, text: Text) -> Unknown | None:
    """Say why it is unknown whether AWS is asked for a wrong identifier; None if it surely is.

    The JSON of a plan holds what an argument refers to, and not what it makes of that.
    """
    instance = found.instance
    if instance.written.body.shown and (text.thing or of_attribute(text)):
        why = f"the plan JSON does not hold `{argument.name}`, but what it refers to"
        return Unknown(why, instance.at, REMEDY)
    if argument.type == MAPPING or found.unsure is None:
        return None
    return unknown(found.unsure, instance.at).leaves(
        f"it is unknown whether `{instance.address}` exists"
    )


def _answer(argument: Naming, text: Text) -> str:
    arn = text.spelled.startswith("arn:")
    return OTHER_SERVICE.get(argument.name, argument.answer) if arn else argument.answer


def _queue(argument: Naming, found: FoundInstance) -> str:
    """Return the address of the queue whose redrive policy is a resource of its own."""
    url = found.instance.written.text("queue_url") if argument is DEAD_LETTER_TARGET else None
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
CALLED = Use(CALLED_AS, "aws_lambda_function", "arn")
RUN_AS = Use(RUNS_AS, "aws_iam_role", "arn")
DEAD = Use(DEAD_LETTER_TARGET, "aws_sqs_queue", "arn")
OF_ROLE = Use(Naming("", "role", forms.ROLE_NAME, ""), "aws_iam_role", "name")
ATTACHED = Use(Naming("", "policy_arn", forms.POLICY_ARN, ""), "aws_iam_policy", "arn")
GRANTED = Use(Naming("", "grantee_principal", forms.PRINCIPAL_ARN, ""), "aws_iam_role", "arn")
AT_URL = Use(Naming("", "queue_url", forms.QUEUE_URL, ""), "aws_sqs_queue", "url")

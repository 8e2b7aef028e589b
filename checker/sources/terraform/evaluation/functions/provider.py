"""The functions that the AWS provider brings, which depend on nothing but their arguments.

See https://registry.terraform.io/providers/hashicorp/aws/latest/docs/functions/arn_parse. They are
called by the name that `required_providers` gives to the provider, which is `aws` here.
"""

from __future__ import annotations

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.terraform.evaluation.functions.function import TerraformFunction
from checker.sources.terraform.evaluation.functions.texts import starts, text_of
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.values.terraform_values import PlacedDict, TerraformValue

_SECTIONS = ("arn", "partition", "service", "region", "account_id", "resource")
_ROLE = "role/"


def _parse(arn: str | Text) -> TerraformValue:
    fields = _fields(text_of(arn))
    named = dict(zip(_SECTIONS, map(_plain, fields), strict=True))
    return PlacedDict({name: named[name] for name in sorted(_SECTIONS[1:])})


def _fields(arn: Text) -> tuple[Text, ...]:
    """Return the six fields of an ARN.

    Raises:
        EvaluationError: it surely is none.
        NotTold: that depends on an unknown.
    """
    head = arn.parts[0] if arn.parts else ""
    if isinstance(head, str) and not head.startswith("arn:"):
        if len(arn.parts) < 2 or not "arn:".startswith(head):  # noqa: PLR2004 - no hole follows
            raise EvaluationError("arn: invalid prefix")
        raise UnknownResultError
    fields = arn.split(":", len(_SECTIONS) - 1)
    if fields is None:
        raise UnknownResultError
    if len(fields) < len(_SECTIONS):
        raise EvaluationError("arn: not enough sections")
    return fields


def _build(*sections: str | Text) -> TerraformValue:
    parts: list[str | Text] = ["arn"]
    for section in sections:
        parts += [":", section]
    return Text.of(*parts)


def _trim_role_path(arn: str | Text) -> TerraformValue:
    _, partition, service, region, account, resource = _fields(text_of(arn))
    _demand(service.equals(Text.of("iam")), 'service must be "iam"')
    _demand(region.equals(Text.of("")), "region must be empty")
    _demand(starts(resource, Text.of(_ROLE)), f'resource must begin with "{_ROLE}"')
    return Text.of("arn:", partition, ":iam::", account, ":", _ROLE, _last(resource))


def _demand(truth: Truth, refusal: str) -> None:
    if truth is Truth.MAYBE:
        raise UnknownResultError
    if truth is Truth.NO:
        raise EvaluationError(refusal)


def _last(resource: Text) -> Text:
    """Return what follows the last slash; NotTold if a hole may hold one."""
    kept: list[str | Hole] = []
    for part in reversed(resource.parts):
        if isinstance(part, Hole):
            if part.kind.alphabet.has("/"):
                raise UnknownResultError
            kept.append(part)
            continue
        _, slash, rest = part.rpartition("/")
        kept.append(rest)
        if slash:
            break
    return Text(tuple(reversed(kept)))


def _plain(text: Text) -> str | Text:
    return text if text.literal is None else text.literal


_TEXT = ("string",)

FUNCTIONS = (
    TerraformFunction("provider::aws::arn_parse", _parse, _TEXT, partial=True),
    TerraformFunction(
        "provider::aws::arn_build", _build, _TEXT * 5, partial=True, returns="string"
    ),
    TerraformFunction(
        "provider::aws::trim_iam_role_path", _trim_role_path, _TEXT, partial=True, returns="string"
    ),
)

"""The rule `environment-key-unusable`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Unknown
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import Function, Inventory, Key
from checker.rules._creation import in_other_region
from checker.rules.fix import Fix
from checker.rules.rule import PLAN, SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings


@rule(on=Function, aws="refuses the function", works=(SOURCE, PLAN, TEMPLATE))
def environment_key_unusable(
    function: Function, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The key of the function's environment variables cannot encrypt them.

    ## Why

    Lambda makes a grant on the key of `kms_key_arn` for the execution role when the function is
    made. Where KMS refuses the grant there is no function, so no mapping:

        InvalidParameterValueException: Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant. Please check your KMS key settings. KMS Exception: InvalidArnException KMS Message: Key Aliases are not supported for this operation.

    This text is recorded for the ARN of an alias (confidence H, of 2019). For a key that is
    disabled, that has no key material, that is not symmetric or that is in another Region, KMS's
    API reference says that CreateGrant fails; that Lambda answers alike is inference (confidence
    M). Without environment variables AWS keeps no key, and the rule says nothing. It does not ask
    who may make the grant: that is the principal that deploys the function. A key of which the
    input tells nothing is taken for one that can be used.

    Source: hashicorp/terraform issue 20813; KMS API reference, CreateGrant. Confidence: high
    for an alias, medium for other keys.

    <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html>
    <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html>
    <https://github.com/hashicorp/terraform/issues/20813>

    ## Fix

    ```terraform
    resource "aws_lambda_function" "worker" {
      kms_key_arn = aws_kms_key.worker.arn
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    written = function.options.key
    if not function.closed or isinstance(written, Unknown) or written.value is None:
        return
    elsewhere = in_other_region(function, written.value, "its key", written.at)
    if isinstance(elsewhere, Unknown):
        yield elsewhere
    elif elsewhere:
        yield _problem(function, elsewhere)
    elif written.value.like(Text.of("arn:*:kms:*:alias/*")) is Truth.YES:
        yield _problem(function, "is named by an alias")
    else:
        key = inventory.key_named(written, function.arn)
        if isinstance(key, Known) and key.value is not None and key.value.closed:
            yield from _state(function, key.value)


def _state(function: Function, key: Key) -> Iterator[Said]:
    if not key.enabled.get():
        yield _problem(function, f"is `{key.state}`")
    elif not key.symmetric.get():
        yield _problem(function, "is not a symmetric encryption key")


def _problem(function: Function, what: str) -> Problem:
    key = function.options.key
    says = (
        "Lambda was unable to configure access to your environment variables because the KMS key is"
        " invalid for CreateGrant. Please check your KMS key settings."
    )
    return Problem(
        message=f"the key of the environment variables of function `{function.id}` {what}",
        at=key.at,
        fix=Fix("name the ARN of an enabled symmetric key in the function's Region"),
        because=(Evidence(f"AWS answers: `{says}`", key.at),),
    )

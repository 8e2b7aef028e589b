"""The rule `filter-key-closed-to-lambda`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.model import EventSourceMapping, Inventory, Key
from checker.requests import decrypt_filters, filter_key_layers
from checker.rules._permission import Wording, ask, tell
from checker.rules.fix import HERE, AddStatement, Fix, principal, statement
from checker.rules.rule import Evidence, Said, rule
from checker.rules.settings import Settings


@rule(on=EventSourceMapping, aws="refuses the mapping")
def filter_key_closed_to_lambda(
    mapping: EventSourceMapping, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The key that is to encrypt the mapping's filters does not let Lambda decrypt them.

    ## Why

    With `kms_key_arn` Lambda keeps the filter criteria encrypted, and reads them as the service
    principal `lambda.amazonaws.com`. A document of the function's role does not help: the key's own
    policy has to name the service. Else

        InvalidParameterValueException: Lambda service principal was denied access to decrypt your filter criteria. Please check your KMS key policy

    Source: recorded against AWS in September 2026 (badmintoncryer/cdk-preflight). Confidence: high.

    <https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html>

    ## Fix

    ```terraform
    statement {
      principals {
        type        = "Service"
        identifiers = ["lambda.amazonaws.com"]
      }
      actions   = ["kms:Decrypt"]
      resources = ["*"]
    }
    ```

    in the policy of the key.

    ## Since

    tfcheck 0.1.0. Filters can be encrypted with keys of yours since August 2024.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    arn = mapping.filter_key
    if arn.get() is None:
        return
    key = inventory.key_named(arn, mapping.function.get()).get()
    if key is None:
        return
    wording = Wording(
        who="Lambda",
        where=f"with key `{key.id}`, which encrypts the filters of `{mapping.id}`",
        subject=key.id,
        at=key.at,
        fix=lambda actions, _: _fix(actions, key),
        evidence=lambda _: (Evidence(_TEXT, arn.at),),
    )
    asked = ask(decrypt_filters(key, mapping), filter_key_layers(key), inventory)
    yield from tell([asked], wording)


_TEXT = (
    "AWS answers: `Lambda service principal was denied access to decrypt your filter criteria."
    " Please check your KMS key policy`"
)


def _fix(actions: tuple[str, ...], key: Key) -> Fix:
    who = principal("Service", "lambda.amazonaws.com")
    edit = AddStatement(key.id, statement(actions, Principal=who, Resource="*"), "resource policy")
    return Fix(f"add to the policy of key `{key.id}`: {HERE}", (edit,), safe=True)

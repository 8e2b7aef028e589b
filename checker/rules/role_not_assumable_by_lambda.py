"""The rule `role-not-assumable-by-lambda`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Known, Undocumented, Unknown
from checker.knowledge.truth import Truth
from checker.model import Inventory, Role
from checker.requests import Lack, assume, trust_layers
from checker.rules._permission import Wording, ask, tell
from checker.rules.fix import HERE, AddStatement, Fix, principal, statement
from checker.rules.rule import Evidence, Said, rule
from checker.rules.settings import Settings


@rule(on=Role, aws="refuses the function")
def role_not_assumable_by_lambda(
    role: Role, inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """The trust document of the function's role does not let Lambda assume it.

    ## Why

    Lambda runs the function, and polls the queue, as the execution role, so the role's trust
    document has to admit `lambda.amazonaws.com`. AWS refuses the function:

        InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.

    and where the function is there already, the mapping (`cannot be assumed by Lambda`, `Please add
    Lambda as a Trusted Entity`). `sqs.amazonaws.com` or `events.amazonaws.com` do not help. A
    condition on `aws:SourceAccount` has to name the function's own account. AWS does not document
    whether Lambda sends `aws:SourceArn`: a condition that names the function is a warning.

    Source: hashicorp/terraform-provider-aws, list of errors that are retried; Lambda guide,
    lambda-intro-execution-role. Confidence: high, low for `aws:SourceArn`.

    <https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html>

    ## Fix

    ```terraform
    resource "aws_iam_role" "worker" {
      assume_role_policy = jsonencode({
        Version = "2012-10-17"
        Statement = [{
          Effect    = "Allow"
          Principal = { Service = "lambda.amazonaws.com" }
          Action    = "sts:AssumeRole"
        }]
      })
    }
    ```

    ## Since

    tfcheck 0.1.0.
    """  # noqa: E501 - AWS's text stays in one line, to be found
    text = "The role defined for the function cannot be assumed by Lambda."
    wording = Wording(
        who="`lambda.amazonaws.com`",
        where=f"on role `{role.id}`",
        subject=role.id,
        at=role.trust.at,
        fix=lambda actions, missing: _fix(actions, missing, role.id),
        evidence=lambda _: (Evidence(f"AWS refuses the function: `{text}`"),),
    )
    for said in tell([ask(assume(role), trust_layers(role), inventory)], wording):
        if isinstance(said, Unknown) and _names_the_function(role, inventory):
            yield Undocumented(f"{said.why}; {_RELIED_ON}", said.at, said.remedy, said.cause)
        else:
            yield said


_RELIED_ON = "many trust documents rely on it"


def _names_the_function(role: Role, inventory: Inventory) -> bool:
    """Tell whether Lambda may assume the role for all its functions, if it tells their ARNs.

    AWS documents no source of the call, and trust documents that name the function are common.
    """
    functions = [
        function.arn
        for function in inventory.functions
        if isinstance(function.role, Known) and function.role.value == role.arn
    ]
    layers = trust_layers(role)
    decisions = (
        inventory.decisions.authorize(assume(role, function), layers) for function in functions
    )
    return bool(functions) and all(each.allowed is Truth.YES for each in decisions)


def _fix(actions: tuple[str, ...], missing: Lack, role: str) -> Fix:
    if missing is Lack.DENY:
        return Fix(f"drop the statement that denies it from the trust document of `{role}`")
    allow = statement(actions, Principal=principal("Service", "lambda.amazonaws.com"))
    edit = AddStatement(role, allow, "trust policy")
    return Fix(f"add to `assume_role_policy` of `{role}`: {HERE}", (edit,), safe=True)

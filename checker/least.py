"""The least document for each part of a deployment: the role, the deployer, and an audit.

What they hold is what AWS asks for, no more: see the pages of role-cannot-read-queue,
role-cannot-decrypt and deployer-cannot-create-mapping.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from checker.characters import hcl_string, json_text
from checker.knowledge.text import Text
from checker.model import account_of, arn_field, region_of
from checker.policy import Policy
from checker.records import dataclass
from checker.reports.report import Severity
from checker.rules.settings import Settings
from checker.sources.account.allowed import READING


@dataclass(frozen=True, slots=True)
class LeastStatement:
    """One statement that allows; `conditions` are operator, key and value."""

    sid: str
    actions: tuple[str, ...]
    resource: str
    conditions: tuple[tuple[str, str, str], ...] = field(default=())


def demanded(policy: Policy) -> Settings:
    """Return the permissions that a policy demands, those of its rules of severity error too."""
    settings, severities = policy.settings, policy.severities
    if severities.get("role-cannot-extend-visibility") is Severity.ERROR:
        role = (*settings.role_required, "sqs:ChangeMessageVisibility")
        settings = replace(settings, role_required=role)
    if severities.get("deployer-cannot-list") is not Severity.ERROR:
        settings = replace(settings, deployer_console=())
    return settings


def for_role(queue: str, key: str | None, settings: Settings) -> tuple[LeastStatement, ...]:
    """Return what the execution role needs on a queue, and on the key that encrypts it."""
    read = LeastStatement("ReadQueue", settings.role_required, queue)
    if key is None:
        return (read,)
    region = region_of(Text.of(queue)) or Text.of("*")
    service = f"sqs.{region}.amazonaws.com{'.cn' if _partition(queue) == 'aws-cn' else ''}"
    through = ("StringEquals", "kms:ViaService", service)
    return (read, LeastStatement("DecryptMessages", ("kms:Decrypt",), key, (through,)))


def for_deployer(function: str, settings: Settings) -> tuple[LeastStatement, ...]:
    """Return what the deployer needs to map a queue to a function with Terraform.

    The mapping's own ARN is made by AWS, so what is asked of it later is bound to the account.
    """
    bound = ("ArnEquals", "lambda:FunctionArn", function)
    region = region_of(Text.of(function)) or Text.of("*")
    account = account_of(Text.of(function)) or Text.of("*")
    partition = _partition(function)
    mappings = f"arn:{partition}:lambda:{region}:{account}:event-source-mapping:*"
    listing = LeastStatement("ListForConsole", settings.deployer_console, "*")
    return (
        LeastStatement("CreateMapping", settings.deployer_required, "*", (bound,)),
        LeastStatement("ReadMapping", settings.deployer_terraform, mappings),
        *((listing,) if listing.actions else ()),
    )


def for_audit() -> tuple[LeastStatement, ...]:
    """Return what `tfcheck audit` needs; it writes nothing."""
    return (LeastStatement("ReadForTfcheck", READING, "*"),)


def _partition(arn: str) -> str:
    return str(arn_field(Text.of(arn), 1) or "aws")


def as_json(grants: tuple[LeastStatement, ...]) -> str:
    """Write a document as JSON."""
    statements = [_statement(grant) for grant in grants]
    return json_text({"Version": "2012-10-17", "Statement": statements}, indent=2)


def _statement(grant: LeastStatement) -> Mapping[str, object]:
    found: dict[str, object] = {
        "Sid": grant.sid,
        "Effect": "Allow",
        "Action": list(grant.actions),
        "Resource": grant.resource,
    }
    if grant.conditions:
        found["Condition"] = {test: {key: value} for test, key, value in grant.conditions}
    return found


def as_hcl(name: str, grants: tuple[LeastStatement, ...]) -> str:
    """Write a document as the data source `aws_iam_policy_document` of a name."""
    lines = [f'data "aws_iam_policy_document" "{name}" {{']
    for number, grant in enumerate(grants):
        actions = "".join(f"      {hcl_string(action)},\n" for action in grant.actions)
        lines += [""] if number else []
        lines += [
            "  statement {",
            f"    sid = {hcl_string(grant.sid)}",
            "",
            f"    actions = [\n{actions}    ]",
            "",
            f"    resources = [{hcl_string(grant.resource)}]",
        ]
        for test, key, value in grant.conditions:
            lines += [
                "",
                "    condition {",
                f"      test     = {hcl_string(test)}",
                f"      variable = {hcl_string(key)}",
                f"      values   = [{hcl_string(value)}]",
                "    }",
            ]
        lines.append("  }")
    return "\n".join([*lines, "}"])

"""The rule `configuration-invalid`."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.partial import Unknown
from checker.model import Inventory
from checker.rules.fix import Fix
from checker.rules.rule import SOURCE, TEMPLATE, Evidence, Problem, Said, rule
from checker.rules.settings import Settings

REFUSES = "Terraform refuses the configuration"
CORRECT = "correct the configuration, and run `terraform validate`"
CORRECT_TEMPLATE = "correct the template, and run `aws cloudformation validate-template`"
SETTLED = "give the variables that decide it their values"


@rule(
    on=Inventory,
    aws="is never asked: Terraform or CloudFormation refuses",
    works=(SOURCE, TEMPLATE),
)
def configuration_invalid(
    inventory: Inventory, _inventory: Inventory, _settings: Settings
) -> Iterator[Said]:
    """Terraform refuses the configuration, or CloudFormation the template: nothing of it is made.

    ## Why

    A reference to what is not declared, a word without quotes, a function that does not exist
    (`list`, `map`), an index beyond a list, a call that fails (`tonumber("x")`), a cycle, a block
    that refers to itself, an argument or block that the resource does not have or lacks, two that
    exclude each other, a function without handler or code, a variable whose type or `validation`
    does not take its value, or a value that the AWS provider does not take (`role = "worker"` where
    Terraform expects an ARN, `memory_size = 64`) ends `terraform validate` or `terraform plan` with
    an error. The message is in its own words. Values are looked at where the mappings rest on them,
    references in every block that is read for that, and only what is refused whatever the unknown
    values are is a problem. An argument that a later version of the provider might know is not
    reported.

    CloudFormation refuses a template that refers to a resource, parameter or condition that it does
    not have, or whose condition is false; resources that depend on one another in a circle; a key
    that a mapping lacks; a property that a type does not have or needs; a parameter's value beyond
    `AllowedValues`.

    Source: measured with Terraform and version 5.100.0 of its AWS provider. Confidence: high.

    <https://developer.hashicorp.com/terraform/cli/commands/validate>

    ## Fix

    Correct what Terraform names, and run `terraform validate`. If a value comes from a variable
    that the pipeline sets, give it here too, with `--var` or `--var-file`.

    ## Since

    tfcheck 0.2.0.
    """
    if not inventory.mappings:
        return
    template = inventory.kind == "cloudformation"
    who = "CloudFormation refuses the template" if template else REFUSES
    fix = CORRECT_TEMPLATE if template else CORRECT
    for refusal in inventory.refusals:
        if refusal.unsure:
            why = f"it is unknown whether {who}: {refusal}: {refusal.unsure}"
            yield Unknown(why, refusal.at, refusal.remedy or SETTLED)
            continue
        yield Problem(
            message=f"{who}: {refusal}",
            at=refusal.at,
            fix=Fix(fix),
            because=(Evidence(f"{who.split()[0]} answers `{refusal.summary}`", refusal.at),),
            subject=refusal.address,
        )

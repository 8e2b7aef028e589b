"""What the deployer has to be allowed, by the version of the AWS provider in the lock file."""

import pytest
from rule_fixtures import whole

from checker.check import check
from checker.policy import load as load_policy
from checker.rules import RULES
from checker.rules.deployer_cannot_create_mapping import deployer_cannot_create_mapping
from checker.sources.terraform.given import Given
from checker.sources.terraform.load import load

LOCK = """provider "registry.terraform.io/hashicorp/aws" {{
  version = "{version}"
}}
"""
DEPLOYER = """# base: orders

resource "aws_iam_role" "deployer" {
  name               = "deployer"
  assume_role_policy = "{}"
}

resource "aws_iam_role_policy" "deployer" {
  role = aws_iam_role.deployer.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["lambda:CreateEventSourceMapping", "lambda:GetEventSourceMapping"]
      Resource = "*"
    }]
  })
}
"""


def refused(root, version):
    """The actions that the rule finds the deployer lacks."""
    example = root / "example.txt"
    example.write_text(DEPLOYER, encoding="utf-8")
    (root / "main.tf").write_text(whole(example), encoding="utf-8")
    if version is not None:
        (root / ".terraform.lock.hcl").write_text(LOCK.format(version=version), encoding="utf-8")
    inventory = load(root, root, Given(deployer="aws_iam_role.deployer"))
    settings = load_policy("current", [rule.name for rule in RULES]).settings
    (result,) = check(inventory, [deployer_cannot_create_mapping], settings)
    return " ".join(problem.message for problem in result.problems)


@pytest.mark.parametrize("version", [None, "5.70.0", "5.100.0", "6.21.0"])
def test_a_provider_that_knows_tags_of_mappings_lists_them(tmp_path, version):
    assert "`lambda:ListTags`" in refused(tmp_path, version)


@pytest.mark.parametrize("version", ["4.67.0", "5.69.1"])
def test_an_older_provider_lists_no_tags(tmp_path, version):
    assert refused(tmp_path, version) == ""

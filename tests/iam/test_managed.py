"""AWS managed policies: which cannot be attached, and of which nothing is recorded."""

import pytest

from checker.iam.document import Unattachable
from checker.iam.managed import managed_policy
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text

AT = Location("main.tf", 1, 1)


def test_the_policy_of_a_service_linked_role_is_attached_to_no_other():
    arn = Text.of("arn:aws:iam::aws:policy/aws-service-role/AWSLambdaReplicator")
    found = managed_policy(arn, AT)
    assert isinstance(found, Unattachable)
    assert found.answer == "Cannot attach a Service Role Policy to a Customer Role."


@pytest.mark.parametrize("partition", ["aws-iso", "aws-eusc"])
def test_the_policies_of_a_partition_that_is_not_recorded_are_unknown(partition):
    arn = f"arn:{partition}:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole"
    found = managed_policy(Text.of(arn), AT)
    assert isinstance(found, Unknown)
    assert not isinstance(found, Unattachable)
    assert f"partition `{partition}` has is not recorded" in found.why

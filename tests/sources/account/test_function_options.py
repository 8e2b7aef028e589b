"""What a live function tells of itself that a mapping meets."""

import pytest

from checker.knowledge.partial import Known, Unknown
from checker.sources.account.functions import read_function

ARN = "arn:aws:lambda:eu-west-1:111122223333:function:worker"


class AnsweringAws:
    """Answers as AWS does of a function with some configuration."""

    def __init__(self, **configuration):
        self.configuration = configuration

    def ask(self, _service, _region, operation, **_parameters):
        return {
            "GetFunctionConfiguration": {
                "Timeout": 30,
                "Role": "arn:aws:iam::111122223333:role/worker",
                **self.configuration,
            },
            "GetFunctionConcurrency": {},
            "GetFunctionRecursionConfig": {"RecursiveLoop": "Terminate"},
        }[operation]


@pytest.mark.parametrize(
    ("configuration", "durable", "managed", "tenants"),
    [
        ({}, None, False, False),
        ({"DurableConfig": {"ExecutionTimeout": 3600}}, 3600, False, False),
        ({"CapacityProviderConfig": {"x": {}}}, None, True, False),
        ({"TenancyConfig": {"TenantIsolationMode": "PER_TENANT"}}, None, False, True),
    ],
)
def test_a_function_tells_of_what_kind_it_is(configuration, durable, managed, tenants):
    options = read_function(AnsweringAws(**configuration), ARN).options
    found = (options.durable, options.managed, options.tenants)
    assert all(isinstance(each, Known) for each in found)
    assert [each.value for each in found] == [durable, managed, tenants]


def test_a_durable_function_without_a_timeout_is_unknown():
    options = read_function(AnsweringAws(DurableConfig={}), ARN).options
    assert isinstance(options.durable, Unknown)

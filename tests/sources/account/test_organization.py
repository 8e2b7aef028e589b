"""The organization's policies enter the decision, except where AWS leaves an account out."""

from __future__ import annotations

import json

import pytest
from answered import ACCOUNT, Nobody

from checker.knowledge.partial import Known, Unknown
from checker.model import Organization
from checker.sources.account.answers import Answers
from checker.sources.account.client import NotReadError
from checker.sources.account.organization import read_organization

DENY = {"Statement": [{"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}]}
ALL = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
PARENTS = {ACCOUNT: "ou-a", "ou-a": "r-x"}


class Organizations(Nobody):
    """An organization with policies by target and type; some operations may fail."""

    def __init__(self, policies, *, management="999999999999", errors=()):
        super().__init__("eu-west-1")
        self.policies, self.management = policies, management
        self.errors = dict(errors)
        self.asked = []

    def call(self, service, region, operation, **words):
        self._fail(operation)
        if operation == "DescribeOrganization":
            return {"Organization": {"MasterAccountId": self.management}}
        assert operation == "DescribePolicy"
        return {"Policy": {"Content": json.dumps(json.loads(words["PolicyId"]))}}

    def pages(self, service, region, operation, key, **words):
        self._fail(operation + words.get("Filter", ""))
        if operation == "ListParents":
            parent = PARENTS.get(words["ChildId"])
            return [{"Id": parent}] if parent else []
        wanted = self.policies.get((words["TargetId"], words["Filter"]), ())
        return [{"Id": json.dumps(each), "Name": "policy"} for each in wanted]

    def _fail(self, operation):
        self.asked.append(operation)
        if operation in self.errors:
            raise NotReadError(f"organizations:{operation}", self.errors[operation], "")


def answer(organizations):
    return read_organization(Answers(organizations), ACCOUNT, "eu-west-1")


def test_each_level_has_its_policies():
    found = answer(
        Organizations(
            {
                (ACCOUNT, "SERVICE_CONTROL_POLICY"): [ALL],
                ("ou-a", "SERVICE_CONTROL_POLICY"): [ALL, DENY],
                ("r-x", "SERVICE_CONTROL_POLICY"): [ALL],
                **{
                    (each, "RESOURCE_CONTROL_POLICY"): [ALL]
                    for each in (ACCOUNT, *PARENTS.values())
                },
            }
        )
    )
    assert [len(level.members) for level in found.value.scps] == [1, 2, 1]
    assert [len(level.members) for level in found.value.rcps] == [1, 1, 1]


@pytest.mark.parametrize("kind", ["SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"])
@pytest.mark.parametrize("bare", [ACCOUNT, "ou-a", "r-x"])
def test_a_level_without_a_policy_beside_others_that_have_some_is_unknown(kind, bare):
    targets = (ACCOUNT, *PARENTS.values())
    found = answer(Organizations({(each, kind): [ALL] for each in targets if each != bare})).value
    levels, others = found.scps, found.rcps
    if kind == "RESOURCE_CONTROL_POLICY":
        levels, others = others, levels
    assert others == ()
    assert [isinstance(each, Unknown) for level in levels for each in level.members] == [
        *(False, False, True)
    ]


def test_the_management_account_is_bound_by_none():
    organizations = Organizations({("r-x", "SERVICE_CONTROL_POLICY"): [DENY]}, management=ACCOUNT)
    assert answer(organizations).value == Organization(ACCOUNT)
    assert organizations.asked == ["DescribeOrganization"]


def test_without_an_organization_there_is_none():
    errors = {"DescribeOrganization": "AWSOrganizationsNotInUseException"}
    assert answer(Organizations({}, errors=errors)).value == Organization(ACCOUNT)


def test_a_type_that_is_not_enabled_binds_nothing():
    policies = {(each, "SERVICE_CONTROL_POLICY"): [ALL] for each in (ACCOUNT, *PARENTS.values())}
    errors = {"ListPoliciesForTargetRESOURCE_CONTROL_POLICY": "PolicyTypeNotEnabledException"}
    found = answer(Organizations(policies, errors=errors))
    assert (len(found.value.scps), found.value.rcps) == (3, ())


@pytest.mark.parametrize(
    "operation",
    [
        "DescribeOrganization",
        "ListParents",
        "ListPoliciesForTargetSERVICE_CONTROL_POLICY",
        "DescribePolicy",
    ],
)
def test_what_is_refused_is_unknown(operation):
    policies = {(ACCOUNT, "SERVICE_CONTROL_POLICY"): [ALL]}
    found = answer(Organizations(policies, errors={operation: "AccessDeniedException"}))
    assert isinstance(found, Unknown)
    assert "AccessDeniedException" in found.why


FAILS = [
    "DescribeOrganization",
    "ListParents",
    "ListPoliciesForTargetSERVICE_CONTROL_POLICY",
    "ListPoliciesForTargetRESOURCE_CONTROL_POLICY",
    "DescribePolicy",
]


@pytest.mark.parametrize("operation", FAILS)
@pytest.mark.parametrize("code", ["ThrottlingException", "ExpiredTokenException", ""])
def test_what_fails_leaves_both_types_open(operation, code):
    """It is not the account's choice to be shown less, so nothing is assumed."""
    policies = {(ACCOUNT, "SERVICE_CONTROL_POLICY"): [ALL]}
    found = answer(Organizations(policies, errors={operation: code})).value
    for levels in (found.scps, found.rcps):
        assert isinstance(levels[-1].members[-1], Unknown)
        assert "cannot be read" in levels[-1].members[-1].why
    assert found.unseen is None


class ShownInPart(Organizations):
    """An organization of which policies that deny are shown, and others are not."""

    def call(self, service, region, operation, **words):
        if operation == "DescribePolicy" and "Deny" not in words["PolicyId"]:
            raise NotReadError("organizations:DescribePolicy", "AccessDeniedException", "")
        return super().call(service, region, operation, **words)


def test_what_was_shown_before_a_refusal_denies():
    policies = {(ACCOUNT, "SERVICE_CONTROL_POLICY"): [DENY, ALL]}
    found = answer(ShownInPart(policies)).value
    ((shown, others),) = [level.members for level in found.scps]
    assert shown.statements[0].effect.value == "Deny"
    assert others.id == "everything"
    assert "AccessDeniedException" in found.unseen.why


def test_what_binds_the_account_binds_its_roles_and_queues():
    from checker.knowledge.partial import Location
    from checker.knowledge.text import Text
    from checker.model import Inventory, Queue, open_queue, open_role
    from checker.sources.account.reader import UNSEEN_ELSEWHERE, bound

    at = Location("here")
    queues = tuple(
        open_queue(Text.of(f"arn:aws:sqs:eu-west-1:{account}:orders"), at)
        for account in (ACCOUNT, "222222222222")
    )
    role = open_role(Text.of(f"arn:aws:iam::{ACCOUNT}:role/worker"), at)
    organization = answer(
        Organizations(
            {
                (ACCOUNT, "SERVICE_CONTROL_POLICY"): [DENY],
                (ACCOUNT, "RESOURCE_CONTROL_POLICY"): [ALL],
            }
        )
    )
    assert isinstance(organization, Known)
    found = bound(Inventory(kind="account", target="", sources=queues, roles=(role,)), organization)
    assert found.roles[0].scps == organization.value.scps
    assert [bool(queue.rcps) for queue in found.queues] == [True, False]
    assert UNSEEN_ELSEWHERE in found.assumptions
    assert isinstance(found.queues[0], Queue)

"""The arguments that name a thing, the identifier that AWS takes in each, and what it answers."""

from __future__ import annotations

from checker.model import identifier_forms as forms
from checker.records import dataclass
from checker.sources.terraform.resources.walk import MAPPING


@dataclass(frozen=True, slots=True)
class Naming:
    """An argument of a type of resource that names a thing, and what AWS answers to another form.

    `block` is the nested block in which it stands, `listed` tells that it is a list.
    """

    type: str
    name: str
    form: forms.IdentifierForm
    answer: str
    block: str = ""
    listed: bool = False

    @property
    def path(self) -> str:
        """The argument as a path in the block of the resource."""
        return f"{self.block}.{self.name}" if self.block else self.name


_VALIDATION = "1 validation error detected: Value '...' at '{}' failed to satisfy constraint"
_ROLE_NAME = (
    "The specified value for roleName is invalid. It must contain only alphanumeric characters"
    " and/or the following: +=,.@_-"
)
_USER_NAME = _ROLE_NAME.replace("roleName", "userName")
_POLICY = "InvalidInput: ARN ... is not valid"
_ADDRESS = "The address ... is not valid for this endpoint."
_REDRIVE = "Value {...} for parameter RedrivePolicy is invalid"
OTHER_SERVICE = {
    "event_source_arn": "Unrecognized event source. Unsupported source arn : ...",
    "redrive_policy": "Only SQS queues are valid resources for deadLetterTargetArn",
}
"""What AWS answers to an ARN of a service that it does not take."""
_IMAGE = "Source image ... is not valid. Provide a valid source image."
_KEY = "InvalidArnException or NotFoundException"


def _of_vpc(name: str, form: forms.IdentifierForm, member: str) -> Naming:
    answer = _VALIDATION.format(f"vpcConfig.{member}")
    return Naming("aws_lambda_function", name, form, answer, block="vpc_config", listed=True)


SOURCE = Naming(MAPPING, "event_source_arn", forms.SOURCE_ARN, _VALIDATION.format("eventSourceArn"))
CALLED_AS = Naming(MAPPING, "function_name", forms.FUNCTION, _VALIDATION.format("functionName"))
RUNS_AS = Naming("aws_lambda_function", "role", forms.ROLE_ARN, _VALIDATION.format("role"))
_OF_ALIAS = Naming("aws_lambda_alias", "function_name", forms.FUNCTION, CALLED_AS.answer)
DEAD_LETTER_TARGET = Naming("aws_sqs_queue", "redrive_policy", forms.QUEUE_ARN, _REDRIVE)
ARGUMENTS = (
    SOURCE,
    CALLED_AS,
    Naming(MAPPING, "kms_key_arn", forms.KEY_ARN, _KEY),
    RUNS_AS,
    Naming(
        "aws_lambda_function",
        "target_arn",
        forms.TARGET_ARN,
        _VALIDATION.format("deadLetterConfig.targetArn"),
        block="dead_letter_config",
    ),
    Naming("aws_lambda_function", "kms_key_arn", forms.KEY_ARN, _VALIDATION.format("kMSKeyArn")),
    Naming("aws_lambda_function", "image_uri", forms.IMAGE, _IMAGE),
    _of_vpc("subnet_ids", forms.SUBNET_ID, "subnetIds"),
    _of_vpc("security_group_ids", forms.GROUP_ID, "securityGroupIds"),
    Naming(
        "aws_lambda_function",
        "layers",
        forms.LAYER_ARN,
        _VALIDATION.format("layers"),
        listed=True,
    ),
    _OF_ALIAS,
    Naming("aws_lambda_permission", "function_name", forms.FUNCTION, CALLED_AS.answer),
    Naming("aws_iam_role_policy", "role", forms.ROLE_NAME, _ROLE_NAME),
    Naming("aws_iam_role_policy_attachment", "role", forms.ROLE_NAME, _ROLE_NAME),
    Naming("aws_iam_role_policy_attachment", "policy_arn", forms.POLICY_ARN, _POLICY),
    Naming("aws_iam_policy_attachment", "roles", forms.ROLE_NAME, _ROLE_NAME, listed=True),
    Naming("aws_iam_policy_attachment", "users", forms.USER_NAME, _USER_NAME, listed=True),
    Naming("aws_iam_policy_attachment", "policy_arn", forms.POLICY_ARN, _POLICY),
    Naming("aws_iam_role_policies_exclusive", "role_name", forms.ROLE_NAME, _ROLE_NAME),
    Naming("aws_iam_role_policy_attachments_exclusive", "role_name", forms.ROLE_NAME, _ROLE_NAME),
    Naming(
        "aws_iam_role_policy_attachments_exclusive",
        "policy_arns",
        forms.POLICY_ARN,
        _POLICY,
        listed=True,
    ),
    Naming("aws_iam_user_policy", "user", forms.USER_NAME, _USER_NAME),
    Naming("aws_iam_user_policy_attachment", "user", forms.USER_NAME, _USER_NAME),
    Naming("aws_iam_user_policy_attachment", "policy_arn", forms.POLICY_ARN, _POLICY),
    Naming("aws_iam_role", "permissions_boundary", forms.POLICY_ARN, _POLICY),
    Naming("aws_iam_role", "managed_policy_arns", forms.POLICY_ARN, _POLICY, listed=True),
    Naming("aws_sqs_queue", "kms_master_key_id", forms.KEY, _KEY),
    Naming("aws_sqs_queue_policy", "queue_url", forms.QUEUE_URL, _ADDRESS),
    Naming("aws_sqs_queue_redrive_policy", "queue_url", forms.QUEUE_URL, _ADDRESS),
    Naming("aws_sqs_queue_redrive_allow_policy", "queue_url", forms.QUEUE_URL, _ADDRESS),
    Naming("aws_kms_alias", "target_key_id", forms.KEY_ITSELF, _KEY),
    Naming("aws_kms_key_policy", "key_id", forms.KEY_ITSELF, _KEY),
    Naming("aws_kms_grant", "key_id", forms.KEY_ITSELF, _KEY),
    Naming("aws_kms_grant", "grantee_principal", forms.PRINCIPAL_ARN, _KEY),
)

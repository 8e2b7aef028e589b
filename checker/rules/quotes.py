"""What AWS and Terraform say when they refuse, as the rules' pages quote it: from where, how sure.

In a text, `{}` stands for what differs from case to case. Confidence: H, recorded against AWS or
read in its documentation; M, from one other source; L, inferred.
"""

from __future__ import annotations

import re

from checker.records import dataclass


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of AWS: who says it, where it was found, and how sure that is."""

    text: str
    says: str
    source: str
    confidence: str

    def fits(self, said: str) -> bool:
        """Tell whether something that was said is this sentence."""
        pattern = ".*?".join(map(re.escape, self.text.split("{}")))
        return re.fullmatch(pattern, said) is not None


_CREATE = "CreateEventSourceMapping"
_PREFLIGHT = "recorded against AWS in September 2026, badmintoncryer/cdk-preflight"
_LOCALSTACK = "recorded against AWS, snapshots of localstack/localstack"
QUOTES = (
    Quote(
        "The provided execution role does not have permissions to call {} on SQS",
        _CREATE,
        "hashicorp/terraform-provider-aws issue 7384 and many others",
        "H; M for GetQueueAttributes",
    ),
    Quote(
        "The function execution role does not have permissions to call {} on SQS",
        _CREATE,
        _LOCALSTACK,
        "H",
    ),
    Quote("Event source region must match Lambda region {}", _CREATE, _PREFLIGHT, "H"),
    Quote("Function does not exist", _CREATE, _PREFLIGHT, "H"),
    Quote(
        "Queue visibility timeout: {} seconds is less than Function timeout: {} seconds",
        _CREATE,
        "hashicorp/terraform-provider-aws issue 18099; Lambda guide, services-sqs-configure",
        "H",
    ),
    Quote(
        "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater"
        " than 10",
        _CREATE,
        _PREFLIGHT,
        "H",
    ),
    Quote("Batching window is not supported for FIFO queues", _CREATE, _PREFLIGHT, "H"),
    Quote(
        'An event source mapping with SQS arn (" {} ") and function (" {} ") already exists. Please'
        " update or delete the existing mapping with UUID {}",
        _CREATE,
        _LOCALSTACK,
        "H",
    ),
    Quote("StartingPosition is not valid for SQS event sources.", _CREATE, _PREFLIGHT, "H"),
    Quote(
        "Unsupported {} parameter for given event source mapping type.", _CREATE, _PREFLIGHT, "H"
    ),
    Quote(
        "MaximumConcurrency: {} is greater than Function Reserved Concurrency: {}",
        _CREATE,
        _PREFLIGHT,
        "H",
    ),
    Quote(
        "MinimumPollers should be between [2, 200] and MaximumPollers should be between"
        " [MinimumPollers, 10000]",
        _CREATE,
        _PREFLIGHT,
        "H",
    ),
    Quote(
        "Provisioned mode for SQS ESM does not support maximum concurrency feature. Use"
        " MaximumPollers as the control mechanism and remove maximum concurrency.",
        _CREATE,
        _PREFLIGHT,
        "H",
    ),
    Quote(
        "Too many filter patterns, maximum allowed {} patterns, provided {} patterns.",
        _CREATE,
        _PREFLIGHT,
        "H",
    ),
    Quote("Invalid filter pattern definition.", _CREATE, _LOCALSTACK, "H"),
    Quote(
        "Lambda service principal was denied access to decrypt your filter criteria. Please check"
        " your KMS key policy",
        _CREATE,
        _PREFLIGHT,
        "H",
    ),
    Quote(
        "User: {} is not authorized to perform: {} on resource: {}",
        "every operation",
        "IAM guide, troubleshoot_access-denied",
        "H",
    ),
    Quote(
        "The role defined for the function cannot be assumed by Lambda.",
        "CreateFunction",
        "hashicorp/terraform-provider-aws, list of errors that are retried",
        "H",
    ),
    Quote(
        "Please add Lambda as a Trusted Entity",
        _CREATE,
        "hashicorp/terraform-provider-aws, list of errors that are retried",
        "H",
    ),
    Quote(
        "Dead-letter queue must be same type of queue as the source.",
        "SetQueueAttributes",
        _PREFLIGHT,
        "H",
    ),
    Quote(
        "Dead-letter target must be in same region as the source.",
        "SetQueueAttributes",
        _PREFLIGHT,
        "H",
    ),
    Quote(
        "Value {} for parameter RedrivePolicy is invalid. Reason: Invalid value for"
        " maxReceiveCount{}",
        "SetQueueAttributes",
        _LOCALSTACK,
        "H",
    ),
    Quote("Invalid value for maxReceiveCount", "SetQueueAttributes", _LOCALSTACK, "H"),
    Quote(
        "Redrive policy does not contain mandatory attribute: {}",
        "SetQueueAttributes",
        _LOCALSTACK,
        "H",
    ),
    Quote(
        "You can use one type of server-side encryption (SSE) at one time. You can either enable"
        " KMS SSE or SQS SSE.",
        "SetQueueAttributes",
        _PREFLIGHT,
        "H",
    ),
    Quote(
        "timeout while waiting for state to become '{}'",
        "Terraform's AWS provider",
        "provider documentation of aws_sqs_queue, argument `policy`",
        "H that it waits; M the wording",
    ),
    Quote("KMS.AccessDeniedException", "ReceiveMessage", "SQS API reference, ReceiveMessage", "H"),
    Quote("KMS.DisabledException", "ReceiveMessage", "SQS API reference, ReceiveMessage", "H"),
    Quote(
        "KMS.InvalidKeyUsageException",
        "ReceiveMessage",
        "SQS API reference, ReceiveMessage: KmsInvalidKeyUsage",
        "M",
    ),
    Quote("MalformedPolicyDocument", "IAM operations", "IAM API reference, PutRolePolicy", "H"),
    Quote(
        "InvalidAttributeValue: Invalid value for the parameter Policy",
        "SetQueueAttributes, CreateQueue",
        "SQS API reference, SetQueueAttributes: InvalidAttributeValue",
        "H",
    ),
    Quote("MalformedPolicyDocumentException", "PutKeyPolicy", "KMS API reference", "H"),
    Quote(
        "Maximum policy size of {} bytes exceeded for role {}",
        "PutRolePolicy",
        "serverless/serverless issue 7643 and many others",
        "H",
    ),
    Quote(
        "Cannot exceed quota for PolicySize: {}",
        "CreatePolicy",
        "docker/docs issue 5815 and many others",
        "H",
    ),
    Quote(
        "Cannot exceed quota for ACLSizePerRole: {}",
        "CreateRole",
        "kubernetes-sigs/aws-load-balancer-controller issue 2718",
        "H",
    ),
    Quote(
        "{} actions were found in a statement from the submitted policy, max allowed is {}",
        "SetQueueAttributes",
        "ministryofjustice/cloud-platform-environments pull request 9082",
        "H",
    ),
    Quote(
        "Policy {} does not exist or is not attachable.",
        "AttachRolePolicy",
        "hashicorp/terraform issue 31748; aws/aws-cdk issue 19830",
        "H",
    ),
    Quote(
        "Cannot attach a Service Role Policy to a Customer Role.",
        "AttachRolePolicy",
        "aws/aws-cdk issue 6131",
        "H",
    ),
    Quote(
        "Value {} for parameter ActionName is invalid. Reason: Please refer to the appropriate"
        " WSDL for a list of valid actions.",
        "SetQueueAttributes",
        "cloudtools/awacs issue 34, once, in 2016",
        "M",
    ),
    Quote(
        "Invalid EventSourceMapping metrics. Expected values: [EventCount]",
        _CREATE,
        _PREFLIGHT,
        "H",
    ),
    Quote(
        "You can specify the {} only when FifoQueue is set to true.",
        "CreateQueue",
        f"{_PREFLIGHT}; {_LOCALSTACK}",
        "H",
    ),
    Quote(
        "Invalid value for the parameter FifoThroughputLimit. Reason: To set FifoThroughputLimit"
        " to perMessageGroupId, the DeduplicationScope must be messageGroup.",
        "CreateQueue",
        f"{_PREFLIGHT}; {_LOCALSTACK}",
        "H",
    ),
)
"""Every sentence that a page quotes."""

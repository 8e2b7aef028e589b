"""What AWS and Terraform say when they refuse, as the rules' pages quote it: from where, how sure.

In a text, `{}` stands for what differs from case to case. Confidence: H, recorded against AWS or
read in its documentation; M, from one other source; L, inferred.
"""

from __future__ import annotations

from checker.rules._function_quotes import FUNCTION_QUOTES
from checker.rules._producer_quotes import PRODUCER_QUOTES
from checker.rules._quote import Quote

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
    Quote("Function already exist: {}", "CreateFunction", "terraform-provider-aws issue 1524", "H"),
    Quote("Role with name {} already exists.", "CreateRole", "port-labs/ocean pull 854", "H"),
    Quote(
        "A policy called {} already exists. Duplicate names are not allowed.",
        "CreatePolicy",
        "konstructio/kubefirst issue 855, Altinity/terraform-aws-eks-clickhouse issue 7",
        "H",
    ),
    Quote(
        "An alias with the name {} already exists",
        "CreateAlias of KMS",
        "cloudbees-oss/terraform-aws-cloudbees-ci-eks-addon issue 66",
        "H",
    ),
    Quote("Alias already exists: {}", "CreateAlias", "HumanCellAtlas/data-store issue 929", "H"),
    Quote(
        "A queue already exists with the same name and a different value for attribute {}",
        "CreateQueue",
        "freeCodeCamp/mail-for-good issue 159, justeattakeaway/JustSaying issue 208",
        "H",
    ),
    Quote(
        "The specified value for path is invalid. It must begin and end with / and contain only"
        " alphanumeric characters and/or / characters.",
        "CreateRole",
        "cfn-lint issues 722 and 3020; serverless/serverless pull request 3802",
        "H",
    ),
    Quote(
        "The specified value for roleName is invalid. It must contain only alphanumeric characters"
        " and/or the following: +=,.@_-",
        "PutRolePolicy and AttachRolePolicy",
        "hashicorp/terraform-provider-aws issue 3087, boto/boto3 issue 3023",
        "H",
    ),
    Quote("ARN {} is not valid", "AttachRolePolicy", "terraform-provider-aws issue 1337", "M"),
    Quote(
        "1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: Member must"
        " satisfy regular expression pattern: {}",
        "CreateEventSourceMapping and CreateFunction",
        "aarondfrancis/sidecar issue 147, ryansb/acm-certs-cloudformation issue 4; the patterns of"
        " botocore's service models",
        "H",
    ),
    Quote(
        "Unrecognized event source. Unsupported source arn : {}",
        _CREATE,
        _PREFLIGHT,
        "H for a bucket; L for other services",
    ),
    Quote(
        "The service specified by the TargetArn is not supported for dead letter configuration.",
        "CreateFunction",
        _PREFLIGHT,
        "H",
    ),
    Quote(
        "Only SQS queues are valid resources for deadLetterTargetArn",
        "SetQueueAttributes",
        _LOCALSTACK,
        "H",
    ),
    Quote("The address {} is not valid for this endpoint.", "SetQueueAttributes", _PREFLIGHT, "H"),
    Quote(
        "The function execution role does not have permissions to call {} on SQS",
        _CREATE,
        _LOCALSTACK,
        "H",
    ),
    Quote("Event source region must match Lambda region {}", _CREATE, _PREFLIGHT, "H"),
    Quote("Function does not exist", _CREATE, _PREFLIGHT, "H"),
    Quote(
        "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService"
        ".NonExistentQueue. SQS Error Message: The specified queue does not exist.",
        _CREATE,
        _LOCALSTACK,
        "H",
    ),
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
    *FUNCTION_QUOTES,
    *PRODUCER_QUOTES,
)
"""Every sentence that a page quotes."""

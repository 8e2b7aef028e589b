"""What AWS says when it refuses a function; see `checker.rules.quotes`."""

from __future__ import annotations

from checker.rules._quote import Quote

_MAKE = "CreateFunction, UpdateFunctionConfiguration"
_PREFLIGHT = "recorded against AWS in September 2026, badmintoncryer/cdk-preflight"
FUNCTION_QUOTES = (
    Quote(
        "The provided execution role does not have permissions to call {} on EC2",
        _MAKE,
        "daniel-cottone/serverless-es-logs issue 145 and many others",
        "H; M for actions other than CreateNetworkInterface",
    ),
    Quote(
        "The provided execution role does not have permissions to call PutTraceSegments on XRAY",
        _MAKE,
        "functionalone/serverless-iam-roles-per-function issue 39 and others, until 2020",
        "M",
    ),
    Quote(
        "The provided execution role does not have permissions to call {} on SNS",
        _MAKE,
        "functionalone/serverless-iam-roles-per-function issue 5",
        "H",
    ),
    Quote(
        "Invalid dead letter queue ARN: FIFO SQS queue is not supported for dead letter"
        " configuration",
        _MAKE,
        _PREFLIGHT,
        "H",
    ),
    Quote(
        "The resource specified by the TargetArn must be in the same region as the Lambda function"
        " it's associated with.",
        _MAKE,
        _PREFLIGHT,
        "H",
    ),
    Quote(
        "The service specified by the TargetArn is not supported for dead letter configuration.",
        _MAKE,
        _PREFLIGHT,
        "H",
    ),
    Quote(
        "Lambda was unable to configure access to your environment variables because the KMS key is"
        " invalid for CreateGrant. Please check your KMS key settings. KMS Exception: {} KMS"
        " Message: {}",
        _MAKE,
        "hashicorp/terraform issue 20813, of an alias",
        "H; M for other keys",
    ),
    Quote(
        "Layers are not in the same region as the function. Layers are expected to be in region"
        " {}.",
        _MAKE,
        "TotalTechGeek/elysia-lambda issue 2",
        "H",
    ),
    Quote(
        "Lambda does not have permission to access the ECR image. Check the ECR permissions.",
        _MAKE,
        "aws-samples/bedrock-access-gateway issue 127",
        "H",
    ),
    Quote(
        "Source image {} is not valid. Provide a valid source image.",
        _MAKE,
        "grafana/loki issue 7218; binxio/cfn-ses-provider issue 27 for another Region",
        "H; M for another Region",
    ),
    Quote(
        "Lambda was unable to configure your environment variables because the environment"
        " variables you have provided contains reserved keys that are currently not supported for"
        " modification. Reserved keys used in this request: {}",
        _MAKE,
        "mattermost-cloud-monitoring pull request 264; aws-cdk pull request 28048",
        "H; M for names other than AWS_REGION and AWS_DEFAULT_REGION",
    ),
    Quote(
        "Lambda was unable to configure your environment variables because the environment"
        " variables you have provided exceeded the 4KB limit. String measured: {}",
        _MAKE,
        "terraform-aws-github-runner issue 3594; aws-genai-llm-chatbot issue 583",
        "H",
    ),
    Quote(
        "Please don't provide Handler or Runtime or Layer when the intended function PackageType is"
        " Image.",
        _MAKE,
        "pulumi-aws issue 5439",
        "H",
    ),
    Quote(
        "Please provide a source for function code.",
        _MAKE,
        "boto3 issue 2705, of an image without `PackageType`",
        "H",
    ),
    Quote(
        "Please provide ImageUri when updating a function with packageType Image.",
        "UpdateFunctionCode",
        "appleboy/lambda-action issue 28",
        "H; M for CreateFunction",
    ),
)
"""Every sentence about a function that a page quotes."""

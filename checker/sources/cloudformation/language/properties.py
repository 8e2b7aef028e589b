"""Which properties the resource types that matter here have, and which of them they need.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PROPERTIES: dict[str, frozenset[str]] = {
    "AWS::Lambda::EventSourceMapping": frozenset(
        [
            "AmazonManagedKafkaEventSourceConfig",
            "BatchSize",
            "BisectBatchOnFunctionError",
            "DestinationConfig",
            "DocumentDBEventSourceConfig",
            "Enabled",
            "EventSourceArn",
            "FilterCriteria",
            "FunctionName",
            "FunctionResponseTypes",
            "KmsKeyArn",
            "LoggingConfig",
            "MaximumBatchingWindowInSeconds",
            "MaximumRecordAgeInSeconds",
            "MaximumRetryAttempts",
            "MetricsConfig",
            "ParallelizationFactor",
            "ProvisionedPollerConfig",
            "Queues",
            "ScalingConfig",
            "SelfManagedEventSource",
            "SelfManagedKafkaEventSourceConfig",
            "SourceAccessConfigurations",
            "StartingPosition",
            "StartingPositionTimestamp",
            "Tags",
            "Topics",
            "TumblingWindowInSeconds",
        ]
    ),
    "AWS::SQS::Queue": frozenset(
        [
            "ContentBasedDeduplication",
            "DeduplicationScope",
            "DelaySeconds",
            "FifoQueue",
            "FifoThroughputLimit",
            "KmsDataKeyReusePeriodSeconds",
            "KmsMasterKeyId",
            "MaximumMessageSize",
            "MessageRetentionPeriod",
            "QueueName",
            "ReceiveMessageWaitTimeSeconds",
            "RedriveAllowPolicy",
            "RedrivePolicy",
            "SqsManagedSseEnabled",
            "Tags",
            "VisibilityTimeout",
        ]
    ),
    "AWS::SQS::QueuePolicy": frozenset(["PolicyDocument", "Queues"]),
    "AWS::SQS::QueueInlinePolicy": frozenset(["PolicyDocument", "Queue"]),
    "AWS::Lambda::Function": frozenset(
        [
            "Architectures",
            "CapacityProviderConfig",
            "Code",
            "CodeSigningConfigArn",
            "DeadLetterConfig",
            "Description",
            "DurableConfig",
            "Environment",
            "EphemeralStorage",
            "FileSystemConfigs",
            "FunctionName",
            "FunctionScalingConfig",
            "Handler",
            "ImageConfig",
            "KmsKeyArn",
            "Layers",
            "LoggingConfig",
            "MemorySize",
            "PackageType",
            "PublishToLatestPublished",
            "RecursiveLoop",
            "ReservedConcurrentExecutions",
            "Role",
            "Runtime",
            "RuntimeManagementConfig",
            "SnapStart",
            "Tags",
            "TenancyConfig",
            "Timeout",
            "TracingConfig",
            "VpcConfig",
        ]
    ),
    "AWS::IAM::Role": frozenset(
        [
            "AssumeRolePolicyDocument",
            "Description",
            "ManagedPolicyArns",
            "MaxSessionDuration",
            "Path",
            "PermissionsBoundary",
            "Policies",
            "RoleName",
            "Tags",
        ]
    ),
    "AWS::IAM::Policy": frozenset(["Groups", "PolicyDocument", "PolicyName", "Roles", "Users"]),
    "AWS::IAM::RolePolicy": frozenset(["PolicyDocument", "PolicyName", "RoleName"]),
    "AWS::IAM::ManagedPolicy": frozenset(
        ["Description", "Groups", "ManagedPolicyName", "Path", "PolicyDocument", "Roles", "Users"]
    ),
    "AWS::KMS::Key": frozenset(
        [
            "BypassPolicyLockoutSafetyCheck",
            "Description",
            "EnableKeyRotation",
            "Enabled",
            "KeyPolicy",
            "KeySpec",
            "KeyUsage",
            "MultiRegion",
            "Origin",
            "PendingWindowInDays",
            "RotationPeriodInDays",
            "Tags",
        ]
    ),
    "AWS::KMS::Alias": frozenset(["AliasName", "TargetKeyId"]),
    "AWS::Lambda::Version": _words(
        "CodeSha256 Description FunctionName FunctionScalingConfig "
        "ProvisionedConcurrencyConfig RuntimePolicy"
    ),
    "AWS::Lambda::Alias": _words(
        "Description FunctionName FunctionVersion Name ProvisionedConcurrencyConfig RoutingConfig"
    ),
    "AWS::Lambda::Permission": _words(
        "Action EventSourceToken FunctionName FunctionUrlAuthType InvokedViaFunctionUrl "
        "Principal PrincipalOrgID SourceAccount SourceArn"
    ),
    "AWS::Lambda::EventInvokeConfig": _words(
        "DestinationConfig FunctionName MaximumEventAgeInSeconds MaximumRetryAttempts Qualifier"
    ),
    "AWS::Lambda::LayerVersion": _words(
        "CompatibleArchitectures CompatibleRuntimes Content Description LayerName LicenseInfo"
    ),
    "AWS::SNS::Topic": _words(
        "ArchivePolicy ContentBasedDeduplication DataProtectionPolicy "
        "DeliveryStatusLogging DisplayName FifoThroughputScope FifoTopic KmsMasterKeyId "
        "MaximumMessageSize SignatureVersion Subscription Tags TopicName TracingConfig"
    ),
    "AWS::SNS::Subscription": _words(
        "DeliveryPolicy Endpoint FilterPolicy FilterPolicyScope Protocol "
        "RawMessageDelivery RedrivePolicy Region ReplayPolicy SubscriptionRoleArn "
        "TopicArn"
    ),
    "AWS::SNS::TopicPolicy": _words("PolicyDocument Topics"),
    "AWS::SNS::TopicInlinePolicy": _words("PolicyDocument TopicArn"),
    "AWS::Events::Rule": _words(
        "Description EventBusName EventPattern Name RoleArn ScheduleExpression State Tags Targets"
    ),
    "AWS::Scheduler::Schedule": _words(
        "Description EndDate FlexibleTimeWindow GroupName KmsKeyArn Name "
        "ScheduleExpression ScheduleExpressionTimezone StartDate State Target"
    ),
    "AWS::Pipes::Pipe": _words(
        "Description DesiredState Enrichment EnrichmentParameters KmsKeyIdentifier "
        "LogConfiguration Name RoleArn Source SourceParameters Tags Target "
        "TargetParameters"
    ),
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "AWS::Lambda::EventSourceMapping": ("FunctionName",),
    "AWS::SQS::QueuePolicy": ("PolicyDocument", "Queues"),
    "AWS::SQS::QueueInlinePolicy": ("PolicyDocument", "Queue"),
    "AWS::Lambda::Function": ("Code", "Role"),
    "AWS::Lambda::Version": ("FunctionName",),
    "AWS::Lambda::Alias": ("FunctionName", "FunctionVersion", "Name"),
    "AWS::Lambda::Permission": ("FunctionName", "Action", "Principal"),
    "AWS::Lambda::EventInvokeConfig": ("FunctionName", "Qualifier"),
    "AWS::Lambda::LayerVersion": ("Content",),
    "AWS::SNS::Subscription": ("TopicArn", "Protocol"),
    "AWS::SNS::TopicPolicy": ("PolicyDocument", "Topics"),
    "AWS::SNS::TopicInlinePolicy": ("PolicyDocument", "TopicArn"),
    "AWS::Scheduler::Schedule": ("FlexibleTimeWindow", "ScheduleExpression", "Target"),
    "AWS::Pipes::Pipe": ("RoleArn", "Source", "Target"),
    "AWS::IAM::Role": ("AssumeRolePolicyDocument",),
    "AWS::IAM::Policy": ("PolicyDocument", "PolicyName"),
    "AWS::IAM::RolePolicy": ("PolicyName", "RoleName"),
    "AWS::IAM::ManagedPolicy": ("PolicyDocument",),
    "AWS::KMS::Alias": ("AliasName", "TargetKeyId"),
}
REQUIRED_IN: dict[str, tuple[str, tuple[str, ...]]] = {
    "AWS::IAM::Role": ("Policies", ("PolicyDocument", "PolicyName")),
}
"""What each member of a list needs that a property holds."""
ATTRIBUTES: dict[str, frozenset[str]] = {
    "AWS::SQS::Queue": frozenset(
        (
            *("Arn", "QueueUrl", "RedrivePolicy.deadLetterTargetArn"),
            "RedrivePolicy.maxReceiveCount",
            *(PROPERTIES["AWS::SQS::Queue"] - {"RedrivePolicy", "RedriveAllowPolicy"}),
        )
    ),
    "AWS::SQS::QueuePolicy": frozenset(("Id",)),
    "AWS::Lambda::Version": frozenset(("FunctionArn", "Version")),
    "AWS::Lambda::Alias": frozenset(("AliasArn",)),
    "AWS::Lambda::Permission": frozenset(("Id",)),
    "AWS::Lambda::LayerVersion": frozenset(("LayerVersionArn",)),
    "AWS::IAM::Policy": frozenset(("Id",)),
    "AWS::SNS::Subscription": frozenset(("Arn",)),
    "AWS::SNS::TopicPolicy": frozenset(("Id",)),
    "AWS::Events::Rule": frozenset(("Arn", "RuleName")),
    "AWS::Lambda::Function": frozenset(
        (
            "Arn",
            "SnapStartResponse",
            "SnapStartResponse.ApplyOn",
            "SnapStartResponse.OptimizationStatus",
        )
    ),
    "AWS::IAM::Role": frozenset(("Arn", "RoleId")),
    "AWS::SNS::Topic": frozenset(
        (
            *("TopicArn", "TopicName", "ContentBasedDeduplication", "DeliveryStatusLogging"),
            *("DisplayName", "FifoThroughputScope", "FifoTopic", "KmsMasterKeyId", "Tags"),
            *("MaximumMessageSize", "SignatureVersion", "Subscription", "TracingConfig"),
        )
    ),
    "AWS::Scheduler::Schedule": frozenset(("Arn",)),
    "AWS::KMS::Key": frozenset(("Arn", "KeyId")),
    "AWS::Lambda::EventSourceMapping": frozenset(("EventSourceMappingArn", "Id")),
}
"""What `Fn::GetAtt` takes, as `cloudformation-validate` 1.14.0 of AWS has it."""

"""What `Ref` and `Fn::GetAtt` give of a resource before it exists.

A name that the template sets is known; one that CloudFormation makes is a hole.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
"""

from __future__ import annotations

from typing import Protocol

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text, narrowed
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.values.parameters import StackParameters

QUEUE, FUNCTION, ROLE = "AWS::SQS::Queue", "AWS::Lambda::Function", "AWS::IAM::Role"
MANAGED_POLICY, KEY, KEY_ALIAS = "AWS::IAM::ManagedPolicy", "AWS::KMS::Key", "AWS::KMS::Alias"
VERSION, ALIAS, TOPIC = "AWS::Lambda::Version", "AWS::Lambda::Alias", "AWS::SNS::Topic"
BUCKET, EVENT_RULE, EVENT_BUS = "AWS::S3::Bucket", "AWS::Events::Rule", "AWS::Events::EventBus"
LAYER, REPOSITORY, USER = "AWS::Lambda::LayerVersion", "AWS::ECR::Repository", "AWS::IAM::User"
NAMES = {
    QUEUE: "QueueName",
    FUNCTION: "FunctionName",
    ROLE: "RoleName",
    MANAGED_POLICY: "ManagedPolicyName",
    KEY_ALIAS: "AliasName",
    TOPIC: "TopicName",
    USER: "UserName",
    BUCKET: "BucketName",
    EVENT_RULE: "Name",
    EVENT_BUS: "Name",
    LAYER: "LayerName",
    REPOSITORY: "RepositoryName",
}

OTHER_SOURCES = {
    ("AWS::Kinesis::Stream", "Arn"): "kinesis",
    ("AWS::Kinesis::StreamConsumer", "ConsumerARN"): "kinesis",
    ("AWS::DynamoDB::Table", "Arn"): "dynamodb",
    ("AWS::DynamoDB::Table", "StreamArn"): "dynamodb",
    ("AWS::DynamoDB::GlobalTable", "Arn"): "dynamodb",
    ("AWS::DynamoDB::GlobalTable", "StreamArn"): "dynamodb",
    ("AWS::MSK::Cluster", "Arn"): "kafka",
    ("AWS::MSK::Cluster", "Ref"): "kafka",
    ("AWS::MSK::ServerlessCluster", "Arn"): "kafka",
    ("AWS::MSK::ServerlessCluster", "Ref"): "kafka",
    ("AWS::AmazonMQ::Broker", "Arn"): "mq",
}
"""Attributes that are ARNs of what a mapping may read beside a queue, and of which service.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html
"""
_LONGEST = {QUEUE: 80, FUNCTION: 64, ROLE: 64, MANAGED_POLICY: 128, TOPIC: 256, EVENT_RULE: 64}
"""How long a name may be; CloudFormation shortens both parts of one that it makes otherwise."""
_RANDOM = len(".fifo") + 13
"""The characters that it puts behind."""

_REGIONAL = {
    QUEUE: ("sqs", ""),
    TOPIC: ("sns", ""),
    FUNCTION: ("lambda", "function:"),
    KEY_ALIAS: ("kms", ""),
    EVENT_BUS: ("events", "event-bus/"),
    REPOSITORY: ("ecr", "repository/"),
}
"""The service in an ARN of a Region, and what stands before the name."""
_GLOBAL = {ROLE: "role", USER: "user", MANAGED_POLICY: "policy"}
_OF_PROPERTIES = (QUEUE, TOPIC)
"""Types of which `Fn::GetAtt` gives the properties as well."""
_NAMED = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::InstanceProfile")
"""Types of which `Ref` gives a name or an id, and no ARN."""
_WITH_ARN = (QUEUE, FUNCTION, ROLE, USER, KEY, BUCKET, EVENT_RULE, EVENT_BUS, REPOSITORY)


class Properties(Protocol):
    """What gives the properties of resources."""

    @property
    def parameters(self) -> StackParameters:
        """The parameters of the stack."""

    def stack_name(self, resource: TemplateResource) -> Text:
        """Return the name of the stack that a resource is of."""

    def text_property(self, resource: TemplateResource, name: str) -> Text | Unknown | None:
        """Return a property that is a text; None where it is absent."""


class StackAttributes:
    """The attributes of resources by what their types return."""

    def __init__(self, of: Properties) -> None:
        self._of = of

    def name(self, resource: TemplateResource) -> Text:
        """Return the name of a resource: what the template sets, else a hole."""
        given = self._of.text_property(resource, NAMES[resource.type])
        if isinstance(given, Text):
            return narrowed(given)
        why = f"CloudFormation makes the name of `{resource.name}` when it creates it"
        if given is not None:
            why = given.why
        made = Hole(f"{resource.id}.name", Kind.NAME, why, resource.at)
        stack = self._of.stack_name(resource).literal
        begin = f"{stack}-{resource.name}-"
        most = _LONGEST.get(resource.type, 0)
        if given is not None or stack is None or len(begin) + _RANDOM > most:
            return Text.of(made)
        return Text.of(begin, made)

    def reference(self, resource: TemplateResource) -> Text:
        """Return what `Ref` gives."""
        found = {
            QUEUE: self._url,
            KEY: self._key_id,
            **dict.fromkeys((FUNCTION, ROLE, KEY_ALIAS, USER, BUCKET), self.name),
            **dict.fromkeys((EVENT_BUS, REPOSITORY), self.name),
            **dict.fromkeys((MANAGED_POLICY, ALIAS, VERSION, TOPIC, LAYER), self.arn),
        }.get(resource.type)
        if found is not None:
            return found(resource)
        kind = Kind.NAME if resource.type in _NAMED else Kind.ANY
        return self._later(resource, "Ref", kind)

    def attribute(self, resource: TemplateResource, name: str) -> Text:
        """Return what `Fn::GetAtt` gives."""
        known = {
            (QUEUE, "QueueName"): self.name,
            (QUEUE, "QueueUrl"): self._url,
            (MANAGED_POLICY, "PolicyArn"): self.arn,
            (KEY, "KeyId"): self._key_id,
            (VERSION, "FunctionArn"): self.arn,
            (VERSION, "Version"): self._qualifier,
            (ALIAS, "AliasArn"): self.arn,
            (TOPIC, "TopicArn"): self.arn,
            (TOPIC, "TopicName"): self.name,
            (EVENT_BUS, "Name"): self.name,
            (EVENT_RULE, "RuleName"): self.name,
            (LAYER, "LayerVersionArn"): self.arn,
            (REPOSITORY, "RepositoryUri"): self._repository_uri,
            **{(of, "Arn"): self.arn for of in _WITH_ARN},
        }.get((resource.type, name))
        if known is not None:
            return known(resource)
        given = None
        if resource.type in _OF_PROPERTIES:
            given = self._of.text_property(resource, name)
        return given if isinstance(given, Text) else self._later(resource, name)

    def arn(self, resource: TemplateResource) -> Text:
        """Return the ARN of a resource of a type that is modelled."""
        if resource.type in _REGIONAL:
            service, start = _REGIONAL[resource.type]
            return self._regional(service, Text.of(start, self.name(resource)))
        if resource.type in _GLOBAL:
            return self._global(_GLOBAL[resource.type], resource)
        match resource.type:
            case "AWS::Lambda::Version" | "AWS::Lambda::Alias":
                return Text.of(self._function(resource), ":", self._qualifier(resource))
            case "AWS::KMS::Key":
                return self._regional("kms", Text.of("key/", self._key_id(resource)))
            case "AWS::S3::Bucket":
                partition = self._of.parameters.partition
                return Text.of("arn:", partition, ":s3:::", self.name(resource))
            case "AWS::Events::Rule":
                return self._regional("events", Text.of("rule/", self._rule(resource)))
            case "AWS::Lambda::LayerVersion":
                named = Text.of("layer:", self.name(resource), ":", self._qualifier(resource))
                return self._regional("lambda", named)
            case _:
                return self._later(resource, "Arn")

    def function_arn(self, named: Text) -> Text | None:
        """Return the ARN of a function that is named by name, by part of an ARN, or by ARN.

        None where it is open which of these a text is.
        """
        first = named.parts[0] if named.parts else ""
        if isinstance(first, str) and first.startswith("arn:"):
            return named
        if not named.parts or named.is_open:
            return None
        fields = named.split(":")
        if fields is None:
            return None
        account, rest = self._of.parameters.account, named
        if len(fields) > 2 and fields[1].literal == "function":  # noqa: PLR2004 - account:function:name
            account, rest = fields[0], _joined(fields[2:])
        elif fields[0].literal == "function":
            rest = _joined(fields[1:])
        elif len(fields) > 2:  # noqa: PLR2004 - a name and a qualifier
            return None
        parameters = self._of.parameters
        head = ("arn:", parameters.partition, ":lambda:", parameters.region, ":", account)
        return Text.of(*head, ":function:", rest)

    def _rule(self, resource: TemplateResource) -> Text:
        """Return what names an EventBridge rule: the bus of one that is not `default` is part.

        https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-manage-iam-access.html
        """
        bus = self._of.text_property(resource, "EventBusName")
        if isinstance(bus, Text) and bus.spelled.startswith("arn:"):
            named = bus.field("/", 1, 1)
            bus = Unknown("the name of the bus is unknown", resource.at) if named is None else named
        if bus is None or (isinstance(bus, Text) and bus.literal in ("", "default")):
            return self.name(resource)
        if isinstance(bus, Unknown) or bus.is_open:
            why = f"it is unknown which bus the rule `{resource.id}` is of"
            return Text.of(Hole(f"{resource.id}.Arn", Kind.ANY, why, resource.at))
        return Text.of(bus, "/", self.name(resource))

    def _repository_uri(self, resource: TemplateResource) -> Text:
        parameters = self._of.parameters
        host = Text.of(parameters.account, ".dkr.ecr.", parameters.region, ".", parameters.suffix)
        return Text.of(host, "/", self.name(resource))

    def _function(self, resource: TemplateResource) -> Text:
        named = self._of.text_property(resource, "FunctionName")
        found = self.function_arn(named) if isinstance(named, Text) else None
        return self._later(resource, "FunctionArn") if found is None else found

    def _qualifier(self, resource: TemplateResource) -> Text:
        if resource.type == ALIAS:
            named = self._of.text_property(resource, "Name")
            if isinstance(named, Text):
                return named
        why = f"the version `{resource.name}` gets its number when it is published"
        return Text.of(Hole(f"{resource.id}.Version", Kind.NAME, why, resource.at))

    def _url(self, resource: TemplateResource) -> Text:
        parameters = self._of.parameters
        host = Text.of("https://sqs.", parameters.region, ".", parameters.suffix)
        return Text.of(host, "/", parameters.account, "/", self.name(resource))

    def _key_id(self, resource: TemplateResource) -> Text:
        why = f"AWS makes the id of key `{resource.name}` when it creates it"
        return Text.of(Hole(f"{resource.id}.KeyId", Kind.NAME, why, resource.at))

    def _regional(self, service: str, rest: Text) -> Text:
        parameters = self._of.parameters
        head = ("arn:", parameters.partition, f":{service}:", parameters.region, ":")
        return Text.of(*head, parameters.account, ":", rest)

    def _global(self, kind: str, resource: TemplateResource) -> Text:
        parameters = self._of.parameters
        path = self._of.text_property(resource, "Path")
        shown = Text.of("/") if path is None else path
        if isinstance(shown, Unknown):
            shown = Text.of(Hole(f"{resource.id}.Path", Kind.NAME, shown.why, resource.at))
        head = ("arn:", parameters.partition, ":iam::", parameters.account, f":{kind}")
        return Text.of(*head, shown, self.name(resource))

    def _later(self, resource: TemplateResource, name: str, kind: Kind = Kind.ANY) -> Text:
        """Return what is not known yet; of an ARN of another event source its service is."""
        service = OTHER_SOURCES.get((resource.type, name))
        if service is not None:
            return self._regional(service, self._hole(resource, name, kind))
        return self._hole(resource, name, kind)

    def _hole(self, resource: TemplateResource, name: str, kind: Kind) -> Text:
        why = f"`{name}` of `{resource.name}` is known only when the stack is deployed"
        return Text.of(Hole(f"{resource.id}.{name}", kind, why, resource.at))


def _joined(fields: tuple[Text, ...]) -> Text:
    parts: list[Text | str] = []
    for n, each in enumerate(fields):
        parts += [":", each] if n else [each]
    return Text.of(*parts)


def missing(resource: str, at: Location) -> Unknown:
    """Return what is said of a reference to a resource that the template does not have."""
    return Unknown(f"the template has no resource or parameter `{resource}`", at)

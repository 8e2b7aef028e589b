"""What `Ref` and `Fn::GetAtt` give of a resource before it exists.

A name that the template sets is known; one that CloudFormation makes is a hole.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
"""

from __future__ import annotations

from typing import Protocol

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.values.parameters import StackParameters

QUEUE, FUNCTION, ROLE = "AWS::SQS::Queue", "AWS::Lambda::Function", "AWS::IAM::Role"
MANAGED_POLICY, KEY, KEY_ALIAS = "AWS::IAM::ManagedPolicy", "AWS::KMS::Key", "AWS::KMS::Alias"
VERSION, ALIAS, TOPIC = "AWS::Lambda::Version", "AWS::Lambda::Alias", "AWS::SNS::Topic"
NAMES = {
    QUEUE: "QueueName",
    FUNCTION: "FunctionName",
    ROLE: "RoleName",
    MANAGED_POLICY: "ManagedPolicyName",
    KEY_ALIAS: "AliasName",
    TOPIC: "TopicName",
    "AWS::IAM::User": "UserName",
}

_LONGEST = {QUEUE: 80, FUNCTION: 64, ROLE: 64, MANAGED_POLICY: 128, TOPIC: 256}
"""How long a name may be; CloudFormation shortens both parts of one that it makes otherwise."""
_RANDOM = len(".fifo") + 13
"""The characters that it puts behind."""


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
            return given
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
        match resource.type:
            case "AWS::SQS::Queue":
                return self._url(resource)
            case "AWS::Lambda::Function" | "AWS::IAM::Role" | "AWS::KMS::Alias" | "AWS::IAM::User":
                return self.name(resource)
            case "AWS::IAM::ManagedPolicy" | "AWS::Lambda::Alias" | "AWS::SNS::Topic":
                return self.arn(resource)
            case "AWS::Lambda::Version":
                return self.arn(resource)
            case "AWS::KMS::Key":
                return self._key_id(resource)
            case _:
                return self._later(resource, "Ref")

    def attribute(self, resource: TemplateResource, name: str) -> Text:
        """Return what `Fn::GetAtt` gives."""
        known = {
            (QUEUE, "Arn"): self.arn,
            (QUEUE, "QueueName"): self.name,
            (QUEUE, "QueueUrl"): self._url,
            (FUNCTION, "Arn"): self.arn,
            (ROLE, "Arn"): self.arn,
            ("AWS::IAM::User", "Arn"): self.arn,
            (MANAGED_POLICY, "PolicyArn"): self.arn,
            (KEY, "Arn"): self.arn,
            (KEY, "KeyId"): self._key_id,
            (VERSION, "FunctionArn"): self.arn,
            (ALIAS, "AliasArn"): self.arn,
            (TOPIC, "TopicArn"): self.arn,
            (TOPIC, "TopicName"): self.name,
        }.get((resource.type, name))
        return self._later(resource, name) if known is None else known(resource)

    def arn(self, resource: TemplateResource) -> Text:
        """Return the ARN of a resource of a type that is modelled."""
        match resource.type:
            case "AWS::SQS::Queue":
                return self._regional("sqs", self.name(resource))
            case "AWS::SNS::Topic":
                return self._regional("sns", self.name(resource))
            case "AWS::Lambda::Function":
                return self._regional("lambda", Text.of("function:", self.name(resource)))
            case "AWS::Lambda::Version" | "AWS::Lambda::Alias":
                return Text.of(self._function(resource), ":", self._qualifier(resource))
            case "AWS::KMS::Key":
                return self._regional("kms", Text.of("key/", self._key_id(resource)))
            case "AWS::KMS::Alias":
                return self._regional("kms", self.name(resource))
            case "AWS::IAM::Role":
                return self._global("role", resource)
            case "AWS::IAM::User":
                return self._global("user", resource)
            case "AWS::IAM::ManagedPolicy":
                return self._global("policy", resource)
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

    def _later(self, resource: TemplateResource, name: str) -> Text:
        why = f"`{name}` of `{resource.name}` is known only when the stack is deployed"
        return Text.of(Hole(f"{resource.id}.{name}", Kind.ANY, why, resource.at))


def _joined(fields: tuple[Text, ...]) -> Text:
    parts: list[Text | str] = []
    for n, each in enumerate(fields):
        parts += [":", each] if n else [each]
    return Text.of(*parts)


def missing(resource: str, at: Location) -> Unknown:
    """Return what is said of a reference to a resource that the template does not have."""
    return Unknown(f"the template has no resource or parameter `{resource}`", at)

"""What AWS tests of an `aws_lambda_function` when it makes it: its VPC, tracing, key and code."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.knowledge.holes import Hole
from checker.knowledge.lookup import Lookup, TooManyError
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.model import FunctionOptions, LayerVersion
from checker.sources.terraform.evaluation.operators import first_hole
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.resources.names import listed
from checker.sources.terraform.resources.reading import (
    integer,
    optional_text,
    optionally_complete,
    sent,
    unknown,
)
from checker.sources.terraform.resources.walk import Walk
from checker.sources.terraform.values.terraform_values import Set


class FunctionOptionsReader:
    """Reads the options of functions, and what else of the configuration bears on them."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._layers: Lookup[Instance] | None = None
        self._topics: Lookup[Instance] | None = None
        self._permissions: Lookup[Instance] | None = None
        self._repositories: Lookup[Instance] | None = None

    def of(self, instance: Instance, dead_letter: Value[Text | None]) -> FunctionOptions:
        """Return the options of a function; `dead_letter` is its own dead-letter target."""
        written = instance.written
        return FunctionOptions(
            vpc=_in_block(written, "vpc_config", _subnets),
            tracing=_in_block(written, "tracing_config", _is("mode", "Active")),
            key=_key(written),
            image=(image := optional_text(written, "image_uri")),
            image_closed_to=self._image_closed_to(image, instance),
            layers=tuple(self._of_function(instance)),
            layered=_some(written, "layers"),
            package=_package(written),
            dead_letter_policy=self._policy(dead_letter),
            durable=_durable(written),
            managed=_in_block(written, "capacity_provider_config", _yes),
            tenants=_in_block(
                written, "tenancy_config", _is("tenant_isolation_mode", "PER_TENANT")
            ),
        )

    def _of_function(self, instance: Instance) -> Iterator[LayerVersion]:
        at = instance.written.place("layers")
        for arn in listed(instance.written.get("layers"), instance, "layers"):
            yield LayerVersion(Known(arn, at), self._closed_to(arn, instance))

    def _closed_to(self, arn: Text, function: Instance) -> Value[str] | None:
        """Tell whether a layer that another account makes is closed to a function's account."""
        if self._layers is None:
            found = self._walk.named("aws_lambda_layer_version")
            self._layers = Lookup((each.instance.text("arn"), each.instance) for each in found)
        made = self._layers.named(arn)
        ours = function.provider.account
        if not made or made[-1].provider.account.equals(ours) is not Truth.NO:
            return None
        layer = made[-1]
        try:
            if any(_admits(each, ours) is not Truth.NO for each in self._permissions_of(layer)):
                return None
        except TooManyError as error:
            return Unknown(f"it is unknown who may use `{layer.address}`: {error}", layer.at)
        return Known(str(layer.provider.account), layer.at)

    def _permissions_of(self, layer: Instance) -> Iterator[Instance]:
        """Yield the permissions of a layer, named by its name or ARN, and those that may be its.

        Raises TooManyError where too many names would have to be compared.
        """
        if self._permissions is None:
            found = self._walk.beside("aws_lambda_layer_version_permission")
            named = ((each.instance.written.text("layer_name"), each.instance) for each in found)
            self._permissions = Lookup((name, each) for name, each in named if name is not None)
        for name in (layer.text("layer_name"), layer.text("layer_arn")):
            yield from self._permissions.named(name)
            yield from self._permissions.perhaps(name)

    def _image_closed_to(self, image: Value[Text | None], function: Instance) -> Value[str] | None:
        """Tell whether another account's repository is closed to a function's account.

        One with a policy is taken to admit it, and so is one that the input does not make.
        """
        if not isinstance(image, Known) or image.value is None:
            return None
        if self._repositories is None:
            found = self._walk.named("aws_ecr_repository")
            urls = ((each.instance.text("repository_url"), each.instance) for each in found)
            self._repositories = Lookup(urls)
        made = self._repositories.named(_untagged(image.value))
        ours = function.provider.account
        if not made or made[-1].provider.account.equals(ours) is not Truth.NO:
            return None
        repository = made[-1]
        for found_one in self._walk.beside("aws_ecr_repository_policy"):
            named = found_one.instance.written.text("repository")
            if named is None or named.equals(repository.text("name")) is not Truth.NO:
                return None
        return Known(str(repository.provider.account), repository.at)

    def _policy(self, target: Value[Text | None]) -> Unknown | None:
        """Say that a topic has a policy of its own, which is not read; None if it has none."""
        if not isinstance(target, Known) or target.value is None:
            return None
        if self._topics is None:
            self._topics = Lookup(_topics(self._walk))
        for each in self._topics.named(target.value):
            return Unknown(f"the policy of the topic, `{each.address}`, is not read", each.at)
        return None


def _topics(walk: Walk) -> Iterator[tuple[Text, Instance]]:
    """Yield what gives a topic a policy, by the topic's ARN."""
    for found in walk.beside("aws_sns_topic_policy"):
        arn = found.instance.written.text("arn")
        if arn is not None:
            yield arn, found.instance
    for found in walk.named("aws_sns_topic"):
        if sent(found.instance.written, "policy") is not None:
            yield found.instance.text("arn"), found.instance


def _untagged(image: Text) -> Text:
    """Return the URL of an image's repository: the URI without the tag or digest."""
    for n in range(len(image.parts) - 1, -1, -1):
        part = image.parts[n]
        cut = max(part.rfind("@"), part.rfind(":")) if isinstance(part, str) else -1
        if isinstance(part, str) and cut >= 0:
            head = part[: part.index("@")] if "@" in part else part[:cut]
            return Text.of(*image.parts[:n], head)
    return image


def _admits(permission: Instance, account: Text) -> Truth:
    """Tell whether a permission lets an account use a layer: it names one, or everybody."""
    principal = permission.written.text("principal")
    if principal is None:
        return Truth.NO
    return principal.equals(Text.of("*")) | principal.equals(account)


def _in_block(written: Written, kind: str, tell: Callable[[Written], Value[bool]]) -> Value[bool]:
    """Tell something of a nested block; it is not so where there is none."""
    for block in written.nested(kind):
        return unknown(block, written.at) if isinstance(block, Hole) else tell(block)
    return Known(value=False, at=written.at, default=True)


def _yes(block: Written) -> Value[bool]:
    return Known(value=True, at=block.at)


def _is(argument: str, wanted: str) -> Callable[[Written], Value[bool]]:
    def tell(block: Written) -> Value[bool]:
        found, at = block.text(argument), block.place(argument)
        if found is not None and found.literal is None:
            return found.why_unknown(at)
        return Known(found is not None and found.literal == wanted, at)

    return tell


def _package(written: Written) -> Value[str]:
    found, at = sent(written, "package_type"), written.place("package_type")
    if found is None:
        return Known("Zip", at, default=True)
    return found.why_unknown(at) if found.literal is None else Known(found.literal, at)


def _subnets(block: Written) -> Value[bool]:
    """Tell whether subnets are named: without any the function is in no VPC."""
    return _some(block, "subnet_ids")


def _some(block: Written, argument: str) -> Value[bool]:
    """Tell whether a list has elements."""
    value, at = block.get(argument), block.place(argument)
    members = value.members if isinstance(value, Set) else value
    if isinstance(members, Hole):
        return unknown(members, at)
    return Known(isinstance(members, tuple) and bool(members), at)


def _key(written: Written) -> Value[Text | None]:
    """Return the key of the environment variables: without variables AWS keeps none."""
    key = optionally_complete(optional_text(written, "kms_key_arn"))
    if isinstance(key, Known) and key.value is None:
        return key
    for block in written.nested("environment"):
        found = block if isinstance(block, Hole) else block.get("variables")
        if isinstance(found, Hole):
            return unknown(found, written.at)
        if isinstance(found, dict) and found:
            return key
    return Known(None, written.at, default=True)


def _durable(written: Written) -> Value[int | None]:
    """Return how long an execution of a durable function may take, in seconds."""
    for block in written.nested("durable_config"):
        if isinstance(block, Hole):
            return unknown(block, written.at)
        hole = first_hole(block.get("execution_timeout"))
        if hole is not None:
            return unknown(hole, block.place("execution_timeout"))
        if block.get("execution_timeout") is None:
            return Unknown("`execution_timeout` is not set, and its default is unknown", block.at)
        return integer(block, "execution_timeout", 0)
    return Known(None, written.at, default=True)

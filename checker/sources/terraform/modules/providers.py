"""Region, account and partition of every provider configuration.

See https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property

from checker.knowledge.holes import Hole, Kind
from checker.knowledge.partial import Location
from checker.knowledge.text import Text
from checker.model.partitions import DNS_SUFFIX, partition_of
from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.values.marks import sealed
from checker.sources.terraform.values.partial_values import OpenMap
from checker.sources.terraform.values.primitives import to_text
from checker.sources.terraform.values.terraform_values import Set, TerraformValue

_CREDENTIALS = ("profile", "access_key", "shared_config_files", "shared_credentials_files")


DEFAULT_ACCOUNT = Text.of(Hole("account", Kind.ACCOUNT))
"""The account of a configuration with the credentials that Terraform is run with."""


class Provider:
    """One configuration of the AWS provider: the fields of the ARNs that it makes.

    Each is worked out when it is asked for: `default_tags` may come from a data source or a module
    that is read through this very configuration.
    """

    def __init__(
        self,
        region: Callable[[], Text],
        account: Callable[[], Text],
        *,
        partition: Callable[[], Text] | None = None,
        role: Callable[[], Text | None] = lambda: None,
        default_tags: Callable[[], TerraformValue] = lambda: None,
        ignored_tags: Callable[[], tuple[Text, ...]] = tuple,
    ) -> None:
        self._region, self._account, self._partition = region, account, partition
        self._role, self._default_tags, self._ignored_tags = role, default_tags, ignored_tags

    @cached_property
    def region(self) -> Text:
        """The Region in which it makes things."""
        return self._region()

    @cached_property
    def account(self) -> Text:
        """The account in which it makes things."""
        return self._account()

    @cached_property
    def partition(self) -> Text:
        """The partition of its Region."""
        return _partition_of(self.region) if self._partition is None else self._partition()

    @cached_property
    def role(self) -> Text | None:
        """The role that it assumes, None if it assumes none."""
        return self._role()

    @cached_property
    def default_tags(self) -> TerraformValue:
        """The tags that it sets on everything that it makes; None if there are none."""
        return self._default_tags()

    @cached_property
    def ignored_tags(self) -> tuple[Text, ...]:
        """Patterns of the tag keys that it leaves alone."""
        return self._ignored_tags()

    @property
    def tagged(self) -> bool | Hole:
        """Whether it sets tags on everything that it makes."""
        tags = self.default_tags
        return tags if isinstance(tags, Hole) else bool(tags)

    @property
    def dns_suffix(self) -> Text:
        """The domain of the partition's endpoints."""
        literal = self.partition.literal
        if literal in DNS_SUFFIX:
            return Text.of(DNS_SUFFIX[literal])
        return Text.of(Hole("dns_suffix", Kind.NAME, f"the domain of `{self.partition}`"))

    def within(self, region: Text) -> Provider:
        """Return the same configuration for a resource that names its Region itself."""
        return Provider(
            lambda: region,
            lambda: self.account,
            partition=lambda: self.partition,
            role=lambda: self.role,
            default_tags=lambda: self.default_tags,
            ignored_tags=lambda: self.ignored_tags,
        )

    def informed(self, account: Callable[[Text], Text], region: Callable[[Text], Text]) -> Provider:
        """Return the same configuration with what else is known of its account and its Region."""
        return Provider(
            lambda: region(self.region),
            lambda: account(self.account),
            role=lambda: self.role,
            default_tags=lambda: self.default_tags,
            ignored_tags=lambda: self.ignored_tags,
        )


def _partition_of(region: Text) -> Text:
    """Return the partition of a Region; `aws` where the Region is unknown (an assumption)."""
    return Text.of(partition_of(region.literal or ""))


def default_provider(default: str | None = None) -> Provider:
    """Return what an empty provider configuration tells: `default` is the environment's Region."""
    region = Text.of(default or _region_hole(None))
    account = Text.of(_account_hole("account", None))
    return Provider(lambda: region, lambda: account)


def undeclared_provider(name: str, at: Location | None) -> Provider:
    """Return a configuration of which nothing is known, as no block declares it."""
    why, remedy = f"no provider block declares `{name}`", "declare it, or pass it to the module"
    region = Text.of(Hole(f"{name}.region", Kind.REGION, why, at, remedy))
    account = Text.of(Hole(f"{name}.account", Kind.ACCOUNT, why, at, remedy))
    return Provider(lambda: region, lambda: account)


def configure(block: tree.Block, label: str, scope: Scope, default: str | None = None) -> Provider:
    """Read a `provider "aws"` block; `label` is its name and alias (`aws.west`).

    `default` is the environment's Region, for a block that names none.
    """
    written = Written(block.body, scope, block.at, f"provider.{label}")

    def role() -> Text | None:
        return _assumed_role(written, label)

    return Provider(
        lambda: _region(block, scope, default),
        lambda: _account(block, label, scope, role()),
        role=role,
        default_tags=lambda: _default_tags(written),
        ignored_tags=lambda: tuple(_ignored_tags(written)),
    )


def _region(block: tree.Block, scope: Scope, default: str | None) -> Text:
    region = _text("region", block, scope)
    if region is None:
        return Text.of(default or _region_hole(block.at))
    return as_region(region) if region.literal is None else region


def as_region(text: Text) -> Text:
    """Say of a text that is one hole that it holds a Region."""
    if len(text.parts) == 1 and isinstance(text.parts[0], Hole):
        hole = text.parts[0]
        return Text.of(Hole(hole.name, Kind.REGION, hole.why, hole.at, hole.remedy))
    return text


def _account(block: tree.Block, label: str, scope: Scope, role: Text | None) -> Text:
    allowed = _value("allowed_account_ids", block, scope)
    ids = allowed.members if isinstance(allowed, Set) else allowed
    if isinstance(ids, tuple) and len(ids) == 1:
        text = to_text(ids[0], "provider.allowed_account_ids", block.at)
        if text is not None and (text.literal or "").isdigit():
            return text
        if text is not None and len(text.parts) == 1 and text.holes:
            return _as_account(text.holes[0])
    named = None if role is None else _account_in(role)
    if named is not None:
        return named
    if role is None and not any(name in block.body.arguments for name in _CREDENTIALS):
        return Text.of(_account_hole("account", block.at))
    # Two configurations of one profile or role are one account, whatever their labels; an
    # access key is never made part of a name that a report may print.
    profile = _text("profile", block, scope)
    identity = str(role) if role is not None else f"profile {profile}" if profile else label
    return Text.of(_account_hole(f"account of {identity}", block.at))


def _account_in(role: Text) -> Text | None:
    """Return the account in a role's ARN; None if the ARN does not tell where it stands."""
    fields = role.split(":", 5)
    if fields is not None:
        return fields[4] if len(fields) == 6 and fields[4].parts else None  # noqa: PLR2004 - an ARN
    match role.parts:
        case (str(before), Hole() as account, str(after), *_):
            whole = _BEFORE_ACCOUNT.fullmatch(before) and after.startswith(":role/")
            return _as_account(account) if whole else None
        case _:
            return None


_BEFORE_ACCOUNT = re.compile("arn:[^:]+:iam::")


def _as_account(hole: Hole) -> Text:
    """Say of a hole that it holds an account."""
    return Text.of(replace(hole, kind=Kind.ACCOUNT))


def _default_tags(written: Written) -> TerraformValue:
    """Return the tags that a provider sets on everything that it makes."""
    for inner in written.nested("default_tags"):
        tags: TerraformValue = inner if isinstance(inner, Hole) else inner.marked("tags")
        if not isinstance(inner, Hole) and not isinstance(tags, OpenMap):
            tags = inner.get("tags")
        if tags:
            return tags
    return None


def _ignored_tags(written: Written) -> Iterator[Text]:
    """Yield patterns of the tag keys that a provider leaves alone, whatever is written."""
    for inner in written.nested("ignore_tags"):
        if isinstance(inner, Hole):
            yield Text.of("*")
            continue
        for argument, end in (("keys", ""), ("key_prefixes", "*")):
            value = inner.get(argument)
            members = value.members if isinstance(value, Set) else value
            if isinstance(members, Hole):
                yield Text.of("*")
            for each in members if isinstance(members, tuple) else ():
                key = to_text(each, f"{inner.path}.{argument}", inner.at)
                if key is not None:
                    yield Text.of(key, end)


def _assumed_role(written: Written, label: str) -> Text | None:
    """Return the role that a provider works as in the end: it may assume one after another."""
    role: Text | None = None
    for kind in ("assume_role_with_web_identity", "assume_role"):
        for inner in written.nested(kind):
            if isinstance(inner, Hole):
                role = Text.of(Hole(f"role of {label}", why=inner.why, at=inner.at))
            else:
                named = inner.text("role_arn")
                role = named if named is not None and named.parts else role
    return role


def _value(name: str, block: tree.Block, scope: Scope) -> TerraformValue:
    argument = block.body.arguments.get(name)
    if argument is None:
        return None
    try:
        return sealed(evaluate(argument.expression, scope))
    except EvaluationError as error:
        return Hole(f"provider.{name}", why=str(error), at=argument.at)


def _text(name: str, block: tree.Block, scope: Scope) -> Text | None:
    return to_text(_value(name, block, scope), f"provider.{name}", block.at)


def _region_hole(at: Location | None) -> Hole:
    return Hole(
        "region",
        Kind.REGION,
        "no provider block names the Region",
        at,
        "set `region` in the provider block, or take the environment's with `--env`",
    )


def _account_hole(name: str, at: Location | None) -> Hole:
    return Hole(
        name,
        Kind.ACCOUNT,
        "the account that the provider's credentials belong to is unknown",
        at,
        "name it with `allowed_account_ids` in the provider block",
    )

"""What a state tells of an attribute that the configuration leaves open, and when it may.

An argument that is written is the configuration's alone: its next value may be another than the
last. What the provider computed stays for as long as the object does, which is until an argument
that forces a replacement changes; what a data source read stays while it asks for the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from checker.knowledge import sensitive
from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.knowledge.truth import Truth
from checker.sources.terraform.language import tree
from checker.sources.terraform.modules.project import ModuleInstance
from checker.sources.terraform.modules.state_moves import former_addresses
from checker.sources.terraform.modules.written import Written
from checker.sources.terraform.values.joining import alike
from checker.sources.terraform.values.joining import written as written_as
from checker.sources.terraform.values.marks import bare, mark, unmark
from checker.sources.terraform.values.terraform_values import Lazy, Set, TerraformValue, holes

REPLACING = {
    "aws_iam_policy": ("name", "name_prefix", "path", "description"),
    "aws_iam_role": ("name", "name_prefix", "path"),
    "aws_iam_user": ("name", "path"),
    "aws_kms_alias": ("name", "name_prefix"),
    "aws_kms_external_key": ("key_usage", "key_spec", "multi_region", "region"),
    "aws_kms_key": (
        "customer_master_key_spec",
        "custom_key_store_id",
        "key_usage",
        "multi_region",
        "region",
        "xks_key_id",
    ),
    "aws_lambda_alias": ("name", "function_name", "region"),
    "aws_lambda_function": ("function_name", "package_type", "region"),
    "aws_s3_bucket": ("bucket", "bucket_prefix", "region"),
    "aws_sns_topic": ("name", "name_prefix", "fifo_topic", "region"),
    "aws_sqs_queue": ("name", "name_prefix", "fifo_queue", "region"),
}
"""The arguments that force a replacement, by type; of a type that is not here each may."""
STAYING = frozenset(
    {"arn", "bucket", "function_name", "id", "key_id", "name", "unique_id", "url", "user_name"}
)
"""The attributes of those types that stay for as long as the object does."""
_OWN = frozenset({"count", "depends_on", "for_each", "lifecycle", "provider", "provisioner",
                  "connection", "tags", "tags_all", "timeouts"})  # fmt: skip
"""What no provider ever replaces an object for."""
COMPUTED_HERE = frozenset(
    {
        "archive_file",
        "aws_arn",
        "aws_caller_identity",
        "aws_default_tags",
        "aws_iam_policy_document",
        "aws_partition",
        "aws_region",
        "external",
        "local_file",
        "local_sensitive_file",
        "template_file",
    }
)
"""Data sources that read nothing that lasts: the configuration, the repository, or who runs it."""


class RecordableThing(Protocol):
    """A resource or data source that a state may record."""

    @property
    def module(self) -> ModuleInstance:
        """The module instance that holds it."""

    @property
    def address(self) -> str:
        """Its address."""

    @property
    def mode(self) -> str:
        """Which it is: `resource` or `data`."""

    @property
    def type(self) -> str:
        """Its type."""

    @property
    def written(self) -> Written:
        """What is written in its block."""

    def computed(self, name: str) -> TerraformValue:
        """Return what the provider makes of an attribute; None if it is what was written."""


def filled(thing: RecordableThing, name: str, value: TerraformValue) -> TerraformValue:
    """Return an attribute's value, as the state records it where the configuration is silent."""
    state = thing.module.project.state
    if state is None or not (isinstance(value, Hole) or holes(value)):
        return value
    recorded = state.attributes(thing.address)
    if not recorded and thing.mode == "resource":
        earlier = map(state.attributes, former_addresses(thing.address, thing.module))
        recorded = next(filter(None, earlier), {})
    kept, marks = unmark(recorded.get(name))
    if kept is None or not _stays(thing, recorded, name):
        return value
    own, more = unmark(value)
    if isinstance(own, Hole):
        return mark(kept, marks | more)
    if isinstance(own, Text) and isinstance(kept, (str, Text)):
        text = kept if isinstance(kept, Text) else Text.of(kept)
        return value if own.equals(text) is Truth.NO else mark(kept, marks | more)
    return value


def _stays(thing: RecordableThing, recorded: Mapping[str, TerraformValue], name: str) -> bool:
    """Tell whether an attribute surely is what it was, as far as the configuration decides it."""
    written = thing.written
    if written.has(name) or written.body.unread:
        return False
    if thing.mode == "data":
        return thing.type not in COMPUTED_HERE and _asks_alike(written, recorded)
    if _is_triggered(written.body) or not _is_the_thing(thing, recorded):
        return False
    arguments = REPLACING.get(thing.type)
    if arguments is None:
        return _asks_alike(written, recorded)
    return name in STAYING and _agree(written, recorded, arguments)


def _is_triggered(body: tree.Body) -> bool:
    """Tell whether an object may be replaced because of another."""
    lifecycles = body.blocks_of("lifecycle")
    return any("replace_triggered_by" in each.body.arguments for each in lifecycles)


def _is_the_thing(thing: RecordableThing, recorded: Mapping[str, TerraformValue]) -> bool:
    """Tell whether the ARN that the configuration gives may be the one that is recorded."""
    arn, own = bare(recorded.get("arn")), bare(thing.computed("arn"))
    if not isinstance(own, Text) or not isinstance(arn, (str, Text)):
        return True
    return own.equals(arn if isinstance(arn, Text) else Text.of(arn)) is not Truth.NO


def _asks_alike(written: Written, recorded: Mapping[str, TerraformValue]) -> bool:
    """Tell whether every argument and nested block is surely what is recorded."""
    names = [name for name in written.body.arguments if name not in _OWN]
    if not _agree(written, recorded, names):
        return False
    kinds = {
        block.labels[0] if block.kind == "dynamic" and block.labels else block.kind
        for block in written.body.blocks
    }
    return all(_blocks_agree(written, recorded.get(kind), kind) for kind in kinds - _OWN)


def _blocks_agree(written: Written, recorded: TerraformValue, kind: str) -> bool:
    kept = unmark(recorded)[0]
    found = list(written.nested(kind))
    listed = kept if isinstance(kept, tuple) else (kept,) if isinstance(kept, dict) else ()
    if len(found) != len(listed):
        return False
    for block, one in zip(found, listed, strict=True):
        values = unmark(one)[0]
        if isinstance(block, Hole) or not isinstance(values, dict):
            return False
        if not _asks_alike(block, values):
            return False
    return True


def _agree(written: Written, recorded: Mapping[str, TerraformValue], names: Iterable[str]) -> bool:
    return all(
        _same(written.marked(name), recorded.get(name)) for name in names if written.has(name)
    )


def _same(value: TerraformValue, recorded: TerraformValue) -> bool:
    """Tell whether a written value surely is the recorded one; null leaves it to the provider."""
    value = bare(value.whole() if isinstance(value, Lazy) else value)
    if value is None:
        return True
    if isinstance(value, Hole) or holes(value):
        return False
    return _alike(value, bare(recorded))


def _alike(value: TerraformValue, recorded: TerraformValue) -> bool:
    if isinstance(value, Set):
        value = tuple(sorted(value.members, key=written_as))
        recorded = (
            tuple(sorted(recorded, key=written_as)) if isinstance(recorded, tuple) else recorded
        )
    if isinstance(value, dict):
        if not isinstance(recorded, dict):
            return False
        keys = {key for key, one in recorded.items() if one is not None}
        same = all(_alike(one, recorded.get(key)) for key, one in value.items())
        return same and keys <= {sensitive.plain(key) for key in value}
    if isinstance(value, tuple):
        if not isinstance(recorded, tuple) or len(value) != len(recorded):
            return False
        pairs = zip(value, recorded, strict=True)
        if all(_alike(one, other) for one, other in pairs):
            return True
        # A set has no order in a state.
        return (
            sorted(map(written_as, value)) == sorted(map(written_as, recorded)) != [""] * len(value)
        )
    if value is None or recorded is None:
        return value is recorded
    return alike(value, recorded)

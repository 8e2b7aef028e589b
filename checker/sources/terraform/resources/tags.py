"""The tags that a resource gets: its own over those of its provider.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/resource-tagging
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.iam.context import Tags, hidden_tags
from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location, Unknown
from checker.knowledge.text import Text
from checker.sources.terraform.language import tree
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.resources.reading import unknown
from checker.sources.terraform.values.marks import sealed
from checker.sources.terraform.values.partial_values import OpenMap
from checker.sources.terraform.values.primitives import to_text
from checker.sources.terraform.values.terraform_values import TerraformValue

Hidden = tuple[Text, Unknown]
_ALL = Text.of("*")
MOST_TAGS = 500
"""How many tags of a resource are compared; AWS takes 50."""


def tags_of(instance: Instance) -> Tags:
    """Return the tags of a resource, with what hides some of them."""
    at = instance.written.place("tags")
    planned = sealed(instance.attribute("tags_all", at))
    hidden = [*_ignored(instance, at)]
    others: Unknown | None = None
    if isinstance(planned, dict):
        written: dict[str, TerraformValue] = planned
    else:
        hidden += _unchanged(instance)
        written = {}
        for tags in (instance.provider.default_tags, _own(instance)):
            if isinstance(tags, (Hole, OpenMap)):
                # Later tags take the place of earlier ones, whatever these are.
                others = unknown(tags if isinstance(tags, Hole) else tags.unknown, at)
                written = dict(tags.entries) if isinstance(tags, OpenMap) else {}
            written |= tags if isinstance(tags, dict) else {}
    if len(written) + len(hidden) > MOST_TAGS:
        why = f"`{instance.address}` has more than {MOST_TAGS} tags; AWS takes 50"
        return hidden_tags(Unknown(why, at, "remove tags"))
    known: list[tuple[Text, Text]] = []
    for key, value in written.items():
        text = to_text(value, f"{instance.address}.tags.{key}", at)
        if text is None:
            hidden.append((Text.of(key), Unknown(f"the tag `{key}` is null", at)))
        else:
            known.append((Text.of(key), text))
    return Tags(tuple(known), tuple(hidden), others)


def _own(instance: Instance) -> TerraformValue:
    """Return the tags that are written on a resource."""
    own = instance.written.marked("tags")
    return own if isinstance(own, OpenMap) else instance.written.get("tags")


def _ignored(instance: Instance, at: Location) -> Iterator[Hidden]:
    why = f"the provider leaves tags of `{instance.address}` alone (`ignore_tags`)"
    for pattern in instance.provider.ignored_tags:
        yield pattern, Unknown(why, at, "take the key out of `ignore_tags`")


def _unchanged(instance: Instance) -> Iterator[Hidden]:
    """Yield what `ignore_changes` leaves as it is on a resource that exists.

    https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#ignore_changes
    """
    for block in instance.written.body.blocks_of("lifecycle"):
        argument = block.body.arguments.get("ignore_changes")
        if argument is None:
            continue
        why = f"`ignore_changes` leaves tags of `{instance.address}` as they are"
        hole = Unknown(why, argument.at, "run on a saved plan (`--plan`)")
        yield from ((pattern, hole) for pattern in _patterns(argument.expression))


def _patterns(listed: tree.Expression) -> Iterator[Text]:
    items = listed.items if isinstance(listed, tree.Tuple) else (listed,)
    for item in items:
        match item:
            case tree.Name(name="all" | "tags" | "tags_all"):
                yield _ALL
            case tree.Index(
                of=tree.Name(name="tags" | "tags_all"), key=tree.Literal(value=str(key))
            ):
                yield Text.of(key)
            case tree.Attribute(of=tree.Name(name="tags" | "tags_all"), name=name):
                yield Text.of(name)
            case tree.Index(of=tree.Name(name="tags" | "tags_all")):
                yield _ALL
            case _:
                pass

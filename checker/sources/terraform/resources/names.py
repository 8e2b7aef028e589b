"""Names and ARNs of other things, as arguments hold them."""

from __future__ import annotations

from collections.abc import Iterator

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.modules.instances import Instance
from checker.sources.terraform.resources.walk import Walk
from checker.sources.terraform.values.budget import ExhaustedError
from checker.sources.terraform.values.primitives import to_text
from checker.sources.terraform.values.terraform_values import Set, TerraformValue

A_NAME = 50
"""How many steps a listed name takes: each makes an attachment, or takes one away."""


def listed(value: TerraformValue, instance: Instance, argument: str) -> Iterator[Text]:
    """Yield the texts of a list argument; one hole that stands for all if they are unknown."""
    if isinstance(value, Set):
        value = value.members
    if isinstance(value, Hole):
        yield Text.of(value)
    elif isinstance(value, tuple):
        try:
            instance.module.project.budget.spend(A_NAME * len(value))
        except ExhaustedError as error:
            yield Text.of(Hole(f"{instance.address}.{argument}", why=str(error)))
            return
        for element in value:
            text = to_text(element, f"{instance.address}.{argument}", instance.at)
            if text is not None:
                yield text
    elif value is not None:
        yield Text.of(Hole(f"{instance.address}.{argument}", why=f"`{argument}` is not a list"))


def principal_name(text: Text) -> Text:
    """Return a role's or user's name out of a name, an ARN or a path and name."""
    last = text.parts[-1] if text.parts else ""
    if isinstance(last, str) and "/" in last:
        return Text.of(last.rsplit("/", 1)[1]).taken_of(text.thing)
    first = text.parts[0] if text.parts else ""
    if isinstance(first, str) and first.startswith("arn:"):
        cut = [(i, p) for i, p in enumerate(text.parts) if isinstance(p, str) and "/" in p]
        if cut:
            index, part = cut[-1]
            name = Text((part.rsplit("/", 1)[1], *text.parts[index + 1 :]))
            return name.taken_of(text.thing)
    return text


def name_in(account: Text, name: Text) -> Text:
    """Return what names a role, user or policy: a name is there once in an account.

    Its path does not matter.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    return Text.of(account, ":", name)


def principal(instance: Instance) -> Text:
    """Return what names the role, user or policy that an instance makes or reads."""
    return name_in(instance.provider.account, instance.text("name"))


def read_by_name(walk: Walk, type_: str) -> dict[str, list[Text]]:
    """Return the ARNs that data sources read which name what a resource makes, by its address."""
    read = [found.instance for found in walk.of(type_, "data")]
    made = {principal(each.instance): each.instance for each in walk.named(type_)} if read else {}
    out: dict[str, list[Text]] = {}
    for instance in read:
        same = made.get(principal(instance))
        if same is not None:
            out.setdefault(same.address, []).append(instance.text("arn"))
    return out

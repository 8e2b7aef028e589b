"""`AWS::Lambda::Permission`: who may invoke a function.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from checker.knowledge.lookup import TooManyError
from checker.knowledge.partial import Unknown
from checker.knowledge.text import Text
from checker.model import Permission, without_qualifier
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.mentions import Mentions
from checker.sources.cloudformation.resources.reading import text
from checker.sources.cloudformation.values.attributes import FUNCTION
from checker.sources.cloudformation.values.stack import Stack

PERMISSION = "AWS::Lambda::Permission"
_MOST_DOUBTED = 20
"""So many permissions that may be another function's are kept of each."""


class StackPermissions:
    """The permissions of a stack by the functions that they name."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._anywhere: list[TemplateResource] = []
        arns = (stack.attributes.arn(each) for each in stack.of_type(FUNCTION))
        self._by_function = Mentions(self._named(), arns)

    def _named(self) -> Iterator[tuple[Text, TemplateResource]]:
        for each in self._stack.of_type(PERMISSION):
            named = self._stack.text_property(each, "FunctionName")
            arn = None
            if isinstance(named, Text):
                arn = self._stack.attributes.function_arn(named)
            if arn is not None:
                yield without_qualifier(arn), each
            elif named is not None:
                self._anywhere.append(each)

    def of(self, function: TemplateResource) -> tuple[Permission, ...]:
        """Return the permissions of a function, then those that may be another's."""
        arn = self._stack.attributes.arn(function)
        own = self._by_function.named(arn)
        found = [self._permission(each, function) for each in own]
        try:
            perhaps = [*islice(self._by_function.perhaps(arn), _MOST_DOUBTED)]
        except TooManyError:
            return tuple(found)
        why = f"it is unknown whether it is a permission of `{function.id}`"
        for each in (*perhaps, *self._anywhere[:_MOST_DOUBTED]):
            doubted = self._permission(each, function)
            found.append(replace(doubted, unsure=Unknown(why, each.at)))
        return tuple(found)

    def _permission(self, resource: TemplateResource, function: TemplateResource) -> Permission:
        stack = self._stack
        principal = text(stack.property(resource, "Principal"), "Principal", resource.at)
        return Permission(resource.id, principal, resource.at, stack.unsure(resource, function))

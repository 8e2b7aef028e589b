"""`AWS::Lambda::Function`.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.knowledge.json_nodes import Members
from checker.knowledge.partial import Known, Unknown, Value
from checker.knowledge.text import Text
from checker.model import Function
from checker.model.identifier_forms import ROLE_ARN
from checker.sources.cloudformation.language.template import TemplateResource
from checker.sources.cloudformation.resources.function_options import (
    StackFunctionOptions,
    managed,
)
from checker.sources.cloudformation.resources.given_values import given_values
from checker.sources.cloudformation.resources.identifiers import MeantResources
from checker.sources.cloudformation.resources.permissions import StackPermissions
from checker.sources.cloudformation.resources.reading import (
    inner,
    integer,
    naming,
    optional_integer,
    optional_text,
)
from checker.sources.cloudformation.values.attributes import FUNCTION, ROLE
from checker.sources.cloudformation.values.nodes import text_of
from checker.sources.cloudformation.values.stack import Stack


def functions(stack: Stack, meant: MeantResources) -> tuple[Function, ...]:
    """Return the functions that a stack creates."""
    options, permissions = StackFunctionOptions(stack), StackPermissions(stack)
    return tuple(
        replace(
            found := _function(stack, each, meant),
            options=options.of(each, found.dead_letter),
            permissions=permissions.of(each),
        )
        for each in stack.of_type(FUNCTION)
    )


def _function(stack: Stack, resource: TemplateResource, meant: MeantResources) -> Function:
    at = resource.at
    reserved = stack.property(resource, "ReservedConcurrentExecutions")
    environment = stack.property(resource, "Environment")
    variables = stack.member(environment, "Variables")
    hidden = next(
        (
            each.value
            for each in (environment, variables)
            if each is not None and isinstance(each.value, Unknown)
        ),
        None,
    )
    return Function(
        id=resource.id,
        arn=stack.attributes.arn(resource),
        at=at,
        closed=True,
        timeout=integer(stack.property(resource, "Timeout"), "Timeout", 3, at),
        role=meant.arn(naming(stack.property(resource, "Role"), "Role", at), ROLE_ARN, ROLE),
        reserved_concurrency=optional_integer(reserved, "ReservedConcurrentExecutions", at),
        dead_letter=_target(stack, resource),
        environment=tuple(_variables(variables)),
        loops=_loops(stack, resource),
        more_environment=hidden if isinstance(hidden, Unknown) else None,
        given=given_values(stack, resource),
        managed=managed(stack.property(resource, "CapacityProviderConfig"), at),
    )


def _target(stack: Stack, resource: TemplateResource) -> Value[Text | None]:
    node = inner(stack.property(resource, "DeadLetterConfig"), "TargetArn")
    return optional_text(node, resource.at)


def _variables(node: object) -> Iterator[tuple[str, Value[Text]]]:
    value = getattr(node, "value", None)
    for key, each in value.items if isinstance(value, Members) else ():
        found = text_of(each)
        shown: Value[Text] = found if isinstance(found, Unknown) else Known(found, each.at)
        yield key.spelled, shown


def _loops(stack: Stack, resource: TemplateResource) -> Value[bool]:
    node = stack.property(resource, "RecursiveLoop")
    if node is None:
        return Known(value=False, at=resource.at, default=True)
    found = text_of(node)
    if isinstance(found, Unknown):
        return found
    if found.holes:
        return found.why_unknown(node.at)
    return Known(found.literal == "Allow", node.at)

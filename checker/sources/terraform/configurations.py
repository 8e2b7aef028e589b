"""The provider configurations that the resources of a module instance can use.

See https://developer.hashicorp.com/terraform/language/modules/develop/providers.
"""

from __future__ import annotations

from collections.abc import Mapping

from checker.partial import Text
from checker.sources.terraform import tree
from checker.sources.terraform.declarations import Declarations
from checker.sources.terraform.evaluate import evaluate
from checker.sources.terraform.marks import bare
from checker.sources.terraform.project import Project
from checker.sources.terraform.providers import (
    DEFAULT_ACCOUNT,
    Provider,
    configure,
    default_provider,
)
from checker.sources.terraform.scope import Scope
from checker.sources.terraform.values import EvaluationError


class Configurations:
    """The configurations of one module instance: its own, and those that its caller passes.

    What a plan knows of their accounts and Regions counts.
    """

    def __init__(
        self,
        project: Project,
        declarations: Declarations,
        scope: Scope,
        passed: Mapping[str, Provider],
    ) -> None:
        self._declarations = declarations
        self._scope = scope
        self._passed = passed
        self._project = project
        self._memo: dict[str, Provider] = {}

    def of(self, body: tree.Body) -> Provider:
        """Return the provider configuration of a resource."""
        argument = body.arguments.get("provider")
        name = "aws" if argument is None else provider_name(argument.expression)
        return self.named(name)

    def named(self, name: str) -> Provider:
        """Return a provider configuration by its name in this module (`aws`, `aws.west`)."""
        if name not in self._memo:
            self._memo[name] = self._configured(name)
        return self._memo[name]

    def _configured(self, name: str) -> Provider:
        for block in self._declarations.all_of("provider"):
            own = _name(block, self._scope)
            if own == name:
                label = f"{self._scope.path or self._project.prefix}.{own}".lstrip(".")
                region = self._project.region
                return self._told(configure(block, label, self._scope, region), label)
        if name in self._passed:
            return self._passed[name]
        return self._told(default_provider(self._project.region), name)

    def _told(self, provider: Provider, label: str) -> Provider:
        """Fill in what a plan knows: AWS told Terraform."""
        plan, live = self._project.plan, self._project.live

        def account(written: Text) -> Text:
            known = plan.account(label)
            if known is None and live is not None and written == DEFAULT_ACCOUNT:
                known = live.account
            return written if known is None else Text.of(known)

        def region(written: Text) -> Text:
            known = plan.region(label)
            return written if known is None or written.literal is not None else Text.of(known)

        return provider.informed(account, region)

    def passed_to(self, body: tree.Body) -> dict[str, Provider]:
        """Return what a module call passes on: `providers = {}`, or else the default provider."""
        argument = body.arguments.get("providers")
        if argument is None:
            return {"aws": self.named("aws")}
        passed: dict[str, Provider] = {}
        if isinstance(argument.expression, tree.Object):
            for item in argument.expression.items:
                passed[provider_name(item.key)] = self.named(provider_name(item.value))
        return passed


def provider_name(expression: tree.Expression) -> str:
    """Return `aws` or `aws.west` from a provider reference, which is no ordinary expression."""
    if isinstance(expression, tree.Attribute) and isinstance(expression.of, tree.Name):
        return f"{expression.of.name}.{expression.name}"
    if isinstance(expression, tree.Name):
        return expression.name
    if isinstance(expression, tree.Literal):
        return str(expression.value)
    if isinstance(expression, tree.Template) and len(expression.parts) == 1:
        part = expression.parts[0]
        if isinstance(part, tree.Piece):
            return part.text
        if isinstance(part, (tree.Attribute, tree.Name)):
            return provider_name(part)
    return "aws"


def _name(block: tree.Block, scope: Scope) -> str:
    """Return what references call a provider block; nothing refers to one of no told alias."""
    alias = block.body.arguments.get("alias")
    if alias is None:
        return block.labels[0]
    try:
        return f"{block.labels[0]}.{bare(evaluate(alias.expression, scope))}"
    except EvaluationError:
        return ""

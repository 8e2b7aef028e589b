"""The provider configurations that the resources of a module instance can use.

See https://developer.hashicorp.com/terraform/language/modules/develop/providers.
"""

from __future__ import annotations

from collections.abc import Mapping

from checker.knowledge.holes import Hole
from checker.knowledge.text import Text
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.evaluation.evaluate import evaluate
from checker.sources.terraform.evaluation.scope import Scope
from checker.sources.terraform.language import tree
from checker.sources.terraform.language.evaluation_errors import EvaluationError
from checker.sources.terraform.modules.expansion import expand
from checker.sources.terraform.modules.project import Project
from checker.sources.terraform.modules.providers import (
    DEFAULT_ACCOUNT,
    Provider,
    configure,
    default_provider,
    undeclared_provider,
)
from checker.sources.terraform.values.instance_keys import instance_key, suffix
from checker.sources.terraform.values.marks import bare, unmark
from checker.sources.terraform.values.terraform_values import TerraformValue


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

    def of(self, body: tree.Body, scope: Scope) -> Provider:
        """Return the provider configuration of a resource, in the scope of its instance."""
        argument = body.arguments.get("provider")
        if argument is None:
            return self.named("aws")
        return self._referred("provider", argument.expression, scope)

    def _referred(self, argument: str, expression: tree.Expression, scope: Scope) -> Provider:
        """Return what `aws`, `aws.west` or `aws.each["west"]` refers to."""
        of = expression.of if isinstance(expression, tree.Index) else expression
        name = provider_name(of)
        if name is None:
            place = f"{of.at.source}:{of.at.line}:{of.at.column}"
            why = f"The {argument} argument requires {_REFERENCE}"
            self._project.refusals.add(_NO_REFERENCE, why, of.at, self._scope.path)
            return undeclared_provider(place, of.at)
        if isinstance(expression, tree.Index):
            return self._instance(name, expression.key, scope)
        return self.named(name)

    def named(self, name: str) -> Provider:
        """Return a provider configuration by its name in this module (`aws`, `aws.west`)."""
        if name not in self._memo:
            self._memo[name] = self._configured(name, self._scope, "")
        return self._memo[name]

    def _instance(self, name: str, key: tree.Expression, scope: Scope) -> Provider:
        """Return one of the configurations of a block with `for_each`, as OpenTofu has them.

        See https://opentofu.org/docs/language/providers/configuration/#for_each-multiple-provider-configurations.
        """
        each, shown = self._each(name, key, scope)
        memo = f"{name}{shown}"
        if memo not in self._memo:
            self._memo[memo] = self._configured(name, self._scope.inner({"each": each}, ""), shown)
        return self._memo[memo]

    def _each(
        self, name: str, key: tree.Expression, scope: Scope
    ) -> tuple[dict[str, TerraformValue], str]:
        """Return what `each` is in a configuration, and its key as addresses show it."""
        unknown: Hole | None = None
        try:
            of = instance_key(unmark(evaluate(key, scope))[0])
            if isinstance(of, Hole):
                unknown = of
            else:
                for block in self._declarations.all_of("provider"):
                    if _name(block, self._scope) == name:
                        found = expand(block.body, self._scope, f"provider.{name}").keys
                        if of in found and "each" in found[of]:
                            return found[of]["each"], suffix(of)
                unknown = Hole(f"{name}{suffix(of)}", why=f"`{name}` has no `{suffix(of)}`")
        except EvaluationError as error:
            unknown = Hole(f"{name}[*]", why=str(error))
        return {"key": unknown, "value": unknown}, f"[{unknown.name}]"

    def _configured(self, name: str, scope: Scope, key: str) -> Provider:
        for block in self._declarations.all_of("provider"):
            own = _name(block, self._scope)
            if own == name:
                label = f"{self._scope.path or self._project.prefix}.{own}{key}".lstrip(".")
                region = self._project.region
                return self._given(configure(block, label, scope, region), label)
        if name in self._passed:
            return self._passed[name]
        if "." in name:
            return undeclared_provider(f"{self._scope.path}.{name}".lstrip("."), None)
        return self._given(default_provider(self._project.region), name)

    def _given(self, provider: Provider, label: str) -> Provider:
        """Fill in what a plan knows: Terraform has it from AWS."""
        plan, live, state = self._project.plan, self._project.live, self._project.state

        def account(written: Text) -> Text:
            known = plan.account(label)
            if known is None and state is not None and written.literal is None:
                known = state.account(label)
            if known is None and live is not None and written == DEFAULT_ACCOUNT:
                known = live.account
            return written if known is None else Text.of(known)

        def region(written: Text) -> Text:
            known = plan.region(label) or (None if state is None else state.region(label))
            return written if known is None or written.literal is not None else Text.of(known)

        return provider.informed(account, region)

    def passed_to(self, body: tree.Body, scope: Scope) -> dict[str, Provider]:
        """Return what a module call passes on: `providers = {}`, or else the default provider."""
        argument = body.arguments.get("providers")
        if argument is None:
            return {"aws": self.named("aws")}
        passed: dict[str, Provider] = {}
        if isinstance(argument.expression, tree.Object):
            for item in argument.expression.items:
                passed[provider_name(item.key) or ""] = self._referred(
                    "providers", item.value, scope
                )
        return passed


_NO_REFERENCE = "Invalid provider configuration reference"
_REFERENCE = "a provider type name, optionally followed by a period and then a configuration alias"


def provider_name(expression: tree.Expression) -> str | None:
    """Return `aws` or `aws.west` from a provider reference, which is no ordinary expression.

    None for what is no reference.
    """
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
    return None


def _name(block: tree.Block, scope: Scope) -> str:
    """Return what references call a provider block; nothing refers to one of an unknown alias."""
    alias = block.body.arguments.get("alias")
    if alias is None:
        return block.labels[0]
    try:
        return f"{block.labels[0]}.{bare(evaluate(alias.expression, scope))}"
    except EvaluationError:
        return ""

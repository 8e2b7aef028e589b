"""What Terraform refuses of blocks before any value counts: meta-arguments and argument names.

See https://developer.hashicorp.com/terraform/language/meta-arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from checker.knowledge.partial import Location
from checker.sources.terraform.configuration.declarations import Declarations
from checker.sources.terraform.language import tree
from checker.sources.terraform.modules.argument_names import names_of
from checker.sources.terraform.modules.block_references import CONDITIONS
from checker.sources.terraform.modules.project import ModuleInstance
from checker.sources.terraform.modules.provider_scope import provider_name
from checker.sources.terraform.terragrunt.units import REMEDY as RENDERED

_Note: TypeAlias = Callable[[str, str, Location], None]

_TAKEN = {
    "variable": frozenset(
        (
            *("type", "default", "description", "sensitive", "nullable", "ephemeral"),
            *("const", "deprecated"),
        )
    ),
    "output": frozenset(
        ("value", "description", "sensitive", "ephemeral", "depends_on", "type", "deprecated")
    ),
    "lifecycle": frozenset(
        (
            *("create_before_destroy", "prevent_destroy", "ignore_changes"),
            *("replace_triggered_by", "enabled", "destroy"),
        )
    ),
}
"""The arguments that some Terraform or OpenTofu takes."""
_BLOCKS = {"lifecycle": CONDITIONS | {"action_trigger"}}
_REPEATED = ("resource", "data", "module")


def note_meta_arguments(modules: Iterable[ModuleInstance]) -> None:
    """Note what is wrong with the blocks of each directory that were read."""
    seen = set()
    for module in modules:
        declared = module.declarations
        if declared.directory in seen or declared.unreadable:
            continue
        seen.add(declared.directory)
        aliases = None if module.address else _aliases(declared)
        for kind in (*_REPEATED, "variable", "output"):
            for block in declared.read_blocks(kind):
                if block.body.unread or block.body.shown or block.at.source.endswith(".json"):
                    continue
                note = _noting(module, block, kind)
                if kind in _REPEATED:
                    _repeated(block, note)
                    _provider(block, aliases, _noting(module, block, kind, generated=True))
                else:
                    _unexpected(block.body, kind, note)


def _noting(
    module: ModuleInstance, block: tree.Block, kind: str, *, generated: bool = False
) -> _Note:
    """Return what notes a refusal of a block, unsure where a tool may generate what is missing."""
    words = block.labels if kind == "resource" else (kind, *block.labels)
    address = module.prefixed(".".join(words))

    def note(summary: str, why: str, at: Location) -> None:
        unsure = module.project.generating if generated else ""
        remedy = RENDERED if unsure else ""
        module.project.refusals.add(summary, why, at, address, unsure, remedy)

    return note


def _repeated(block: tree.Block, note: _Note) -> None:
    """Check what blocks have that there can be several of."""
    arguments = block.body.arguments
    if "count" in arguments and "for_each" in arguments:
        why = "The `count` and `for_each` meta-arguments are mutually exclusive, only one should be"
        at = arguments["for_each"].at
        note('Invalid combination of "count" and "for_each"', f"{why} used", at)
    if "depends_on" in arguments:
        _waiting(arguments["depends_on"].expression, note)
    for inner in block.body.blocks_of("lifecycle"):
        _unexpected(inner.body, "lifecycle", note)
        for condition in inner.body.blocks:
            if condition.kind in CONDITIONS:
                _lacking(condition, note)
        _ignored(inner.body, block, note)


def _unexpected(body: tree.Body, kind: str, note: _Note) -> None:
    for name, argument in body.arguments.items():
        if name not in _TAKEN[kind]:
            why = f"An argument named `{name}` is not expected here"
            note("Unsupported argument", why, argument.at)
    for inner in body.blocks if kind in _BLOCKS else ():
        if inner.kind not in _BLOCKS[kind]:
            why = f"Blocks of type `{inner.kind}` are not expected here"
            note("Unsupported block type", why, inner.at)


def _lacking(condition: tree.Block, note: _Note) -> None:
    for name in ("condition", "error_message"):
        if name not in condition.body.arguments:
            why = f"The argument `{name}` is required, but no definition was found"
            note("Missing required argument", why, condition.at)


def _waiting(expression: tree.Expression, note: _Note) -> None:
    """Check `depends_on`, which names whole things in a list that nothing is worked out in."""
    if not isinstance(expression, tree.Tuple):
        note("Invalid expression", "A static list expression is required", expression.at)
        return
    for item in expression.items:
        words = [*_words(item)][::-1]
        most = {"data": 3, "resource": 3}.get(words[0] if words else "", 2)
        if len(words) > most and words[0] not in {"var", "local", "module"}:
            why = "References in `depends_on` must be to a whole object (resource, etc), not to an"
            note("Invalid depends_on reference", f"{why} attribute of an object", item.at)


def _words(node: tree.Expression) -> Iterator[str]:
    """Yield the words of a reference, the last one first; none of what is no reference."""
    while isinstance(node, (tree.Attribute, tree.Index)):
        if isinstance(node, tree.Attribute):
            yield node.name
        node = node.of
    if isinstance(node, tree.Name):
        yield node.name


def _ignored(lifecycle: tree.Body, block: tree.Block, note: _Note) -> None:
    """Check that `ignore_changes` names what a resource of the type has."""
    argument = lifecycle.arguments.get("ignore_changes")
    known = names_of(block.labels[0])
    if argument is None or known is None or not isinstance(argument.expression, tree.Tuple):
        return
    taken = {name for kind in _NAMED for name in known.get(kind, ())}
    for item in argument.expression.items:
        words = [*_words(item)]
        if words and words[-1] not in taken:
            why = "This object has no argument, nested block, or exported attribute named"
            note("Unsupported attribute", f"{why} `{words[-1]}`", item.at)


_NAMED = ("optional", "required", "both", "added", "computed", "blocks")


def _aliases(declared: Declarations) -> frozenset[str] | None:
    """Return the names of a root module's provider configurations, None where one is open."""
    if declared.mentions("configuration_aliases", "terraform"):
        return None
    found = set()
    for block in declared.all_of("provider"):
        alias = block.body.arguments.get("alias")
        if alias is None:
            found.add(block.labels[0])
        elif isinstance(alias.expression, tree.Literal):
            found.add(f"{block.labels[0]}.{alias.expression.value}")
        else:
            return None
    return frozenset(found)


def _provider(block: tree.Block, aliases: frozenset[str] | None, note: _Note) -> None:
    """Check that the alias of a provider is that of a configuration."""
    if aliases is None:
        return
    own, passed = (block.body.arguments.get(each) for each in ("provider", "providers"))
    named = [] if own is None else [own.expression]
    if passed is not None and isinstance(passed.expression, tree.Object):
        named += [item.value for item in passed.expression.items]
    for expression in named:
        name = provider_name(expression)
        if name is not None and "." in name and name not in aliases:
            why = (
                f"To work with `{'.'.join(block.labels)}` its original provider configuration"
                f" `{name}` is required, but it has been removed"
            )
            note("Provider configuration not present", why, expression.at)

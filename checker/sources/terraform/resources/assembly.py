"""The things of a configuration, put together as an inventory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from checker.knowledge.partial import Known, Value
from checker.knowledge.text import Text
from checker.model import Deployer, EventSourceMapping, Inventory, Role
from checker.model.identities import Identities, without_keys
from checker.sources.terraform.modules.block_references import references_in
from checker.sources.terraform.modules.cycles import note_cycles
from checker.sources.terraform.modules.meta_arguments import note_meta_arguments
from checker.sources.terraform.modules.modules import Module
from checker.sources.terraform.modules.moves import moves
from checker.sources.terraform.modules.reference_checks import note_references
from checker.sources.terraform.modules.undeclared import MAPPING, refuse_undeclared
from checker.sources.terraform.modules.validations import validate_given
from checker.sources.terraform.resources.dependencies import Dependencies
from checker.sources.terraform.resources.functions import functions
from checker.sources.terraform.resources.identifiers import MeantBlocks, wrong_identifiers
from checker.sources.terraform.resources.keys import keys
from checker.sources.terraform.resources.mappings import mappings
from checker.sources.terraform.resources.producers import producers
from checker.sources.terraform.resources.queues import queues
from checker.sources.terraform.resources.refused_values import note_refused_values
from checker.sources.terraform.resources.roles import IamPrincipals
from checker.sources.terraform.resources.taken_names import name_clashes
from checker.sources.terraform.resources.waivers import waivers
from checker.sources.terraform.resources.walk import Walk

ASSUMPTIONS = (
    "no service control policy or resource control policy denies the actions",
    "nothing outside this configuration attaches, detaches or denies permissions on what it names",
)
NO_REGION = "the partition is `aws` where no provider names its Region"


def inventory_of(root: Module, target: str, deployer: str | None) -> Inventory:
    """Return everything that a root module and those that it calls create or refer to.

    Raises SourceError for a mapping that only the plan beside it holds.
    """
    walk = Walk(root)
    meant = MeantBlocks(walk)
    found, others = mappings(walk, meant)
    if found and root.project.states is not None:
        walk.join(root.project.states.neighbours(root.project))
    made = functions(walk, meant)
    principals = IamPrincipals(walk, meant)
    roles = principals.roles(function.role for function in made)
    assumed = _assumed(walk, found)
    made_queues = queues(walk, meant, filtered=any(not _unfiltered(each) for each in found))
    made_keys = keys(walk, meant)
    identities = Identities.of(made_queues, made, roles, made_keys, elsewhere=walk.elsewhere)
    roles = identities.given(roles)
    who = principals.deployer(deployer, roles) if deployer else _one_of(roles, assumed)
    _note_refusals(root, walk)
    found_things = Inventory(
        kind="terraform",
        target=target,
        # what these note of the run comes before it is asked for
        clashes=name_clashes(walk),
        wrong_identifiers=wrong_identifiers(walk),
        assumptions=(*_assumptions(found), *root.project.shared.assumed),
        mappings=tuple(_identified(each, identities) for each in found),
        sources=identities.given(made_queues),
        functions=identities.given(made),
        roles=roles,
        keys=identities.given(made_keys),
        producers=tuple(producers(walk, identities)),
        deployer=who,
        assumed=assumed,
        other_sources=others,
    )
    return _of_run(found_things, root, walk)


def _of_run(found: Inventory, root: Module, walk: Walk) -> Inventory:
    """Return an inventory with what was met while it was read."""
    project = root.project
    return replace(
        found,
        prefix=project.prefix,
        provider=project.engine.provider,
        unread=tuple(project.unread.values()),
        secrets=project.secrets.texts,
        order=Dependencies(walk.modules),
        waivers=waivers(walk.modules),
        size=project.budget.read(),
        refusals=project.refusals.found,
        moves=moves(walk.modules),
    )


def _note_refusals(root: Module, walk: Walk) -> None:
    """Note what Terraform refuses besides what was met on the way."""
    refuse_undeclared(root.project, _blocks(walk))
    note_refused_values(walk)
    validate_given(walk.modules)
    references = references_in(walk.modules)
    note_references(references)
    note_cycles(references)
    note_meta_arguments(walk.modules)


def _identified(mapping: EventSourceMapping, identities: Identities) -> EventSourceMapping:
    source, function = (
        identities.identified(mapping.source),
        identities.identified(mapping.function),
    )
    return replace(mapping, source=source, function=function)


def _blocks(walk: Walk) -> Iterator[str]:
    """Yield the addresses of all blocks of mappings, without keys of instances."""
    for module in walk.modules:
        for name in module.declarations.names("resource", MAPPING):
            yield without_keys(module.prefixed(f"{MAPPING}.{name}"))


def _unfiltered(mapping: EventSourceMapping) -> bool:
    return isinstance(mapping.filters, Known) and not mapping.filters.value


def _assumptions(found: Iterable[EventSourceMapping]) -> tuple[str, ...]:
    open_region = any(
        isinstance(mapping.region, Known) and mapping.region.value.literal is None
        for mapping in found
    )
    return (*ASSUMPTIONS, NO_REGION) if open_region else ASSUMPTIONS


def _assumed(walk: Walk, found: tuple[EventSourceMapping, ...]) -> frozenset[Text | None]:
    """Return the roles that the mappings' providers assume."""
    ids = {mapping.id for mapping in found}
    return frozenset(
        f.instance.provider.role
        for f in walk.of("aws_lambda_event_source_mapping")
        if f.instance.address in ids
    )


def _one_of(roles: tuple[Role, ...], assumed: frozenset[Text | None]) -> Deployer | None:
    """Return the role that all providers assume, if its documents are part of the input."""
    if len(assumed) != 1:
        return None
    (arn,) = assumed
    for role in roles:
        if arn is not None and role.closed and role.arn == arn:
            known: Value[Role] = Known(role, role.at)
            return Deployer(role.id, known)
    return None

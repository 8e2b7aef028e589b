"""What a state records of the objects that are asked for, by address.

A state holds everything that a provider read, so some of it stands there twice: a role lists the
policies that resources of their own attach to it, a queue repeats what an `aws_sqs_queue_policy`
gives it. The resource is believed, for the copy is as old as the last refresh: it may list what the
same apply took away afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial

from checker.knowledge.text import Text
from checker.sources.terraform.plan.planned import block_of
from checker.sources.terraform.state.objects import State, StateObject
from checker.sources.terraform.values.marks import bare, mark, unmark
from checker.sources.terraform.values.secret_names import withheld
from checker.sources.terraform.values.terraform_values import SENSITIVE, TerraformValue

_ASKED = re.compile(r"aws_(?:sqs|lambda|iam|kms|sns)_|aws_(?:caller_identity|region)\Z")
"""The types of objects that are ever asked for: nothing refers to the others in a state."""
_COPIES = {
    "aws_sqs_queue_policy": ("queue_url", "aws_sqs_queue", "policy"),
    "aws_sqs_queue_redrive_policy": ("queue_url", "aws_sqs_queue", "redrive_policy"),
    "aws_sqs_queue_redrive_allow_policy": ("queue_url", "aws_sqs_queue", "redrive_allow_policy"),
    "aws_kms_key_policy": ("key_id", "aws_kms_key", "policy"),
}
"""Of a resource's type: its argument that names an object, the type of that, and the copy there."""
_NAMES = {"aws_sqs_queue": ("id", "url"), "aws_kms_key": ("id", "key_id", "arn")}
SECRET = {
    "aws_iam_access_key": ("secret", "ses_smtp_password_v4"),
    "aws_secretsmanager_secret_version": ("secret_string", "secret_binary"),
    "aws_ssm_parameter": ("value",),
    "aws_kms_secrets": ("plaintext",),
    "random_password": ("result", "bcrypt_hash"),
    "tfe_outputs": ("values",),
}
"""Attributes that a provider's schema marks: states of older versions do not say so."""
VAULTS = ("vault_", "sops_", "onepassword_", "doppler_", "infisical_", "bitwarden_")
"""How the types of objects begin that hold secrets and nothing else."""
_ARN = re.compile(r"arn:[^:]*:(?:sqs|lambda|kms):([a-z0-9-]+):")
_OWNED = re.compile(r"arn:[^:]*:(?:iam|sts|sqs|lambda|kms):[^:]*:([0-9]{12}):")
_REGIONAL = re.compile(r"aws_(?:sqs|lambda|kms)_")
UNKNOWN_PROVIDER = "aws.unknown"
"""The provider configuration of objects of which none is recorded, where there may be several."""


class Attributes:
    """The attributes of a state's objects, each decoded when it is asked for."""

    def __init__(self, state: State) -> None:
        self._objects = {each.address: each for each in state.objects if _ASKED.match(each.type)}
        self._decoded: dict[str, dict[str, TerraformValue]] = {}
        self._known: dict[str, dict[str, TerraformValue]] = {}

    @property
    def decoders(self) -> Mapping[str, Callable[[], TerraformValue]]:
        """What decodes each object's attributes, by its address."""
        return {address: partial(self.of, address) for address in self._objects}

    @property
    def objects(self) -> tuple[StateObject, ...]:
        """Every object that is ever asked for."""
        return tuple(self._objects.values())

    def of(self, address: str) -> dict[str, TerraformValue]:
        """Return an object's attributes, without empty ones and what a resource repeats."""
        if address not in self._known:
            one, found = self._objects[address], dict(self._all(address))
            for name in self._repeated(one.type, found):
                found.pop(name, None)
            if one.type == "aws_iam_role":
                found |= self._own_policies(found)
            if one.type == "aws_sqs_queue" and _text(found.get("kms_master_key_id")):
                found.pop("sqs_managed_sse_enabled", None)  # AWS takes one of them, and has a key
            if _REGIONAL.match(one.type) and "region" not in found:
                region = _first(_ARN, found, "arn", "function_arn", "event_source_arn")
                found |= {"region": region} if region else {}
            self._known[address] = {n: v for n, v in found.items() if not _is_empty(v)}
        return self._known[address]

    def _all(self, address: str) -> dict[str, TerraformValue]:
        if address not in self._decoded:
            self._decoded[address] = attributes_of(self._objects[address])
        return self._decoded[address]

    def _current(self, type_: str) -> Iterator[dict[str, TerraformValue]]:
        for each in self._objects.values():
            if each.type == type_ and not each.deposed and each.mode == "resource":
                yield self._all(each.address)

    # What stands in a state twice.

    def _repeated(self, type_: str, found: Mapping[str, TerraformValue]) -> Iterator[str]:
        """Yield the attributes of an object that a resource of its own gives it."""
        named = {_text(found.get(name)) for name in _NAMES.get(type_, ())} - {""}
        for source, (_, target, attribute) in _COPIES.items():
            if target == type_ and named & self._given[source]:
                yield attribute

    @cached_property
    def _given(self) -> dict[str, set[str]]:
        return {
            type_: {_text(each.get(argument)) for each in self._current(type_)}
            for type_, (argument, _, _) in _COPIES.items()
        }

    def _own_policies(self, role: Mapping[str, TerraformValue]) -> dict[str, TerraformValue]:
        """Return the policies in a role that no resource of its own gives it."""
        name = _text(role.get("name"))
        inline, managed = unmark(role.get("inline_policy")), unmark(role.get("managed_policy_arns"))
        return {
            "inline_policy": mark(
                tuple(
                    each
                    for each in _elements(inline[0])
                    if (name, _text(_member(each, "name"))) not in self._inline
                ),
                inline[1],
            ),
            "managed_policy_arns": mark(
                tuple(
                    each
                    for each in _elements(managed[0])
                    if (name, _text(each)) not in self._attached
                ),
                managed[1],
            ),
        }

    @cached_property
    def _inline(self) -> set[tuple[str, str]]:
        found = self._current("aws_iam_role_policy")
        return {(_text(each.get("role")), _text(each.get("name"))) for each in found}

    @cached_property
    def _attached(self) -> set[tuple[str, str]]:
        found = {
            (_text(each.get("role")), _text(each.get("policy_arn")))
            for each in self._current("aws_iam_role_policy_attachment")
        }
        for each in self._current("aws_iam_policy_attachment"):
            arn = _text(each.get("policy_arn"))
            found |= {(_text(role), arn) for role in _elements(unmark(each.get("roles"))[0])}
        for each in self._current("aws_iam_role_policy_attachments_exclusive"):
            role = _text(each.get("role_name"))
            arns = _elements(unmark(each.get("policy_arns"))[0])
            found |= {(role, _text(arn)) for arn in arns}
        return found

    # Provider configurations.

    def label(self, one: StateObject) -> str:
        """Return the provider configuration of an object, `aws` where none is recorded.

        What `terraform show -json` prints of a state names none: the account in an ARN does.
        """
        if one.provider or len(self._accounts) < _SEVERAL:
            return one.provider or "aws"
        account = _first(_OWNED, self._all(one.address), "arn")
        return f"aws.{account}" if account else UNKNOWN_PROVIDER

    @cached_property
    def _accounts(self) -> frozenset[str]:
        """The accounts of objects whose provider configuration is not recorded."""
        nameless = (each for each in self._objects.values() if not each.provider)
        return frozenset(_first(_OWNED, self._all(each.address), "arn") for each in nameless) - {""}

    @cached_property
    def regions(self) -> dict[str, str]:
        """The Region of each provider configuration, empty where its objects name none or many."""
        found: dict[str, set[str]] = {}
        for each in self._objects.values():
            regions = found.setdefault(self.label(each), set())
            regions.add(_first(_ARN, self._all(each.address), "arn"))
        return {label: _only(regions - {""}) for label, regions in found.items()}

    @property
    def providers(self) -> Mapping[str, Callable[[], TerraformValue]]:
        """The address of each object's provider configuration, by that of its block."""
        return {
            block_of(each.address): partial(provider_address, self.label(each))
            for each in self._objects.values()
        }


_SEVERAL = 2


def attributes_of(one: StateObject) -> dict[str, TerraformValue]:
    """Return an object's attributes, with marks on what the state or the schema calls a secret."""
    values, marks = unmark(one.decode())
    found = values if isinstance(values, dict) else {}
    secret = found if one.type.startswith(VAULTS) else SECRET.get(one.type, ())
    return {
        name: mark(withheld(name, value), marks | (SENSITIVE if name in secret else frozenset()))
        for name, value in found.items()
    }


def provider_address(label: str) -> str:
    """Return `module.a.provider["x/aws"].west` of `module.a.aws.west`."""
    before, _, after = label.rpartition("aws.") if "aws." in label else label.rpartition("aws")
    return f'{before}provider["registry/aws"]' + (f".{after}" if after else "")


def _first(pattern: re.Pattern[str], found: Mapping[str, TerraformValue], *names: str) -> str:
    for name in names:
        match = pattern.match(_text(found.get(name)))
        if match is not None:
            return match[1]
    return ""


def _only(found: set[str]) -> str:
    return next(iter(found)) if len(found) == 1 else ""


def _text(value: TerraformValue) -> str:
    """Return a string to compare; nothing of it is shown."""
    found = bare(value)
    return found.spelled if isinstance(found, Text) else found if isinstance(found, str) else ""


def _elements(value: TerraformValue) -> tuple[TerraformValue, ...]:
    return value if isinstance(value, tuple) else ()


def _member(value: TerraformValue, name: str) -> TerraformValue:
    found = unmark(value)[0]
    return found.get(name) if isinstance(found, dict) else None


def _is_empty(value: TerraformValue) -> bool:
    """Tell whether an attribute is not set: null, or a block in which nothing is set."""
    found = unmark(value)[0]
    if isinstance(found, tuple):
        return all(isinstance(unmark(each)[0], dict) and _holds_nothing(each) for each in found)
    return found is None


def _holds_nothing(value: TerraformValue) -> bool:
    found = unmark(value)[0]
    if isinstance(found, dict):
        return all(map(_holds_nothing, found.values()))
    if isinstance(found, tuple):
        return all(map(_holds_nothing, found))
    return found is None or found == ""

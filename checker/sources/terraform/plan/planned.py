"""What evaluation asks of a plan: attributes, instances, accounts, and what is still there.

An empty one stands for no plan: it knows nothing, and lets everything be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from checker.errors import Reason, SourceError
from checker.knowledge.holes import Hole
from checker.knowledge.sensitive import carried
from checker.sources.terraform.language.templates import character
from checker.sources.terraform.plan.model import Mode, Plan
from checker.sources.terraform.values.marks import mark, marked_at, marked_parts, sealed, unmark
from checker.sources.terraform.values.terraform_values import TerraformValue

KEY = re.compile(r'\[(?:"((?:[^"\\]|\\.)*)"|([0-9]{1,18}))\]')
MOST_KEYS = 200
"""How many instance keys an address may have: as deep as modules are nested, about."""
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|\$\$(?=\{)|%%(?=\{)")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}
_PROVIDER = re.compile(r'((?:module\..*\.)?)provider\["[^"]*/aws"\]((?:\.[\w-]+)?)')
_OWNED = re.compile(r"arn:[^:]+:(?:iam|sqs|lambda|kms):[^:]*:(\d{12}):")


class Planned:
    """A plan beside a configuration; `shown` says that plan JSON is all there is of both.

    `keep_secret` gets every value that no report may show. Addresses that are asked for begin
    with `prefix`, which those in the plan do not have.
    """

    def __init__(
        self,
        plan: Plan | None = None,
        *,
        shown: bool = False,
        keep_secret: Callable[[TerraformValue], None] = lambda _: None,
        prefix: str = "",
    ) -> None:
        self.plan = plan
        self.shown = shown
        self.keep_secret = keep_secret
        self._prefix = prefix
        self.known = plan is not None and not plan.why_unknown
        self._seen: dict[str, Mapping[str, TerraformValue]] = {}

    def attributes(self, address: str) -> Mapping[str, TerraformValue]:
        """Return what is known of an instance, empty if the plan does not tell."""
        if self.plan is None or not self.known:
            return {}
        address = address.removeprefix(self._prefix)
        if address not in self._seen:
            change = self.plan.changes.get(address)
            found = self.plan.attributes(address)
            if change is not None:
                for secret in change.secrets():
                    self.keep_secret(secret)
                found = marked_at(found, change.after_sensitive)
            for part in marked_parts(found):
                self.keep_secret(part)
            self._seen[address] = _attributes(found)
        return self._seen[address]

    def before(self, address: str) -> Mapping[str, TerraformValue]:
        """Return the attributes of an instance that is there already, empty if it is made."""
        if self.is_state:
            return self.attributes(address)
        address = address.removeprefix(self._prefix)
        change = None if self.plan is None else self.plan.changes.get(address)
        found = None if change is None else change.before
        return _attributes(found)

    @property
    def is_state(self) -> bool:
        """Whether a state stands for the plan: everything in it is made already."""
        return self.plan is not None and self.plan.is_state

    def unsure(self, address: str) -> Hole | None:
        """Say why an object may not be as it is recorded; None where nothing says so."""
        address = address.removeprefix(self._prefix)
        why = "" if self.plan is None else self.plan.doubtful_objects.get(address, "")
        return Hole(address, why=why, at=self.plan.at) if self.plan is not None and why else None

    def lives(self, address: str) -> bool:
        """Tell whether a managed resource is there once the plan is applied.

        What was there and is not deleted stays. What was not there and is not made (`-target`,
        `-refresh-only`) is not there.
        """
        plan = self.plan
        if plan is None or not self.known:
            return True
        address = address.removeprefix(self._prefix)
        if address in plan.changes:
            return not plan.deletes(address)
        return address in plan.prior and plan.mode is not Mode.DESTROY

    def keys(self, address: str) -> tuple[int | str, ...]:
        """Return the instance keys of a block, or module call, that has `count` or `for_each`."""
        return tuple(self._keys.get(address.removeprefix(self._prefix), ()))

    @cached_property
    def _keys(self) -> dict[str, dict[int | str, None]]:
        found: dict[str, dict[int | str, None]] = {}
        for address in self._addresses():
            if address.count("[") > MOST_KEYS and len(KEY.findall(address)) > MOST_KEYS:
                why = f"an address has more than {MOST_KEYS} instance keys"
                raise SourceError(Reason(why, "" if self.plan is None else self.plan.at.source))
            for match in KEY.finditer(address):
                keys = found.setdefault(address[: match.start()], {})
                keys[_unescaped(match)] = None
        return found

    def _addresses(self) -> Iterator[str]:
        if self.plan is not None and self.known:
            yield from (each for each in self.plan.changes if self.lives(each))
            yield from (each for each in self.plan.prior if each not in self.plan.changes)

    def inputs(self, declared: list[str], ephemeral: frozenset[str]) -> dict[str, TerraformValue]:
        """Return the root module's variables; none of them is ever assumed to be at its default.

        What plan JSON prints of an `ephemeral` one is its default, whatever was given.
        """
        if self.plan is None:
            return {}
        found = self.plan.inputs(declared)
        if self.plan.lists_defaults:
            for name in ephemeral & set(found):
                why = f"variable `{name}` is ephemeral: the plan does not keep its value"
                found[name] = Hole(f"var.{name}", why=why, at=self.plan.at)
        return found

    # Whose account and which Region a provider configuration works in.

    def account(self, label: str) -> str | None:
        """Return the account of a provider configuration (`aws`, `module.a.aws.west`)."""
        found = self._accounts.get(self._unprefixed(label), set())
        return next(iter(found)) if len(found) == 1 else None

    def region(self, label: str) -> str | None:
        """Return the Region of a provider configuration that `data.aws_region` was read with."""
        return self._regions.get(self._unprefixed(label))

    def _unprefixed(self, label: str) -> str:
        return label.removeprefix(f"{self._prefix}.").removeprefix(self._prefix)

    @cached_property
    def _accounts(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for address in self._recorded("aws_caller_identity", *_OWNERS):
            values = self.attributes(address)
            account = sealed(values.get("account_id"))
            arn = sealed(values.get("arn"))
            if ".aws_caller_identity." not in f".{address}" or not isinstance(account, str):
                match = _OWNED.match(arn) if isinstance(arn, str) else None
                account = carried(arn, match[1]) if match is not None else None
            if account is not None:
                found.setdefault(self._provider(address), set()).add(account)
        return found

    @cached_property
    def _regions(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for address in self._recorded("aws_region"):
            values = self.attributes(address)
            name = sealed(values.get("region") or values.get("name"))
            if isinstance(name, str):
                found[self._provider(address)] = name
        return found

    def _recorded(self, *types: str) -> Iterator[str]:
        if self.plan is None or not self.known:
            return
        for address in dict.fromkeys((*self.plan.changes, *self.plan.prior)):
            words = block_of(address).split(".")
            data = words[-3:-2] == ["data"]
            if len(words) > 1 and words[-2] in types and (data == (words[-2] in _READ)):
                yield address

    def _provider(self, address: str) -> str:
        assert self.plan is not None  # noqa: S101 - only asked where there is one
        change, block = self.plan.changes.get(address), block_of(address)
        written = change.provider_config if change is not None else ""
        written = written or str(self.plan.prior_providers.get(block) or "")
        match = _PROVIDER.fullmatch(written)
        if match is not None:
            return f"{match[1]}aws{match[2]}"
        if self.plan.configuration is not None:
            entry = self.plan.configuration.resources.get(block)
            return "" if entry is None else entry.provider.replace(":", ".")
        return ""


def _attributes(found: TerraformValue) -> Mapping[str, TerraformValue]:
    """Return attributes by name; what is marked as a whole is marked in each of them."""
    values, marks = unmark(found)
    return {n: mark(v, marks) for n, v in values.items()} if isinstance(values, dict) else {}


_READ = ("aws_caller_identity", "aws_region")
_OWNERS = ("aws_sqs_queue", "aws_lambda_function", "aws_iam_role", "aws_iam_policy", "aws_kms_key")


def block_of(address: str) -> str:
    """Return the address of a block: that of its instance, without instance keys."""
    return KEY.sub("", address).replace("[*]", "")


def _unescaped(match: re.Match[str]) -> int | str:
    if match[1] is None:
        return int(match[2])
    return _ESCAPE.sub(_character, match[1])


def _character(escape: re.Match[str]) -> str:
    word = escape[1]
    if word is None:
        return escape[0][0]
    if len(word) > 1:
        return character(int(word[1:], 16))
    return _LETTERS.get(word, word)

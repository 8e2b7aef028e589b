"""Functions of IP networks.

See https://developer.hashicorp.com/terraform/language/functions: IP network functions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from checker.knowledge.holes import Kind
from checker.sources.terraform.evaluation.functions.function import TerraformFunction
from checker.sources.terraform.evaluation.functions.sequences import few, whole
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.language.numbers import Number
from checker.sources.terraform.values.terraform_values import List, TerraformValue
from checker.sources.terraform.values.unify import STRING

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    Network: TypeAlias = IPv4Network | IPv6Network

_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
MOST_NEW_BITS = 32
"""By how many bits `cidrsubnets` extends a prefix at most."""


def _network(prefix: str) -> Network:
    import ipaddress

    address, slash, length = prefix.partition("/")
    refusal = EvaluationError(f"invalid CIDR expression: `{prefix[:60]}`")
    if not slash or not (length.isascii() and length.isdigit()) or "%" in address:
        raise refusal
    if ":" not in address:
        address = _LEADING_ZEROS.sub("", address)
    try:
        made = ipaddress.ip_network(f"{address}/{length}", strict=False)
    except ValueError:
        raise refusal from None
    if isinstance(made, ipaddress.IPv6Network) and made.network_address.ipv4_mapped is not None:
        raise UnknownResultError("a prefix of IPv4 addresses written as IPv6")
    return made


def _like(network: Network, address: int, length: int) -> str:
    """Write the subnet of a network that starts at an address."""
    return f"{_address(network, address)}/{length}"


def _address(network: Network, address: int) -> str:
    return str(type(network.network_address)(address))


def _cidrhost(prefix: str, number: Number) -> TerraformValue:
    network = _network(prefix)
    host = number if isinstance(number, int) else whole(number)
    size = network.num_addresses
    if not -size <= host < size:
        raise EvaluationError(
            f"prefix of {network.prefixlen} does not accommodate a host numbered {host}"
        )
    return _address(network, int(network.network_address) + (host if host >= 0 else size + host))


def _cidrnetmask(prefix: str) -> TerraformValue:
    network = _network(prefix)
    if network.version != 4:  # noqa: PLR2004 - IPv4
        raise EvaluationError("IPv6 addresses cannot have a netmask")
    return str(network.netmask)


def _cidrsubnet(prefix: str, new_bits: Number, number: Number) -> TerraformValue:
    network = _network(prefix)
    bits = whole(new_bits)
    subnet = number if isinstance(number, int) else whole(number)
    length = network.prefixlen + bits
    if length > network.max_prefixlen:
        raise EvaluationError(
            f"insufficient address space to extend prefix of {network.prefixlen} by {bits}"
        )
    if bits < 0 or subnet < 0:
        raise UnknownResultError("a subnet of a negative number")
    if subnet >= 1 << bits:
        raise EvaluationError(
            f"prefix extension of {bits} does not accommodate a subnet numbered {subnet}"
        )
    start = int(network.network_address) + (subnet << (network.max_prefixlen - length))
    return _like(network, start, length)


def _cidrsubnets(prefix: str, *new_bits: Number) -> TerraformValue:
    network = _network(prefix)
    few(len(new_bits))
    at = int(network.network_address)
    end = at + network.num_addresses
    if not at and new_bits:
        # Terraform starts from the subnet before the first, and there is none.
        raise EvaluationError("not enough remaining address space")
    out: list[TerraformValue] = []
    for count in new_bits:
        bits = whole(count)
        length = network.prefixlen + bits
        if bits < 1:
            raise EvaluationError("must extend prefix by at least one bit")
        if bits > MOST_NEW_BITS:
            raise EvaluationError(f"may not extend prefix by more than {MOST_NEW_BITS} bits")
        if length > network.max_prefixlen:
            raise EvaluationError("not enough remaining address space")
        size = 1 << (network.max_prefixlen - length)
        at = -(-at // size) * size
        if at + size > end:
            raise EvaluationError("not enough remaining address space")
        out.append(_like(network, at, length))
        at += size
    return List(out, STRING)


def _subnets_cost(_: str, *new_bits: Number) -> int:
    return 5 * (1 + len(new_bits))


FUNCTIONS = (
    TerraformFunction("cidrhost", _cidrhost, ("string", "number"), returns="string"),
    TerraformFunction("cidrnetmask", _cidrnetmask, ("string",), returns="string", kind=Kind.NAME),
    TerraformFunction("cidrsubnet", _cidrsubnet, ("string", "number", "number"), returns="string"),
    TerraformFunction("cidrsubnets", _cidrsubnets, ("string", "number*"), cost=_subnets_cost),
)

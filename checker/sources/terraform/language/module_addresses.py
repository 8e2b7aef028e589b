"""Source addresses of modules, as Terraform writes them down in `modules.json`.

See https://developer.hashicorp.com/terraform/language/modules/sources.
"""

from __future__ import annotations

import re

from checker.records import dataclass

_REGISTRY = re.compile(r"(?:[\w.-]+\.[\w.-]+(?::\d+)?/)?[\w-]+/[\w-]+/[a-z0-9]+")
_DEFAULT_HOSTS = ("registry.terraform.io/", "registry.opentofu.org/")
_HOSTED = re.compile(r"(github\.com|bitbucket\.org)/([^/?]+)/([^/?]+?)(?:\.git)?((?:/[^?]*)?)")
_SHELL = re.compile(r"([^@/:]+@)?([^/:@]+):((?!//)[^?]*)")
_FORCED = re.compile(r"([a-z0-9]+)::(.*)", re.DOTALL)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://")
_CLONED = re.compile(r"(?:https|http|ssh|git)://(?:[^@/]*@)?([^/:]+)(?::\d+)?/(.*?)(?:\.git)?/*")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a module is downloaded from: a package, a directory in it, and its commit or tag.

    `registry` says that the package is one of a registry, without its default host.
    """

    package: str
    inner: str = ""
    query: str = ""
    registry: bool = False

    @property
    def repository(self) -> str:
        """Host and path of the git repository (`github.com/acme/infra`), empty if it is none."""
        forced = _FORCED.fullmatch(self.package)
        if forced is None or forced[1] != "git":
            return ""
        return repository_at(forced[2])

    @property
    def reference(self) -> str:
        """What `ref` names: a branch, tag or commit; empty for the default branch."""
        for each in self.query.split("&"):
            name, _, value = each.partition("=")
            if name == "ref":
                return value
        return ""


def is_local(source: str) -> bool:
    """Tell whether the source of a module is a path.

    See https://developer.hashicorp.com/terraform/language/modules/sources#local-paths.
    """
    return source.startswith(("./", "../")) or source in {".", ".."}


def address_of(source: str) -> Address:
    """Read the source of a module that is no local path."""
    before, _, query = source.partition("?")
    whole, inner = _split(before)
    for host in _DEFAULT_HOSTS:
        whole = whole.removeprefix(host)
    if _REGISTRY.fullmatch(whole) and not whole.startswith(("github.com/", "bitbucket.org/")):
        return Address(whole, inner, query, registry=True)
    forced = _FORCED.fullmatch(whole)
    kind, rest = (forced[1], forced[2]) if forced else ("", whole)
    hosted = _HOSTED.fullmatch(rest)
    shell = None if _SCHEME.match(rest) else _SHELL.fullmatch(rest)
    if hosted is not None:
        kind, rest = "git", f"https://{hosted[1]}/{hosted[2]}/{hosted[3]}.git"
        inner = inner or hosted[4].strip("/")
    elif shell is not None and (kind == "git" or shell[1]):
        kind, rest = "git", f"ssh://{shell[1] or ''}{shell[2]}/{shell[3].lstrip('/')}"
    return Address(f"{kind}::{rest}" if kind else rest, inner, query)


def repository_at(url: str) -> str:
    """Return host and path of a git repository's URL, without credentials; empty if it has none."""
    shell = None if _SCHEME.match(url) else _SHELL.fullmatch(url)
    if shell is not None:
        url = f"ssh://{shell[2]}/{shell[3].lstrip('/')}"
    found = _CLONED.fullmatch(url)
    return f"{found[1]}/{found[2]}".lower() if found else ""


def _split(source: str) -> tuple[str, str]:
    """Split a source at the `//` before the directory in its package."""
    scheme = source.find("://")
    start = 0 if scheme < 0 else scheme + 3
    at = source.find("//", start)
    if at < 0:
        return source, ""
    return source[:at], source[at + 2 :].strip("/")

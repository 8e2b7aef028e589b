"""Read a policy: a shipped one by name, or a file of the user's.

A file may lie anywhere, as its user names it; what it extends is read only if it lies in the same
repository, or without one in the same folder. Of a file that is no policy no message repeats
anything: it may be any file. One whose keys are mostly those of a policy has its wrong words
quoted, so that they can be found and corrected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from checker import shipped as files
from checker import yaml
from checker.errors import PolicyFileError, Reason
from checker.files import FileError, absolute
from checker.policy.fields import Fields
from checker.policy.files import DISK, PolicyFiles
from checker.policy.policy import Policy, Waiver
from checker.records import dataclass
from checker.reports.report import Severity
from checker.rules import RULES

DEFAULT = "current"
"""The policy that a run takes, and that a user's file extends, unless it names another."""
MOST_EXTENDS = 8
"""How many policies may extend one another in a row."""
THRESHOLDS = {rule.name: tuple(rule.thresholds) for rule in RULES if rule.thresholds}
"""What a policy file may set of rules, besides their severity."""
PERMISSIONS = {
    ("role", "required"): "role_required",
    ("deployer", "required"): "deployer_required",
    ("deployer", "terraform"): "deployer_terraform",
    ("deployer", "cloudformation"): "deployer_cloudformation",
    ("deployer", "console"): "deployer_console",
}
KEYS = (
    "name",
    "summary",
    "extends",
    "permissions",
    "fail-on",
    "undecided",
    "deployer",
    "rules",
    "waivers",
)

_QUOTED = re.compile(r"`([^`]*)`")


def shipped() -> tuple[str, ...]:
    """Return the names of the policies that come with tfcheck, the default first."""
    names = (path.stem for path in files.folder().glob("*.yaml"))
    return tuple(sorted(names, key=lambda name: (name != DEFAULT, name)))


def load(name: str, rules: Iterable[str], where: PolicyFiles = DISK) -> Policy:
    """Return a policy by its name, or from a file if `name` has a `/` or ends in `.yaml`.

    `rules` are the names of all rules that exist. Files that are not shipped, and what they extend,
    are read where `where` keeps them.

    Raises:
        PolicyFileError: there is no such policy, or the file is wrong; every reason is given.
    """
    reader = _Reader(frozenset(rules), (), where, None)
    if not _is_file(name):
        return reader.named(name)
    try:
        path = absolute(Path(name))
        root = where.root(path)
    except FileError as error:
        raise PolicyFileError(Reason(f"`{name}` {error.why}")) from error
    return replace(reader, root=root).file(path, name)


def _is_file(name: str) -> bool:
    return "/" in name or name.endswith(".yaml")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one policy file.

    `below` are the files that extend it, `around` is the directory that they must not lead out of.
    """

    rules: frozenset[str]
    below: tuple[Path, ...]
    where: PolicyFiles
    root: Path | None

    def named(self, name: str, at: str = "") -> Policy:
        """Read a shipped policy."""
        if name not in shipped():
            known = ", ".join(f"`{each}`" for each in shipped())
            hint = f"shipped policies: {known}; a file's name has a `/` or ends in `.yaml`"
            raise PolicyFileError(Reason(f"there is no policy `{name}`", at), hint=hint)
        reader = replace(self, where=DISK, root=files.folder())
        return reader.file(files.folder() / f"{name}.yaml", f"policies/{name}.yaml", at)

    def file(self, path: Path, shown: str, at: str = "") -> Policy:
        """Read a policy file, and first what it extends."""
        if path in self.below:
            raise PolicyFileError(Reason(f"`{shown}` extends itself", at))
        if len(self.below) >= MOST_EXTENDS:
            raise PolicyFileError(Reason(f"more than {MOST_EXTENDS} policies in a row", at))
        fields = Fields.of(self._document(path, shown, at), shown)
        fields.only(KEYS)
        policy = self._overlay(self._extended(fields, path), fields, path)
        fields.finish()
        return policy

    def _extended(self, fields: Fields, path: Path) -> Policy:
        if not fields.has("extends") and path.parent != files.folder():
            return self._above(path).named(DEFAULT)
        name = fields.text("extends", nullable=True)
        if name is None:
            return Policy("")
        place = fields.place("extends")
        above = self._above(path)
        if not _is_file(name):
            return above.named(name, place)
        if Path(name).is_absolute():
            raise PolicyFileError(Reason("`extends` names a file by an absolute path", place))
        shown = Path(fields.file).parent / name
        return above.file(absolute(path.parent / name), str(shown), place)

    def _above(self, path: Path) -> _Reader:
        return replace(self, below=(*self.below, path))

    def _document(self, path: Path, shown: str, at: str) -> yaml.YamlMapping:
        try:
            text = self._text(path)
            node = yaml.parse(text.decode("utf-8"))
        except FileError as error:
            raise PolicyFileError(Reason(f"cannot read `{shown}`: it {error.why}", at)) from error
        except UnicodeDecodeError as error:
            raise PolicyFileError(Reason("not UTF-8 text", shown)) from error
        except yaml.YamlError as error:
            place = f"{shown}:{error.line}:{error.column}"
            raise PolicyFileError(Reason(_without_words(str(error)), place)) from None
        if not isinstance(node, yaml.YamlMapping):
            raise PolicyFileError(Reason("a policy is a mapping of keys to values", shown))
        unknown = [key.text for key, _ in node.entries if key.text not in KEYS]
        if 2 * len(unknown) > len(node.entries):
            raise PolicyFileError(
                Reason("is not a policy: most of its keys are not a policy's", shown)
            )
        return node

    def _text(self, path: Path) -> bytes:
        return self.where.read(path, yaml.MOST_CHARACTERS, self.root if self.below else None)

    def _overlay(self, under: Policy, fields: Fields, path: Path) -> Policy:
        rules = fields.inner("rules")
        severities, thresholds = self._severities(rules)
        numbers = {**under.settings.numbers, **thresholds}
        settings = replace(under.settings, numbers=numbers, **_permissions(fields))
        merged: dict[str, Severity | None] = {**under.severities, **severities}
        return Policy(
            name=fields.text("name") or path.stem,
            summary=fields.text("summary") or "",
            severities={rule: how for rule, how in merged.items() if how is not None},
            templates={
                **{name: how for name, how in under.templates.items() if name not in severities},
                **_in_templates(rules),
            },
            settings=settings,
            fail_on=_severity(fields, "fail-on") or under.fail_on,
            undecided_fails=_undecided(fields, default=under.undecided_fails),
            deployer=fields.text("deployer", nullable=True) or under.deployer,
            waivers=(*under.waivers, *self._waivers(fields)),
        )

    def _severities(
        self, rules: Fields
    ) -> tuple[dict[str, Severity | None], dict[tuple[str, str], int]]:
        severities: dict[str, Severity | None] = {}
        thresholds: dict[tuple[str, str], int] = {}
        rules.only(self.rules, what="rule")
        for name in rules.keys():  # noqa: SIM118 - Fields is no dictionary
            if not rules.is_mapping(name):
                severities[name] = _severity(rules, name, off=True)
                continue
            details = rules.inner(name)
            names = THRESHOLDS.get(name, ())
            details.only(("severity", IN_TEMPLATES, *names), what="setting")
            if details.has("severity"):
                severities[name] = _severity(details, "severity", off=True)
            found = {(name, key): details.number(key) for key in names}
            thresholds |= {key: number for key, number in found.items() if number is not None}
        return severities, thresholds

    def _waivers(self, fields: Fields) -> list[Waiver]:
        return [self._waiver(each) for each in fields.each("waivers")]

    def _waiver(self, fields: Fields) -> Waiver:
        fields.only(("rule", "mapping", "reason", "until", "unknown"))
        fields.needs("rule", "mapping", "reason")
        rule = fields.text("rule") or ""
        if rule:
            fields.among("rule", self.rules, what="rule")
        return Waiver(
            rule=rule,
            mapping=fields.text("mapping") or "",
            reason=fields.text("reason") or "",
            until=_day(fields),
            unknown=fields.flag("unknown"),
            at=fields.at,
        )


IN_TEMPLATES = "in-templates"


def _in_templates(rules: Fields) -> dict[str, Severity]:
    """Return the severities that rules have for templates of CloudFormation alone."""
    found = {
        name: _severity(rules.inner(name), IN_TEMPLATES)
        for name in rules.keys()  # noqa: SIM118 - Fields is no dictionary
        if rules.is_mapping(name) and rules.inner(name).has(IN_TEMPLATES)
    }
    return {name: how for name, how in found.items() if how is not None}


def _without_words(message: str) -> str:
    """Return a message of the parser without what it quotes, but for a policy's own words."""
    return _QUOTED.sub(lambda found: found[0] if found[1] in KEYS else "`...`", message)


def _severity(fields: Fields, key: str, *, off: bool = False) -> Severity | None:
    """Return the severity; None if the rule is off, or the key is not there."""
    names = [severity.value for severity in Severity] + (["off"] if off else [])
    text = fields.among(key, names, what="severity")
    return Severity(text) if text is not None and text != "off" else None


def _undecided(fields: Fields, *, default: bool) -> bool:
    text = fields.among("undecided", ("pass", "fail"), what="answer")
    return default if text is None else text == "fail"


def _permissions(fields: Fields) -> dict[str, tuple[str, ...]]:
    permissions = fields.inner("permissions")
    permissions.only({part for part, _ in PERMISSIONS})
    found: dict[str, tuple[str, ...]] = {}
    for part in permissions.keys():  # noqa: SIM118 - Fields is no dictionary
        actions = permissions.inner(part)
        names = {key: to for (owner, key), to in PERMISSIONS.items() if owner == part}
        actions.only(names)
        found |= {to: actions.texts(key) for key, to in names.items() if actions.has(key)}
    return found


def _day(fields: Fields) -> date | None:
    text = fields.text("until")
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fields.wrong("until", f"`{text}` is not a day such as 2027-01-31")
        return None

"""A template with what is given to it, held against what it declares."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from checker.errors import Reason, SourceError, UsageError
from checker.files import FileError, Repository, absolute, read_named
from checker.masking import Masker
from checker.model import Inventory
from checker.sources.cloudformation.given import StackInput, TemplateOptions
from checker.sources.cloudformation.language.template import StackTemplate, parse
from checker.sources.cloudformation.load import read_together
from checker.sources.cloudformation.nested_files import NestedFiles
from checker.sources.cloudformation.parameter_files import read_parameters
from checker.sources.cloudformation.samconfig import NAME as SAMCONFIG
from checker.sources.cloudformation.samconfig import SamConfig, read_config
from checker.sources.cloudformation.values.constraints import broken_constraint
from checker.sources.cloudformation.values.nested import NestedTemplates
from checker.sources.cloudformation.values.parameters import StackParameters
from checker.sources.cloudformation.values.stack import RootStack
from checker.yaml import MOST_CHARACTERS

_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2}")
_ACCOUNT = re.compile(r"[0-9]{12}")


def load_template(
    target: Path, repository: Repository, options: TemplateOptions, shown: str = ""
) -> Inventory:
    """Read a template's file, with what is given to it and what `samconfig.toml` beside it says.

    Raises SourceError with every reason if something that is needed cannot be read, UsageError for
    a parameter that it does not declare.
    """
    try:
        path = repository.resolve(absolute(target))
    except FileError as error:
        raise SourceError(Reason(error.why, str(target))) from None
    template = read_template(path, repository)
    return load_parsed(template, path.parent, shown or str(target), options, repository)


def read_template(path: Path, repository: Repository) -> StackTemplate:
    """Return the sections of a template's file; SourceError if it is none."""
    name = repository.name(path)
    try:
        data = repository.read(path, 4 * MOST_CHARACTERS)
    except FileError as error:
        raise SourceError(Reason(error.why, name)) from None
    return _parsed(data, name)


def load_parsed(
    template: StackTemplate,
    folder: Path,
    shown: str,
    options: TemplateOptions,
    repository: Repository,
) -> Inventory:
    """Return what a template that lies in a directory comes to. Raises as `load_template`."""
    config = read_config(folder, repository, options.config_env)
    given = stack_input(template, options, config, repository)
    root = RootStack(template, given, before=_before(options, repository))
    return load_together([root], shown, repository)


def load_template_text(data: bytes, name: str, options: TemplateOptions) -> Inventory:
    """Read a template's text, such as that of standard input. Raises as `load_template`."""
    if options.config_env is not None:
        raise UsageError(f"`--config-env` needs a file: {name} has no `{SAMCONFIG}` beside it")
    template = _parsed(data, name)
    given = stack_input(template, options, SamConfig(), None)
    return _loaded([RootStack(template, given, before=_before(options, None))], name)


def _before(options: TemplateOptions, repository: Repository | None) -> StackTemplate | None:
    """Return the template that an update replaces, which the user names; None without one."""
    if options.before is None:
        return None
    name = options.before.as_posix()
    try:
        data = read_named(options.before, 4 * MOST_CHARACTERS, repository)
    except FileError as error:
        raise SourceError(Reason(error.why, name)) from None
    return _parsed(data, name)


def root_stack(
    path: Path, repository: Repository, options: TemplateOptions, prefix: str
) -> RootStack:
    """Return the template of a file with what is given to it. Raises as `load_template`."""
    template = read_template(path, repository)
    config = read_config(path.parent, repository, options.config_env)
    return RootStack(template, stack_input(template, options, config, repository), prefix)


def load_together(
    roots: Sequence[RootStack],
    shown: str,
    repository: Repository,
    nested: NestedFiles | None = None,
) -> Inventory:
    """Return what stacks come to that import from one another. Raises SourceError."""
    return _loaded(roots, shown, nested or NestedFiles(repository, roots[0].given.region))


def _parsed(data: bytes, name: str) -> StackTemplate:
    try:
        return parse(data.decode("utf-8-sig"), name)
    except UnicodeDecodeError:
        raise SourceError(Reason("it is not UTF-8", name)) from None


def _loaded(
    roots: Sequence[RootStack], shown: str, nested: NestedTemplates | None = None
) -> Inventory:
    try:
        return read_together(roots, shown, nested)
    except SourceError as error:
        every = (StackParameters(each.template, each.given).secrets for each in roots)
        secrets = frozenset[str]().union(*every)
        raise SourceError(*Masker(secrets).whole(error.reasons), hint=error.hint) from None


def stack_input(
    template: StackTemplate,
    options: TemplateOptions,
    config: SamConfig,
    repository: Repository | None,
) -> StackInput:
    """Return what a stack of a template is created with. Raises SourceError and UsageError."""
    checked_options(options)
    values: dict[str, str | None] = {
        name: value for name, value in config.parameters.items() if name in template.parameters
    }
    for path in options.parameter_files:
        of_file = read_parameters(path, repository)
        values |= _declared(of_file, template, options, f"`--parameter-file {path.as_posix()}`")
    values |= _declared(of_words(options.parameters), template, options, "`--parameter`")
    known = {name: value for name, value in values.items() if value is not None}
    for name, value in known.items():
        _refuse(name, value, template)
    return StackInput(
        parameters=known,
        account=options.account,
        region=options.region or config.region,
        stack_name=options.stack_name or config.stack_name,
        deployer=deployer_of(options),
        kept=frozenset(values) - known.keys(),
    )


def deployer_of(options: TemplateOptions) -> str | None:
    """Return who deploys the stack; an address of Terraform names nobody of one of many inputs.

    Raises UsageError for an address where there is one input.
    """
    named = options.deployer
    if named is None or named.startswith("arn:"):
        return named
    if options.lenient:
        return None
    raise UsageError(
        f"`--deployer {named}` is not an ARN", hint="name the role that the stack is deployed with"
    )


def of_words(words_: tuple[str, ...]) -> dict[str, str | None]:
    """Return parameters that are written `NAME=VALUE`. Raises UsageError."""
    found: dict[str, str | None] = {}
    for word in words_:
        name, equals, value = word.partition("=")
        if not equals:
            raise UsageError("`--parameter` takes NAME=VALUE")
        found[name.strip()] = value
    return found


def _declared(
    given: Mapping[str, str | None], template: StackTemplate, options: TemplateOptions, by: str
) -> dict[str, str | None]:
    """Return the parameters that a template declares; the first other one is an error."""
    if not options.lenient:
        undeclared(given, template.parameters, by, "the template has no")
    return {name: value for name, value in given.items() if name in template.parameters}


def undeclared(given: Iterable[str], declared: Collection[str], by: str, none: str) -> None:
    """Raise UsageError for the first parameter that is not declared."""
    other = next((name for name in given if name not in declared), None)
    if other is not None:
        close = get_close_matches(other, list(declared), n=1)
        hint = f"did you mean `{close[0]}`?" if close else ""
        raise UsageError(f"{by}: {none} parameter `{other}`", hint=hint)


def _refuse(name: str, value: str, template: StackTemplate) -> None:
    """Raise UsageError for a value that CloudFormation does not take for a parameter."""
    broken = broken_constraint(name, template.parameters[name], value)
    if broken is not None:
        raise UsageError(broken.wanted)


def checked_options(options: TemplateOptions) -> None:
    """Raise UsageError for an account or a Region that is none."""
    given = (
        (options.account, _ACCOUNT, "--account", "12 digits"),
        (options.region, _REGION, "--region", "a Region such as eu-west-1"),
    )
    for value, pattern, option, what in given:
        if value is not None and not pattern.fullmatch(value):
            raise UsageError(f"`{option} {value}` is not {what}")

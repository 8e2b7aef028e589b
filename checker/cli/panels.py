"""`--help`: options in panels, as plain text, and what holds for all of them said once."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

INPUT = "Input"
TEMPLATE = "Templates of CloudFormation, SAM and the CDK"
ACCOUNT = "AWS account"
MAPPING = "Mapping"
MESSAGE = "Test message"
RULES = "Rules"
EARLIER = "Waivers and earlier findings"
CONFIGURATION = "Configuration file"
REPORT = "Report"
_OTHERS = "Options"
_WIDEST = 30
"""How many characters of names stand beside their texts; a wider one has a line of its own."""


class PanelCommand(TyperCommand):
    """A command whose help groups its options by `rich_help_panel`, without loading Rich."""

    def __init__(self, *arguments: Any, **words: Any) -> None:  # noqa: ANN401 - typer's own
        super().__init__(*arguments, **words)
        for each in self.params:
            # The rule that all of them follow stands at the end of the page.
            each.show_envvar = False  # type: ignore[attr-defined]
        self.epilog = self.epilog or _environment(self.params)

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - a class without a public name
        """Return `--help` with its text in the words of the other options."""
        return _worded(super().get_help_option(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - see above
        """Write a section for each panel, in the order of the first option of each."""
        panels: dict[str, list[tuple[str, str]]] = {"Arguments": []}
        for each in self.get_params(ctx):
            record = each.get_help_record(ctx)
            if record is None:
                continue
            named = getattr(each, "rich_help_panel", None) or _OTHERS
            panel = "Arguments" if each.param_type_name == "argument" else named
            panels.setdefault(panel, []).append(record)
        others = panels.pop(_OTHERS, [])
        records = [each for rows in (*panels.values(), others) for each in rows]
        widths = [len(name) for name, _ in records]
        column = max((each for each in widths if each <= _WIDEST), default=0)
        for panel, rows in [*panels.items(), (_OTHERS, others)]:
            if rows:
                with formatter.section(panel):
                    formatter.write_dl([(name.ljust(column), text) for name, text in rows])


class PanelGroup(TyperGroup):
    """The program, whose own options are worded as those of its commands."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401 - see above
        """Return the options, those of typer included."""
        return [_worded(each) for each in super().get_params(ctx)]


def _environment(params: list[Any]) -> str | None:
    """Say how options are named in the environment, where there are any."""
    names = [each.name for each in params if each.param_type_name == "option"]
    if not names:
        return None
    example = next((each for each in names if "_" in each), names[0])
    return (
        f"Each option is also an environment variable, such as `TFCHECK_{example.upper()}` for"
        f" `--{example.replace('_', '-')}`; blanks separate several values. The command line wins."
    )


def _worded(option: Any) -> Any:  # noqa: ANN401 - see above
    """Return an option with its text in lower case and without a period, as ours are."""
    text = getattr(option, "help", None)
    if text:
        option.help = f"{text[0].lower()}{text[1:].removesuffix('.')}"
    return option

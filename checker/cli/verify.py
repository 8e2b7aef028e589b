"""`tfcheck verify`: a mapping that has just gone out, until it is Enabled."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from checker.cli import console, credentials, panels
from checker.errors import UsageError
from checker.reports.terminal import visible

if TYPE_CHECKING:
    from checker.sources.account.verify import MappingState, Watch

POLL_SECONDS = 2.0


def verify(
    queue: Annotated[
        str,
        typer.Option(
            help="queue of the mapping", metavar="ARN|URL|NAME", rich_help_panel=panels.MAPPING
        ),
    ],
    function: Annotated[
        str,
        typer.Option(
            help="function of the mapping", metavar="ARN|NAME", rich_help_panel=panels.MAPPING
        ),
    ],
    timeout: Annotated[
        float,
        typer.Option(
            min=0, help="how long to wait", metavar="SECONDS", rich_help_panel=panels.MAPPING
        ),
    ] = 120,
    send_test_message: Annotated[
        str | None,
        typer.Option(
            help="send a message with this body, and wait until it has left the queue",
            metavar="BODY",
            rich_help_panel=panels.MESSAGE,
        ),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="send it without confirmation", rich_help_panel=panels.MESSAGE),
    ] = False,
    region: credentials.Region = None,
    profile: credentials.Profile = None,
    role_arn: credentials.RoleArn = None,
    external_id: credentials.ExternalId = None,
) -> None:
    """Wait until the mapping between a queue and a function is Enabled, and say why if it is not.

    With --send-test-message it asks for confirmation and sends one message; nothing else writes to
    AWS. It then waits until the queue was empty for a minute, since the counts of SQS can be that
    late.

    Exit codes: 0 enabled (and the message left the queue), 1 not so or unknown, 2 nothing was
    checked.
    """
    from checker.sources.account.allowed import SENDING
    from checker.sources.account.verify import Watch

    if send_test_message is not None and not yes:
        _confirm(queue)
    sending = frozenset({SENDING} if send_test_message is not None else ())
    access = credentials.access(profile, role_arn, external_id, region=region, sending=sending)
    watch = Watch(access, queue, function)
    state = watch.until(lambda each: each.name in {"Enabled", "Disabled"}, timeout, _tell)
    code = _said(watch, state)
    if code == 0 and send_test_message is not None:
        code = _through(watch, send_test_message, timeout, filtered=state.filtered)
    raise typer.Exit(code)


def _confirm(queue: str) -> None:
    if not console.is_asked():
        raise UsageError(
            "`--send-test-message` asks before it sends, and there is no terminal",
            hint="add `--yes` to send without being asked",
        )
    try:
        agreed = typer.confirm(f"send one message to {visible(queue)}?", err=True)
    except typer.Abort:
        raise KeyboardInterrupt from None
    if not agreed:
        raise UsageError("no message was sent")


def _tell(state: MappingState, seconds: float) -> None:
    if sys.stderr.isatty():
        console.say(f"{seconds:5.0f} s  {state.name or 'no mapping yet'}")


def _said(watch: Watch, state: MappingState) -> int:
    from checker.sources.account.mappings import STATES

    pair = f"`{watch.queue}` to `{watch.function}`"
    if not state.name:
        console.write(f"no mapping from {visible(pair)}\n")
        return 1
    if state.name == "Enabled":
        console.write(f"the mapping from {visible(pair)} is Enabled\n")
        return 0
    if state.name not in STATES:
        said = f"the state of the mapping from {pair} is unknown: AWS calls it `{state.name}`"
        console.write(f"{visible(said)}\n")
        return 1
    why = state.reason or "AWS gives no reason"
    more = f"; last result: {state.result}" if state.result else ""
    console.write(
        f"the mapping from {visible(pair)} is {visible(state.name)}: {visible(why + more)}\n"
    )
    return 1


def _through(watch: Watch, body: str, seconds: float, *, filtered: bool) -> int:
    """Send a message, and wait until it has left the queue or is among the dead letters."""
    from checker.sources.account.passage import Fate, Passage

    passage = Passage(watch.counts(), filtered=filtered)
    watch.send(body)
    start = time.monotonic()
    fate = None
    while fate is None and (passed := time.monotonic() - start) < seconds:
        time.sleep(min(POLL_SECONDS, seconds))
        now = watch.counts()
        fate = passage.look(now, time.monotonic() - start)
        if sys.stderr.isatty():
            console.say(f"{passed:5.0f} s  {_number(now.waiting)} in the queue")
    fate = fate or passage.end()
    console.write(f"{fate.value}\n")
    return 0 if fate in {Fate.LEFT, Fate.FILTERED} else 1


def _number(messages: int | None) -> str:
    return "an unknown number" if messages is None else str(messages)

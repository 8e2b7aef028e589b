"""What the account answered: each thing asked for once, kept for a run that goes on later.

A call that fails is an unknown with the call and the error; it is asked for again on resuming.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from checker.errors import UsageError
from checker.files import FileError, MissingFileError, append, read_named
from checker.knowledge.partial import Known, Location, Unknown, Value
from checker.model import Gone
from checker.sources.account.client import Clients, NotReadError
from checker.sources.account.codes import GONE, STALE
from checker.sources.account.expected import fault, list_fault

T = TypeVar("T")
_HEADER = "answers of"
_PAIR = 2
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
MOST_BYTES = 128 * 1024 * 1024
"""The largest file of answers that is read: some 20,000 mappings with all that they name."""
_QUEUE = re.compile(r"arn:[\w-]+:sqs:[\w-]*:\d*:[\w.-]+|https?://[\w.:-]+/\d{12}/[\w.-]+")
_UNKEPT = ("ResponseMetadata", "Code")
"""Members that are nobody's business: the second holds an address of the function's code."""


class Answers:
    """Answers by what was asked; with a file, those of the run before, and kept for the next."""

    def __init__(self, clients: Clients, file: Path | None = None) -> None:
        self.clients = clients
        self._kept: dict[str, Any] = {}
        self._checked: set[str] = set()
        self._lock = threading.Lock()
        self._file = file
        if file is not None:
            self._kept = _read(file)

    def belong(self, account: str, now: datetime) -> str | None:
        """Keep the answers of an account only; return since when the file holds some, if it does.

        UsageError for a file that holds those of another account, or something else.
        """
        if self._file is None:
            return None
        if not self._kept:
            of = {"account": account, "since": now.isoformat(timespec="seconds")}
            _append(self._file, _HEADER, of)
            return None
        other, since = _header(self._file, self._kept.get(_HEADER))
        if other != account:
            raise UsageError(
                f"`{self._file}` holds the answers of account {other}, "
                f"and the credentials are of {account}",
                hint="name another file with `--resume`",
            )
        return since

    def ask(
        self, service: str, region: str | None, operation: str, **words: object
    ) -> dict[str, Any]:
        """Return an answer; NotReadError if the call fails."""
        call = self.clients.call
        return self._once(
            (service, region, operation, words),
            lambda: call(service, region, operation, **words),
            lambda kept: fault(f"{service}:{operation}", region, words, kept) is None,
        )

    def ask_all(
        self,
        service: str,
        region: str | None,
        operation: str,
        key: str,
        **words: object,
    ) -> list[Any]:
        """Return the members of every page of an answer; NotReadError if the call fails."""
        pages = self.clients.pages
        found: list[Any] = self._once(
            (service, region, operation, key, words),
            lambda: pages(service, region, operation, key, **words),
            lambda kept: list_fault(f"{service}:{operation}", region, words, {key: kept}) is None,
        )
        return found

    def ask_details(self, region: str, kinds: tuple[str, ...]) -> dict[str, list[Any]]:
        """Return all principals and policies of some kinds; NotReadError if the call fails."""
        details = self.clients.details
        operation, words = "GetAccountAuthorizationDetails", {"Filter": list(kinds)}
        found: dict[str, list[Any]] = self._once(
            ("iam", region, operation, list(kinds)),
            lambda: details(region, kinds),
            lambda kept: list_fault(f"iam:{operation}", region, words, kept) is None,
        )
        return found

    def _once(self, asked: object, work: Callable[[], T], sound: Callable[[Any], bool]) -> T:
        """Return what is kept, if it is `sound`: a file may hold anything; else what is answered.

        The clients check what they answer.
        """
        name = json.dumps(asked, sort_keys=True)
        with self._lock:
            if name in self._checked:
                found: T = self._kept[name]
                return found
            kept: T | None = self._kept.get(name)
        if kept is not None and sound(kept):
            with self._lock:
                self._checked.add(name)
            return kept
        answer: T = _plain(work())
        with self._lock:
            self._kept[name] = answer
            self._checked.add(name)
            if self._file is not None:
                _append(self._file, name, answer)
        return answer

    def each(self, work: Callable[[T], None], things: Iterable[T]) -> None:
        """Do something for every thing, several at once."""
        with ThreadPoolExecutor(self.clients.access.workers) as pool:
            try:
                for _ in pool.map(work, things):
                    pass
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def unread(error: NotReadError, at: Location, what: str) -> Unknown:
    """Say of a failed call why something is not known, and what would settle it."""
    if error.code in GONE:
        return Gone(f"{what} does not exist", at)
    return Unknown(f"{what} is unknown: {error}", at, remedy(error))


def remedy(error: NotReadError) -> str:
    """Return what would let a call succeed."""
    if error.refused:
        return f"allow `{error.operation}`: `tfcheck permissions audit` prints the document"
    if error.code in STALE:
        return "renew the credentials"
    return "ask again" if error.operation else "write what AWS knows"


def tried(work: Callable[[], T], at: Location, what: str) -> Value[T]:
    """Return what a call answers, or why it is not known."""
    try:
        return Known(work(), at)
    except NotReadError as error:
        return unread(error, at, what)


def _plain(answer: object) -> Any:  # noqa: ANN401 - it has the shape of what was answered
    """Leave of an answer what JSON can hold, and no value that may be secret."""
    if isinstance(answer, dict):
        found = {k: _plain(v) for k, v in answer.items() if k not in _UNKEPT}
        environment = found.get("Environment")
        if isinstance(environment, dict):
            found["Environment"] = {"Variables": dict(_public(environment.get("Variables") or {}))}
        return found
    if isinstance(answer, (list, tuple)):
        return [_plain(each) for each in answer]
    if isinstance(answer, (str, int, float, bool)) or answer is None:
        return answer
    return str(answer)


def _public(variables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the variables that name a queue: nothing else is kept."""
    for name, value in variables.items():
        if isinstance(value, str) and _QUEUE.fullmatch(value):
            yield name, value


def _read(file: Path) -> dict[str, Any]:
    try:
        lines = read_named(file, MOST_BYTES).decode("utf-8").split("\n")
    except MissingFileError:
        return {}
    except FileError as error:
        raise UsageError(
            f"`{file}` {error.why}", hint="name another file with `--resume` to begin anew"
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"`{file}` is not a file of answers for `--resume`") from None
    found = dict(_lines(lines))
    if any(lines) and not found:
        raise UsageError(f"`{file}` is not a file of answers for `--resume`")
    return found


def _lines(lines: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Yield what was asked and the answer of each line that can be read.

    A line may be cut off where a run before was killed: what it held is asked for again.
    """
    for line in filter(None, lines):
        try:
            read = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(read, list) and len(read) == _PAIR and isinstance(read[0], str):
            yield read[0], read[1]


def _header(file: Path, header: object) -> tuple[str, str]:
    """Return the account that the answers are of, and since when; UsageError if it is no header."""
    account, since = (
        (header.get("account"), header.get("since")) if isinstance(header, dict) else (None, None)
    )
    if isinstance(account, str) and _ACCOUNT.fullmatch(account) and isinstance(since, str):
        try:
            return account, datetime.fromisoformat(since).isoformat()
        except ValueError:
            pass
    raise UsageError(f"`{file}` is not a file of answers for `--resume`")


def _append(file: Path, asked: str, answer: object) -> None:
    try:
        # It begins a line, too: what stands before may be cut off.
        append(file, "\n" + json.dumps([asked, answer]) + "\n")
    except FileError as error:
        raise UsageError(f"`{file}` {error.why}") from None

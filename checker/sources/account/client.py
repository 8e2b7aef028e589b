"""Clients of the SDK: credentials, the guard, pace, retries, and errors turned into words.

https://docs.aws.amazon.com/boto3/latest/guide/retries.html
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeVar

import boto3
import botocore.exceptions as errors
from botocore.client import BaseClient
from botocore.config import Config
from botocore.model import OperationModel
from botocore.parsers import ResponseParserError

from checker.errors import UsageError
from checker.records import dataclass
from checker.sources.account import codes
from checker.sources.account.allowed import ALLOWED, SENDING
from checker.sources.account.expected import fault, page_fault
from checker.sources.account.pages import PAGING, EndlessError, pages
from checker.sources.account.session import FIRST_REGION, made, no_credentials, work_as
from checker.sources.account.wire import UnboundedError

T = TypeVar("T")
CONNECT_SECONDS, READ_SECONDS = 10, 30
ATTEMPTS = 10
GARBLED = 5
"""How often an answer that is none is asked for, before it is unknown."""
PAUSE_SECONDS = 1.0
"""How long to wait before what does not exist is asked for once more."""


@dataclass(frozen=True, slots=True)
class Access:
    """Whose account is read and how fast: `most_a_second` requests, 0 for no bound.

    `region` is that of the environment, for a profile that names none.
    """

    profile: str | None = None
    role: str | None = None
    external_id: str | None = None
    workers: int = 16
    most_a_second: float = 0
    sending: frozenset[str] = frozenset()
    region: str | None = None


class NotReadError(Exception):
    """A call failed; `code` is the error's, empty where there was no answer.

    `operation` is empty where the thing cannot even be asked for.
    """

    def __init__(self, operation: str, code: str, message: str) -> None:
        self.operation, self.code = operation, code
        super().__init__(f"{code or message} on {operation}" if operation else message)

    @property
    def refused(self) -> bool:
        """Whether the credentials lack the permission."""
        return codes.denied(self.code)


class _BrokenAnswerError(Exception):
    """An answer does not hold what its operation answers."""


class ForbiddenOperationError(Exception):
    """An operation that is not on the list was about to be sent."""


class Clients:
    """The clients of one account, made when asked for; all operations pass the guard."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.calls: Counter[str] = Counter()
        self._clients: dict[tuple[str, str | None], BaseClient] = {}
        self._lock = threading.Lock()
        self._next = 0.0

    @cached_property
    def session(self) -> boto3.Session:
        """The SDK's session with the credentials that were asked for."""
        core = made(self.access.profile, self.access.region)
        work_as(core, self.access.role, self.access.external_id)
        return boto3.Session(botocore_session=core)

    def of(self, service: str, region: str | None = None) -> BaseClient:
        """Return the client of a service in a Region; NotReadError if the Region is none."""
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._made(service, region)
            return self._clients[service, region]

    def _made(self, service: str, region: str | None) -> BaseClient:
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            max_pool_connections=self.access.workers,
            retries={"mode": "adaptive", "total_max_attempts": ATTEMPTS},
            user_agent_extra="tfcheck",
        )
        try:
            client = self.session.client(service, region_name=region, config=config)
        except errors.InvalidRegionError:
            raise NotReadError(service, "", f"no Region `{region}`") from None
        client.meta.events.register("before-call", self._guard)
        # First, for what sends the request is registered there, too.
        client.meta.events.register_first("before-send", self._pace)
        return client

    def _guard(self, model: OperationModel, **_: object) -> None:
        """Refuse what is not on the list, before it is sent."""
        name = f"{model.service_model.service_name}:{model.name}"
        if name not in ALLOWED and name not in self.access.sending:
            raise ForbiddenOperationError(f"`{name}` is not among the operations that only read")
        self.calls[name] += 1

    def _pace(self, **_: object) -> None:
        """Wait until a request may be sent."""
        if self.access.most_a_second <= 0:
            return
        with self._lock:
            now = time.monotonic()
            start = max(now, self._next)
            self._next = start + 1 / self.access.most_a_second
        time.sleep(max(0.0, start - now))

    def call(
        self, service: str, region: str | None, operation: str, **words: object
    ) -> dict[str, Any]:
        """Call an operation; NotReadError if it fails, or its answer lacks what it must hold."""
        name = f"{service}:{operation}"
        method = _snake(operation)

        def read() -> dict[str, Any]:
            answer = getattr(self.of(service, region), method)(**words)
            return _checked(answer, fault(name, region, words, answer))

        # What was sent may have arrived, whatever the answer was.
        return self._asked(name, read, 1 if name == SENDING else GARBLED)

    def pages(
        self,
        service: str,
        region: str | None,
        operation: str,
        key: str,
        **words: object,
    ) -> list[Any]:
        """Return the members under a key of every page of an operation; NotReadError as `call`."""
        return self._listed(service, region, operation, words)[key]

    def details(self, region: str, kinds: tuple[str, ...]) -> dict[str, list[Any]]:
        """Return the lists of GetAccountAuthorizationDetails, all pages joined."""
        words = {"Filter": list(kinds)}
        return self._listed("iam", region, "GetAccountAuthorizationDetails", words)

    def _listed(
        self, service: str, region: str | None, operation: str, words: dict[str, Any]
    ) -> dict[str, list[Any]]:
        name = f"{service}:{operation}"
        method = _snake(operation)

        def ask(token: dict[str, Any]) -> dict[str, Any]:
            def read() -> dict[str, Any]:
                page = getattr(self.of(service, region), method)(**words, **token)
                return _checked(page, page_fault(name, region, words, page))

            return self._asked(name, read, GARBLED)

        try:
            return pages(PAGING[name], ask)
        except EndlessError as error:
            raise NotReadError(name, "", f"a list without an end ({error})") from None

    def _asked(self, name: str, read: Callable[[], T], attempts: int) -> T:
        """Return what a call answers; what is no answer, or says `gone`, is asked for again."""
        gone = False
        while True:
            try:
                return read()
            except errors.ClientError as error:
                code = codes.readable(error.response.get("Error", {}).get("Code", ""))
                if code in codes.ABSENT and not gone:
                    gone = True
                    time.sleep(PAUSE_SECONDS)
                    continue
                status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
                raise NotReadError(name, code, f"HTTP status {status}") from None
            except errors.BotoCoreError as error:
                if isinstance(error, (errors.NoCredentialsError, errors.CredentialRetrievalError)):
                    raise UsageError(no_credentials(error)) from None
                raise NotReadError(name, "", type(error).__name__) from None
            except UnboundedError as error:
                raise NotReadError(name, "", str(error)) from None
            except _BROKEN as error:
                # What no AWS service would answer ends the SDK's parser in many ways.
                attempts -= 1
                if attempts <= 0:
                    raise NotReadError(name, "", f"an invalid answer{_why(error)}") from None

    def identity(self) -> dict[str, str]:
        """Return who the credentials are of; UsageError if there are none, or no valid ones."""
        try:
            found: dict[str, str] = self.call("sts", self.region, "GetCallerIdentity")
        except NotReadError as error:
            if error.code in codes.STALE:
                raise UsageError(f"the credentials are not valid: {error.code}") from None
            raise UsageError(f"the account of the credentials is unknown: {error}") from None
        return found

    @property
    def region(self) -> str:
        """The Region that the profile or environment names, or the first there is."""
        return self.access.region or self.session.region_name or FIRST_REGION

    def regions(self) -> Iterator[str]:
        """Yield the Regions with both Lambda and SQS that the account has opted in to.

        NotReadError if they cannot be read.
        """
        partition = self.session.get_partition_for_region(self.region)
        both = set(self.session.get_available_regions("lambda", partition))
        both &= set(self.session.get_available_regions("sqs", partition))
        described = self.call("ec2", self.region, "DescribeRegions", AllRegions=False)["Regions"]
        opted = {each["RegionName"] for each in described}
        yield from sorted(both & opted)


_BROKEN = (
    _BrokenAnswerError,
    ResponseParserError,
    LookupError,
    TypeError,
    AttributeError,
    ValueError,
    ArithmeticError,
    RuntimeError,
)


def _checked(answer: dict[str, Any], wrong: str | None) -> dict[str, Any]:
    if wrong is not None:
        raise _BrokenAnswerError(wrong)
    return answer


def _why(error: Exception) -> str:
    """Return what is wrong with an answer; only our own words, for those of others may quote it."""
    return f": {error}" if isinstance(error, _BrokenAnswerError) else ""


def _snake(operation: str) -> str:
    found = "".join(f"_{c.lower()}" if c.isupper() else c for c in operation)
    return found.lstrip("_")

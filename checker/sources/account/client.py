"""Clients of the SDK: credentials, the guard, pace, retries, and errors turned into words.

https://docs.aws.amazon.com/boto3/latest/guide/retries.html
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import boto3
import botocore.exceptions as errors
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.parsers import ResponseParserError
from botocore.session import Session as CoreSession

from checker.errors import UsageError
from checker.sources.account.allowed import ALLOWED

T = TypeVar("T")
CONNECT_SECONDS, READ_SECONDS = 10, 30
ATTEMPTS = 10
GARBLED = 5
"""How often an answer that cannot be parsed is asked for again."""
_DETAILS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
_STALE = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "InvalidToken",
}


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


class ForbiddenOperationError(Exception):
    """An operation that is not on the list was about to be sent."""


class Clients:
    """The clients of one account, made when asked for; all operations pass the guard."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.calls: Counter[str] = Counter()
        self._clients: dict[tuple[str, str | None], Any] = {}
        self._lock = threading.Lock()
        self._next = 0.0

    @cached_property
    def session(self) -> Any:  # noqa: ANN401 - boto3 has no types
        """The SDK's session with the credentials that were asked for."""
        try:
            core = CoreSession(profile=self.access.profile)
            core.get_credentials()
            _assume(core, self.access)
        except errors.ProfileNotFound as error:
            raise UsageError(str(error)) from None
        except errors.BotoCoreError as error:
            raise UsageError(f"no credentials: {error}") from None
        return boto3.Session(botocore_session=core)

    def of(self, service: str, region: str | None = None) -> Any:  # noqa: ANN401 - see above
        """Return the client of a service in a Region; NotReadError if the Region is none."""
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = self._made(service, region)
            return self._clients[service, region]

    def _made(self, service: str, region: str | None) -> Any:  # noqa: ANN401 - see above
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
        client.meta.events.register("before-send", self._pace)
        client.meta.events.register("before-parse", _whole)
        return client

    def _guard(self, model: Any, **_: Any) -> None:  # noqa: ANN401 - see above
        """Refuse what is not on the list, before it is sent."""
        name = f"{model.service_model.service_name}:{model.name}"
        if name not in ALLOWED and name not in self.access.sending:
            raise ForbiddenOperationError(f"`{name}` is not among the operations that only read")
        self.calls[name] += 1

    def _pace(self, **_: Any) -> None:  # noqa: ANN401 - see above
        """Wait until a request may be sent."""
        if self.access.most_a_second <= 0:
            return
        with self._lock:
            now = time.monotonic()
            start = max(now, self._next)
            self._next = start + 1 / self.access.most_a_second
        time.sleep(max(0.0, start - now))

    def call(self, service: str, region: str | None, operation: str, **words: Any) -> Any:  # noqa: ANN401
        """Call an operation; NotReadError if it fails."""
        method = _snake(operation)
        return self._asked(
            f"{service}:{operation}", lambda: getattr(self.of(service, region), method)(**words)
        )

    def pages(
        self,
        service: str,
        region: str | None,
        operation: str,
        key: str,
        **words: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        """Return the members under a key of every page of an operation."""

        def read() -> list[Any]:
            paginator = self.of(service, region).get_paginator(_snake(operation))
            return [member for page in paginator.paginate(**words) for member in page.get(key, ())]

        return self._asked(f"{service}:{operation}", read)

    def details(self, region: str, kinds: tuple[str, ...]) -> dict[str, list[Any]]:
        """Return the lists of GetAccountAuthorizationDetails, all pages joined."""

        def read() -> dict[str, list[Any]]:
            found: dict[str, list[Any]] = {key: [] for key in _DETAILS}
            paginator = self.of("iam", region).get_paginator("get_account_authorization_details")
            for page in paginator.paginate(Filter=list(kinds)):
                for key in _DETAILS:
                    found[key] += page.get(key, ())
            return found

        return self._asked("iam:GetAccountAuthorizationDetails", read)

    def _asked(self, name: str, read: Callable[[], T]) -> T:
        for attempt in range(GARBLED):
            try:
                return read()
            except errors.ClientError as error:
                code = str(error.response.get("Error", {}).get("Code", ""))
                status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "")
                raise NotReadError(name, code, f"HTTP status {status}") from None
            except errors.BotoCoreError as error:
                if isinstance(error, (errors.NoCredentialsError, errors.CredentialRetrievalError)):
                    raise UsageError(*_told(error)) from None
                raise NotReadError(name, "", type(error).__name__) from None
            except (ResponseParserError, LookupError, TypeError, AttributeError, ValueError):
                # What no AWS service would answer ends the SDK's parser in many ways.
                if attempt == GARBLED - 1:
                    raise NotReadError(name, "", "an answer that is none") from None
        raise AssertionError

    def identity(self) -> dict[str, str]:
        """Return who the credentials are of; UsageError if there are none, or no valid ones."""
        try:
            found: dict[str, str] = self.call("sts", self.region, "GetCallerIdentity")
        except NotReadError as error:
            if error.code in _STALE:
                raise UsageError(f"the credentials are not valid: {error.code}") from None
            raise UsageError(f"cannot tell whose credentials these are: {error}") from None
        return found

    @property
    def region(self) -> str:
        """The Region that the profile or environment names, or the first there is."""
        return self.access.region or self.session.region_name or "us-east-1"

    def regions(self) -> Iterator[str]:
        """Yield the Regions with both Lambda and SQS that the account has opted in to."""
        partition = self.session.get_partition_for_region(self.region)
        both = set(self.session.get_available_regions("lambda", partition))
        both &= set(self.session.get_available_regions("sqs", partition))
        told = self.call("ec2", self.region, "DescribeRegions", AllRegions=False)["Regions"]
        opted = {each["RegionName"] for each in told}
        yield from sorted(both & opted)


def _whole(response_dict: dict[str, Any], **_: Any) -> None:  # noqa: ANN401 - see above
    """Refuse an answer that is cut off: the SDK would take it for an empty one."""
    body = response_dict.get("body")
    kind = str(response_dict.get("headers", {}).get("content-type", ""))
    if not isinstance(body, bytes) or not body or "xml" in kind:
        return
    if response_dict.get("status_code", 200) >= _FAILED or body[:1] == b"<":
        return
    try:
        json.loads(body)
    except ValueError:
        raise ResponseParserError("the answer is cut off") from None


_FAILED = 300


def _told(error: Exception) -> tuple[str, ...]:
    return (f"no credentials: {error}",)


def _assume(core: CoreSession, access: Access) -> None:
    """Let a session work as a role; its credentials are fetched, and fetched anew, when needed."""
    if access.role is None:
        return
    extra = {"RoleSessionName": "tfcheck"}
    if access.external_id is not None:
        extra["ExternalId"] = access.external_id
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=core.create_client,
        source_credentials=core.get_credentials(),
        role_arn=access.role,
        extra_args=extra,
    )
    found = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    vars(core)["_credentials"] = found  # the SDK has no other way to be told


def _snake(operation: str) -> str:
    found = "".join(f"_{c.lower()}" if c.isupper() else c for c in operation)
    return found.lstrip("_")

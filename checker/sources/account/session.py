"""The SDK's session: whose credentials it works with, and what holds for every client of it.

Clients that the SDK makes for itself, as to assume a role, are among them.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import botocore.exceptions as errors
from botocore.client import BaseClient
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.handlers import json_decode_policies
from botocore.model import OperationModel
from botocore.session import Session

from checker.errors import UsageError
from checker.sources.account.bodies import refuse_broken
from checker.sources.account.documents import decode
from checker.sources.account.wire import bounded

FIRST_REGION = "us-east-1"
MESSAGE_CHARACTERS = 300
"""How much of a text that others wrote an error quotes."""


class _Bounded(Session):  # type: ignore[misc]
    """A session whose clients read bounded answers."""

    def create_client(self, *words: object, **named: object) -> BaseClient:
        client = super().create_client(*words, **named)
        client.meta.events.register("before-send", bounded(client))
        client.meta.events.unregister("after-call.iam", json_decode_policies)
        client.meta.events.register("after-call.iam", decode)
        return client


def made(profile: str | None, region: str | None) -> Session:
    """Return a session; `region` is that of the environment, for a profile that names none.

    UsageError if there is no such profile, or its credentials are not to be had.
    """
    try:
        session = _Bounded(profile=profile)
        session.register("before-parse", _refuse_broken)
        session.get_credentials()
    except errors.ProfileNotFound as error:
        raise UsageError(_cut(error)) from None
    except errors.BotoCoreError as error:
        raise UsageError(no_credentials(error)) from None
    if region is not None:
        session.set_config_variable("region", region)
    return session


def work_as(session: Session, role: str | None, external_id: str | None) -> None:
    """Let a session work as a role; its credentials are fetched, and fetched anew, when needed."""
    if role is None:
        return
    extra = {"RoleSessionName": "tfcheck"}
    if external_id is not None:
        extra["ExternalId"] = external_id
    region = session.get_config_variable("region") or FIRST_REGION
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=partial(session.create_client, region_name=region),
        source_credentials=session.get_credentials(),
        role_arn=role,
        extra_args=extra,
    )
    found = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    vars(session)["_credentials"] = found  # the SDK has no other way to be set


def no_credentials(error: Exception) -> str:
    """Say of an error that there are no credentials."""
    return f"no credentials: {_cut(error)}"


def _cut(error: Exception) -> str:
    """Return the text of an error that others wrote, cut."""
    text = " ".join(str(error).split())
    return text if len(text) <= MESSAGE_CHARACTERS else f"{text[:MESSAGE_CHARACTERS]}..."


def _refuse_broken(
    operation_model: OperationModel, response_dict: dict[str, Any], **_: object
) -> None:
    refuse_broken(operation_model, response_dict)

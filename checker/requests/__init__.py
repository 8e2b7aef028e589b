"""The requests that a mapping leads to: who asks AWS for what, and which documents answer.

Lambda's poller reads the source as a session of the function's role, the source's service
decrypts in that session's name, Lambda assumes the role, and the deployer creates the mapping.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""

from checker.requests.by_source import SOURCE_REQUESTS, requests_of
from checker.requests.creation import DEAD_LETTERS, NETWORK, TRACING, creation, role_layers
from checker.requests.decrypt import decide_decrypt, decrypt, key_layers
from checker.requests.deployer import (
    FILTER_KEY,
    deploy,
    deployer_key_layers,
    deployer_layers,
    encrypt_filters,
)
from checker.requests.filters import decrypt_filters, filter_key_layers
from checker.requests.lack import Lack, lack
from checker.requests.layers import admitted, admitting, boundary_of
from checker.requests.poller import assume, poll, source_layers, trust_layers
from checker.requests.producer import (
    ENCRYPT,
    SEND,
    encrypt,
    encrypt_as,
    queue_layers,
    regional_name,
    send,
    service_key_layers,
)
from checker.requests.source_requests import SourceRequests

__all__ = [
    "DEAD_LETTERS",
    "ENCRYPT",
    "FILTER_KEY",
    "NETWORK",
    "SEND",
    "SOURCE_REQUESTS",
    "TRACING",
    "Lack",
    "SourceRequests",
    "admitted",
    "admitting",
    "assume",
    "boundary_of",
    "creation",
    "decide_decrypt",
    "decrypt",
    "decrypt_filters",
    "deploy",
    "deployer_key_layers",
    "deployer_layers",
    "encrypt",
    "encrypt_as",
    "encrypt_filters",
    "filter_key_layers",
    "key_layers",
    "lack",
    "poll",
    "queue_layers",
    "regional_name",
    "requests_of",
    "role_layers",
    "send",
    "service_key_layers",
    "source_layers",
    "trust_layers",
]

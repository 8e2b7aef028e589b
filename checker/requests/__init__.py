"""The requests that a mapping leads to: who asks AWS for what, and which documents answer.

Lambda's poller reads the source as a session of the function's role, the source's service
decrypts in that session's name, Lambda assumes the role, and the deployer creates the mapping.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
"""

from checker.requests.by_source import SOURCE_REQUESTS, requests_of
from checker.requests.decrypt import decide_decrypt, decrypt, key_layers
from checker.requests.deployer import deploy, deployer_layers
from checker.requests.filters import decrypt_filters, filter_key_layers
from checker.requests.lack import Lack, lack
from checker.requests.layers import admitted, admitting, boundary_of
from checker.requests.poller import assume, poll, source_layers, trust_layers
from checker.requests.source_requests import SourceRequests

__all__ = [
    "SOURCE_REQUESTS",
    "Lack",
    "SourceRequests",
    "admitted",
    "admitting",
    "assume",
    "boundary_of",
    "decide_decrypt",
    "decrypt",
    "decrypt_filters",
    "deploy",
    "deployer_layers",
    "filter_key_layers",
    "key_layers",
    "lack",
    "poll",
    "requests_of",
    "source_layers",
    "trust_layers",
]

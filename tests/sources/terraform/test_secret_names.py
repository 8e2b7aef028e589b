"""Which values from outside are surely secrets, and which ordinary ones stay readable."""

import pytest

from checker.sources.terraform.values.secret_names import is_secret, withheld
from checker.sources.terraform.values.terraform_values import Marked

RANDOM_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

SECRETS = [
    ("password", "x"),
    ("db_password", "12345"),
    ("DB-PASSWORD", "hunter2"),
    ("githubToken", "abc"),
    ("apiKey", "abc"),
    ("api_key", "abc"),
    ("apikey", "abc"),
    ("private_key", "abc"),
    ("aws_secret_access_key", "abc"),
    ("master_credentials", "abc"),
    ("connection_string", "Server=db"),
    ("orders_secret", "abc"),
    ("name", "AKIAIOSFODNN7EXAMPLE"),
    ("name", "key=ASIAIOSFODNN7EXAMPLE;"),
    ("name", RANDOM_KEY),
    ("name", "-----BEGIN RSA PRIVATE KEY-----\nMII"),
    ("name", "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
    ("name", "github_pat_11ABCDEFG0abcdefghijklmn"),
    ("name", "glpat-0123456789abcdefghij"),
    ("name", "xoxb-0123456789-abcdef"),
    ("name", "sk_live_0123456789abcdef"),
    ("name", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc"),
    ("name", "postgres://admin:hunter2@db.example.com/orders"),
]
ORDINARY = [
    ("environment", "prod"),
    ("region", "eu-west-1"),
    ("account", "123456789012"),
    ("queue_arn", "arn:aws:sqs:eu-west-1:123456789012:orders"),
    ("secret_name", "orders"),
    ("secret_arn", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-AbCdEf"),
    ("password_length", "16"),
    ("token_ttl", "3600"),
    ("max_tokens", "1000"),
    ("use_password", "yes"),
    ("secrets_enabled", "true"),
    ("kms_key_id", "1234abcd-12ab-34cd-56ef-1234567890ab"),
    ("access_key_id", "of-nobody"),
    ("key", "orders"),
    ("author", "me"),
    ("tokenizer", "words"),
    ("password", ""),
    ("commit", "0123456789abcdef0123456789abcdef01234567"),
    ("name", "a" * 40),
    ("image", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:v1"),
    ("url", "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"),
]


@pytest.mark.parametrize(("name", "text"), SECRETS)
def test_a_secret_is_known_by_its_name_or_shape(name, text):
    assert is_secret(name, text)


@pytest.mark.parametrize(("name", "text"), ORDINARY)
def test_an_ordinary_value_stays_readable(name, text):
    assert not is_secret(name, text)


def test_in_an_object_only_what_is_secret_is_withheld():
    made = withheld("db", {"host": "h", "password": "p", "keys": ("a", RANDOM_KEY), "port": 5432})
    assert made["host"] == "h"
    assert isinstance(made["password"], Marked)
    assert [isinstance(each, Marked) for each in made["keys"]] == [False, True]
    assert made["port"] == 5432
    assert isinstance(withheld("credentials", {"user": "u"}), Marked)

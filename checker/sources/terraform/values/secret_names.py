"""Which values that are handed in from outside are surely secrets, by their name or their shape.

A variable that the environment (`TF_VAR_…`) or the command line (`--var`) sets may be a secret of
the pipeline, and the configuration of a pull request can drop the word `sensitive`. So a value is
withheld, whatever the configuration says, if

* its name says so: one of `NAMES` as whole words of a snake, kebab or camel case name, unless the
  last word (`_name`, `_arn`, `_id`, …; `NO_SECRETS`) or the first (`max_`, `use_`, …; `SWITCHES`)
  says that it only names, counts or describes one,
* or it looks like one: one of `SHAPES` in `knowledge/secret_shapes.py`.

In an object the names of its attributes count as well. Empty values and booleans are never withheld
by their name.
"""

from __future__ import annotations

import re
from decimal import Decimal

from checker.knowledge.secret_shapes import looks_secret
from checker.knowledge.text import Text
from checker.sources.terraform.values.marks import mark
from checker.sources.terraform.values.terraform_values import WITHHELD, Marked, Set, TerraformValue

NAMES = (
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "secrets",
    "token",
    "tokens",
    "credential",
    "credentials",
    "apikey",
    "api key",
    "api keys",
    "access key",
    "access keys",
    "private key",
    "private keys",
    "signing key",
    "encryption key",
    "connection string",
    "auth",
    "pat",
)
"""What a secret is called, in lower case, its words parted by spaces."""
_LAST = """
    name names prefix suffix arn arns id ids path paths url uri endpoint region version versions
    enabled disabled type kind count length size ttl timeout days hours minutes seconds age
    rotation retention policy policies role alias aliases file filename description tags manager
    store provider backend mode algorithm format bucket queue topic function account issuer
    audience scope scopes
"""
_FIRST = "max min num number has is use enable disable with create allow"
NO_SECRETS = frozenset(_LAST.split())
"""The last word of a name that speaks of a secret and holds none."""
SWITCHES = frozenset(_FIRST.split())
"""The first word of a name that counts secrets, or switches something on."""
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def withheld(name: str, value: TerraformValue) -> TerraformValue:
    """Return the value of a variable with everything in it marked that is surely a secret."""
    if isinstance(value, Marked):
        return value
    if isinstance(value, dict):
        if says_secret(name):
            return mark(value, WITHHELD)
        return {key: withheld(key, inner) for key, inner in value.items()}
    if isinstance(value, tuple):
        return tuple(withheld(name, inner) for inner in value)
    if isinstance(value, Set):
        secret = any(withheld(name, inner) is not inner for inner in value.members)
        return mark(value, WITHHELD) if secret else value
    if isinstance(value, (int, Decimal)):
        secret = not isinstance(value, bool) and says_secret(name)
        return mark(value, WITHHELD) if secret else value
    text = value.spelled if isinstance(value, Text) else value
    return mark(value, WITHHELD) if isinstance(text, str) and is_secret(name, text) else value


def is_secret(name: str, text: str) -> bool:
    """Tell whether a text is surely a secret, by what it is called or by what it looks like."""
    if looks_secret(text):
        return True
    return text not in {"", "true", "false", "null"} and says_secret(name)


def says_secret(name: str) -> bool:
    """Tell whether a name is that of a secret: `db_password`, `githubToken`, not `secret_name`."""
    words = [word.lower() for word in _WORDS.findall(name)]
    if not words or words[-1] in NO_SECRETS or words[0] in SWITCHES:
        return False
    spaced = f" {' '.join(words)} "
    return any(f" {each} " in spaced for each in NAMES)

"""Masking by text: the second line, which makes nothing else unreadable."""

import pickle
from dataclasses import fields, is_dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports.hostile import a_report

from checker.knowledge import sensitive, sensitive_tokens
from checker.knowledge.sensitive import (
    SensitiveDecimal,
    SensitiveInteger,
    SensitiveString,
    joined,
    plain,
)
from checker.masking import OWN_WORDS, Masker


@pytest.mark.parametrize(
    ("secret", "text", "masked"),
    [
        ("hunter2secret", "xhunter2secretx", "x(sensitive)x"),
        ("hunter2", "queue `hunter2`, hunter2-dead", "queue `(sensitive)`, (sensitive)-dead"),
        ("val", "a value of val", "a value of (sensitive)"),
        ("a", "a module `a` and `module.a`", "a module `(sensitive)` and `module.a`"),
        ("30", "at main.tf:30 `30` is 30 s", "at main.tf:30 `(sensitive)` is 30 s"),
        ("123456789012", "arn:aws:sqs::123456789012:q", "arn:aws:sqs::(sensitive):q"),
        ("true", "`true` is not `false`", "`true` is not `false`"),
        ("eu-west-1", "in eu-west-1", "in eu-west-1"),
        ('quo"ted', 'it is "quo\\"ted"', 'it is "(sensitive)"'),
        ("*", "allows `*`", "allows `*`"),
    ],
)
def test_a_secret_is_masked_where_it_is_reported(secret, text, masked):
    assert Masker([secret]).text(text) == masked


def test_what_is_made_of_a_sensitive_string_is_sensitive():
    arn = "arn:aws:sqs:eu-west-1:" + SensitiveString("hunter2") + ":q"
    assert arn == "arn:aws:sqs:eu-west-1:hunter2:q"
    assert sensitive_tokens.shown(f"{arn}") == "arn:aws:sqs:eu-west-1:(sensitive):q"
    pieces = [sensitive_tokens.shown(str(each)) for each in arn.split(":")]
    assert pieces[-2:] == ["(sensitive)", "q"]
    assert sensitive_tokens.shown(f"{arn.upper()} {[arn]}").count("(sensitive)") == 2
    assert str(SensitiveString("a")) != str(SensitiveString("b"))
    assert plain(pickle.loads(pickle.dumps(arn))) == plain(arn)  # noqa: S301 - our own


def test_what_is_computed_of_a_sensitive_number_is_sensitive():
    number = SensitiveInteger(30)
    for made in (number, 6 * number, number + 1, 100 - number, number // 2, -number, number % 7):
        assert sensitive_tokens.shown(f"{made} s") == "(sensitive) s"
    assert (number > 29, number == 30, 6 * number == 180) == (True, True, True)
    assert sensitive_tokens.shown(f"{SensitiveDecimal('1.5')}") == "(sensitive)"
    assert sensitive.opened(SensitiveDecimal("1.5")) == Decimal("1.5")


PIECES = st.lists(st.tuples(st.text("ab:/ .", max_size=4), st.booleans()), min_size=1, max_size=5)


@given(PIECES, st.integers(-9, 9), st.integers(-9, 9), st.sampled_from(":/ ab."))
def test_a_sensitive_string_behaves_as_the_string_that_it_is(pieces, start, end, sep):
    secret = joined(SensitiveString(text) if hidden else text for text, hidden in pieces)
    text = "".join(text for text, _ in pieces)
    assert secret == text
    for work in (
        lambda s: s[start:end],
        lambda s: s.split(sep),
        lambda s: s.rsplit(sep, 1),
        lambda s: s.split(sep, 1),
        lambda s: s.split(),
        lambda s: s.splitlines(),
        lambda s: s.partition(sep),
        lambda s: s.rpartition(sep),
        lambda s: s.strip(sep),
        lambda s: s.lstrip(),
        lambda s: s.rstrip(sep),
        lambda s: s.removeprefix(text[:2]),
        lambda s: s.removesuffix(text[-2:]),
        lambda s: s.replace(sep, "--"),
        lambda s: s.upper().lower().title(),
        lambda s: sep + s + sep,
        lambda s: s * 2,
        lambda s: s[::-1],
    ):
        assert work(secret) == work(text)


@given(PIECES, st.sampled_from(":/ ab."))
def test_no_sensitive_character_is_written(pieces, sep):
    hidden = [
        (text.replace("a", "Q").replace("b", "Z") if secret else text, secret)
        for text, secret in pieces
    ]
    whole = joined(SensitiveString(text) if secret else text for text, secret in hidden)
    for piece in (whole, *whole.split(sep), *whole.rpartition(sep), whole[1:], whole.strip(sep)):
        assert not set("QZ") & set(f"{piece}{piece!r}{piece!s}")


def strings(value, where=""):
    """Yield every string of a report with the field that holds it."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, tuple):
        for each in value:
            yield from strings(each, where)
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name), f"{type(value).__name__}.{field.name}")


def test_every_field_of_a_report_is_masked_but_those_of_our_own_words():
    masked = Masker(["hush-hush"]).whole(a_report("hush-hush"))
    left = {where for where, text in strings(masked) if "hush-hush" in text}
    own = {f"{kind}.{name}" for kind, names in OWN_WORDS.items() for name in names}
    assert left <= own
    assert "Row.source" not in own

"""What a reader would not see is an escape, wherever the program writes."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.characters import BLANK, hcl_string, is_hidden, is_plain, json_text, shown
from checker.cli import console, main
from checker.errors import Reason, SourceError
from checker.knowledge import sensitive_tokens

HIDDEN = {
    "controls": (0x00, 0x1F, 0x7F, 0x80, 0x9F),
    "soft hyphen": (0xAD,),
    "bidirectional": (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),
    "zero width": (0x200B, 0x200C, 0x200D, 0x2060, 0x180E, 0xFEFF, 0x34F),
    "fillers": (0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800, 0x17B4, 0x17B5, 0x1D159, 0x16FE4),
    "variation selectors": (0x180B, 0x180C, 0x180D, 0x180F, 0xFE00, 0xFE0F, 0xE0100, 0xE01EF),
    "tags": (0xE0000, 0xE0001, 0xE0020, 0xE0041, 0xE007F),
    "separators": (0xA0, 0x1680, 0x2000, 0x2003, 0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000),
    "annotation": (0xFFF9, 0xFFFA, 0xFFFB),
    "music and shorthand": (0x1D173, 0x1D17A, 0x1BCA0, 0x1BCA3),
    "surrogates": (0xD800, 0xDBFF, 0xDC00, 0xDCFF, 0xDFFF),
    "private": (0xE000, 0xF8FF, 0xF0000, 0x10FFFD),
    "unassigned": (0x378, 0xFFFE, 0xFFFF, 0x1FFFF, 0xE0080, 0x10FFFF),
}
HIDDEN_CATEGORIES = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}


@pytest.mark.parametrize("kind", HIDDEN)
def test_every_kind_is_in_the_table(kind):
    for code in HIDDEN[kind]:
        assert is_hidden(chr(code)), hex(code)
        assert shown(chr(code)).isascii()


def test_the_table_is_unicode_s_categories_and_the_blank_ones():
    blank = {code for first, last in BLANK for code in range(first, last + 1)}
    for code in range(0x110000):
        category = unicodedata.category(chr(code))
        expected = (category in HIDDEN_CATEGORIES and code != 0x20) or code in blank
        assert is_hidden(chr(code)) is expected, hex(code)
        assert code not in blank or category not in HIDDEN_CATEGORIES


def test_what_is_seen_stays_as_it_is():
    for text in (
        "orders",
        "Größe",
        "注文",
        "заказы",
        "a b",
        "\N{GRINNING FACE}",
        "e\u0301",
        "\\x1b",
    ):
        assert shown(text) == text
        assert is_plain(text)


@given(st.text())
def test_what_is_shown_holds_nothing_hidden_and_is_shown_as_it_is(text):
    assert is_plain(shown(text))
    assert shown(shown(text)) == shown(text)


@given(st.text())
def test_json_is_exact_and_hides_nothing(text):
    written = json_text({"a": text})
    assert is_plain(written)
    assert json.loads(written) == {"a": text}


_ESCAPE = re.compile(r'\\(?:([nrt"\\])|u([0-9a-f]{4})|U([0-9a-f]{8}))')
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


@given(st.text(st.one_of(st.characters(), st.sampled_from('${%"\\\b\f\n\u202e'))))
def test_a_string_of_hcl_is_exact_and_hides_nothing(text):
    written = hcl_string(text)
    assert is_plain(written)
    assert written[0] == written[-1] == '"'

    def read(match):
        return _PLAIN[match[1]] if match[1] else chr(int(match[2] or match[3], 16))

    inner = written[1:-1].replace("$${", "${").replace("%%{", "%{")
    assert _ESCAPE.sub(read, inner) == text
    assert not re.search(r'(?<!\\)(?:\\\\)*"', written[1:-1])


EVIL = "a\u202eb\u3164c\U000e0041d\x7fe"


def test_nothing_hidden_reaches_standard_error(capsys):
    sensitive_tokens.begin()  # else what an earlier run met counts
    console.explain_stop(SourceError(Reason(EVIL, EVIL, f"{EVIL}\n{EVIL}"), hint=EVIL))
    console.explain_bug(ValueError(EVIL))
    console.say(EVIL)
    err = capsys.readouterr().err
    assert err.count("\\u202e") == 7
    assert is_plain(err.replace("\n", ""))


@pytest.mark.parametrize(
    "words",
    [
        ("plan", EVIL),
        ("plan", ".", EVIL),
        ("plan", f"--{EVIL}"),
        ("plan", "--format", EVIL),
        ("plan", "--fail-on", EVIL),
        ("plan", f"--base={EVIL}"),
        ("plan", f"--changed-since={EVIL}"),
        ("plan", f"--policy=./{EVIL}"),
        ("plan", f"--var={EVIL}=1"),
        ("explain", EVIL),
        ("permissions", EVIL),
        ("permissions", "role", f"--queue={EVIL}"),
        ("permissions", "role", f"--policy={EVIL}"),
        (EVIL,),
        (f"--{EVIL}",),
    ],
)
def test_no_argument_hides_in_what_is_said_of_it(capsys, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    assert main(list(words)) == 2
    known = capsys.readouterr()
    assert is_plain((known.out + known.err).replace("\n", ""))
    assert "nothing was checked" in known.err


@pytest.mark.parametrize("format_", ["json", "hcl"])
def test_a_document_of_permissions_hides_nothing(capsys, format_):
    arn = f"arn:aws:sqs:eu-west-1:111122223333:{EVIL}"
    assert main(["permissions", "role", f"--queue={arn}", "--format", format_]) == 0
    out = capsys.readouterr().out
    assert is_plain(out.replace("\n", ""))
    assert "\\u202e" in out


def test_a_mapping_to_paste_hides_nothing():
    from checker.cli.paste import cloudformation, terraform
    from checker.sources.account.preflight import Pair

    pair = Pair(EVIL, EVIL, filters=(EVIL,))
    for write in (terraform, cloudformation):
        assert is_plain(write(EVIL, EVIL, pair).replace("\n", ""))

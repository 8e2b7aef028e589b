"""Numbers written as Go's `fmt` writes them, for `format`."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

from checker.sources.terraform.language.evaluation_errors import UnknownResultError
from checker.sources.terraform.language.numbers import Number, binary, number_text, whole_text

MOST_PRECISION = 4000
"""How many decimals are written at most."""

_BASES = {"b": ("b", "0b"), "o": ("o", "0"), "x": ("x", "0x"), "X": ("X", "0X"), "d": ("d", "")}


class Width(Protocol):
    """What a verb says of width."""

    @property
    def flags(self) -> str:
        """The flags."""

    @property
    def width(self) -> int:
        """The least number of characters, 0 if none is given."""

    @property
    def precision(self) -> int | None:
        """The precision if one is given."""

    @property
    def letter(self) -> str:
        """The letter of the verb."""


def whole(number: int, letter: str, precision: int | None, *, alternate: bool) -> str:
    """Write a whole number in the base of a letter."""
    code, prefix = _BASES[letter]
    digits = whole_text(abs(number)) if code == "d" else format(abs(number), code)
    if precision is not None:
        if precision > MOST_PRECISION:
            raise UnknownResultError(f"more than {MOST_PRECISION} digits")
        digits = digits.rjust(precision, "0")
    return ("-" if number < 0 else "") + (prefix if alternate else "") + digits


def floating(number: Number, letter: str, precision: int | None) -> str:
    """Write a number with `e`, `E`, `f`, `g` or `G`."""
    if precision is not None and precision > MOST_PRECISION:
        raise UnknownResultError(f"more than {MOST_PRECISION} decimals")
    if letter == "f":
        return _fixed(binary(number), 6 if precision is None else precision)
    if letter in "eE":
        digits, exponent = _significant(binary(number), 7 if precision is None else precision + 1)
        return _scientific(number < 0, digits, exponent, letter)
    return general(number, precision, "e" if letter == "g" else "E")


def general(number: Number, precision: int | None, letter: str) -> str:
    """Write a number as `%g`: as short as can be, with an exponent where that is large."""
    if precision is None:
        text = number_text(number).lstrip("-").replace(".", "")
        digits = text.lstrip("0").rstrip("0") or "0"
        exponent = _exponent(abs(Fraction(number))) if number else 0
        limit = 6
    else:
        digits, exponent = _significant(binary(number), max(1, precision))
        digits = digits.rstrip("0") or "0"
        limit = max(1, precision)
        if limit > len(digits) >= exponent + 1:
            limit = len(digits)
    if number and (exponent < -4 or exponent >= limit):  # noqa: PLR2004 - Go's least exponent
        return _scientific(number < 0, digits, exponent, letter)
    sign = "-" if number < 0 else ""
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    digits = digits.ljust(exponent + 1, "0")
    head, tail = digits[: exponent + 1], digits[exponent + 1 :]
    return f"{sign}{head}.{tail}" if tail else sign + head


def _exponent(value: Fraction) -> int:
    """Return the decimal exponent of a number above 0."""
    guess = len(whole_text(value.numerator)) - len(whole_text(value.denominator))
    return guess if value >= Fraction(10) ** guess else guess - 1


def _fixed(value: Fraction, precision: int) -> str:
    scaled = round(abs(value) * 10**precision)
    digits = whole_text(scaled).rjust(precision + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-precision]}.{digits[-precision:]}" if precision else digits)


def _significant(value: Fraction, count: int) -> tuple[str, int]:
    """Round to so many digits; return them and the exponent of the first."""
    value = abs(value)
    if not value:
        return "0" * count, 0
    exponent = _exponent(value)
    digits = whole_text(round(value / Fraction(10) ** (exponent - count + 1)))
    if len(digits) > count:
        return digits[:count], exponent + 1
    return digits, exponent


def _scientific(negative: bool, digits: str, exponent: int, letter: str) -> str:  # noqa: FBT001 - a sign
    point = "." if len(digits) > 1 else ""
    sign = "-" if exponent < 0 else "+"
    head = ("-" if negative else "") + digits[0]
    return f"{head}{point}{digits[1:]}{letter}{sign}{abs(exponent):02d}"


def signed(written: str, flags: str) -> str:
    """Put a plus or a blank before a number that has no sign, if a flag says so."""
    if written.startswith("-"):
        return written
    return ("+" if "+" in flags else " " if " " in flags else "") + written


def filled(written: str, verb: Width) -> str:
    """Fill up to the width; zeros stand between the sign and the digits."""
    missing = verb.width - len(written)
    if missing <= 0:
        return written
    if "-" in verb.flags:
        return written + " " * missing
    whole_with_precision = verb.letter in "bdoxX" and verb.precision is not None
    if "0" in verb.flags and not whole_with_precision:
        sign = written[:1] if written[:1] in "+- " else ""
        return sign + "0" * missing + written[len(sign) :]
    return " " * missing + written

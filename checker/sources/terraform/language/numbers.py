"""Terraform's numbers: floating point of 512 bits, written in the fewest decimal digits.

A whole number is an `int`, any other a `Decimal` with the fewest digits that tell it from its
neighbours of 512 bits, so that nothing is lost between two operations.
"""

from __future__ import annotations

import hashlib
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import TypeAlias

from checker.knowledge.holes import Hole
from checker.knowledge.partial import Location
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError

Number: TypeAlias = int | Decimal

PRECISION = 512
"""Bits of a number."""
MOST_EXPONENT = 4000
"""How many digits a number may have, and how large its exponent may be; beyond it is unknown.

Python itself refuses to write or read whole numbers of more than 4300 digits.
"""
TOO_LARGE = (
    f"the number has more than {MOST_EXPONENT} digits, or an exponent beyond {MOST_EXPONENT}:"
    " too large or too small for tfcheck"
)

_SURE_DIGITS = 153  # decimals of up to so many digits always differ in 512 bits
_NUMERAL = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:([eEpP])([+-]?[0-9]+))?")


def normal(value: Fraction | int | Decimal) -> Number:
    """Round to 512 bits.

    Raises:
        NotTold: the number is too large or too small for us.
    """
    if isinstance(value, int):
        if value.bit_length() <= PRECISION:
            return value
    elif isinstance(value, Decimal):
        if not value.is_finite() or abs(value.adjusted()) > MOST_EXPONENT:
            raise UnknownResultError(TOO_LARGE)
        if len(value.as_tuple().digits) <= _SURE_DIGITS:
            return int(value) if value == value.to_integral_value() else value
    return _shortest(Fraction(value))


def binary(number: Number) -> Fraction:
    """Return the number of 512 bits that a decimal stands for."""
    value = Fraction(number)
    return round(value / _step(value)) * _step(value) if value else value


def _step(value: Fraction) -> Fraction:
    """Return the worth of the last of 512 bits of a number that is not 0."""
    # The two lengths give its exponent, or one too little.
    last = value.numerator.bit_length() - value.denominator.bit_length() - PRECISION
    if abs(last) > 4 * MOST_EXPONENT:
        raise UnknownResultError(TOO_LARGE)
    if abs(value) >= Fraction(2) ** (last + PRECISION):
        last += 1
    return Fraction(2) ** last


def _shortest(value: Fraction) -> Number:
    if not value:
        return 0
    step = _step(value)
    exact = round(value / step) * step
    if exact.denominator == 1 and exact.numerator.bit_length() <= PRECISION:
        return exact.numerator
    for digits in range(_SURE_DIGITS, _SURE_DIGITS + 6):
        context = Context(prec=digits, rounding=ROUND_HALF_EVEN, Emin=-(10**6), Emax=10**6)
        short = context.divide(Decimal(exact.numerator), Decimal(exact.denominator))
        if abs(Fraction(short) - exact) * 2 < step:
            break
    else:
        raise UnknownResultError("the number has too many digits for tfcheck")
    if abs(short.adjusted()) > MOST_EXPONENT:
        raise UnknownResultError(TOO_LARGE)
    short = short.normalize(context)
    return int(short) if short == short.to_integral_value() else short


def parse(text: str) -> Number | None:
    """Read a number as `tonumber` does; None if it is none.

    Raises:
        NotTold: the number is too large or too small for us.
    """
    match = _NUMERAL.fullmatch(text)
    if match is None or not text.isascii() or not (match[2] or match[3]):
        if text.lower().lstrip("+-") == "inf":
            raise UnknownResultError("the number is infinite")
        return None
    exponent = int(match[5] or 0) if len(text) <= MOST_EXPONENT else MOST_EXPONENT + 1
    if abs(exponent) > MOST_EXPONENT:
        raise UnknownResultError(TOO_LARGE)
    mantissa = Fraction(int((match[2] or "") + (match[3] or "")), 10 ** len(match[3] or ""))
    base = 2 if (match[4] or "").lower() == "p" else 10
    value = mantissa * Fraction(base) ** exponent
    if not value and match[1] == "-":
        raise UnknownResultError("Terraform distinguishes -0 from 0")
    return normal(-_decimal(value) if match[1] == "-" else _decimal(value))


def _decimal(value: Fraction) -> Fraction | Decimal:
    """Return the number as a decimal where that is exact and short."""
    context = Context(prec=_SURE_DIGITS, Emin=-(10**6), Emax=10**6)
    short = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    return short.normalize(context) if Fraction(short) == value else value


def numeral(word: str) -> Number:
    """Read a numeral as configurations and JSON write it, without rounding.

    Raises:
        NotTold: the number is too large or too small for us.
    """
    if len(word) > MOST_EXPONENT:
        raise UnknownResultError(TOO_LARGE)
    exponent = word.lower().partition("e")[2]
    if exponent and abs(int(exponent)) > MOST_EXPONENT:
        raise UnknownResultError(TOO_LARGE)
    if word.removeprefix("-").isdigit():
        return int(word)
    return _whole(Decimal(word))


def read(word: str, at: Location | None = None) -> Number | Hole:
    """Read a numeral; a number that is too large or too small is unknown, and named after itself.

    Numerals that are written alike are one number, so their unknowns are one.
    """
    try:
        return numeral(word)
    except UnknownResultError as error:
        return unknown(word, error.why, at)


def unknown(word: str, why: str, at: Location | None) -> Hole:
    """Return the unknown for a number that is too large or too small."""
    digest = hashlib.sha256(word.encode()).hexdigest()[:16]
    return Hole(f"number #{digest}", why=why, at=at)


def _whole(value: Decimal) -> Number:
    if abs(value.adjusted()) > MOST_EXPONENT:
        raise UnknownResultError(TOO_LARGE)
    return int(value) if value == value.to_integral_value() else value


def whole_text(number: int) -> str:
    """Write a whole number, of however many digits."""
    return str(number) if number.bit_length() < 4 * PRECISION else format(Decimal(number), "f")


def number_text(number: Number) -> str:
    """Write a number as Terraform does: all digits, no exponent."""
    if isinstance(number, int):
        return whole_text(number)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def negated(number: Number) -> Number:
    """Return `-number`."""
    return -number if isinstance(number, int) else number.copy_negate()


def add(left: Number, right: Number) -> Number:
    """Return `left + right`."""
    return normal(_exact(left) + _exact(right))


def subtract(left: Number, right: Number) -> Number:
    """Return `left - right`."""
    return normal(_exact(left) - _exact(right))


def multiply(left: Number, right: Number) -> Number:
    """Return `left * right`."""
    return normal(_exact(left) * _exact(right))


def quotient(left: Number, right: Number) -> Number:
    """Return `left / right`; EvaluationError for a division by zero."""
    if right == 0:
        raise EvaluationError("division by zero")
    return normal(Fraction(_exact(left)) / _exact(right))


def remainder(left: Number, right: Number) -> Number:
    """Return `left % right`, with the sign of `left`; `left` itself where `right` is 0."""
    if right == 0:
        return left
    return subtract(left, multiply(int(quotient(left, right)), right))


def _exact(number: Number) -> int | Fraction:
    return number if isinstance(number, int) else binary(number)

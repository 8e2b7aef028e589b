"""Functions of numbers.

See https://developer.hashicorp.com/terraform/language/functions: numeric functions. `log` and
`pow` work with floating point of 64 bits in Terraform; where its last digit depends on the machine
that Terraform runs on, the result is unknown.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from checker.sources.terraform.evaluation.functions.function import TerraformFunction
from checker.sources.terraform.evaluation.functions.sequences import whole
from checker.sources.terraform.language.evaluation_errors import EvaluationError, UnknownResultError
from checker.sources.terraform.language.numbers import Number, normal
from checker.sources.terraform.values.terraform_values import TerraformValue

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_MORE_DIGITS = _DIGITS + _DIGITS[10:].upper()
MOST_DIGITS = 1000
"""How long a numeral may be that `parseint` reads."""


def _abs(number: Number) -> TerraformValue:
    return number if number >= 0 else -number if isinstance(number, int) else number.copy_negate()


def _ceil(number: Number) -> TerraformValue:
    return normal(math.ceil(Fraction(number)))


def _floor(number: Number) -> TerraformValue:
    return normal(math.floor(Fraction(number)))


def _signum(number: Number) -> TerraformValue:
    value = whole(number)
    return (value > 0) - (value < 0)


def _max(*numbers: Number) -> TerraformValue:
    if not numbers:
        raise EvaluationError("must pass at least one number")
    return max(numbers)


def _min(*numbers: Number) -> TerraformValue:
    if not numbers:
        raise EvaluationError("must pass at least one number")
    return min(numbers)


def _float(number: Number) -> float:
    """Round to 64 bits; infinite where it is too large."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _from_float(number: float) -> Number:
    """Return the shortest decimal of 64 bits, which is what Terraform prints."""
    if math.isnan(number):
        raise EvaluationError("the result is not a number")
    if math.isinf(number):
        raise UnknownResultError("the result is infinite")
    return normal(Decimal(repr(number)))


def _log(number: Number, base: Number) -> TerraformValue:
    above, below = _float(number), _float(base)
    if above < 0 or below < 0:
        raise EvaluationError("the logarithm of a negative number")
    if above == 0 and below == 0:
        raise EvaluationError("the result is not a number")
    if above == 0 or below in (0, 1) or math.isinf(above) or math.isinf(below):
        raise UnknownResultError("the result is infinite, or a 0 with a sign")
    quotient = math.log(above) / math.log(below)
    if above not in (1, below):
        # The logarithms of powers of 2 and 10 are the same everywhere.
        power = round(quotient)
        if base not in (2, 10) or Fraction(base) ** power != Fraction(number):
            raise UnknownResultError(_LAST_DIGIT)
    return _from_float(quotient)


def _pow(number: Number, power: Number) -> TerraformValue:
    base, exponent = _float(number), _float(power)
    if base < 0 and exponent != math.floor(exponent):
        raise EvaluationError("the root of a negative number")
    if base == 0 and exponent < 0:
        raise UnknownResultError("the result is infinite")
    if exponent == 0 or base == 1:
        return 1
    if abs(exponent) == 0.5:  # noqa: PLR2004 - the square root is exact to the last digit
        root = math.sqrt(base)
        return _from_float(root if exponent > 0 else 1 / root)
    if not isinstance(power, int) or abs(power) > _MOST_POWER or math.isinf(base):
        raise UnknownResultError(
            _LAST_DIGIT if abs(exponent) < _MOST_POWER else "the result is infinite"
        )
    exact = Fraction(base)
    raised = exact ** abs(power) if _exact(exact) else None
    if raised is None or not _exact(raised):
        raise UnknownResultError(_LAST_DIGIT)
    return _from_float(float(raised) if power > 0 else 1 / float(raised))


def _exact(value: Fraction) -> bool:
    """Tell whether floating point of 64 bits holds a number without rounding."""
    try:
        return Fraction(float(value)) == value
    except OverflowError:
        return False


_LAST_DIGIT = "the last digit depends on the machine that Terraform runs on"
_MOST_POWER = 1100  # beyond it every power of 64 bits is infinite, 0 or 1


def _parseint(text: TerraformValue, base: Number) -> TerraformValue:
    if not isinstance(text, str):
        raise EvaluationError("first argument must be a string")
    radix = whole(base, "the base")
    if not 2 <= radix <= 62:  # noqa: PLR2004 - the bases that Terraform takes
        raise EvaluationError("base must be a whole number between 2 and 62 inclusive")
    refusal = EvaluationError(f"cannot parse `{text[:40]}` as a base {radix} integer")
    digits = text[1:] if text[:1] in ("+", "-") else text
    if radix <= 36:  # noqa: PLR2004 - up to here capital letters mean the same
        digits = digits.lower() if digits.isascii() else digits
    if len(digits) > MOST_DIGITS:
        raise UnknownResultError(f"a number of more than {MOST_DIGITS} digits")
    if not digits or any(c not in _MORE_DIGITS[:radix] for c in digits):
        raise refusal
    value = 0
    for digit in digits:
        value = value * radix + _MORE_DIGITS.index(digit)
    return normal(-value if text[0] == "-" else value)


def _arithmetic_cost(*numbers: Number) -> int:
    return sum(1 if isinstance(number, int) else DECIMAL for number in numbers)


def _pow_cost(number: Number, power: Number) -> int:
    raised = abs(power) if isinstance(power, int) and abs(power) <= _MOST_POWER else 1
    return _arithmetic_cost(number, power) + 2 * raised


DECIMAL = 30

FUNCTIONS = (
    TerraformFunction("abs", _abs, ("number",)),
    TerraformFunction("ceil", _ceil, ("number",), cost=_arithmetic_cost),
    TerraformFunction("floor", _floor, ("number",), cost=_arithmetic_cost),
    TerraformFunction("signum", _signum, ("number",)),
    TerraformFunction("max", _max, ("number*",)),
    TerraformFunction("min", _min, ("number*",)),
    TerraformFunction("log", _log, ("number", "number"), cost=_pow_cost),
    TerraformFunction("pow", _pow, ("number", "number"), cost=_pow_cost),
    TerraformFunction("parseint", _parseint, ("any", "number")),
)

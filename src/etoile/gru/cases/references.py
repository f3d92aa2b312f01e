"""Public references such as `26-K7QM-3`: easy to read over the telephone, never a credential."""

import secrets

# No vowel (no word is spelt by accident), no 0/O, 1/I/L. The check character needs a prime: 28 symbols and one more.
ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"
CHECKS = ALPHABET + "A"


def generate(year: int, length: int = 4) -> str:
    """A random reference of that year; `length` symbols in the middle (614,656 of them with four)."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return f"{year % 100:02d}-{body}-{_check(year % 100, body)}"


def is_well_formed(text: str) -> bool:
    """True when the check character agrees: a mistyped reference is told at once, without a query."""
    parts = normalise(text).split("-")
    if len(parts) != 3 or len(parts[0]) != 2 or not (parts[0].isascii() and parts[0].isdigit()):
        return False
    year, body, check = parts
    return len(body) >= 4 and all(symbol in ALPHABET for symbol in body) and check == _check(int(year), body)


def normalise(text: str) -> str:
    """What a person types (`26 k7qm 3`, `26k7qm3`) in the one written form."""
    bare = "".join(symbol for symbol in text.upper() if symbol.isalnum())
    return f"{bare[:2]}-{bare[2:-1]}-{bare[-1:]}"


def _check(year: int, body: str) -> str:
    # Distinct weights modulo a prime: any one wrong symbol and any two swapped neighbours change the sum.
    digits = [year // 10, year % 10, *(ALPHABET.index(symbol) for symbol in body)]
    return CHECKS[sum(weight * value for weight, value in enumerate(digits, start=2)) % len(CHECKS)]

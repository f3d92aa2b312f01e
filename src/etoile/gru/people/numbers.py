"""The numbers that name an organisation, and whether one is well made. Nothing is asked of anybody."""

import re

from stdnum.exceptions import ValidationError
from stdnum.fr import siren, siret

# W, the prefecture (751; 2A1 in Corsica, 9R1 in La Réunion), then the number it gave.
RNA = re.compile(r"W[0-9][0-9A-Z][0-9]{7}")


def is_siret(text: str) -> bool:
    """An establishment: 14 digits and the key of Luhn, or the rule of La Poste for its own (digits in fives)."""
    return _holds(siret.validate, text)


def is_siren(text: str) -> bool:
    """A unit: 9 digits and the key of Luhn."""
    return _holds(siren.validate, text)


def is_rna(text: str) -> bool:
    return RNA.fullmatch(text) is not None


def plain(text: str) -> str:
    """As it is kept, however it was typed."""
    return re.sub(r"[\s.]", "", text).upper()


def _holds(validate, text: str) -> bool:  # type: ignore[no-untyped-def]
    try:
        validate(text)
    except ValidationError:
        return False
    return True

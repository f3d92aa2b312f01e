"""Values as they are compared: two ways of writing one thing give one text. Nothing that is kept is changed."""

from collections.abc import Callable, Mapping
from typing import Any

from etoile.gru.forms.texts import plain

# The end of a telephone number is the same whatever its prefix.
_DIGITS = 9
_ABBREVIATIONS = {
    "all": "allee",
    "av": "avenue",
    "ave": "avenue",
    "bd": "boulevard",
    "bld": "boulevard",
    "blvd": "boulevard",
    "chem": "chemin",
    "che": "chemin",
    "imp": "impasse",
    "pl": "place",
    "rte": "route",
    "sq": "square",
    "st": "saint",
    "ste": "sainte",
}


def words(value: Any) -> str:
    return plain(value) if isinstance(value, str) else ""


def digits(value: Any) -> str:
    return "".join(sign for sign in str(value) if sign.isdecimal()) if isinstance(value, str | int) else ""


def phone(value: Any) -> str:
    found = digits(value)
    return found[-_DIGITS:] if len(found) >= _DIGITS else ""


def date(value: Any) -> str:
    """Eight digits, year first, of `1984-05-07`; empty for anything else, such as a year alone."""
    found = digits(value)
    return found if len(found) == len("19840507") else ""


def address(value: Any) -> str:
    """Lines and postal code, usual abbreviations written in full; the name of the town adds nothing to its code."""
    if not isinstance(value, Mapping):
        return words(value)
    lines = value.get("lines") or ""
    street = words(lines if isinstance(lines, str) else " ".join(map(str, lines)))
    if not street:
        return ""
    full = " ".join(_ABBREVIATIONS.get(word, word) for word in street.split())
    return f"{full} {digits(value.get('postal_code') or '')}".strip()


WAYS: Mapping[str, Callable[[Any], str]] = {
    "words": words,
    "given_names": words,
    "digits": digits,
    "phone": phone,
    "date": date,
    "address": address,
}


def searched(way: str, normal: str) -> str:
    """What candidates are looked for by: the first word of given names, for a form asks for one and FranceConnect
    gives them all."""
    return normal.partition(" ")[0] if way == "given_names" else normal

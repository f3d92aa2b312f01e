"""The pivot identity: what the State says of who somebody is (FranceConnect, scope `identite_pivot`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

FRANCE = "99100"
_BORN = re.compile(r"\d{4}-\d{2}-\d{2}")
_PLACE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_COUNTRY = re.compile(r"99\d{3}")
_GENDERS = ("female", "male")
_LONGEST = 256


@dataclass(frozen=True, slots=True)
class Pivot:
    """`family_name`: the one of birth. `birth_date`: ISO 8601; a day or a month that nobody knows is `00`.
    `birth_place`: INSEE code of the commune, empty for who was born abroad; `birth_country`: INSEE code, 99100 for
    France."""

    family_name: str
    given_names: tuple[str, ...]
    birth_date: str
    gender: str
    birth_place: str
    birth_country: str

    @property
    def is_whole(self) -> bool:
        """Whether nobody else has it: nothing is missing, and the day of birth is a day."""
        placed = bool(self.birth_place) if self.birth_country == FRANCE else bool(self.birth_country)
        return bool(self.family_name and self.given_names and self.gender and placed and _is_day(self.birth_date))

    def attributes(self) -> dict[str, Any]:
        """As the user base keeps it; what is not known is left out."""
        told = {
            "family_name": self.family_name,
            "given_names": " ".join(self.given_names),
            "birth_date": self.birth_date,
            "gender": self.gender,
            "birth_place": self.birth_place,
            "birth_country": self.birth_country,
        }
        return {key: value for key, value in told.items() if value}

    def plain(self) -> str:
        """One text for one identity, whatever the letters' case and the spaces."""
        parts = (self.family_name, "|".join(self.given_names), self.birth_date, self.gender)
        return "\n".join(" ".join(each.casefold().split()) for each in (*parts, self.birth_place, self.birth_country))


def pivot_of(claims: Mapping[str, Any]) -> Pivot:
    """What the claims tell of it; a value that is not of its shape is not told."""
    listed = claims.get("given_name_array")
    names = [each for each in listed if isinstance(each, str)] if isinstance(listed, list) else []
    return Pivot(
        family_name=_text(claims, "family_name"),
        given_names=tuple(each.strip()[:_LONGEST] for each in names) or tuple(_text(claims, "given_name").split()),
        birth_date=_matching(claims, "birthdate", _BORN),
        gender=_text(claims, "gender") if _text(claims, "gender") in _GENDERS else "",
        birth_place=_matching(claims, "birthplace", _PLACE),
        birth_country=_matching(claims, "birthcountry", _COUNTRY),
    )


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip()[:_LONGEST] if isinstance(value, str) else ""


def _matching(claims: Mapping[str, Any], name: str, shape: re.Pattern[str]) -> str:
    value = _text(claims, name)
    return value if shape.fullmatch(value) else ""


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True

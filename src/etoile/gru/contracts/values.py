"""What a value of an attribute may be when an application gives it: the shapes of `person.updated` of the contract."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

_PHONE = re.compile(r"\+?[0-9 ().-]{4,30}")
_SIRET = re.compile(r"[0-9]{14}")
_POSTAL_CODE = re.compile(r"[0-9A-Za-z -]{1,10}")


class WrongValue(ValueError):
    """In plain words, what is expected."""


def checked(key: str, value: Any) -> Any:
    """The value as it is kept. Raises `WrongValue`."""
    return _RULES[key](value)


def _line(most: int) -> Callable[[Any], str]:
    def rule(value: Any) -> str:
        if not isinstance(value, str) or not 1 <= len(value.strip()) <= most or not value.isprintable():
            raise WrongValue(_("Une ligne de texte, de %(most)s caractères au plus.") % {"most": most})
        return value.strip()

    return rule


def _like(pattern: re.Pattern[str], words: Callable[[], str]) -> Callable[[Any], str]:
    def rule(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise WrongValue(words())
        return value

    return rule


def _email(value: Any) -> str:
    try:
        EmailValidator()(value)
    except ValidationError:
        raise WrongValue(_("Une adresse électronique, par exemple camille@exemple.fr.")) from None
    return str(value)


def _day(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise WrongValue(_("Une date, par exemple 1987-05-24.")) from None


def _address(value: Any) -> dict[str, Any]:
    wrong = WrongValue(_("Une adresse : lines (de 1 à 6 lignes), postal_code et city."))
    if not isinstance(value, dict) or set(value) - {"lines", "postal_code", "city", "insee"}:
        raise wrong
    lines, line = value.get("lines"), _line(120)
    if not isinstance(lines, list) or not 1 <= len(lines) <= 6:
        raise wrong
    try:
        kept = {"lines": [line(each) for each in lines], "city": _line(100)(value.get("city"))}
    except WrongValue:
        raise wrong from None
    code = value.get("postal_code")
    if not isinstance(code, str) or not _POSTAL_CODE.fullmatch(code):
        raise wrong
    insee = value.get("insee")
    if insee is not None and (not isinstance(insee, str) or not re.fullmatch(r"[0-9][0-9AB][0-9]{3}", insee)):
        raise wrong
    return {**kept, "postal_code": code, **({"insee": insee} if insee else {})}


_RULES: Mapping[str, Callable[[Any], Any]] = {
    "civility": _line(20),
    "family_name": _line(100),
    "usage_name": _line(100),
    "given_names": _line(256),
    "birth_date": _day,
    "email": _email,
    "phone": _like(_PHONE, lambda: _("Un numéro de téléphone, par exemple +33639980123.")),
    "address": _address,
    "organisation": _line(200),
    "siret": _like(_SIRET, lambda: _("Un SIRET a 14 chiffres.")),
}

import re
import unicodedata
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language, gettext_lazy

from etoile.gru.forms.fields.listed import Listed

# Of the list of Unicode, what is no country: unions, and codes for tests.
_NO_COUNTRY = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}


class Country(Listed):
    """The ISO 3166-1 code of two letters is kept; the names are those of Unicode, in the language of the request."""

    name = "country"
    label = gettext_lazy("Pays")
    family = "contact"
    tokens = ("country",)
    format = gettext_lazy("un pays de la liste")
    example = "France"

    def words(self) -> dict[str, str]:
        return _countries((get_language() or "fr").partition("-")[0])


@lru_cache(maxsize=8)
def _countries(language: str) -> dict[str, str]:
    try:
        names = Locale(language).territories
    except UnknownLocaleError:
        names = Locale("fr").territories
    known = {code: name for code, name in names.items() if re.fullmatch(r"[A-Z]{2}", code) and code not in _NO_COUNTRY}
    return {"FR": known["FR"], **dict(sorted(known.items(), key=lambda each: _spoken(each[1])))}


def _spoken(name: str) -> str:
    """É beside E."""
    return unicodedata.normalize("NFD", name.lower())


TYPE = Country()

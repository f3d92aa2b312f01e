"""What is known of a person, in plain words: what it is, how sure, where from."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LABELS: Mapping[str, str | Promise] = {
    "civility": gettext_lazy("Civilité"),
    "family_name": gettext_lazy("Nom de famille"),
    "given_names": gettext_lazy("Prénoms"),
    "usage_name": gettext_lazy("Nom d’usage"),
    "gender": gettext_lazy("Sexe"),
    "birth_date": gettext_lazy("Date de naissance"),
    "birth_place": gettext_lazy("Lieu de naissance"),
    "birth_country": gettext_lazy("Pays de naissance"),
    "email": gettext_lazy("Adresse électronique"),
    "phone": gettext_lazy("Téléphone"),
    "address": gettext_lazy("Adresse postale"),
    "organisation": gettext_lazy("Organisme"),
    "siret": gettext_lazy("SIRET"),
    "siren": gettext_lazy("SIREN"),
    "rna": gettext_lazy("Numéro RNA"),
    "legal_form": gettext_lazy("Forme juridique"),
}
LEGAL_FORMS: Mapping[str, str | Promise] = {
    "association": gettext_lazy("Association"),
    "company": gettext_lazy("Entreprise"),
    "public": gettext_lazy("Organisme public"),
    "other": gettext_lazy("Autre organisme"),
}
_SOURCES: Mapping[str, str | Promise] = {
    "declared": gettext_lazy("une demande"),
    "account": gettext_lazy("son espace personnel"),
    "code": gettext_lazy("un code reçu à cette adresse"),
    "tie": gettext_lazy("l’un de ses proches"),
    "desk": gettext_lazy("ce qui est dit à un agent"),
    "proof": gettext_lazy("un justificatif montré à un agent"),
    "franceconnect": gettext_lazy("FranceConnect"),
    "franceconnect-plus": "FranceConnect+",
}
_VALUES: Mapping[str, str | Promise] = {
    "MADAME": gettext_lazy("Madame"),
    "MONSIEUR": gettext_lazy("Monsieur"),
    "female": gettext_lazy("Femme"),
    "male": gettext_lazy("Homme"),
    "99100": gettext_lazy("France"),
    **LEGAL_FORMS,
}
# Kept as the State gives them: codes of the INSEE, of which a page has no list.
_CODED = ("birth_place", "birth_country")
# Of a day or a month of birth that nobody knows.
_UNKNOWN = "-00"


def label(key: str) -> str:
    return str(LABELS.get(key, key.replace("_", " ").capitalize()))


def source(code: str) -> str:
    """Where a value comes from, after « par »; an application that nobody named is called by its code."""
    return str(_SOURCES.get(code, code))


def lines(key: str, value: Any) -> list[str]:
    """A value as people read it, one entry a line."""
    if isinstance(value, Mapping):
        given = value.get("lines") or []
        street = given.splitlines() if isinstance(given, str) else [str(each) for each in given]
        town = f"{value.get('postal_code') or ''} {value.get('city') or ''}".strip()
        return [each for each in (*street, town) if each] or [_("Illisible ici")]
    if isinstance(value, list):
        return [", ".join(str(each) for each in value)]
    text = str(_VALUES.get(str(value), value))
    if key == "birth_date":
        return [text.partition(_UNKNOWN)[0]]
    return [_("code INSEE %(code)s") % {"code": text} if key in _CODED and text[:1].isdigit() else text]


def name_of(known: Mapping[str, Any]) -> str:
    """As letters are addressed to them, from attributes by key; « Personne sans nom » when nothing says it."""
    organisation = known.get("organisation")
    if organisation is not None:
        return str(organisation.value)
    names = [str(known[key].value) for key in ("given_names", "family_name") if key in known]
    return " ".join(names) or _("Personne sans nom")

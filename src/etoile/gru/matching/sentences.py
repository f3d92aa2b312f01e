"""Why these two may be the same: one sentence for each thing that both are known for."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.cases.filing import display_name
from etoile.gru.matching.score import Evidence, Score
from etoile.gru.people.models import Attribute

NAMES = {
    "civility": gettext_lazy("Civilité"),
    "family_name": gettext_lazy("Nom de famille"),
    "given_names": gettext_lazy("Prénoms"),
    "birth_date": gettext_lazy("Date de naissance"),
    "birth_place": gettext_lazy("Lieu de naissance"),
    "organisation": gettext_lazy("Organisme"),
    "siret": gettext_lazy("SIRET"),
    "email": gettext_lazy("Courriel"),
    "phone": gettext_lazy("Téléphone"),
    "address": gettext_lazy("Adresse"),
}


def name_of(key: str) -> str:
    return str(NAMES.get(key, key))


def reasons(found: Score) -> list[tuple[str, int]]:
    """Sentences with their points, what weighs most first."""
    ordered = sorted(found.evidence, key=lambda each: (-each.points, each.key))
    return [(_sentence(each), each.points) for each in ordered]


def named(known: Mapping[str, Attribute]) -> str:
    """Somebody on a line: name, day of birth, e-mail, address."""
    name = display_name({key: each.value for key, each in known.items()}) or _("Personne sans nom")
    rest = [shown(known[key].value) for key in ("birth_date", "email", "address") if key in known]
    return " · ".join([name, *rest])


def shown(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        lines = value.get("lines") or ""
        street = lines if isinstance(lines, str) else ", ".join(map(str, lines))
        town = " ".join(str(value[key]) for key in ("postal_code", "city") if value.get(key))
        return ", ".join(filter(None, (street.replace("\n", ", "), town)))
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    return str(value)


def _sentence(each: Evidence) -> str:
    said = {"name": name_of(each.key), "one": shown(each.first), "other": shown(each.second)}
    if each.decisive:
        return (
            _("%(name)s : valeurs différentes, prouvées des deux côtés (%(one)s ; %(other)s). Ce sont deux personnes.")
            % said
        )
    if each.manner == "exact":
        return _("%(name)s : même valeur des deux côtés (%(one)s).") % said
    if each.manner == "normalised":
        return _("%(name)s : même valeur, écrite autrement (%(one)s ; %(other)s).") % said
    if each.manner == "near":
        return _("%(name)s : valeurs presque identiques (%(one)s ; %(other)s).") % said
    return _("%(name)s : valeurs différentes (%(one)s ; %(other)s).") % said

"""Somebody whom one of their own tells of: a child, an association. A new person each time, since nothing proves that
they are one the base knows; two records of one are found and merged as all others (docs/duplicates.md)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Authority, Sector
from etoile.gru.people import numbers, scope
from etoile.gru.people.models import Kind, Person, Presence
from etoile.gru.people.services import TOLD_KEYS, record_applicant
from etoile.gru.ties.errors import TieRefused
from etoile.gru.ties.models import Told

NUMBERS = {"siret": numbers.is_siret, "siren": numbers.is_siren, "rna": numbers.is_rna}


def problem(kind: Kind, values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong, by attribute, in sentences: somebody has a name, an organisation too, and its numbers are right.

    `values` as `plain` gives them.
    """
    wrong: dict[str, str] = {}
    if kind is Kind.NATURAL:
        wrong |= {key: _WANTED[key]() for key in ("given_names", "family_name") if not values.get(key)}
    elif not values.get("organisation"):
        wrong["organisation"] = _WANTED["organisation"]()
    wrong |= {key: _WRONG[key]() for key, holds in NUMBERS.items() if values.get(key) and not holds(values[key])}
    if not wrong and values.get("siren") and values.get("siret") and not values["siret"].startswith(values["siren"]):
        wrong["siret"] = _("Ce SIRET n’est pas celui d’un établissement de ce SIREN.")
    return wrong


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers without spaces, texts without those around, what is empty left out; the SIREN follows from the SIRET."""
    kept = {key: value.strip() if isinstance(value, str) else value for key, value in values.items() if value}
    kept |= {key: numbers.plain(str(kept[key])) for key in NUMBERS if kept.get(key)}
    if kept.get("siret") and not kept.get("siren") and numbers.is_siret(kept["siret"]):
        kept["siren"] = kept["siret"][:9]
    return {key: value for key, value in kept.items() if value}


def tell(
    authority: Authority, kind: Kind, values: Mapping[str, Any], *, source: str, sectors: list[Sector] | None = None
) -> Person:
    """The new person, known to `sectors` by the act of their agent, else to nobody but those who told. Raises
    `TieRefused`."""
    said = plain(values)
    for message in problem(kind, said).values():
        raise TieRefused(message)
    with transaction.atomic():
        person = record_applicant(authority, {**said, "kind": str(kind)}, source=source, keys=TOLD_KEYS)
        with scope.of_task("ties", authority=authority.pk, author=_author()):
            Told.objects.create(person=person)
            Presence.objects.bulk_create(Presence(person=person, sector=each, by_act=True) for each in sectors or [])
    return person


def _author() -> str:
    found = scope.known()
    return found.author if found is not None else "person"


_WANTED = {
    "given_names": lambda: _("Indiquez ses prénoms, par exemple : Lou."),
    "family_name": lambda: _("Indiquez son nom, par exemple : Martin."),
    "organisation": lambda: _("Indiquez le nom de l’organisme, par exemple : Les Amis de la Loire."),
}
_WRONG = {
    "siret": lambda: _("Ce SIRET n’est pas valable : 14 chiffres, par exemple 732 829 320 00074."),
    "siren": lambda: _("Ce SIREN n’est pas valable : 9 chiffres, par exemple 732 829 320."),
    "rna": lambda: _("Ce numéro RNA n’est pas valable : W et neuf signes, par exemple W491001234."),
}

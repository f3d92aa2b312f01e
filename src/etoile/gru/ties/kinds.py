"""The kinds of ties, as data. A tie goes from its holder, who has a part to play, to its subject: the parent to the
child, the president to the association, the agent to the principal."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from etoile.gru.people.models import Kind

Words = str | Promise
NATURAL, LEGAL = Kind.NATURAL, Kind.LEGAL
FAMILY, ORGANISATION, MANDATE = "family", "organisation", "mandate"


@dataclass(frozen=True, slots=True)
class TieKind:
    """`of_holder`: what the holder is, as the file of the subject says it; `of_subject`: what the subject is, as that
    of the holder does. None: of either nature. `asks`: details it may have (`DETAILS`); `wants`: those it must.

    `acts`: for whom the holder may make a request (`filling.mandates.FOR`), and in which capacity; for an organisation,
    its own nature says which. `of_minor`: it is worth something until the subject is of age.
    """

    code: str
    group: str
    of_holder: Words
    of_subject: Words
    holder: Kind | None = NATURAL
    subject: Kind | None = NATURAL
    asks: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    acts: tuple[str, str] | None = None
    of_minor: bool = False
    symmetric: bool = False


_CHIEF = ("organisation", "legal_representative")
KINDS: Mapping[str, TieKind] = {
    each.code: each
    for each in (
        TieKind("responsible", FAMILY, _("Responsable légal"), _("Enfant"), asks=("custody", "days"),
                acts=("child", "parent"), of_minor=True),
        TieKind("spouse", FAMILY, _("Conjoint ou partenaire"), _("Conjoint ou partenaire"), symmetric=True),
        TieKind("household", FAMILY, _("Membre du foyer"), _("Membre du foyer"), symmetric=True),
        TieKind("emergency_contact", FAMILY, _("À prévenir en cas d’urgence"), _("À prévenir pour"),
                asks=("days",), of_minor=True),
        TieKind("collects", FAMILY, _("Peut venir le chercher"), _("Peut aller chercher"), asks=("days",),
                of_minor=True),
        TieKind("president", ORGANISATION, _("À la présidence"), _("Préside"), subject=LEGAL, acts=_CHIEF),
        TieKind("treasurer", ORGANISATION, _("À la trésorerie"), _("Tient la trésorerie de"), subject=LEGAL),
        TieKind("secretary", ORGANISATION, _("Au secrétariat"), _("Tient le secrétariat de"), subject=LEGAL),
        TieKind("member", ORGANISATION, _("Membre"), _("Membre de"), subject=LEGAL),
        TieKind("representative", ORGANISATION, _("Représentant légal"), _("Représente"), subject=LEGAL, acts=_CHIEF),
        TieKind("employee", ORGANISATION, _("Y travaille"), _("Travaille pour"), subject=LEGAL),
        TieKind("mandate", MANDATE, _("Peut agir en son nom"), _("Agit au nom de"), holder=None, subject=None,
                asks=("scope", "document"), wants=("scope",), acts=("person", "mandate")),
    )
}  # fmt: skip

DETAILS: Mapping[str, Words] = {
    "custody": _("Résidence de l’enfant"),
    "days": _("Jours et conditions"),
    "scope": _("Pour quelles démarches"),
    "document": _("Acte ou document"),
}
CUSTODIES: Mapping[str, Words] = {
    "shared_home": _("Ses parents vivent ensemble"),
    "main": _("Chez cette personne"),
    "alternate": _("En résidence alternée"),
    "visiting": _("Chez l’autre parent, avec droit de visite"),
    "delegated": _("Confié par un juge, tutelle"),
}
# Of a detail that is free text.
LONGEST = 300


def said(key: str, value: str) -> str:
    """A detail in words."""
    return str(CUSTODIES.get(value, value)) if key == "custody" else value

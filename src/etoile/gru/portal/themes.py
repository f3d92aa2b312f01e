"""The words and icons of the usual themes and situations; another slug is shown as it is written."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

THEMES: dict[str, tuple[str | Promise, str]] = {
    "etat-civil": (_("État civil et papiers"), "document"),
    "enfance-education": (_("Enfance et éducation"), "family"),
    "cadre-de-vie": (_("Rue et cadre de vie"), "road"),
    "vie-associative": (_("Salles et vie associative"), "hall"),
    "vie-locale": (_("Vie locale et évènements"), "calendar"),
    "urbanisme": (_("Urbanisme et logement"), "house-plan"),
    "dechets": (_("Déchets et environnement"), "leaf"),
    "social": (_("Aides et solidarité"), "people"),
    "tranquillite": (_("Sécurité et tranquillité"), "seal"),
    "vie-economique": (_("Commerce et tourisme"), "briefcase"),
    "ce-site": (_("Ce site"), "globe"),
}
LIFE_EVENTS: dict[str, tuple[str | Promise, str]] = {
    "naissance": (_("J’attends un enfant"), "heart"),
    "scolariser-un-enfant": (_("Mon enfant va à l’école"), "school"),
    "demenager": (_("Je déménage"), "home"),
    "papiers": (_("J’ai besoin d’un papier officiel"), "document"),
    "se-marier": (_("Je me marie ou je me pacse"), "people"),
    "faire-des-travaux": (_("Je fais des travaux"), "house-plan"),
    "organiser-un-evenement": (_("J’organise un évènement"), "calendar"),
    "faire-vivre-une-association": (_("J’anime une association"), "hall"),
    "participer-a-la-vie-de-la-commune": (_("Je participe à la vie de la commune"), "message"),
    "vivre-dans-la-commune": (_("Je vis ici"), "pin"),
    "etre-aide": (_("J’ai besoin d’aide"), "help"),
    "perdre-un-proche": (_("J’ai perdu un proche"), "leaf"),
}
AUDIENCES: dict[str, str | Promise] = {
    "individuals": _("Particuliers"),
    "associations": _("Associations"),
    "companies": _("Entreprises"),
}


def theme_words(category: str) -> str | Promise:
    return THEMES[category][0] if category in THEMES else category.replace("-", " ").capitalize()


def theme_icon(category: str) -> str:
    return THEMES[category][1] if category in THEMES else "document"


def life_event_words(slug: str) -> str | Promise:
    return LIFE_EVENTS[slug][0] if slug in LIFE_EVENTS else slug.replace("-", " ").capitalize()


def life_event_icon(slug: str) -> str:
    return LIFE_EVENTS[slug][1] if slug in LIFE_EVENTS else "star"


def life_event_rank(slug: str) -> tuple[int, str]:
    known = list(LIFE_EVENTS)
    return (known.index(slug) if slug in known else len(known), slug)

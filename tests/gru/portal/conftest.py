"""A town with its services and seven of the ready-made procedures, as the pages meet them."""

from collections.abc import Iterator
from functools import cache as cache_once
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.cache import cache
from django.utils import translation

from etoile.gru.access.models import Authority, Sector, Team
from etoile.gru.content.services import keep
from etoile.gru.forms.services import load, publish

PROCEDURES = Path(__file__).parents[3] / "procedures"
PUBLISHED = (
    "acte-etat-civil", "certificat-urbanisme", "inscription-evenement", "inscription-periscolaire", "reservation-salle",
    "signalement-voirie", "signaler-defaut-accessibilite",
)  # fmt: skip
NAMES = {
    "etat-civil": "État civil",
    "vie-locale": "Vie locale",
    "services-techniques": "Services techniques",
    "enfance-education": "Enfance et éducation",
}
CONTENT: dict[str, Any] = {
    "places": [
        {
            "id": "mairie",
            "name": {"fr": "Mairie", "en": "Town hall"},
            "icon": "hall",
            "address": "1 place de la Mairie",
            "postal_code": "49999",
            "city": "Valmont-sur-Loire",
            "phone": "02 00 00 00 00",
            "hours": {"monday-friday": ["8:30-12:00", "13:30-17:00"], "saturday": ["9:00-12:00"]},
            "teams": ["etat-civil"],
        },
    ],
    "life_events": [
        {
            "id": "naissance",
            "title": {"fr": "J’attends un enfant", "en": "I am expecting a child"},
            "icon": "heart",
            "guides": ["carte-identite"],
            "advice": [{"title": "Penser à la crèche", "text": "Dès le sixième mois."}],
        },
    ],
    "guides": [
        {
            "id": "carte-identite",
            "title": {"fr": "Carte d’identité et passeport", "en": "Identity card and passport"},
            "summary": "Sur rendez-vous, avec les pièces originales.",
            "category": "etat-civil",
            "audience": ["individuals"],
            "channels": ["counter"],
            "documents": ["Une photo récente"],
            "place": "mairie",
            "links": [{"label": "Pré-demande", "href": "https://exemple.example/pre-demande"}],
        },
    ],
    "news": [
        {
            "id": "marche",
            "title": {"fr": "Marché de Noël", "en": "Christmas market"},
            "date": "2026-01-05",
            "summary": "Trois jours sur les quais.",
        },
    ],
}


@cache_once
def ready_made() -> list[dict[str, Any]]:
    return [yaml.safe_load((PROCEDURES / f"{slug}.yaml").read_text()) for slug in PUBLISHED]


def make_town(name: str = "Valmont-sur-Loire", siret: str = "21490999900017") -> Authority:
    town = Authority.objects.create(
        siret=siret,
        slug=name.lower().replace(" ", "-"),
        name=name,
        insee="49999",
        address="1 place de la Mairie",
        postal_code="49999",
        city=name,
        email="mairie@valmont.example",
        phone="02 00 00 00 00",
        opening_hours="Du lundi au vendredi : 9 h – 12 h et 14 h – 17 h 30\nSamedi : 9 h – 12 h",
        publication_director="Camille Martin, maire",
        hosting="Valmont-sur-Loire, 1 place de la Mairie",
        data_protection_officer="dpo@valmont.example",
    )
    sources = ready_made()
    for slug in sorted({source["team"] for source in sources}):
        label = NAMES.get(slug, slug.replace("-", " ").capitalize())
        sector = Sector.objects.create(authority=town, slug=slug, name=label)
        Team.objects.create(
            authority=town,
            sector=sector,
            slug=slug,
            name=label,
            address="1 place de la Mairie, 49999 Valmont-sur-Loire",
            email=f"{slug}@valmont.example",
            phone="02 00 00 00 01",
        )
    for source in sources:
        publish(load(town, source))
    keep(town, CONTENT)
    return town


@pytest.fixture
def town(db: None) -> Authority:
    cache.clear()
    return make_town()


@pytest.fixture(autouse=True)
def _language_given_back() -> Iterator[None]:
    """A page asked for in English leaves its language to the thread, hence to the test that follows."""
    with translation.override(translation.get_language()):
        yield

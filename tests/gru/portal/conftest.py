"""A town with its services and seven of the ready-made procedures, as the pages meet them."""

from collections.abc import Iterator
from functools import cache as cache_once
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from etoile.gru.access.models import Account, Authority, Sector, Team
from etoile.gru.cases.models import Case
from etoile.gru.content.services import keep
from etoile.gru.forms.models import Procedure, ProcedureChange, ProcedureState, ProcedureVersion, VersionState
from etoile.gru.forms.parsing import expanded, parse
from etoile.gru.forms.services import digest_of
from tests.gru.portal.journey import filled

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
    """The fields of each version, as `forms.services.load` finds them: read once, not for each town."""
    sources = [expanded(yaml.safe_load((PROCEDURES / f"{slug}.yaml").read_text())) for slug in PUBLISHED]
    return [{"source": each, "digest": digest_of(each), "title": parse(each).title.raw()} for each in sources]


def put_in_service(town: Authority, teams: dict[str, Team]) -> None:
    """The rows of `load` then `publish`, in five statements: a hundred and sixty tests begin here."""
    found = ready_made()
    procedures = Procedure.objects.bulk_create(
        Procedure(authority=town, slug=each["source"]["slug"], team=teams[each["source"]["team"]]) for each in found
    )
    versions = ProcedureVersion.objects.bulk_create(
        ProcedureVersion(
            procedure=procedure, number=1, state=VersionState.PUBLISHED, published_at=timezone.now(), **fields
        )
        for procedure, fields in zip(procedures, found, strict=True)
    )
    for procedure, version in zip(procedures, versions, strict=True):
        procedure.current, procedure.state = version, ProcedureState.PUBLISHED
    Procedure.objects.bulk_update(procedures, ["current", "state"])
    ProcedureChange.objects.bulk_create(
        ProcedureChange(procedure=each.procedure, version_number=1, verb="published") for each in versions
    )


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
    teams = {}
    for slug in sorted({each["source"]["team"] for each in ready_made()}):
        label = NAMES.get(slug, slug.replace("-", " ").capitalize())
        sector = Sector.objects.create(authority=town, slug=slug, name=label)
        teams[slug] = Team.objects.create(
            authority=town,
            sector=sector,
            slug=slug,
            name=label,
            address="1 place de la Mairie, 49999 Valmont-sur-Loire",
            email=f"{slug}@valmont.example",
            phone="02 00 00 00 01",
        )
    put_in_service(town, teams)
    keep(town, CONTENT)
    return town


@pytest.fixture
def town(db: None) -> Authority:
    cache.clear()
    return make_town()


@pytest.fixture
def case(client: Client, town: Authority) -> Case:
    """A hole in the road, sent through the pages."""
    client.post(filled(client))
    return Case.objects.get()


@pytest.fixture
def agent(town: Authority) -> Account:
    account = Account.objects.create(
        authority=town, email="nadia@valmont.example", given_name="Nadia", family_name="Leroy", capacity="Technicienne"
    )
    account.memberships.create(team=town.teams.get(slug="services-techniques"), role="instructor")
    return account


@pytest.fixture(autouse=True)
def _language_given_back() -> Iterator[None]:
    """A page asked for in English leaves its language to the thread, hence to the test that follows."""
    with translation.override(translation.get_language()):
        yield

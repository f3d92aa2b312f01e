"""A small town, one procedure, one agent: enough for the rooms of the GRU to work for real on PostgreSQL."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from etoile.gru.access.models import Account, Authority, Membership, Role, Sector, Team
from etoile.gru.cases import services
from etoile.gru.cases.models import Case
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.services import load
from etoile.gru.outbox.models import OutgoingEvent

SIRET = "21490999900017"

PROCEDURE: dict[str, Any] = {
    "slug": "acte",
    "title": {"fr": "Demande d'acte", "en": "Certificate request"},
    "team": "etat-civil",
    "treatment": "both",
    "silence": {"regime": "reject", "duration": "P2M"},
    "pages": [
        {
            "id": "vous",
            "title": {"fr": "Vous"},
            "sections": [
                {
                    "id": "identite",
                    "title": {"fr": "Identité"},
                    "fields": [
                        {
                            "id": "nom",
                            "type": "name",
                            "label": {"fr": "Nom"},
                            "required": True,
                            "applicant": "family_name",
                        },
                        {
                            "id": "courriel",
                            "type": "email",
                            "label": {"fr": "Courriel"},
                            "required": True,
                            "applicant": "email",
                        },
                        {"id": "motif", "type": "text", "label": {"fr": "Motif"}, "required": True},
                        {"id": "allergie", "type": "text", "label": {"fr": "Allergie"}, "privacy": "sensitive"},
                    ],
                }
            ],
        }
    ],
}

APPLICANT = {
    "kind": "natural",
    "family_name": "Martin",
    "given_names": "Camille",
    "email": "camille.martin@example.org",
}


@dataclass
class Town:
    authority: Authority
    sector: Sector
    team: Team
    agent: Account
    version: ProcedureVersion
    colleagues: list[Account] = field(default_factory=list)

    def fresh_version(self) -> ProcedureVersion:
        return ProcedureVersion.objects.select_related("procedure__team__sector", "procedure__authority").get(
            pk=self.version.pk
        )

    def submit(self, **changes: Any) -> Case:
        given: dict[str, Any] = {
            "authority": self.authority,
            "version": self.fresh_version(),
            "applicant": APPLICANT,
            "answers": {"motif": "Mariage", "allergie": "arachide"},
        }
        return services.submit(**{**given, **changes})

    def case(self, case: Case) -> Case:
        return Case.objects.get(pk=case.pk)

    def published(self, case: Case) -> list[tuple[str, int | None]]:
        found = OutgoingEvent.objects.filter(subject=case.subject).order_by("position")
        return [(each.type.removeprefix("org.etoile."), each.sequence) for each in found]


def make_town(siret: str = SIRET, slug: str = "valmont") -> Town:
    authority = Authority.objects.create(siret=siret, slug=slug, name="Valmont-sur-Loire", phone="02 41 00 00 00")
    sector = Sector.objects.create(authority=authority, slug="etat-civil", name="État civil")
    team = Team.objects.create(
        authority=authority,
        sector=sector,
        slug="etat-civil",
        name="Service de l'état civil",
        address="1 place de la Mairie\n49999 Valmont-sur-Loire",
        email="etat-civil@valmont.example",
        phone="02 41 00 00 01",
    )
    agent = make_agent(authority, team, f"nadia@{slug}.example")
    version = load(authority, PROCEDURE)
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    return Town(authority, sector, team, agent, version)


def make_agent(authority: Authority, team: Team, email: str) -> Account:
    agent = Account.objects.create(
        authority=authority, email=email, given_name="Nadia", family_name="Leroy", capacity="Officière d'état civil"
    )
    Membership.objects.create(account=agent, team=team, role=Role.INSTRUCTOR)
    return agent


def log_in(client: Client, account: Account) -> None:
    """As somebody who has gone through the door. Two backends are in the settings; one of them knows accounts."""
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


@pytest.fixture
def town(db: None) -> Town:
    return make_town()


@pytest.fixture
def case(town: Town) -> Case:
    return town.submit()


@pytest.fixture
def agent(client: Client, town: Town) -> Account:
    """Who treats, already in."""
    log_in(client, town.agent)
    return town.agent


@pytest.fixture
def manager(client: Client, town: Town) -> Account:
    Membership.objects.filter(account=town.agent).update(role=Role.MANAGER)
    log_in(client, town.agent)
    return town.agent


@pytest.fixture(autouse=True)
def _no_job_left(request: pytest.FixtureRequest) -> Any:
    """Django empties its own tables after a test with real commits; the queue's tables are not its own."""
    yield
    marker = request.node.get_closest_marker("django_db")
    committed = "transactional_db" in request.fixturenames or bool(marker and marker.kwargs.get("transaction"))
    if committed:
        with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers CASCADE")

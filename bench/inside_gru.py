"""The GRU from inside its own process: the town whose cases are counted, and the pages of its agents.

Imported once Django is set up, as `office.inside`; nothing else of a benchmark imports the GRU's rooms.
"""

import time
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from etoile.gru.access.models import Account, Authority, Membership, Role, Sector, Team
from etoile.gru.cases import keys
from etoile.gru.cases.models import Case
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load
from etoile.gru.people import scope
from etoile.gru.people.models import Person
from etoile.gru.steering import counting
from etoile.gru.steering.models import Counted, Month

# The share of the cases of each sector, in percent.
WEIGHTS = (20, 16, 14, 12, 11, 9, 8, 10)
TITLES = ("acte", "voirie", "inscription", "subvention", "permis", "bac", "salle", "aide", "carte", "plainte")


@dataclass(frozen=True)
class Found:
    """What cases are made with: primary keys, the words of each procedure. `whole` sees all, `sector` one in five.

    Each of `desks` has a sector, a team and who may follow its cases: those of the first are all followed by `sector`,
    those of the second by `whole`.
    """

    authority: int
    person: object
    desks: list
    weights: tuple
    versions: list
    whole: Account
    sector: Account
    officer: Account


def found():
    with scope.of_task("bench"):
        return _found()


def _found():
    authority = Authority.objects.create(siret="21490999900017", slug="valmont", name="Valmont-sur-Loire")
    teams = []
    for number in range(len(WEIGHTS)):
        owned = Sector.objects.create(authority=authority, slug=f"secteur-{number}", name=f"Secteur {number}")
        contact = {"address": "1 place", "email": f"s{number}@valmont.example", "phone": "0241000000"}
        teams.append(
            Team.objects.create(
                authority=authority, sector=owned, slug=f"s{number}", name=f"Service {number}", **contact
            )
        )
    agents = [Account.objects.create(authority=authority, email=f"a{each}@valmont.example") for each in range(40)]
    whole, sector = agents[0], agents[1]
    officer = Account.objects.create(authority=authority, email="dpo@valmont.example")
    Membership.objects.create(account=officer, role=Role.DPO)
    Membership.objects.create(account=whole, role=Role.MANAGER)
    Membership.objects.create(account=sector, role=Role.INSTRUCTOR, team=teams[0])
    versions = []
    for number, title in enumerate(TITLES * 2):
        version = load(authority, _procedure(f"{title}-{number}", title, teams[number % len(teams)].slug))
        Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
        versions.append((version.pk, ["demande", title]))
    return Found(
        authority=authority.pk,
        person=Person.objects.create(authority=authority).pk,
        desks=[
            (team.sector_id, team.pk, [followed.pk] if followed else [each.pk for each in agents[2:]])
            for team, followed in zip(teams, (sector, whole, *[None] * 6), strict=True)
        ],
        weights=WEIGHTS,
        versions=versions,
        whole=whole,
        sector=sector,
        officer=officer,
    )


def _procedure(slug, title, team):
    field = {"id": "motif", "type": "text", "label": {"fr": "Motif"}}
    section = {"id": "tout", "title": {"fr": "Tout"}, "fields": [field]}
    page = {"id": "page", "title": {"fr": "Page"}, "sections": [section]}
    silence = {"regime": "reject", "duration": "P2M"}
    return {"slug": slug, "title": {"fr": f"Demande {title} {slug}"}, "team": team, "silence": silence, "pages": [page]}


class Desk:
    """One agent, signed in; the person of a case when there is no account."""

    def __init__(self, account):
        self.account = account
        self.client = Client(SERVER_NAME="localhost")
        if account is not None:
            self.client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")

    def visit(self, address, data=None):
        """Milliseconds of the page, its statements, and the page."""
        started = time.perf_counter()
        answer = self.client.get(address) if data is None else self.client.post(address, data)
        elapsed = (time.perf_counter() - started) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        return elapsed, answer

    def statements(self, address, data=None):
        """The statements of the page, and the milliseconds they took together."""
        with CaptureQueriesContext(connection) as captured:
            self.visit(address, data)
        return [each["sql"] for each in captured.captured_queries], sum(
            float(each["time"]) * 1000 for each in captured.captured_queries
        )

    def plan(self, statement):
        """As PostgreSQL runs it for this agent, whose scope is declared again."""
        if statement.startswith("SELECT set_config("):
            statement = statement.partition("; ")[2]
        asked = f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {statement.replace('%', '%%')}"
        whose = scope.of_agent(self.account) if self.account is not None else scope.of_task("bench")
        with whose, connection.cursor() as cursor:
            cursor.execute(asked, [])
            return cursor.fetchone()[0][0]["Plan"]


def seen_by(account):
    """The key of a person whom the account may see, in the middle of those there are."""
    with scope.of_agent(account):
        found = Person.objects.order_by("pk")
        return found.values_list("pk", flat=True)[found.count() // 2]


def case_of(person):
    return Case.objects.filter(person=person).values_list("pk", flat=True)[0]


def follow(case_id, key):
    """The tracking link of a case is that of the key."""
    Case.objects.filter(pk=case_id).update(tracking_hash=keys.fingerprint(key), tracking_sealed=keys.seal(key, case_id))


def count(town):
    """The figures of the dashboard, from nothing; the seconds it took."""
    Counted.objects.all().delete()
    Month.objects.all().delete()
    started = time.perf_counter()
    counting.count(Authority.objects.get(pk=town.authority))
    return time.perf_counter() - started

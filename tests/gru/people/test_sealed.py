"""Sealed by sector, twice: in Python, and by PostgreSQL under the role that really runs, raw SQL included."""

import io
import uuid
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from tests.gru.conftest import log_in, make_agent, make_town
from tests.gru.running import running

from etoile.gru.access.models import Account, Membership, Role, Sector, Team
from etoile.gru.access.queries import sectors_of
from etoile.gru.cases.models import Case
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Change, Level, Person, Presence
from etoile.gru.people.services import record_applicant, record_attribute

TABLES = ("people_person", "people_attribute", "people_history", "people_presence")
pytestmark = pytest.mark.django_db


def make_sector(town, slug):
    sector = Sector.objects.create(authority=town.authority, slug=slug, name=slug)
    given = {"address": "1 place", "email": f"{slug}@valmont.example", "phone": "0241000002", "name": slug}
    return Team.objects.create(authority=town.authority, sector=sector, slug=slug, **given)


@pytest.fixture
def two(town):
    """A case of the civil status, and one of childhood, with an agent of each."""
    childhood = make_sector(town, "enfance")
    mine, other = town.submit(), town.submit()
    Case.objects.filter(pk=other.pk).update(team=childhood, sector=childhood.sector)
    return (
        mine,
        Case.objects.get(pk=other.pk),
        town.agent,
        make_agent(town.authority, childhood, "paul@valmont.example"),
    )


def rows(sql, *given):
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return [row[0] for row in cursor.fetchall()]


def test_nothing_is_read_or_written_for_nobody(case):
    reads = {
        "the manager": lambda: Person.objects.all(),
        "a related manager": lambda: case.person.attributes.all(),
        "a join": lambda: Case.objects.select_related("person").get(pk=case.pk),
        "a count of the joined": lambda: Case.objects.filter(person__kind="natural").count(),
        "raw SQL": lambda: rows("SELECT value FROM people_attribute"),
        "a WITH": lambda: rows("WITH x AS (SELECT id FROM people_person) SELECT id FROM x"),
        "a write": lambda: rows("DELETE FROM people_presence RETURNING id"),
        "a task without a name": lambda: scope.of_task("Tout !").__enter__(),
    }
    for what, read in reads.items():
        with pytest.raises((scope.OutOfScope, ValueError)):
            read()
            pytest.fail(what)


def test_an_agent_sees_the_persons_of_their_sectors_and_the_wall_is_where_rights_are(two, town, subtests):
    mine, other, agent, colleague = two
    whole = Account.objects.create(authority=town.authority, email="tout@valmont.example")
    Membership.objects.create(account=whole, role=Role.MANAGER)
    elsewhere = make_town("21490999900025", "ailleurs").agent
    Membership.objects.create(account=elsewhere, team=town.team, role=Role.INSTRUCTOR)
    without = Account.objects.create(authority=town.authority, email="dpd@valmont.example")
    Membership.objects.create(account=without, role=Role.DPO)
    gone = make_agent(town.authority, town.team, "partie@valmont.example")
    Account.objects.filter(pk=gone.pk).update(is_active=False)
    gone.refresh_from_db()
    seen = {
        agent: {mine.person_id}, colleague: {other.person_id}, whole: {mine.person_id, other.person_id},
        elsewhere: set(), without: set(), gone: set(),
    }  # fmt: skip
    for account, expected in seen.items():
        with subtests.test(account=account.email), scope.of_agent(account):
            assert set(Person.objects.values_list("pk", flat=True)) == expected
            assert set(Attribute.objects.values_list("person", flat=True)) == expected
            in_sql = rows("SELECT people_sectors() FROM (SELECT 1) t LEFT JOIN people_person ON false")[0]
            assert set(in_sql) == set(sectors_of(account).values_list("pk", flat=True))


def test_a_person_is_present_where_their_cases_are_and_no_longer(two):
    mine, other, _agent, _colleague = two

    def present(case):
        with scope.of_task("test"):
            return list(Presence.objects.filter(person_id=case.person_id).values_list("sector", flat=True))

    assert present(mine) == [mine.sector_id] and present(other) == [other.sector_id]
    Case.objects.filter(pk=other.pk).update(person_id=mine.person_id)
    assert sorted(present(mine)) == sorted([mine.sector_id, other.sector_id]) and present(other) == []
    with scope.of_task("test"):
        Presence.objects.filter(person_id=mine.person_id, sector=other.sector_id).update(by_act=True)
    Case.objects.filter(pk=other.pk).update(team=mine.team_id, sector=mine.sector_id)
    assert sorted(present(mine)) == sorted([mine.sector_id, other.sector_id])


def test_each_writing_is_in_the_history_with_its_author(town, agent):
    person = record_applicant(town.authority, {"family_name": "Martin", "email": "c@example.org"})
    with scope.of_person(person.pk, author="application/ville"):
        record_attribute(person, "family_name", "Martin-Leroy", level=Level.OFFICIAL_PROOF, source="piece")
    with scope.of_agent(agent), scope.of_person(person.pk):
        record_attribute(person, "family_name", "Leroy", level=Level.OFFICIAL_PROOF_SEEN, source="guichet")
        Attribute.objects.filter(person=person, key="email").delete()
    with scope.of_task("test"):
        written = [
            (each.key, each.value, each.level_before, each.level, each.source, each.author)
            for each in Change.objects.filter(person=person).order_by("pk")
        ]
    assert written == [
        ("family_name", "Martin", None, 100, "declared", "person"),
        ("email", "c@example.org", None, 100, "declared", "person"),
        ("family_name", "Martin-Leroy", 100, 400, "piece", "application/ville"),
        ("family_name", "Leroy", 400, 500, "guichet", f"agent/{agent.pk}"),
        ("email", None, 100, None, "declared", f"agent/{agent.pk}"),
    ]
    for change in ("UPDATE people_history SET author = ''", "DELETE FROM people_history"):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), scope.of_task("test"):
            rows(f"{change} RETURNING id")


@contextmanager
def outside():
    """A connection of the role that runs, which knows nothing of our Python."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as bare:
        yield bare


def refused(run):
    try:
        with transaction.atomic():
            return run() in (0, [])
    except DatabaseError as error:
        return "row-level security" in str(error) or "permission denied" in str(error)


@pytest.mark.django_db(transaction=True)
def test_the_role_that_runs_reads_nothing_without_a_scope_and_nothing_of_another_sector(two, client, subtests):
    mine, other, agent, _colleague = two
    with running():
        with subtests.test("the doctor says so"):
            said = io.StringIO()
            call_command("gru_sealing", stdout=said)
            assert "by PostgreSQL" in said.getvalue()
        with subtests.test("without a scope, out of our program"), outside() as bare:
            for table in TABLES:
                assert bare.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
                assert bare.execute(f"UPDATE {table} SET id = id").rowcount == 0 if table != "people_history" else True
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                bare.execute(
                    "INSERT INTO people_person (id, authority_id, kind, created_at) VALUES (%s, %s, 'natural', now())",
                    [uuid.uuid4(), mine.authority_id],
                )
        with subtests.test("an agent, in raw SQL"), scope.of_agent(agent):
            assert rows("SELECT id FROM people_person") == [mine.person_id]
            assert set(rows("SELECT person_id FROM people_attribute")) == {mine.person_id}
            assert set(rows("SELECT person_id FROM people_history")) == {mine.person_id}
            assert rows("SELECT person_id FROM people_presence") == [mine.person_id]
            theirs = other.person_id
            joined = Case.objects.filter(pk__in=[mine.pk, other.pk]).select_related("person")
            assert [each.pk for each in joined] == [mine.pk]
            for sql in (
                "UPDATE people_attribute SET value = '1' WHERE person_id = %s RETURNING id",
                "DELETE FROM people_attribute WHERE person_id = %s RETURNING id",
                "UPDATE people_person SET kind = 'legal' WHERE id = %s RETURNING id",
                "INSERT INTO people_attribute (person_id, key, value, level, source, certified_at)"
                " VALUES (%s, 'x', '1', 600, 'x', now()) RETURNING id",
                "INSERT INTO people_history (person_id, key, source, author) VALUES (%s, 'x', 'x', 'agent/1')"
                " RETURNING id",
                "DELETE FROM people_history WHERE person_id = %s RETURNING id",
            ):
                assert refused(lambda sql=sql: rows(sql, theirs)), sql
            with transaction.atomic():
                # A table of the session by the name of ours gives nobody a sector more.
                connection.cursor().execute("CREATE TEMP TABLE access_team ON COMMIT DROP AS SELECT * FROM access_team")
                rows(f"UPDATE access_team SET authority_id = {mine.authority_id}, id = {mine.team_id} RETURNING id")
                assert rows("SELECT id FROM people_person") == [mine.person_id]
            opened = "INSERT INTO people_presence (person_id, sector_id, by_act) VALUES (%s, %s, true) RETURNING id"
            assert refused(lambda: rows(opened, theirs, mine.sector_id))
            record_attribute(mine.person, "family_name", "Leroy", level=Level.OFFICIAL_PROOF_SEEN, source="guichet")
            assert "Leroy" in Attribute.objects.filter(person=mine.person_id).values_list("value", flat=True)
        with subtests.test("frozen, an agent no longer sees the person"):
            with scope.of_task("test"):
                Person.objects.filter(pk=mine.person_id).update(restricted_at="2026-11-29T00:00Z")
            with scope.of_agent(agent):
                assert rows("SELECT person_id FROM people_attribute") == [] and not Person.objects.exists()
            with scope.of_task("test"):
                Person.objects.filter(pk=mine.person_id).update(restricted_at=None)
        with subtests.test("nothing is left to the next request of the same connection"):
            log_in(client, agent)
            assert b"Leroy" in client.get(f"/agents/demandes/{mine.pk}/").content
            assert rows("SELECT coalesce(current_setting('etoile.people', true), '')") == [""]
            assert connection.connection.execute("SELECT count(*) FROM people_person").fetchone() == (0,)
            with transaction.atomic(), scope.of_agent(agent):
                assert Person.objects.count() == 1
            assert connection.connection.execute("SELECT count(*) FROM people_person").fetchone() == (0,)

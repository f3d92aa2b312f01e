"""Ties: what may be said, what is refused and why, who sees it, what becomes of it."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from tests.gru.conftest import make_agent
from tests.gru.matching.conftest import pair
from tests.gru.people.test_sealed import make_sector
from tests.gru.running import running

from etoile.gru.access.models import Membership, Role
from etoile.gru.audit.models import Entry
from etoile.gru.cases.models import Case
from etoile.gru.matching import merging
from etoile.gru.matching.errors import MatchingError
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Kind, Level, Person, Presence
from etoile.gru.people.services import forget_unused
from etoile.gru.ties import concerning, forgetting, services, telling
from etoile.gru.ties.errors import TieRefused
from etoile.gru.ties.models import Concerned, Tie, TieChange, Told
from etoile.gru.ties.services import Said

pytestmark = pytest.mark.django_db
LOU = {"given_names": "Lou", "family_name": "Martin", "birth_date": "2019-03-15"}
LOIRE = {"organisation": "Les Amis de la Loire", "siret": "732 829 320 00074", "rna": "w491 001234"}


@pytest.fixture
def everybody(town):
    with scope.of_task("test"):
        yield


@pytest.fixture
def camille(case, everybody):
    found = Person.objects.select_related("authority").get(pk=case.person_id)
    Attribute.objects.create(person=found, key="birth_date", value="1984-05-03", certified_at=timezone.now())
    return found


def told(town, kind=Kind.NATURAL, **values):
    return telling.tell(town.authority, kind, values or LOU, source="tie")


def tied(kind, holder, subject, **said):
    return services.declare(kind, holder, subject, Said(**said), source="account")[0]


def test_an_organisation_has_a_name_and_numbers_that_are_right(town, everybody, subtests):
    kept = told(town, Kind.LEGAL, **LOIRE, legal_form="association")
    known = dict(Attribute.objects.filter(person=kept).values_list("key", "value"))
    assert (kept.kind, known["siret"], known["siren"], known["rna"], known["legal_form"]) == (
        "legal", "73282932000074", "732829320", "W491001234", "association",
    )  # fmt: skip
    for wrong in ({"organisation": " "}, {"siret": "73282932000075"}, {"siren": "732829321"}, {"rna": "491001234"},
                  {"siren": "552100554"}):  # fmt: skip
        with subtests.test(**wrong), pytest.raises(TieRefused, match=r"valable|Indiquez|SIREN"):
            told(town, Kind.LEGAL, **{**LOIRE, **wrong})
    assert Person.objects.count() == 1


def test_what_cannot_be_says_why(town, camille, subtests):
    lou, loire = told(town), told(town, Kind.LEGAL, **LOIRE)
    elder = told(town, given_names="Jo", family_name="Petit", birth_date="1950-01-01")
    tied("responsible", camille, lou)
    tied("spouse", camille, elder)
    tied("mandate", elder, camille, detail={"scope": "acte"}, ends_on=date(2027, 1, 1))
    refused = {
        "avec elle-même": ("spouse", camille, camille, {}),
        "Choisissez le lien": ("cousin", camille, lou, {}),
        "à un organisme": ("president", camille, lou, {}),
        "deux personnes, pas": ("responsible", camille, loire, {}),
        "pas responsable de son parent": ("responsible", lou, camille, {}),
        "Inversez": ("responsible", camille, elder, {}),
        "avant d’avoir commencé": (
            "collects", elder, lou, {"begins_on": date(2026, 2, 1), "ends_on": date(2026, 1, 31)},
        ),
        "déjà noté": ("responsible", camille, lou, {"begins_on": date(2026, 1, 1)}),
        "Ouvrez-le": ("spouse", elder, camille, {}),
        "Il manque : « Pour quelles démarches »": ("mandate", elder, camille, {"detail": {"scope": " "}}),
        "Choisissez dans la liste": ("mandate", elder, camille, {"detail": {"scope": "acte,inconnue"}}),
        "réside": ("responsible", elder, lou, {"detail": {"custody": "lune"}}),
    }  # fmt: skip
    before = Tie.objects.count()
    for why, (kind, holder, subject, said) in refused.items():
        with subtests.test(why), pytest.raises(TieRefused, match=why):
            tied(kind, holder, subject, **said)
    assert Tie.objects.count() == before
    # For something else, or at another time, it is another one.
    tied("mandate", elder, camille, detail={"scope": "all"})
    tied("mandate", elder, camille, detail={"scope": "acte"}, begins_on=date(2027, 1, 2))
    _tie, warned = services.declare("responsible", elder, camille, Said({"custody": "main"}), source="desk")
    assert "18 ans passés" in warned[0]


def test_an_agent_certifies_corrects_and_ends_what_they_saw_and_each_writing_has_its_author(town, camille):
    lou = told(town)
    with scope.of_person(camille.pk, author="person"):
        tie = tied("responsible", camille, lou)
    seen = {"custody": "alternate", "days": "semaines paires"}
    with scope.of_agent(town.agent):
        until = town.authority.today() + timedelta(days=30)
        stale = tie.mark
        done, _none = services.certify(
            tie.pk, town.agent, Said(seen), level=Level.OFFICIAL_PROOF_SEEN, seen=tie.mark, until=until
        )
        assert (done.level_now, done.source, done.detail) == (500, "proof", seen)
        for why, act in {
            "a changé": lambda: services.correct(tie.pk, Said(), seen=stale),
            "ne se corrige qu’avec": lambda: services.correct(tie.pk, Said(), seen=done.mark),
            "atteste pas": lambda: services.certify(
                tie.pk, town.agent, Said(), level=Level.FRANCECONNECT, seen=done.mark
            ),
            "plus valable": lambda: services.certify(
                tie.pk, town.agent, Said(), level=Level.OFFICIAL_PROOF_SEEN, seen=done.mark, until=date(2020, 1, 1)
            ),
        }.items():
            with pytest.raises(TieRefused, match=why):
                act()
        ended = services.end(tie.pk)
        assert ended.is_over and not ended.is_living and ended.ends_on == town.authority.today()
        assert services.end(tie.pk).ended_at == ended.ended_at
        with pytest.raises(TieRefused, match="terminé"):
            services.correct(tie.pk, Said(), seen=ended.mark)
    lines = list(TieChange.objects.order_by("pk").values_list("author", "before__level", "after__level"))
    me = f"agent/{town.agent.pk}"
    assert lines == [("person", None, 100), (me, 100, 500), (me, 500, 500)]
    assert Entry.objects.filter(action="person.tie_certified").count() == 2
    for change in ("UPDATE ties_history SET author = ''", "DELETE FROM ties_history"):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


@pytest.mark.django_db(transaction=True)
def test_a_tie_is_seen_where_one_of_its_persons_is_and_the_other_stays_hidden(town, camille):
    childhood = make_sector(town, "enfance")
    paul = make_agent(town.authority, childhood, "paul@valmont.example")
    other = town.submit()
    Case.objects.filter(pk=other.pk).update(team=childhood, sector=childhood.sector)
    lou, loire = told(town), told(town, Kind.LEGAL, **LOIRE)
    mine = tied("responsible", camille, lou)
    both = tied("spouse", camille, Person.objects.select_related("authority").get(pk=other.person_id))
    tied("president", lou, loire)
    ids = "SELECT id FROM ties_tie ORDER BY id"

    def read():
        with connection.cursor() as cursor:
            cursor.execute(ids)
            found = [row[0] for row in cursor.fetchall()]
            cursor.execute("SELECT DISTINCT tie_id FROM ties_history ORDER BY tie_id")
            assert [row[0] for row in cursor.fetchall()] == found
        assert set(Tie.objects.values_list("pk", flat=True)) <= set(found) | {None}
        return found

    with running():
        for found, expected in (
            (scope.of_agent(town.agent), [mine.pk, both.pk]),
            (scope.of_agent(paul), [both.pk]),
            (scope.of_person(camille.pk), [mine.pk, both.pk]),
        ):
            with found:
                assert read() == sorted(expected)
                assert {each.pk for each in Tie.objects.all()} == set(expected)
        with scope.of_agent(paul):
            assert not Person.objects.filter(pk=camille.pk).exists()
            assert not Tie.objects.filter(pk=mine.pk).update(level=600)
            with pytest.raises(TieRefused, match="n’existe plus"):
                services.end(mine.pk)
        with scope.of_agent(town.agent):
            # Ends and writes with the rights of who runs.
            services.end(mine.pk)
    Person.objects.filter(pk=camille.pk).update(restricted_at=timezone.now())
    with scope.of_agent(town.agent):
        assert not Tie.objects.exists()


def test_ties_follow_a_merge_and_come_back(town):
    Membership.objects.filter(account=town.agent).update(role=Role.MANAGER)
    first, second = pair(town)
    with scope.of_task("test"):
        one, two = (Person.objects.select_related("authority").get(pk=each.person_id) for each in (first, second))
        lou = told(town)
        theirs, other = tied("responsible", two, lou), tied("spouse", one, two)
    with pytest.raises(MatchingError, match="deux personnes"):
        merging.merge(one.pk, two.pk, town.agent)
    with scope.of_task("test"):
        services.end(other.pk)
    lines = _ends()
    done = merging.merge(one.pk, two.pk, town.agent)
    assert _ends()[theirs.pk] == (one.pk, lou.pk)
    merging.unmerge(done.pk, town.agent)
    assert _ends() == lines


def _ends():
    with scope.of_task("test"):
        return {each.pk: (each.holder_id, each.subject_id) for each in Tie.objects.all()}


def test_who_was_only_told_of_is_forgotten_with_the_last_tie(town, camille):
    lou, loire = told(town), told(town, Kind.LEGAL, **LOIRE)
    tied("responsible", camille, lou)
    old = tied("president", camille, loire, begins_on=date(2015, 1, 1), ends_on=date(2016, 1, 1))
    assert forgetting.forget() == 1
    assert not Tie.objects.filter(pk=old.pk).exists() and not Person.objects.filter(pk=loire.pk).exists()
    assert forgetting.forget() == 0
    Case.objects.all().update(person=lou)
    assert forget_unused(camille.pk) and not Tie.objects.exists() and not TieChange.objects.exists()
    assert forgetting.forget() == 1
    # Who made a request since is somebody of the base like any other.
    assert Person.objects.filter(pk=lou.pk).exists() and not Told.objects.exists()


def test_an_agent_who_tells_of_somebody_makes_them_known_to_their_sector(town, case):
    with scope.of_agent(town.agent):
        lou = telling.tell(town.authority, Kind.NATURAL, LOU, source="desk", sectors=[town.sector])
        assert Person.objects.filter(pk=lou.pk).exists()
        assert Presence.objects.filter(person=lou, by_act=True).count() == 1
    alone = telling.tell(town.authority, Kind.NATURAL, LOU, source="tie")
    with scope.of_agent(town.agent):
        assert not Person.objects.filter(pk=alone.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_whom_a_request_is_about_is_known_where_it_is_treated_and_nowhere_else(town, camille):
    """Begun, sent, moved, merged, removed: as agents see it, through both walls."""
    childhood = make_sector(town, "enfance")
    paul = make_agent(town.authority, childhood, "paul@valmont.example")
    lou, again = told(town), told(town)
    tie = tied("responsible", camille, lou)
    draft = uuid.uuid4()

    def seen(person=lou):
        found = []
        with running():
            for agent in (town.agent, paul):
                with scope.of_agent(agent):
                    found.append(Person.objects.filter(pk=person.pk).exists())
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT count(*) FROM ties_concerned WHERE person_id = %s", [person.pk])
                        assert bool(cursor.fetchone()[0]) == found[-1]
        return tuple(found)

    concerning.begun(camille.pk, draft, tie.pk)
    assert seen() == (False, False)
    with running(), scope.of_agent(paul), pytest.raises(DatabaseError), connection.cursor() as cursor:
        # An agent opens no file to their sector by saying that a request is about it.
        cursor.execute("INSERT INTO ties_concerned (case_id, person_id) VALUES (%s, %s)", [uuid.uuid4(), lou.pk])
    case = town.submit(case_id=draft)
    assert seen() == (True, False)
    Case.objects.filter(pk=draft).update(team=childhood, sector=childhood.sector)
    assert seen() == (False, True)
    # Another of theirs stays behind; a request of one's own is a reason too.
    other = town.submit(case_id=uuid.uuid4())
    concerning.begun(camille.pk, other.pk, tie.pk)
    assert seen() == (True, True)
    Concerned.objects.filter(person=lou).update(person=again)
    assert (seen(), seen(again)) == ((False, False), (True, True))
    Concerned.objects.filter(case_id=other.pk).delete()
    assert seen(again) == (False, True)
    services.end(tie.pk)
    Tie.objects.all().delete()
    assert forgetting.forget() == 1 and Person.objects.filter(pk=again.pk).exists()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ties_concerned WHERE case_id = %s", [case.pk])
    assert forgetting.forget() == 1

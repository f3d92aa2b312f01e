"""What is done of somebody while two records are merged, or done twice, on connections that wait for one another."""

import threading
import time

import pytest
from django.db import connection, transaction
from tests.gru.matching.conftest import CAMILLE, pair

from etoile.gru.accounts.models import PersonAccount
from etoile.gru.matching import excluding, merging, values
from etoile.gru.matching.errors import NotWithinReach
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Level, Person
from etoile.gru.people.services import record_attribute
from etoile.gru.ties import mine, offers
from etoile.gru.ties.errors import TieRefused
from etoile.gru.ties.models import Tie

WAITS = "SELECT pid FROM pg_locks WHERE pid = %s AND NOT granted"


def certify(person, **said):
    with scope.of_task("test"):
        for key, (value, level) in said.items():
            record_attribute(Person.objects.get(pk=person), key, value, level=level, source="essai")


def tell_child(person):
    with scope.of_task("test"):
        who = Person.objects.select_related("authority").get(pk=person)
    return mine.tell_child(who, {"given_names": "Lou", "family_name": "Martin", "birth_date": "2019-03-15"}, {})


def offered(town, principal):
    """An account, and the mandate that it is offered by `principal`."""
    sacha = town.submit(applicant={**CAMILLE, "family_name": "Petit", "given_names": "Sacha", "email": "s@exemple.fr"})
    with scope.of_task("test"):
        mandate = Tie.objects.create(
            authority=town.authority, kind="mandate", holder=sacha.person, subject_id=principal, source="account",
            detail={"scope": "all"}, certified_at=sacha.submitted_at,
        )  # fmt: skip
        offers.make(mandate, "s@exemple.fr")
        account = PersonAccount.objects.create(
            authority=town.authority,
            email="s@exemple.fr",
            person=town.submit(applicant={"email": "s@exemple.fr"}).person,
        )
    return account, mandate.pk


def refused_with(error, act):
    with pytest.raises(error):
        act()


class Elsewhere(threading.Thread):
    """Something done on another connection."""

    def __init__(self, act):
        super().__init__(daemon=True)
        self.act, self.failed, self.pid = act, None, 0

    def run(self):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (self.pid,) = cursor.fetchone()
            self.act()
        except BaseException as error:  # a failed assertion too
            self.failed = error
        finally:
            connection.close()

    def begin(self):
        """It has ended then, or waits for what this one holds."""
        self.start()
        while self.is_alive():
            with connection.cursor() as cursor:
                cursor.execute(WAITS, [self.pid])
                if cursor.fetchone():
                    return
            time.sleep(0.02)

    def ended(self):
        self.join(timeout=60)
        assert not self.is_alive() and self.failed is None


@pytest.mark.exigence("ASVS 2.3.4")
@pytest.mark.django_db(transaction=True)
def test_a_merge_and_what_is_done_meanwhile_know_of_one_another(town, monkeypatch):
    """What is surer is not lost, were it of the record that goes: it is then known of the person in use."""
    kept, other = (each.person_id for each in pair(town))
    certify(kept, birth_date=("1984-05-06", Level.DECLARED))
    certify(other, birth_date=("1984-05-07", Level.OFFICIAL_PROOF), civility=("M.", Level.DECLARED))
    writer = Elsewhere(
        lambda: (
            certify(kept, birth_date=("1984-05-08", Level.FRANCECONNECT)),
            certify(other, civility=("Mme", Level.OFFICIAL_PROOF_SEEN)),
        )
    )
    apart = Elsewhere(lambda: refused_with(NotWithinReach, lambda: excluding.exclude(kept, other, town.agent)))
    sacha, mandate = offered(town, other)
    accepted = Elsewhere(lambda: offers.accept(sacha, mandate))
    child = Elsewhere(lambda: refused_with(TieRefused, lambda: tell_child(other)))
    real = values.surer

    def meanwhile(*given):
        found = real(*given)
        for each in (writer, apart, accepted, child):
            each.begin()
        return found

    monkeypatch.setattr(values, "surer", meanwhile)
    merging.merge(kept, other, town.agent)
    for each in (writer, apart, accepted, child):
        each.ended()
    with scope.of_task("test"):
        held = Tie.objects.get(kind="mandate")
        assert (held.holder_id, held.subject_id) == (sacha.person_id, kept), "nobody is asked to begin again"
        known = {each.key: (each.value, each.level) for each in Attribute.objects.filter(person=kept)}
    assert known["birth_date"] == ("1984-05-08", Level.FRANCECONNECT)
    assert known["civility"] == ("Mme", Level.OFFICIAL_PROOF_SEEN)

    with transaction.atomic():
        tell_child(kept)
        again = Elsewhere(lambda: refused_with(TieRefused, lambda: tell_child(kept)))
        again.begin()
    again.ended()
    with scope.of_task("test"):
        assert Tie.objects.filter(kind="responsible").count() == 1, "a button pressed twice"

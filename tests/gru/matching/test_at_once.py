"""What is certified of somebody while two records are merged, on connections that wait for one another."""

import threading
import time

import pytest
from django.db import connection
from tests.gru.matching.conftest import pair

from etoile.gru.matching import merging, values
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Level, Person
from etoile.gru.people.services import record_attribute

WAITS = "SELECT pid FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"


def certify(person, **said):
    with scope.of_task("test"):
        for key, (value, level) in said.items():
            record_attribute(Person.objects.get(pk=person), key, value, level=level, source="essai")


class Elsewhere(threading.Thread):
    """Something done on another connection."""

    def __init__(self, act):
        super().__init__(daemon=True)
        self.act, self.failed = act, None

    def run(self):
        try:
            self.act()
        except Exception as error:
            self.failed = error
        finally:
            connection.close()

    def begin(self):
        """It has ended then, or waits for this connection."""
        self.start()
        while self.is_alive():
            with connection.cursor() as cursor:
                cursor.execute(WAITS)
                if cursor.fetchone():
                    return
            time.sleep(0.02)


@pytest.mark.exigence("ASVS 2.3.4")
@pytest.mark.django_db(transaction=True)
def test_what_is_surer_is_never_lost_to_a_merge_that_had_not_seen_it(town, monkeypatch):
    """On the record that stays, nor on the one that goes: it is then known of the person in use."""
    kept, other = (each.person_id for each in pair(town))
    certify(kept, birth_date=("1984-05-06", Level.DECLARED))
    certify(other, birth_date=("1984-05-07", Level.OFFICIAL_PROOF), civility=("M.", Level.DECLARED))
    writer = Elsewhere(
        lambda: (
            certify(kept, birth_date=("1984-05-08", Level.FRANCECONNECT)),
            certify(other, civility=("Mme", Level.OFFICIAL_PROOF_SEEN)),
        )
    )
    real = values.surer

    def meanwhile(*given):
        found = real(*given)
        writer.begin()
        return found

    monkeypatch.setattr(values, "surer", meanwhile)
    merging.merge(kept, other, town.agent)
    writer.join(timeout=30)
    assert not writer.is_alive() and writer.failed is None
    with scope.of_task("test"):
        known = {each.key: (each.value, each.level) for each in Attribute.objects.filter(person=kept)}
    assert known["birth_date"] == ("1984-05-08", Level.FRANCECONNECT)
    assert known["civility"] == ("Mme", Level.OFFICIAL_PROOF_SEEN)

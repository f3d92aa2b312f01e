"""The feed of changes: whatever the order in which transactions end, a reader misses nothing, deletions included."""

from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.gru.api.calling import Caller, is_problem

from etoile.gru.api import changes
from etoile.gru.api.models import Change, Limits
from etoile.gru.archive.models import Standing
from etoile.gru.cases import actors, services
from etoile.gru.cases.models import Case

WRITERS, CASES = 3, 4
STEPS = st.lists(
    st.one_of(
        st.tuples(st.integers(0, WRITERS - 1), st.integers(0, CASES - 1)),
        st.tuples(st.integers(0, WRITERS - 1), st.sampled_from(["commit", "rollback", "drop"])),
        st.just("read"),
    ),
    min_size=4,
    max_size=24,
)
# A case without history, which the database lets go.
SPARE = """
INSERT INTO cases_case (id, authority_id, procedure_version_id, person_id, reference, channel, language, contact_name,
    contact_email, mandate, state, substate, business_code, business_label, version, sequence, history_number,
    history_hash, answers, tracking_hash, tracking_sealed, submitted_at, updated_at, silence_regime, silence_alert,
    answer_alert, timers_fired)
SELECT gen_random_uuid(), authority_id, procedure_version_id, person_id, 'S-' || left(md5(random()::text), 8), channel,
    language, '', '', mandate, state, substate, '', '', 1, 1, 0, '', answers, sha256(random()::text::bytea),
    tracking_sealed, submitted_at, updated_at, silence_regime, 0, 0, 0 FROM cases_case LIMIT 1
RETURNING id
"""


class Reader:
    """A program that keeps what the feed says, two changes at a time."""

    def __init__(self, authority: int) -> None:
        self.authority, self.position, self.known = authority, 0, {}

    def follow(self) -> None:
        changes.number()
        while found := list(changes.after(self.authority, self.position)[:2]):
            for each in found:
                assert self.known.get(each.case_id, 0) < each.version or each.gone
                self.known[each.case_id] = each.version
                if each.gone:
                    del self.known[each.case_id]
            self.position = found[-1].position


@pytest.fixture
def writers() -> Iterator[list[psycopg.Connection]]:
    parameters = connection.get_connection_params()
    with ExitStack() as stack:
        wanted = {
            name: parameters[name] for name in ("dbname", "user", "host", "port", "password") if name in parameters
        }
        yield [stack.enter_context(psycopg.connect(**wanted)) for _ in range(WRITERS)]


@pytest.mark.django_db(transaction=True)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_reader_ends_with_what_is_there_however_transactions_cross(town, writers, steps):
    cases = list(Case.objects.values_list("pk", flat=True)) or [town.submit().pk for _ in range(CASES)]
    reader = Reader(town.authority.pk)
    for step in [*steps, *((writer, "commit") for writer in range(WRITERS)), "read"]:
        if step == "read":
            reader.follow()
            continue
        writer, what = writers[step[0]], step[1]
        if what in ("commit", "rollback"):
            getattr(writer, what)()
        elif what == "drop":
            made = writer.execute(SPARE).fetchone()
            writer.execute("DELETE FROM cases_case WHERE id = %s", made)
        elif writer.execute("SELECT FROM cases_case WHERE id = %s FOR UPDATE SKIP LOCKED", [cases[what]]).fetchone():
            writer.execute("UPDATE cases_case SET version = version + 1 WHERE id = %s", [cases[what]])
    assert reader.known == dict(Case.objects.values_list("pk", "version"))


@pytest.mark.django_db(transaction=True)
def test_a_slow_transaction_is_read_after_a_quicker_one_that_began_later(town, writers):
    slow, quick = town.submit(), town.submit()
    reader = Reader(town.authority.pk)
    reader.follow()
    writers[0].execute("UPDATE cases_case SET version = 5 WHERE id = %s", [slow.pk])
    writers[1].execute("UPDATE cases_case SET version = 5 WHERE id = %s", [quick.pk])
    writers[1].commit()
    reader.follow()
    assert reader.known == {slow.pk: 1, quick.pk: 5}
    writers[0].commit()
    reader.follow()
    assert reader.known == {slow.pk: 5, quick.pk: 5}


@pytest.mark.django_db(transaction=True)
def test_numbers_are_drawn_by_one_reader_at_a_time_until_they_may_be_read(town, writers):
    town.submit()
    writers[0].execute("SELECT pg_advisory_xact_lock(%s)", [changes.TURN])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '20ms'")
        with pytest.raises(OperationalError):
            changes.number()
    writers[0].rollback()
    assert changes.number() == 1


def test_the_feed_says_each_case_once_at_its_last_change_and_goes_on_from_its_cursor(town, caller):
    first, second = town.submit(), town.submit()
    services.post_message(first.pk, actors.person("Camille"), "Bonjour")
    page = caller.get("changes", limit=1).json()
    assert page["more"]
    rest = caller.get("changes", after=page["next"]).json()
    told = [(each["case"], each["version"], each["gone"]) for each in page["items"] + rest["items"]]
    assert sorted(told) == sorted([(str(second.pk), 1, False), (str(first.pk), 2, False)])
    assert (rest["more"], caller.get("changes", after=rest["next"]).json()["items"]) == (False, [])
    services.start(second.pk, town.agent)
    assert [each["case"] for each in caller.get("changes", after=rest["next"]).json()["items"]] == [str(second.pk)]


def test_one_may_start_from_now(town, caller):
    town.submit()
    start = caller.get("changes", after="latest").json()
    assert start["items"] == []
    case = town.submit()
    assert [each["case"] for each in caller.get("changes", after=start["next"]).json()["items"]] == [str(case.pk)]


def test_what_no_longer_exists_is_told_and_so_is_what_left_a_procedure(town, caller):
    town.submit()
    with connection.cursor() as cursor:
        cursor.execute(SPARE)
        made = cursor.fetchone()
        start = caller.get("changes", after="latest").json()["next"]
        cursor.execute("DELETE FROM cases_case WHERE id = %s", made)
    assert [(each["case"], each["gone"]) for each in caller.get("changes", after=start).json()["items"]] == [
        (str(made[0]), True)
    ]


def test_what_is_set_apart_is_no_longer_there_for_programs(town, caller):
    case = town.submit()
    start = caller.get("changes", after="latest").json()["next"]
    standing = Standing.objects.create(case=case, archived_at=case.submitted_at)
    services.post_message(case.pk, actors.system(), "x")
    told = caller.get("changes", after=start).json()
    assert [each["gone"] for each in told["items"]] == [True]
    is_problem(caller.get(f"cases/{case.pk}"), 404)
    Standing.objects.filter(pk=standing.pk).update(archived_at=None)
    assert [each["gone"] for each in caller.get("changes", after=told["next"]).json()["items"]] == [False]


def test_a_client_follows_the_procedures_it_was_given(town, caller):
    town.submit()
    Limits.objects.create(client=caller.client, procedures={"autre": ["*"]})
    assert caller.get("changes").json()["items"] == []
    assert caller.get("cases").json()["items"] == []
    assert Change.objects.count() == 1


@pytest.mark.parametrize("after", ["x", "ééé", "Y2hhbmdlcyAtMQ", "Y2hhbmdlcyDvvJE"])
def test_a_cursor_that_is_not_ours_is_refused(town, caller: Caller, after):
    is_problem(caller.get("changes", after=after), 422)

"""The process dies after each statement of each verb: state, history, outbox, notice and its job, all or nothing."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from tests.gru.cases.conftest import paper, version_of

from etoile.gru.access.models import Team
from etoile.gru.cases import actors, queries, returns, services, transmission
from etoile.gru.cases.clock import implicit
from etoile.gru.cases.models import Case, Decision, DocumentRequest, Handoff, History, Message, SourcePosition
from etoile.gru.cases.workflow import firing, steps
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.models import OutgoingEvent
from etoile.gru.people import scope
from etoile.gru.people.models import Person

RECEIVED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
MODELS = (
    Case, History, Message, DocumentRequest, Decision, SourcePosition, Handoff, OutgoingEvent, Notice, Person,
)  # fmt: skip
TABLES = ("procrastinate_jobs", *(model._meta.db_table for model in MODELS))
_CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK")


class Killed(BaseException):
    """No handler of the code sees it: it is not an `Exception`."""


@contextmanager
def dying_after(number):
    """The process dies once `number` statements are done. Yields how many were, transaction control apart."""
    done = [0]

    def execute(run, sql, params, many, context):
        result = run(sql, params, many, context)
        if not str(sql).lstrip().upper().startswith(_CONTROL):
            done[0] += 1
            if done[0] == number:
                raise Killed
        return result

    with connection.execute_wrapper(execute):
        yield done


def everything() -> list[tuple]:
    """A print of each table: what is there, to the last column."""
    prints = ", ".join(f"(SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t)"
                       for table in TABLES)  # fmt: skip
    with connection.cursor() as cursor, scope.of_task("test"):
        cursor.execute(f"SELECT {prints}")
        return list(cursor.fetchone())


def all_or_nothing(verb) -> int:
    """Kill `verb` after each of its statements; how many there are. It is done for good at the end."""
    before, number = everything(), 0
    while True:
        number += 1
        with dying_after(number) as done:
            try:
                verb()
            except Killed:
                assert everything() == before, f"half written after statement {number}"
                continue
        assert everything() != before
        return done[0]


def say(case, status, **more):
    def receive():
        with transaction.atomic():
            word = returns.Word("voirie", status, datetime.now(UTC), label="Vu", message="Bonjour", **more)
            returns.record_business_status(case.pk, word)

    return receive


def asked(case):
    return DocumentRequest.objects.filter(case=case, state="open").latest("asked_at").pk


def under_way(town, case):
    services.start(case.pk, town.agent)


def waiting(town, case):
    under_way(town, case)
    steps.take(case.pk, town.agent, "completer")


def reminded(town, case):
    waiting(town, case)
    with time_machine.travel(RECEIVED + 10 * DAY, tick=False):
        firing.fire_due()


def ended(town, case):
    services.decide(case.pk, town.agent, outcome="closed", reasons="Doublon.")


def untouched(town, case):
    pass


SOON = (RECEIVED + 30 * DAY).date()
# What comes before, how long, and the verb; `town`, `case` and a document of the case are given.
SCENES = {
    "submit": (untouched, 0, lambda t, c, d: lambda: t.submit(version=c.procedure_version)),
    "start": (untouched, 0, lambda t, c, d: lambda: services.start(c.pk, t.agent)),
    "ask": (under_way, 0, lambda t, c, d: lambda: services.ask_document(
        c.pk, t.agent, items=[{"name": "Acte"}], deadline=SOON)),
    "answer": (waiting, 0, lambda t, c, d: lambda: services.provide_document(
        c.pk, [d], actor=actors.person(), request_id=asked(c))),
    "write": (untouched, 0, lambda t, c, d: lambda: services.post_message(c.pk, actors.agent(t.agent), "Bonjour")),
    "decide": (under_way, 0, lambda t, c, d: lambda: services.decide(
        c.pk, t.agent, outcome="refused", reasons="Article 3.")),
    "reopen": (ended, 0, lambda t, c, d: lambda: services.reopen(c.pk, t.agent, reason="Erreur.")),
    "withdraw": (under_way, 0, lambda t, c, d: lambda: services.withdraw(c.pk, actors.person())),
    "transfer": (under_way, 0, lambda t, c, d: lambda: transmission.transfer(
        c.pk, t.agent, team=Team.objects.get(slug="direction"), reason="Erreur.")),
    "transmit": (under_way, 0, lambda t, c, d: lambda: transmission.transmit(
        c.pk, t.agent, to="Département", reason="Erreur.")),
    "step": (under_way, 0, lambda t, c, d: lambda: steps.take(c.pk, t.agent, "commission", reason="Rare.")),
    "step with documents": (under_way, 0, lambda t, c, d: lambda: steps.take(c.pk, t.agent, "completer")),
    "application moves": (untouched, 0, lambda t, c, d: say(c, "accepted", sequence=1)),
    "application repeats": (ended, 0, lambda t, c, d: say(c, "in_progress", sequence=1)),
    "silence": (under_way, 62, lambda t, c, d: implicit.decide_due),
    "timer reminds": (waiting, 10, lambda t, c, d: firing.fire_due),
    "timer escalates": (untouched, 5, lambda t, c, d: firing.fire_due),
    "timer closes": (reminded, 45, lambda t, c, d: firing.fire_due),
}  # fmt: skip


@pytest.mark.parametrize("scene", SCENES)
def test_a_process_that_dies_between_two_statements_leaves_all_or_nothing(hall, scene):
    prepare, days, verb = SCENES[scene]
    version = version_of(hall, "reject")
    with time_machine.travel(RECEIVED, tick=False):
        case = hall.submit(version=version)
        document = paper(hall, case)
        prepare(hall, case)
    case.procedure_version = version
    with time_machine.travel(RECEIVED + days * DAY, tick=False):
        assert all_or_nothing(verb(hall, case, document)) > 2
    for each in Case.objects.all():
        assert queries.chain_is_whole(each)
        assert [sequence for _kind, sequence in hall.published(each)] == list(range(1, each.sequence + 1))


def test_a_verb_in_two_transactions_is_caught(hall):
    case = hall.submit()

    def torn():
        with transaction.atomic():
            Case.objects.filter(pk=case.pk).update(business_label="à moitié")
        with transaction.atomic():
            Case.objects.filter(pk=case.pk).update(business_code="1")

    with pytest.raises(AssertionError, match="half written after statement 2"):
        all_or_nothing(torn)

"""Submitting: one transaction, few statements, and never half a request."""

import re
import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from etoile.contract.envelope import Event
from etoile.contract.schemas import violations
from etoile.gru.cases import keys, queries, references, services, telling
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case, History
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.models import OutgoingEvent
from etoile.gru.people import scope
from etoile.gru.people.models import Person
from etoile.gru.sealing.boxes import SealError

CONTROL = re.compile(r"\A(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)", re.IGNORECASE)


def everything() -> list[int]:
    with scope.of_task("test"):
        return [model.objects.count() for model in (Person, Case, History, OutgoingEvent, Notice, ProcrastinateJob)]


@pytest.mark.exigence("CRPA-04")
def test_a_request_is_a_case_a_history_row_an_event_a_receipt_and_a_job(town):
    case = town.submit()
    assert everything() == [1, 1, 1, 1, 1, 1]
    assert (case.state, case.version, case.sequence) == ("submitted", 1, 1)
    assert town.published(case) == [("case.submitted.v1", 1)]
    assert Notice.objects.get().template == "registration_receipt"
    assert queries.chain_is_whole(town.case(case))


def test_submitting_costs_at_most_ten_statements(town):
    version = town.fresh_version()
    town.submit(version=version)
    with CaptureQueriesContext(connection) as seen:
        town.submit(version=version)
    statements = [each["sql"] for each in seen.captured_queries if not CONTROL.match(each["sql"])]
    assert len(statements) <= 10, statements


def test_what_agents_alone_treat_is_told_and_nobody_has_to_receive_it(town):
    town.submit()
    alone = town.fresh_version()
    alone.source, alone.digest = {**alone.source, "treatment": "team"}, "agents-alone"
    town.submit(version=alone)
    events = [Event.from_json(row.body.encode()) for row in OutgoingEvent.objects.order_by("position")]
    assert [event.for_nobody for event in events] == [False, True]


def test_the_event_follows_the_contract_and_names_the_person_by_the_sector(town):
    case = town.submit()
    event = Event.from_json(OutgoingEvent.objects.get().body.encode())
    assert violations(event) == []
    assert (event.source, event.subject, event.authority) == ("gru", f"case/{case.id}", town.authority.siret)
    assert event.id == event.correlationid == str(case.correlation)
    assert event.data["applicant"]["person"] != str(case.person_id)
    assert event.data["answers"] == {"motif": "Mariage"}
    assert event.data["withheld"] == ["allergie"]


@pytest.mark.exigence("ASVS 11.3.1")
@pytest.mark.exigence("ASVS 14.2.4")
def test_sensitive_answers_are_sealed_in_the_case(town):
    case = town.case(town.submit())
    assert "arachide" not in str(case.answers)
    assert queries.clear_answers(case)["allergie"] == "arachide"


@pytest.mark.parametrize("step", ["tell_registration"])
@pytest.mark.exigence("ASVS 2.3.3")
def test_a_crash_on_the_way_leaves_nothing(town, monkeypatch, step):
    def crash(*_args, **_kwargs):
        raise RuntimeError("killed here")

    monkeypatch.setattr(telling, step, crash)
    with pytest.raises(RuntimeError):
        town.submit()
    assert everything() == [0, 0, 0, 0, 0, 0]


def test_a_crash_after_the_event_leaves_nothing_either(town, monkeypatch):
    monkeypatch.setattr(services, "publish", lambda *_a, **_k: (_ for _ in ()).throw(RuntimeError("killed")))
    with pytest.raises(RuntimeError):
        town.submit()
    assert everything() == [0, 0, 0, 0, 0, 0]


def test_a_draft_confirmed_twice_gives_the_same_case_and_writes_once(town):
    draft = uuid.uuid4()
    first = town.submit(case_id=draft)
    again = town.submit(case_id=draft)
    assert again.pk == first.pk == draft
    assert again.reference == first.reference
    assert everything() == [1, 1, 1, 1, 1, 1]


def test_a_reference_already_taken_is_drawn_again(town, monkeypatch):
    first = town.submit()
    drawn = iter([first.reference, "26-ZZZZ-2"])
    monkeypatch.setattr(references, "generate", lambda *_a: next(drawn))
    assert town.submit().reference == "26-ZZZZ-2"


def test_without_a_free_reference_nothing_is_written(town, monkeypatch):
    first = town.submit()
    monkeypatch.setattr(references, "generate", lambda *_a: first.reference)
    with pytest.raises(CaseError):
        town.submit()
    assert everything() == [1, 1, 1, 1, 1, 1]


def test_the_tracking_key_opens_the_case_and_is_nowhere_in_clear(town):
    case = town.submit()
    key = town.case(case).tracking_key
    assert len(key) >= 27
    assert queries.by_tracking_key(key).pk == case.pk
    assert queries.by_tracking_key(key + "x") is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM cases_case c")
        assert key not in cursor.fetchone()[0]


def test_a_sealed_key_moved_to_another_row_does_not_open():
    sealed = keys.seal("secret", uuid.uuid4())
    with pytest.raises(SealError):
        keys.unseal(sealed, uuid.uuid4())


def test_the_silence_is_dated_from_the_day_of_receipt_in_the_town(town):
    late = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    case = town.submit(submitted_at=late)
    assert (case.silence_regime, case.silence_date.isoformat()) == ("reject", "2027-02-28")
    near_midnight = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert town.submit(submitted_at=near_midnight).silence_date.isoformat() == "2027-03-01"


def test_without_an_address_the_receipt_is_kept_on_line(town):
    town.submit(applicant={"kind": "natural", "family_name": "Martin"})
    assert Notice.objects.get().state == "portal_only"
    assert not ProcrastinateJob.objects.exists()

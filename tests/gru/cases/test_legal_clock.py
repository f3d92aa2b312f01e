"""The legal clock of real cases: documents, transmissions, the decision that silence makes."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.gru.conftest import PROCEDURE
from tests.gru.documents.samples import PDF

from etoile.gru.access.models import Team
from etoile.gru.cases import actors, attestation, giving, papers, services, transmission
from etoile.gru.cases.clock import implicit, running, warnings
from etoile.gru.cases.errors import CaseError, Incomplete, TransitionRefused
from etoile.gru.cases.giving import Brought
from etoile.gru.cases.models import Case, Decision
from etoile.gru.cases.queries import agent_case
from etoile.gru.cases.states import State
from etoile.gru.cases.views_of_person import tracking_view
from etoile.gru.documents.kinds import JOINED, JOINED_SIZE
from etoile.gru.documents.models import Document
from etoile.gru.documents.services import received
from etoile.gru.forms.services import load
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.models import OutgoingEvent

RECEIVED = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)
ALONE = [{"name": "Pièce d'identité", "indispensable": True}]


def at(day: int, month: int = 1, hour: int = 9):
    return time_machine.travel(datetime(2027, month, day, hour, tzinfo=UTC), tick=False)


@pytest.fixture
def filed(town):
    def make(regime: str, **facts):
        version = load(
            town.authority, PROCEDURE | {"slug": f"acte-{regime}", "silence": {"regime": regime, "duration": "P2M"}}
        )
        with time_machine.travel(RECEIVED, tick=False):
            return town.submit(version=version, **facts)

    return make


def give_document(case, places=None):
    document = Document.objects.create(
        authority=case.authority, holder=case.id, field="complement", name="piece.pdf", media_type="application/pdf",
        size=1, sha256="0" * 64,
    )  # fmt: skip
    request = case.document_requests.get()
    return services.provide_document(case.id, [document], actor=actors.person(), request_id=request.id, places=places)


def silence_date(case):
    return Case.objects.get(pk=case.pk).silence_date


@pytest.mark.exigence("CRPA-11", "CRPA-12", "CRPA-13")
@pytest.mark.parametrize(
    ("regime", "indispensable", "meanwhile", "after"),
    [
        ("accept", True, None, date(2027, 4, 5)),
        ("reject", True, date(2027, 4, 10), date(2027, 3, 26)),
        ("accept", False, date(2027, 3, 10), date(2027, 3, 10)),
        ("reject", False, date(2027, 3, 10), date(2027, 3, 10)),
    ],
)
def test_missing_documents_move_the_date_as_the_law_says(town, filed, regime, indispensable, meanwhile, after):
    case = filed(regime)
    items = [{"name": "Pièce", "indispensable": indispensable}]
    with at(20):
        services.ask_document(case.id, town.agent, items=items, deadline=date(2027, 2, 20))
    assert silence_date(case) == meanwhile
    with at(5, 2):
        give_document(case)
    assert silence_date(case) == after


@pytest.mark.exigence("CRPA-12", "CRPA-13")
def test_the_delay_of_acceptance_waits_for_the_last_document_that_is_indispensable(town, filed):
    case = filed("accept")
    asked = [{"name": "Plan"}, {"name": "Photo", "indispensable": False}, {"name": "Titre"}]
    with at(20):
        services.ask_document(case.id, town.agent, items=asked, deadline=date(2027, 2, 20))
    for day, place, date_then, still in (
        (22, 2, None, [0, 1]),
        (25, 0, date(2027, 3, 25), [1]),
        (28, 1, date(2027, 3, 25), []),
    ):
        with at(day):
            give_document(case, [place])
        waits = Case.objects.get(pk=case.pk).substate == "documents_asked"
        assert (silence_date(case), case.document_requests.get().awaited, waits) == (date_then, still, bool(still))
    assert case.history.last().detail["awaited"] == []
    with at(28), pytest.raises(CaseError):
        give_document(case, [3])


@pytest.mark.exigence("CRPA-12")
def test_what_came_on_paper_counts_from_the_day_the_service_received_it(town, filed):
    case = filed("accept")
    with at(20):
        asked = services.ask_document(case.id, town.agent, items=[{"name": "Plan"}], deadline=date(2027, 2, 20))
    scan = SimpleUploadedFile("plan.pdf", PDF)
    with at(28), received(scan, accept=JOINED, max_size=JOINED_SIZE) as paper:
        for day in (date(2027, 1, 19), date(2027, 1, 29)):
            with pytest.raises(Incomplete):
                giving.give(case.id, town.agent, [paper], Brought({asked.pk: [0]}, day))
        assert silence_date(case) is None
        giving.give(case.id, town.agent, [paper], Brought({asked.pk: [0]}, date(2027, 1, 25)))
    assert silence_date(case) == date(2027, 3, 25)
    last = case.history.last()
    assert (last.verb, last.detail["received_on"]) == ("resume", "2027-01-25")
    assert Notice.objects.filter(case_id=case.pk).last().template == "document_received"


@pytest.mark.exigence("CRPA-14")
@pytest.mark.parametrize(("regime", "expected"), [("reject", date(2027, 3, 10)), ("accept", date(2027, 3, 25))])
def test_a_request_passed_on_counts_refusal_from_the_first_day_and_acceptance_from_the_second(
    town, filed, regime, expected
):
    case = filed(regime)
    with at(26):
        transmission.transmit(
            case.id, town.agent, to="Département", reason="La route est départementale.", competent_on=date(2027, 1, 25)
        )
    case.refresh_from_db()
    assert (case.silence_date, case.substate) == (expected, "transferred")
    assert Notice.objects.get(template="transmitted").context["to"] == "Département"
    row = case.history.last()
    assert row.detail == {"to": "Département", "competent_on": "2027-01-25"}
    # What the silence of that authority is worth is not ours to say: it may have answered.
    with at(26, 3):
        assert (implicit.decide_due(), warnings.warn_teams()) == (0, 0)
        services.decide(case.id, town.agent, outcome=State.CLOSED, reasons="Le département a répondu.")


def test_a_request_that_another_authority_received_first_says_so_from_the_start(filed):
    case = filed("reject", first_received_on=date(2027, 1, 2))
    assert (case.silence_date, filed("accept", first_received_on=date(2027, 1, 2)).silence_date) == (
        date(2027, 3, 2),
        date(2027, 3, 10),
    )


def test_another_team_takes_the_case_with_its_clock_unchanged(town, filed):
    case = filed("reject")
    other = Team.objects.create(
        authority=town.authority, sector=town.sector, slug="voirie", name="Voirie", address="1 place", email="v@x.fr",
        phone="0100000000",
    )  # fmt: skip
    with pytest.raises(Incomplete):
        transmission.transfer(case.id, town.agent, team=other, reason=" ")
    transmission.transfer(case.id, town.agent, team=other, reason="C'est une rue.")
    moved = Case.objects.get(pk=case.pk)
    assert (moved.team, moved.assignee, moved.silence_date) == (other, None, case.silence_date)
    with pytest.raises(CaseError):
        transmission.transfer(case.id, town.agent, team=other, reason="Encore.")
    for day in (date(2027, 1, 9), date(2027, 1, 12)):
        with at(11), pytest.raises(Incomplete):
            transmission.transmit(case.id, town.agent, to="Département", reason="Route.", competent_on=day)


@pytest.mark.exigence("CRPA-15")
def test_silence_accepts_when_its_last_day_has_ended_and_once(filed):
    case = filed("accept")
    # 22:59 in Paris on the last day: the service may still answer.
    with at(10, 3, hour=21):
        assert implicit.decide_due() == 0
    with at(10, 3, hour=23):
        assert (implicit.decide_due(), implicit.decide_due()) == (1, 0)
    case.refresh_from_db()
    decision = case.decisions.get()
    assert (case.state, case.implicit_on, decision.implicit) == (State.ACCEPTED, date(2027, 3, 10), True)
    assert decision.decided_at == datetime(2027, 3, 10, 22, 59, 59, tzinfo=UTC)
    told = [json.loads(each.body)["data"] for each in OutgoingEvent.objects.filter(type="org.etoile.case.decided.v1")]
    assert [(each["decision"], each["implicit"]) for each in told] == [("accepted", True)]
    assert Notice.objects.filter(template="implicit_decision").count() == 1


@pytest.mark.exigence("CRPA-15")
def test_silence_refuses_and_the_service_may_still_answer(town, filed):
    case = filed("reject")
    with at(11, 3):
        implicit.decide_due()
        case.refresh_from_db()
        assert (case.state, case.implicit_on) == (State.SUBMITTED, date(2027, 3, 10))
        assert "deux mois" in case.decisions.get().text
        asked = services.ask_document(case.id, town.agent, items=ALONE, deadline=date(2027, 4, 1))
        assert "ne suspend pas" in asked.wording
        services.decide(case.id, town.agent, outcome=State.ACCEPTED)
        assert implicit.decide_due() == 0
    case.refresh_from_db()
    assert [(each.outcome, each.implicit) for each in case.decisions.all()] == [("refused", True), ("accepted", False)]


@pytest.mark.exigence("CRPA-15")
def test_an_acceptance_born_while_the_worker_was_down_is_neither_refused_nor_passed_on(town, filed):
    case = filed("accept")
    with at(13, 3):
        for outcome in (State.REFUSED, State.CLOSED):
            with pytest.raises(TransitionRefused, match="10/03/2027"):
                services.decide(case.id, town.agent, outcome=outcome, reasons="Trop tard.")
        with pytest.raises(TransitionRefused, match="10/03/2027"):
            transmission.transmit(case.id, town.agent, to="Département", reason="Route.")
        assert implicit.decide_due() == 1
    assert Case.objects.values_list("state", "implicit_on").get() == (State.ACCEPTED, date(2027, 3, 10))


def test_a_letter_written_by_the_worker_carries_the_day_it_is_for_the_authority(town, filed):
    town.authority.timezone = "Indian/Reunion"
    town.authority.save()
    case = filed("reject")
    with at(9, 3, hour=21):
        decision = services.decide(case.id, town.agent, outcome=State.CLOSED, reasons="Reçue deux fois.")
    assert decision.text.startswith("Le 10 mars 2027")


def test_a_business_application_does_not_stop_the_clock_and_an_answer_does(town, filed):
    answered, followed = filed("accept"), filed("accept")
    services.start(followed.id, town.agent)
    with at(1, 3):
        services.decide(answered.id, town.agent, outcome=State.ACCEPTED)
        services.reopen(answered.id, town.agent, reason="Une erreur de plume.")
    with at(11, 3):
        assert implicit.decide_due() == 1
    answered.refresh_from_db()
    followed.refresh_from_db()
    assert (answered.state, answered.silence_date, followed.state) == (State.IN_PROGRESS, None, State.ACCEPTED)


def test_a_case_given_up_then_opened_again_counts_from_that_day(town, filed):
    case = filed("reject")
    services.withdraw(case.id, actors.person())
    with at(1, 3):
        services.reopen(case.id, town.agent, reason="Retirée par erreur.")
    assert silence_date(case) == date(2027, 5, 1)


@pytest.mark.exigence("CRPA-15")
def test_the_attestation_is_written_once_for_an_acceptance_by_silence_only(town, filed):
    refused, accepted = filed("reject"), filed("accept")
    with at(11, 3):
        implicit.decide_due()
        first = attestation.attest(accepted.id, actors.person())
        again = attestation.attest(accepted.id, actors.person())
        with pytest.raises(CaseError):
            attestation.attest(refused.id, actors.person())
    assert first.attestation == again.attestation
    assert "10 janvier 2027" in first.attestation and "10 mars 2027" in first.attestation
    assert tracking_view(Case.objects.get(pk=accepted.pk)).can_be_attested is False


@pytest.mark.exigence("CRPA-08", "CRPA-05")
def test_the_agent_sees_until_when_the_receipt_may_leave_and_what_the_clock_waits_for(town, filed):
    case = filed("accept")
    with at(20):
        services.ask_document(case.id, town.agent, items=ALONE, deadline=date(2027, 2, 20))
    view = agent_case(town.agent, case.id)
    assert (view.recourse_enforceable, view.clock.waiting) == (False, True)
    assert view.receipts == running.Receipts(date(2027, 1, 11), date(2027, 1, 22))
    Notice.objects.filter(template="registration_receipt").update(state="sent")
    view = agent_case(town.agent, case.id)
    assert (view.recourse_enforceable, view.receipts) == (True, None)


def test_the_team_is_told_twice_before_silence_decides_and_again_when_the_date_moves(town, filed):
    case = filed("reject")
    for day in (22, 23, 24):
        with at(day, 2):
            warnings.warn_teams()
    with at(7, 3):
        warnings.warn_teams()
        assert Notice.objects.filter(template="silence_near").count() == 2
        services.ask_document(case.id, town.agent, items=ALONE, deadline=date(2027, 3, 28))
    with at(28, 3):
        warnings.warn_teams()
        assert Notice.objects.filter(template="silence_near").count() == 3


def test_a_decision_of_silence_is_all_or_nothing(filed, monkeypatch):
    filed("accept")
    monkeypatch.setattr(implicit.telling, "tell", lambda *args, **more: 1 / 0)
    with at(11, 3), pytest.raises(ZeroDivisionError):
        implicit.decide_due()
    assert (Decision.objects.count(), Case.objects.get().state) == (0, State.SUBMITTED)


def test_a_case_that_fails_keeps_no_other_waiting(filed, monkeypatch):
    failing, other = filed("accept"), filed("accept")
    tell = implicit.telling.tell
    monkeypatch.setattr(
        implicit.telling, "tell", lambda case, *args, **more: 1 / (case.pk != failing.pk) and tell(case, *args, **more)
    )
    with at(11, 3), pytest.raises(ZeroDivisionError):
        implicit.decide_due()
    assert [Case.objects.get(pk=each.pk).state for each in (failing, other)] == [State.SUBMITTED, State.ACCEPTED]


def test_a_case_that_ended_is_not_passed_on(town, filed):
    case = filed("none")
    services.withdraw(case.id, actors.person())
    with at(11), pytest.raises(TransitionRefused):
        transmission.transmit(case.id, town.agent, to="Département", reason="Route.")
    assert Case.objects.get(pk=case.pk).submitted_at - RECEIVED == timedelta(0)


def test_each_letter_of_a_case_is_a_pdf_and_another_name_is_none(filed):
    case = filed("accept")
    with at(11, 3):
        implicit.decide_due()
        attestation.attest(case.id, actors.person())
    case = Case.objects.get(pk=case.pk)
    names = {kind: papers.paper(case, kind) for kind in ("accuse", "decision-1", "attestation")}
    assert all(each.content.startswith(b"%PDF") and case.reference in each.name for each in names.values())
    assert [papers.paper(case, kind) for kind in ("decision-2", "decision-0", "decision-x", "decision", "autre")] == (
        [None] * 5
    )

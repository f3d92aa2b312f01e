"""A sum to pay: asked, paid, cancelled, refunded; by an agent or by an application; and what each side reads of it."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from etoile.contract.envelope import Event
from etoile.gru.cases import actors, queries, reopening, returns, services
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case
from etoile.gru.desk import duplicates
from etoile.gru.documents.models import Document
from etoile.gru.fees import services as fees
from etoile.gru.fees.models import Fee, How
from etoile.gru.inbox.services import receive
from etoile.gru.notices.models import Notice
from tests.gru.conftest import SIRET, Town, log_in

TODAY = timezone.localdate


def due(town: Town, case: Case, **given: object) -> Fee:
    return fees.ask(case.pk, town.agent, fees.Asked(**{"amount": 1650, "how": How.TILL, **given}))


def told(case: Case) -> list[str]:
    return list(Notice.objects.filter(case_id=case.pk).order_by("created_at").values_list("template", flat=True))[1:]


def test_a_payment_keeps_the_request_waiting_and_gives_a_receipt_when_it_comes(town, case):
    fee = due(town, case)
    assert (town.case(case).state, town.case(case).substate) == ("in_progress", "payment_due")
    fees.pay(fee.pk, town.agent, reference="Q-2027-0042", paid_on=TODAY())
    assert town.case(case).substate == ""
    assert told(case) == ["payment_due", "payment_received"]
    assert ("payment.changed.v1", 3) in town.published(case)
    assert queries.chain_is_whole(town.case(case))


def test_what_became_of_it_is_noted_once_with_its_reason(town, case):
    fee = due(town, case)
    with pytest.raises(CaseError):
        due(town, case)
    fees.pay(fee.pk, town.agent, reference="Q-1", paid_on=TODAY())
    for again in (
        lambda: fees.pay(fee.pk, town.agent, reference="Q-1", paid_on=TODAY()),
        lambda: fees.cancel(fee.pk, town.agent, reason="Trop tard."),
        lambda: fees.refund(fee.pk, town.agent, reason="", reference=""),
    ):
        with pytest.raises(CaseError):
            again()
    fees.refund(fee.pk, town.agent, reason="Sortie annulée.", reference="R-1")
    second = due(town, case)
    fees.cancel(second.pk, town.agent, reason="Erreur de tarif.")
    assert list(Fee.objects.values_list("state", "reason")) == [
        ("refunded", "Sortie annulée."),
        ("cancelled", "Erreur de tarif."),
    ]
    assert town.case(case).substate == ""


@pytest.mark.parametrize(
    "wrong",
    [{"amount": 0}, {"amount": fees.MOST}, {"how": How.OTHER}, {"due_on": TODAY() - timedelta(days=1)}],
)
def test_a_payment_that_cannot_be_is_refused_and_nothing_is_written(town, case, wrong):
    with pytest.raises(CaseError):
        due(town, case, **wrong)
    assert town.case(case).version == case.version


def test_documents_that_were_asked_are_still_awaited_once_it_is_paid(town, case):
    services.ask_document(case.pk, town.agent, items=[{"name": "Justificatif"}], deadline=TODAY() + timedelta(9))
    fee = due(town, case)
    fees.pay(fee.pk, town.agent, reference="Q-1", paid_on=TODAY())
    assert town.case(case).substate == "documents_asked"


@pytest.mark.parametrize("way", ["documents", "closed and reopened", "application", "duplicate"])
def test_a_payment_that_is_due_is_still_awaited_whatever_else_moves_the_request(client, town, case, way):
    due(town, case)
    if way == "documents":
        asked = services.ask_document(
            case.pk, town.agent, items=[{"name": "Justificatif"}], deadline=TODAY() + timedelta(9)
        )
        assert town.case(case).substate == "documents_asked"
        given = Document.objects.create(
            authority=town.authority,
            holder=case.pk,
            name="a.pdf",
            media_type="application/pdf",
            size=1,
            sha256="0" * 64,
        )
        services.provide_document(case.pk, [given], actor=actors.person("Camille"), request_id=asked.pk)
    elif way == "application":
        returns.record_business_status(case.pk, returns.Word("voirie", "in_progress", timezone.now()))
        assert town.case(case).history.last().verb == "business_status"
    elif way == "duplicate":
        duplicates.mark(case.pk, town.agent, town.submit())
        duplicates.undo(case.pk, town.agent)
    else:
        services.withdraw(case.pk, actors.person("Camille"))
        reopening.reopen(case.pk, town.agent, reason="À la demande de la personne.")
    assert (town.case(case).state, town.case(case).substate) == ("in_progress", "payment_due")
    assert "À payer" in client.get(f"/suivi/{case.tracking_key}/").content.decode()
    fees.pay(Fee.objects.get().pk, town.agent, reference="Q-1", paid_on=TODAY())
    assert town.case(case).substate == ""


def event(case: Case, state: str, at: str, **more: object) -> Event:
    return Event(
        id=str(uuid.uuid4()),
        time=timezone.now(),
        source="regie",
        type=fees.CHANGED,
        subject=case.subject,
        authority=SIRET,
        data={
            "payment": {"id": "P-1"},
            "case": {"reference": case.reference},
            "amount_cents": 1650,
            "currency": "EUR",
            "state": state,
            "occurred_at": at,
            **more,
        },
    )


def test_an_application_says_that_it_is_due_then_paid_and_an_older_word_changes_nothing(town, case):
    said = [
        receive(event(case, "due", "2026-11-01T08:00:00Z")),
        receive(event(case, "started", "2026-11-01T08:30:00Z")),
        receive(event(case, "paid", "2026-11-01T09:00:00Z", transaction="T-88")),
        receive(event(case, "due", "2026-11-01T08:10:00Z")),
        receive(event(case, "due", "2026-11-01T10:00:00Z")),
    ]
    assert said == ["applied", "applied", "applied", "recorded", "recorded"]
    fee = Fee.objects.get()
    assert (fee.state, fee.reference, fee.paid_on.isoformat()) == ("paid", "T-88", "2026-11-01")
    assert town.case(case).substate == ""
    assert told(case) == ["payment_due", "payment_received"]
    # Its own words are in the hub already.
    assert [name for name, _ in town.published(case)] == ["case.submitted.v1"]


def test_the_agent_asks_on_the_page_of_the_case_and_the_person_reads_what_to_pay(client, town, case):
    log_in(client, town.agent)
    page = f"/agents/demandes/{case.pk}/"
    given = {"paiement-version": case.version, "paiement-how": "notice"}
    assert client.post(f"{page}paiement/", given | {"paiement-amount": "seize"}).status_code == 422
    assert client.post(f"{page}paiement/", given | {"paiement-amount": "16,50"}).status_code == 302
    follow = client.get(f"/suivi/{case.tracking_key}/").content.decode()
    assert "16,50" in follow
    assert "avis de sommes à payer" in follow
    fee = Fee.objects.get()
    paid = f"{page}paiements/{fee.pk}/paye/"
    assert client.post(paid, {}).status_code == 422
    given = {f"paye-{fee.pk}-reference": "Q-1", f"paye-{fee.pk}-paid_on": TODAY().isoformat()}
    # A colleague changed the sum after the till took the one that was read.
    assert client.post(paid, given | {"seen": "1500"}).status_code == 422
    answer = client.post(paid, given | {"seen": "1650"})
    assert answer.status_code == 302
    assert "Paiement reçu" in client.get(page).content.decode()
    assert client.post(f"{page}paiements/{uuid.uuid4()}/paye/", {}).status_code == 404

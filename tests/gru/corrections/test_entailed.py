"""Answers that change after the sending: the price, the team and what is wanted follow; money never silently."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.gru.conftest import PROCEDURE, log_in, text

from etoile.contract.envelope import Event
from etoile.contract.schemas import violations
from etoile.gru.access.models import Account, Sector, Team
from etoile.gru.cases import actors, events, queries
from etoile.gru.cases.assigning import assign
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Handoff, History
from etoile.gru.corrections import opening
from etoile.gru.corrections import services as corrections
from etoile.gru.fees import deciding, differences
from etoile.gru.fees import services as fees
from etoile.gru.fees.models import Difference, Fee, How
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.services import load
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.models import OutgoingEvent

FIELDS = [
    {"id": "nom", "type": "name", "label": {"fr": "Nom"}, "required": True, "applicant": "family_name"},
    {"id": "places", "type": "integer", "label": {"fr": "Places"}, "required": True},
    {"id": "lieu", "type": "text", "label": {"fr": "Lieu"}},
    {"id": "plan", "type": "file", "label": {"fr": "Plan du lieu"},
     "required_when": {"field": "lieu", "op": "equals", "value": "voirie"}},
    {"id": "prix", "type": "calculated", "label": {"fr": "Prix"},
     "settings": {"formula": "places * 1000", "result": "amount"}},
]  # fmt: skip
MORE = {
    "price": {"rules": [{"label": {"fr": "Places"}, "amount_from": "prix"}]},
    "routing": [{"when": {"field": "lieu", "op": "equals", "value": "voirie"}, "team": "voirie"}],
}


@pytest.fixture
def desk(town):
    section = {"id": "identite", "title": {"fr": "Identité"}, "fields": FIELDS}
    pages = [{"id": "vous", "title": {"fr": "Vous"}, "sections": [section]}]
    roads = Sector.objects.create(authority=town.authority, slug="voirie", name="Voirie")
    town.roads = Team.objects.create(authority=town.authority, sector=roads, slug="voirie", name="Service de la voirie")
    version = load(town.authority, PROCEDURE | MORE | {"slug": "place", "pages": pages})
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    town.version = ProcedureVersion.objects.get(pk=version.pk)
    return town


@pytest.fixture
def case(desk):
    return desk.submit(answers={"places": 2, "lieu": "place", "prix": 2000})


def corrected(desk, case, **answers):
    """The person corrects what they are asked to."""
    wrong = [{"field": each, "fault": "incorrect", "sentence": "Relisez."} for each in answers]
    until = timezone.localdate() + timedelta(days=20)
    asked = corrections.ask(case.pk, desk.agent, wrong=wrong, deadline=until)
    corrections.keep(opening.of_person(desk.case(case), asked), {name: str(value) for name, value in answers.items()})
    corrections.send(case.pk, asked.pk, actors.person("Camille Martin"))
    return desk.case(case)


def edited(desk, case, **answers):
    case = desk.case(case)
    corrections.keep(opening.of_agent(case, desk.agent), {name: str(value) for name, value in answers.items()})
    corrections.save(case.pk, desk.agent, reason="Vu au téléphone.", read=opening.mark(case))
    return desk.case(case)


def due(desk, case, amount=2000):
    return fees.ask(case.pk, desk.agent, fees.Asked(amount, How.TILL))


def paid(desk, case, amount=2000):
    fees.pay(due(desk, case, amount).pk, desk.agent, reference="Q-1", paid_on=timezone.localdate())


def notices(case):
    found = Notice.objects.filter(case_id=case.pk, template="price_changed").order_by("created_at")
    return [(each.context["before"], each.context["after"], each.context["effect"]) for each in found]


def told_sums(case):
    found = OutgoingEvent.objects.filter(subject=case.subject, type=fees.CHANGED).order_by("position")
    said = [json.loads(each.body)["data"] for each in found]
    return [(each["state"], each["amount_cents"]) for each in said if each["state"] != "due"]


@pytest.mark.parametrize("change", [corrected, edited])
def test_a_price_that_changes_changes_what_is_due_and_says_both_sums_to_both(client, desk, case, change):
    due(desk, case)
    case = change(desk, case, places=5)
    fee = Fee.objects.get()
    assert (fee.state, fee.amount, case.substate) == ("due", 5000, "payment_due")
    assert notices(case) == [(2000, 5000, "due")]
    row = History.objects.filter(case=case, verb="fee").latest("number")
    assert (row.detail["price_before"], row.detail["price"]) == (2000, 5000)
    event = OutgoingEvent.objects.get(subject=case.subject, type="org.etoile.case.updated.v1")
    assert violations(Event.from_json(event.body.encode())) == []
    assert json.loads(event.body)["data"]["price"]["amount_cents"] == 5000
    money = OutgoingEvent.objects.filter(subject=case.subject, type=fees.CHANGED).latest("position")
    assert json.loads(money.body)["data"]["amount_cents"] == 5000
    assert queries.chain_is_whole(case)
    log_in(client, desk.agent)
    for page in (f"/agents/demandes/{case.pk}/", f"/suivi/{case.tracking_key}/"):
        shown = text(client.get(page)).replace("\xa0", " ")
        assert "20,00 € à 50,00 €" in shown
    # Back to nothing: nothing is due.
    edited(desk, case, places=0)
    assert (Fee.objects.get().state, desk.case(case).substate) == ("cancelled", "")


def test_what_was_paid_or_asked_otherwise_is_a_difference_that_an_agent_decides(desk, case):
    paid(desk, case)
    corrected(desk, case, places=5)
    assert list(Fee.objects.values_list("state", "amount")) == [("paid", 2000)]
    assert notices(case) == [(2000, 5000, "difference")]
    # It changes again before anybody decides: one difference, from the first price.
    edited(desk, case, places=3)
    found = Difference.objects.get()
    assert (found.before, found.after, found.state) == (2000, 3000, "open")
    deciding.ask(found.pk, desk.agent, how=How.TILL)
    assert list(Fee.objects.values_list("state", "amount")) == [("paid", 2000), ("due", 1000)]
    # A difference is due: a price that changes is no longer the whole of it.
    edited(desk, case, places=4)
    deciding.adjust(differences.open_one(case.pk).pk, desk.agent)
    assert Fee.objects.get(state="due").amount == 2000
    for again in (
        lambda: deciding.adjust(found.pk, desk.agent),
        lambda: deciding.leave(found.pk, desk.agent, reason="x"),
    ):
        with pytest.raises(CaseError):
            again()


def test_what_was_paid_in_excess_is_given_back_or_left_by_a_decision_with_its_proof(client, desk, case):
    paid(desk, case)
    edited(desk, case, places=1)
    log_in(client, desk.agent)
    page = f"/agents/demandes/{case.pk}/"
    shown = text(client.get(page)).replace("\xa0", " ")
    assert "le prix passe de 20,00 € à 10,00 €" in shown
    assert "En trop : 10,00 €" in shown
    back = f"{page}difference/restitution/"
    assert client.post(back, {}).status_code == 422
    assert client.post(f"{page}difference/demande/", {"difference-demande-how": "till"}).status_code == 422
    assert client.post(f"{page}difference/rien/", {}).status_code == 404
    given = {"difference-restitution-reference": "R-1", "seen": "-1000"}
    assert 'name="seen" value="-1000"' in client.get(page).content.decode()
    # A sum that is no more the one that was read.
    stale = client.post(back, given | {"seen": "-2000"})
    assert stale.status_code == 422 and "Relisez-la" in text(stale)
    assert client.post(back, given).status_code == 302
    assert client.post(back, given).status_code == 404
    assert differences.held(case.pk).paid == 1000
    money = OutgoingEvent.objects.filter(subject=case.subject, type=fees.CHANGED).latest("position")
    assert (json.loads(money.body)["data"]["state"], json.loads(money.body)["data"]["amount_cents"]) == (
        "refunded",
        1000,
    )
    edited(desk, case, places=2)
    kept = f"{page}difference/maintien/"
    assert client.post(kept, {"difference-maintien-reason": "Geste commercial.", "seen": "1000"}).status_code == 302
    assert "Geste commercial." in text(client.get(f"/suivi/{case.tracking_key}/"))
    assert [each[2] for each in notices(case)] == ["difference", "given_back", "difference", "left"]


def test_a_price_that_comes_back_leaves_nothing_to_decide(desk, case):
    paid(desk, case)
    edited(desk, case, places=5)
    found = differences.open_one(case.pk)
    edited(desk, case, places=2)
    assert differences.open_one(case.pk) is None
    assert notices(case) == [(2000, 5000, "difference"), (5000, 2000, "even")]
    with pytest.raises(CaseError):
        deciding.ask(found.pk, desk.agent, how=How.TILL)


def test_a_refund_is_of_what_was_not_given_back_before_for_all_who_are_told(client, desk, case):
    paid(desk, case)
    edited(desk, case, places=1)
    deciding.give_back(differences.open_one(case.pk).pk, desk.agent, reference="R-1", seen=-1000)
    fee = Fee.objects.get()
    log_in(client, desk.agent)
    page = f"/agents/demandes/{case.pk}/"
    assert "À rendre : 10,00 €" in text(client.get(page)).replace("\xa0", " ")
    back, given = f"{page}paiements/{fee.pk}/remboursement/", {f"remboursement-{fee.pk}-reason": "Annulé."}
    # The whole was read, before a colleague gave a part back.
    assert client.post(back, given | {"seen": "2000"}).status_code == 422
    assert client.post(back, given | {"seen": "1000"}).status_code == 302
    assert told_sums(case) == [("paid", 2000), ("refunded", 1000), ("refunded", 1000)]
    assert Notice.objects.filter(case_id=case.pk).latest("created_at").context["refunded"] == 1000
    assert "Rendu : 10,00 €. Annulé." in text(client.get(f"/suivi/{case.tracking_key}/")).replace("\xa0", " ")
    paid(desk, case, 1000)
    assert differences.held(case.pk).paid == 1000


def test_what_was_given_back_in_full_is_not_refunded_again(desk, case):
    paid(desk, case)
    edited(desk, case, places=0)
    deciding.give_back(differences.open_one(case.pk).pk, desk.agent, reference="R-1")
    with pytest.raises(CaseError, match="déjà rendu"):
        fees.refund(Fee.objects.get().pk, desk.agent, reason="Annulé.", reference="R-2")


def test_an_application_that_gives_a_part_back_leaves_the_rest_paid(desk, case):
    for minute, (state, amount) in enumerate([("due", 2000), ("paid", 2000), ("refunded", 500)]):
        fees.record(case.pk, fees.Told("regie", "P-1", state, amount, timezone.now() + timedelta(minutes=minute)))
    assert (Fee.objects.get().amount, differences.held(case.pk).paid) == (2000, 1500)


def test_an_application_that_asked_the_payment_changes_it_itself_and_the_difference_is_then_over(desk, case):
    told = fees.Told("regie", "P-1", "due", 2000, timezone.now())
    fees.record(case.pk, told)
    edited(desk, case, places=3)
    found = Difference.objects.get()
    with pytest.raises(CaseError):
        deciding.adjust(found.pk, desk.agent)
    assert Fee.objects.get().amount == 2000
    fees.record(case.pk, fees.Told("regie", "P-1", "due", 3000, timezone.now() + timedelta(minutes=1)))
    assert Difference.objects.get().state == "even"


def sent(case, receivers):
    """The hub took the request, and said how many applications receive it; None, it did not say."""
    OutgoingEvent.objects.filter(subject=case.subject).update(state="sent", attempts=1, receivers=receivers)


@pytest.mark.parametrize("so_far", ["not offered", "nobody's"])
def test_a_request_that_nobody_treats_follows_its_answers_to_their_team(desk, case, so_far):
    limit = case.silence_date
    if so_far == "nobody's":
        sent(case, 0)
    case = edited(desk, case, lieu="voirie")
    assert (case.team, case.sector_id, case.silence_date) == (desk.roads, desk.roads.sector_id, limit)
    told = ["case.submitted.v1", "case.updated.v1", "case.submitted.v1"]
    # What was not offered to the hub yet says it in its place: one request, one publication.
    assert [name for name, _ in desk.published(case)] == told[: 3 if so_far == "nobody's" else 2]
    event = OutgoingEvent.objects.filter(subject=case.subject, type=events.SUBMITTED).latest("position")
    assert violations(Event.from_json(event.body.encode())) == []
    assert (event.sequence == 1) is (so_far == "not offered")
    assert json.loads(event.body)["data"]["team"]["slug"] == "voirie"
    assert json.loads(event.body)["data"]["answers"]["lieu"] == "voirie"
    assert Notice.objects.filter(case_id=case.pk, template="transmitted").count() == 1
    assert queries.chain_is_whole(case)


@pytest.mark.parametrize("doubt", ["being offered", "refused", "two receive it", "the hub did not say", "one gave up"])
def test_a_request_that_an_application_may_receive_is_neither_published_again_nor_moved(desk, case, doubt):
    sent(case, 2 if doubt in {"two receive it", "one gave up"} else None)
    if doubt in {"being offered", "refused"}:
        state = "pending" if doubt == "being offered" else "refused"
        OutgoingEvent.objects.filter(subject=case.subject).update(state=state)
    if doubt == "one gave up":
        handed_over(case, "cancelled")
    case = edited(desk, case, lieu="voirie")
    assert case.team != desk.roads
    assert [name for name, _ in desk.published(case)] == ["case.submitted.v1", "case.updated.v1"]
    assert History.objects.filter(case=case).latest("number").detail["proposed"]["slug"] == "voirie"


def test_answers_alone_offer_a_request_that_nobody_has_to_the_applications_once_more(desk, case):
    sent(case, 1)
    handed_over(case, "cancelled")
    edited(desk, case, places=3)
    assert [name for name, _ in desk.published(case)] == ["case.submitted.v1", "case.submitted.v1", "case.updated.v1"]
    event = OutgoingEvent.objects.filter(type=events.SUBMITTED).latest("position")
    assert violations(Event.from_json(event.body.encode())) == []
    assert json.loads(event.body)["data"]["answers"]["places"] == 3
    sent(case, 1)
    edited(desk, case, places=4)
    assert OutgoingEvent.objects.filter(type=events.SUBMITTED).count() == 2


def handed_over(case, state):
    Handoff.objects.create(
        case=case, delivery="1", message_type=events.SUBMITTED, application="voirie", state=state,
        application_name="Voirie Plus", occurred_at=timezone.now(),
    )  # fmt: skip


@pytest.mark.parametrize("treats", ["agent", "application", "sent by hand"])
def test_a_request_that_somebody_treats_is_not_moved_but_its_team_is_proposed(client, desk, case, treats):
    if treats == "agent":
        assign(case.pk, desk.agent, to=desk.agent)
    elif treats == "application":
        handed_over(case, "acknowledged")
    else:
        other = Team.objects.create(authority=desk.authority, sector=desk.sector, slug="mairie", name="Accueil")
        type(case).objects.filter(pk=case.pk).update(team=other)
    case = edited(desk, case, lieu="voirie")
    assert case.team != desk.roads
    assert "case.submitted.v1" not in [name for name, _ in desk.published(case)][1:]
    log_in(client, desk.agent)
    page = f"/agents/demandes/{case.pk}/"
    shown = text(client.get(page))
    assert "<strong>Service de la voirie</strong>" in shown
    assert "Plan du lieu" in shown
    assert 'value="voirie" checked' in text(client.get(f"{page}?faire=transmettre")).replace('" id="id_x"', "")
    assert 'value="Plan du lieu"' in text(client.get(f"{page}?faire=pieces"))
    assert client.post(f"{page}service/", {"version": case.version}).status_code == 302
    assert "<strong>Service de la voirie</strong>" not in text(client.get(page))
    # What is wanted is until the answers say otherwise.
    edited(desk, case, lieu="place")
    assert "Plan du lieu</li>" not in text(client.get(page))


def test_the_agent_reads_what_it_entails_before_it_is_saved(client, desk, case):
    paid(desk, case)
    assign(case.pk, desk.agent, to=desk.agent)
    log_in(client, desk.agent)
    client.post(reverse("backoffice:answers", args=[case.pk]), {"places": "7", "lieu": "voirie"})
    shown = text(client.get(reverse("backoffice:answers-check", args=[case.pk]))).replace("\xa0", " ")
    for said in ("Le prix passe de 20,00 € à 70,00 €", "50,00 € à demander en plus",
                 "relèvent de : Service de la voirie", "Il manquera : Plan du lieu"):  # fmt: skip
        assert said in shown
    assert desk.case(case).answers["places"] == 2
    assert not Difference.objects.exists()


def test_nobody_else_decides_a_difference(client, desk, case):
    paid(desk, case)
    edited(desk, case, places=5)
    stranger = Account.objects.create(authority=desk.authority, email="ailleurs@valmont.example")
    log_in(client, stranger)
    assert client.post(f"/agents/demandes/{case.pk}/difference/maintien/", {}).status_code in {403, 404}
    assert client.post(f"/agents/demandes/{case.pk}/service/", {}).status_code in {403, 404}
    assert differences.open_one(case.pk) is not None

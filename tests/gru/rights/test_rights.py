"""What a person reads and asks of their data, and what freezing a request does."""

import copy
import json
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from tests.gru.conftest import PROCEDURE, log_in, make_town, text
from tests.gru.inbox.test_inbox import status
from tests.gru.running import running

from etoile.gru.access.models import Account, Membership, Role
from etoile.gru.api.models import Change
from etoile.gru.archive.models import Hold
from etoile.gru.archive.obstacles import obstacles_of
from etoile.gru.audit.services import note_program_reading
from etoile.gru.cases import actors, services
from etoile.gru.cases.models import Handoff, Message
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load
from etoile.gru.inbox import services as inbox
from etoile.gru.notices.models import Notice
from etoile.gru.opinions.links import by_token, token_of
from etoile.gru.opinions.models import Opinion
from etoile.gru.outbox.models import OutgoingEvent
from etoile.gru.people import scope
from etoile.gru.people.models import Person
from etoile.gru.rights import clock, freezes
from etoile.gru.rights import services as rights
from etoile.gru.rights.consents import agreements
from etoile.gru.rights.errors import RightsRefused
from etoile.gru.rights.holdings import export
from etoile.gru.rights.models import Request
from etoile.gru.rights.readings import readings
from etoile.gru.rights.subject import of_case


@pytest.fixture
def officer(town) -> Account:
    account = Account.objects.create(authority=town.authority, email="dpo@valmont.example", family_name="Roux")
    Membership.objects.create(account=account, role=Role.DPO)
    return account


def own(case) -> str:
    return f"/suivi/{case.tracking_key}/mes-donnees/"


@pytest.mark.parametrize(
    ("asked", "due", "extended"),
    [
        (date(2026, 3, 10), date(2026, 4, 10), date(2026, 6, 10)),
        (date(2026, 1, 31), date(2026, 3, 2), date(2026, 4, 30)),  # 28 February is a Saturday
        (date(2026, 4, 1), date(2026, 5, 4), date(2026, 7, 1)),  # 1 May is a holiday, then a week-end
        (date(2025, 11, 30), date(2025, 12, 30), date(2026, 3, 2)),
    ],
)
def test_the_month_of_the_law_ends_on_the_same_day_or_on_the_next_working_one(town, asked, due, extended):
    assert clock.due_on(town.authority, asked) == due
    assert clock.due_on(town.authority, asked, extended=True) == extended


def test_the_person_reads_who_read_their_request_by_service_and_not_by_name(client, town, case):
    log_in(client, town.agent)
    client.get(f"/agents/demandes/{case.pk}/")
    services.start(case.pk, town.agent)
    for _twice in range(2):
        note_program_reading(
            authority=town.authority.pk,
            program="Guichet famille",
            client="abc",
            subject=case.reference,
            case_id=case.pk,
        )
    Handoff.objects.create(case=case, delivery="1", message_type="m", application="voirie", application_name="Voirie",
                           state="acknowledged", occurred_at=case.submitted_at)  # fmt: skip
    told = [(each.who, each.what) for each in readings(of_case(case))]
    assert sorted(told) == [
        ("Application « Guichet famille »", "A ouvert votre demande"),
        ("Application « Voirie »", "A reçu votre demande"),
        ("Service de l'état civil", "A ouvert votre demande"),
        ("Service de l'état civil", "Prise en charge"),
    ]
    client.logout()
    page = text(client.get(own(case)))
    assert "Service de l&#x27;état civil" in page and "Leroy" not in page


def test_a_right_is_asked_once_told_with_its_day_extended_once_and_answered(client, town, case, officer):
    wrong = client.post(own(case), {"kind": "rectify", "words": " "})
    assert wrong.status_code == 422 and "en une phrase" in text(wrong)
    client.post(own(case), {"kind": "rectify", "words": "Je m’appelle Martine."})
    asked = Request.objects.get()
    assert "déjà demandé" in text(client.post(own(case), {"kind": "rectify", "words": "Encore."}))
    rights.extend(asked, officer, "L’original est aux archives.")
    with pytest.raises(RightsRefused):
        rights.extend(asked, officer, "Encore.")
    rights.answer(asked, officer, state="partly", words="Le prénom est corrigé.")
    with pytest.raises(RightsRefused):
        rights.answer(asked, officer, state="granted", words="Encore.")
    page = text(client.get(own(case)))
    assert "Le prénom est corrigé." in page and "aux archives" in page and "cnil.fr" in page
    told = Notice.objects.filter(template__startswith="rights_").order_by("created_at")
    assert [(each.template, each.recipient_email) for each in told] == [
        ("rights_received", case.contact_email),
        ("rights_asked", officer.email),
        ("rights_extended", case.contact_email),
        ("rights_answered", case.contact_email),
    ]
    assert not any("prénom" in str(each.context) or "Martine" in str(each.context) for each in told)


def test_a_frozen_case_is_there_for_its_person_and_for_no_agent_nor_program_until_it_is_lifted(
    client, town, case, officer
):
    page, far = f"/agents/demandes/{case.pk}/", date(2099, 1, 1)
    opinion = Opinion.objects.create(
        case=case, email="e@e.fr", deadline=far, expires_on=far, asked_by=town.agent, asked_at=case.submitted_at
    )
    log_in(client, town.agent)
    assert client.get(page).status_code == 200
    assert by_token(token_of(opinion.pk), town.authority) == opinion
    freezes.place(case.pk, officer, "L’adresse est contestée.")
    assert client.get(page).status_code == 404
    assert by_token(token_of(opinion.pk), town.authority) is None
    assert case.reference not in text(client.get("/agents/demandes/?q=" + case.reference))
    assert Change.objects.get(case_id=case.pk).gone
    assert str(obstacles_of(case)[1]) == "elle est gardée"
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        services.start(case.pk, town.agent)
    services.post_message(case.pk, actors.person("Camille"), "Merci.")
    assert [inbox.receive(each) for each in (status(case), status(case, "accepted"))] == ["waiting", "waiting"]
    assert town.case(case).state == "submitted"
    assert "gelée" in text(client.get(own(case)))
    with pytest.raises(RightsRefused):
        freezes.place(case.pk, officer, "Encore.")

    with scope.of_person(case.person_id):
        assert Person.objects.get().restricted_at is not None
    assert [str(each.state) for each in freezes.lift(case.pk, officer)] == ["applied", "applied"]
    assert town.case(case).state == "accepted"
    with scope.of_person(case.person_id):
        assert Person.objects.get().restricted_at is None
    assert client.get(page).status_code == 200 and not Change.objects.get(case_id=case.pk).gone
    assert Hold.objects.get().lifted_at is not None
    services.post_message(case.pk, actors.agent(town.agent), "Nous reprenons.")
    told = Notice.objects.filter(template__startswith="data_").values_list("template", flat=True)
    assert list(told.order_by("created_at")) == ["data_frozen", "data_thawed"]


def test_an_agreement_is_shown_in_its_words_and_version_and_taken_back_in_one_click(client, town):
    asked = copy.deepcopy(PROCEDURE) | {"declarations": [{"id": "honneur", "label": {"fr": "C’est exact"}}]}
    asked["pages"][0]["sections"][0]["fields"].append(
        {"id": "lettre", "type": "consent", "label": {"fr": "J’accepte de recevoir la lettre d’information"}}
    )
    town.version = load(town.authority, asked)
    Procedure.objects.filter(pk=town.version.procedure_id).update(current=town.version)
    case = town.submit(answers={"motif": "Mariage", "lettre": True, "honneur": True})
    assert [(each.field, each.version, each.may_be_taken_back) for each in agreements(of_case(case))] == [
        ("lettre", town.version.number, True),
        ("honneur", town.version.number, False),
    ]
    for _twice in range(2):
        client.post(f"{own(case)}accords/lettre/")
    client.post(f"{own(case)}accords/honneur/")
    assert client.post(f"{own(case)}accords/rien/").status_code == 404
    given = agreements(of_case(case))
    assert given[0].withdrawn_at is not None and given[1].withdrawn_at is None
    assert (
        Message.objects.get(case=case).body
        == "Je retire mon accord : « J’accepte de recevoir la lettre d’information »"
    )
    assert town.case(case).answers["lettre"] is False and town.case(case).answers["honneur"] is True
    (told,) = OutgoingEvent.objects.filter(subject=case.subject, type="org.etoile.case.updated.v1")
    assert json.loads(told.body)["data"]["answers"] == {"lettre": False}


@pytest.mark.django_db(transaction=True)
def test_the_running_product_under_its_own_role_freezes_gives_and_lifts(client):
    town = make_town()
    case = town.submit()
    with running():
        freezes.place(case.pk, town.agent, "L’adresse est contestée.")
        told = export.document(of_case(case))["tables"]
        assert told["people.Person"]["rows"][0]["restricted_at"] and told["people.Attribute"]["rows"]
        assert client.get(own(case)).status_code == 200
        with pytest.raises(DatabaseError, match="frozen"):
            services.start(case.pk, town.agent)
        assert inbox.receive(status(case)) == "waiting"
        freezes.lift(case.pk, town.agent)

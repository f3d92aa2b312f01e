"""The desk of the data protection officer: answers, freezes, the register, and whom a breach concerns."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from tests.gru.conftest import PROCEDURE, log_in, make_agent, text

from etoile.gru.access.models import Account, Membership, Role
from etoile.gru.accounts.models import How, OwnRequest, PersonAccount
from etoile.gru.audit.models import Entry
from etoile.gru.audit.services import note_program_reading
from etoile.gru.batches import services as batches
from etoile.gru.batches.models import Batch, Format
from etoile.gru.cases.models import Handoff
from etoile.gru.desk.models import Note
from etoile.gru.filling.services import start
from etoile.gru.forms.services import load
from etoile.gru.people.services import record_applicant
from etoile.gru.rights import breach, register, services
from etoile.gru.rights.holdings import export
from etoile.gru.rights.models import Freeze, Request
from etoile.gru.rights.readings import readings
from etoile.gru.rights.subject import of_account, of_case


@pytest.fixture
def officer(client, town) -> Account:
    account = Account.objects.create(authority=town.authority, email="dpo@valmont.example", family_name="Roux")
    Membership.objects.create(account=account, role=Role.DPO)
    log_in(client, account)
    return account


def test_what_may_speak_of_others_is_given_once_the_officer_has_read_it_and_what_comes_after_is_not(
    client, town, case, officer
):
    note = Note.objects.create(case=case, account=town.agent, body="Rappelée.", written_at=case.submitted_at)
    asked = services.ask(case, "access", "Les notes.")
    assert case.reference in text(client.get("/agents/dpo/"))
    page = f"/agents/dpo/demandes/{asked.pk}/"
    assert client.post(page, {"state": "granted", "words": ""}).status_code == 422
    file = f"/agents/dpo/dossiers/{case.pk}/"
    assert client.get(f"{file}tout.json").json()["tables"]["desk.Note"]["rows"][0]["body"] == note.body
    mine = f"/suivi/{case.tracking_key}/mes-donnees/tout.json"
    assert "ask_for" in client.get(mine).json()["tables"]["desk.Note"]
    assert note.body in text(client.get(file))
    client.post(file, {f"desk.Note:{note.pk}": "Rappelé(e)."})
    assert "Rappelé(e)." in text(client.get(file))
    assert client.get(f"{file}tout.json").json()["tables"]["desk.Note"]["rows"][0]["body"] == note.body
    client.post(page, {"state": "granted", "words": "Voici."})
    Note.objects.create(case=case, account=town.agent, body="Après.", written_at=datetime.now(UTC) + timedelta(hours=1))
    told = client.get(mine).json()["tables"]
    assert [each["body"] for each in told["desk.Note"]["rows"]] == ["Rappelé(e)."]
    assert "Voici." in str(told["rights.Request"]["rows"])
    assert (
        Entry.objects.filter(action__in=["rights.read", "rights.answered", "rights.redacted"], case_id=case.pk).count()
        == 6
    )


def test_the_officer_finds_a_request_freezes_it_and_lifts_it_by_the_pages(
    client, case, officer, django_assert_max_num_queries
):
    assert client.get("/agents/dpo/", {"reference": "rien"}).status_code == 422
    found = client.get("/agents/dpo/", {"reference": case.reference})
    assert found["Location"] == f"/agents/dpo/dossiers/{case.pk}/"
    with django_assert_max_num_queries(80):
        client.get(found["Location"])
    assert client.post(f"{found['Location']}gel/", {}).status_code == 422
    client.post(f"{found['Location']}gel/", {"gel-reason": "Contestée"})
    assert Freeze.objects.get().lifted_at is None and "Contestée" in text(client.get("/agents/dpo/"))
    client.post(f"{found['Location']}gel/", {"lift": "1"})
    assert Freeze.objects.get().lifted_at is not None
    asked = services.ask(case, "object", "Non.")
    client.post(f"/agents/dpo/demandes/{asked.pk}/delai/", {"delai-why": "Archives lointaines."})
    assert Request.objects.get().extended_because == "Archives lointaines."


def test_the_desk_is_for_the_officer_of_the_authority_alone(client, town, case):
    log_in(client, town.agent)
    asked = services.ask(case, "erase", "Tout.")
    pages = [
        "",
        f"demandes/{asked.pk}/",
        f"dossiers/{case.pk}/",
        "conservation/",
        "registre/registre.csv",
        "violation/",
    ]
    assert {client.get(f"/agents/dpo/{page}").status_code for page in pages} == {403}


def test_the_register_says_each_processing_and_what_its_record_lacks(client, town, officer):
    whole = {
        "purpose": {"fr": "=Délivrer"}, "basis": "public_task", "persons": {"fr": "Usagers"}, "data": {"fr": "Nom"},
        "recipients": [{"fr": "Mairie"}], "security": [{"fr": "Droits"}],
        "retention": {"active": "P2Y", "intermediate": "P3Y", "final_fate": "destroy", "basis": {"fr": "2014"}},
    }  # fmt: skip
    first = register.processings(town.authority)[0]
    assert "Finalité" in first.missing and "Il manque" in text(client.get("/agents/dpo/registre/"))
    version = load(town.authority, PROCEDURE | {"register": whole})
    type(version.procedure).objects.filter(pk=version.procedure_id).update(current=version)
    assert register.processings(town.authority)[0].missing == []
    file = text(client.get("/agents/dpo/registre/registre.csv"))
    assert "'=Délivrer" in file and "Journal des accès" in file and town.authority.siret in file
    assert Entry.objects.get(action="rights.register").actor == str(officer)


def test_a_breach_concerns_what_was_reached_between_two_moments_and_nothing_else(town, officer, tmp_path, capsys):
    first, second, third = town.submit(), town.submit(), town.submit()
    other = make_agent(town.authority, town.team, "paul@valmont.example")
    for case, who in ((first, town.agent), (second, other)):
        Entry.objects.create(
            authority_id=town.authority.pk, account_id=who.pk, actor="", action="case.read", case_id=case.pk
        )
    note_program_reading(authority=town.authority.pk, program="X", client="abc", subject="", case_id=second.pk)
    Handoff.objects.create(case=third, delivery="1", message_type="m", application="voirie", application_name="Voirie",
                           state="acknowledged", occurred_at=third.submitted_at)  # fmt: skip
    day = timedelta(days=1)
    now = datetime.now(UTC)

    def reached(resource, name="", since=-day, until=day):
        asked = breach.Asked(breach.Resource(resource), now + since, now + until, name)
        return set(breach.concerned(town.authority, asked))

    everybody = {first, second, third}
    assert reached("agent", str(town.agent.pk)) == {first} and reached("agent", "rien") == set()
    assert reached("agent", str(town.agent.pk), since=day, until=2 * day) == set()
    assert reached("application", "abc") == {second} and reached("application", "voirie") == {third}
    assert reached("procedure", "acte") == reached("all") == reached("sent") == everybody
    assert reached("procedure", "autre") == reached("all", until=-day) == reached("sent", since=day) == set()
    assert reached("documents") == set()

    listed = batches.ask_export(other, "onglet=toutes", form=Format.CSV)
    batches.note_written(listed, [first.pk, second.pk])
    assert reached("agent", str(other.pk)) == {second}
    Batch.objects.filter(pk=listed.pk).update(state="done", ended_at=now)
    assert reached("agent", str(other.pk)) == {first, second}
    assert [(each.reference, each.who) for each in readings(of_case(first)) if "liste" in each.what] == [
        (first.reference, town.team.name)
    ]
    Batch.objects.filter(pk=listed.pk).update(state="waiting")

    file = tmp_path / "list.csv"
    call_command(
        "gru_breach", "agent", str(other.pk), since="2020-01-01", until="2100-01-01", why="Test", file=str(file)
    )
    assert "1 requests, 1 e-mail addresses, 0 by letter" in capsys.readouterr().out
    rows = file.read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 2 and rows[1].startswith(second.reference)
    assert Entry.objects.get(action="rights.breach_list").detail["why"] == "Test"


def test_the_count_comes_before_the_list_and_both_are_in_the_log(client, town, case, officer):
    asked = {"resource": "all", "since": "2020-01-01", "until": "2099-12-31", "why": "Violation 2026-03"}
    page = "/agents/dpo/violation/"
    assert client.post(page, asked | {"until": "2019-01-01"}).status_code == 422
    assert client.post(page, asked | {"resource": "procedure"}).status_code == 422
    assert "Demandes concernées" in text(client.post(page, asked))
    assert case.reference in text(client.post(page, asked | {"list": "1"}))
    told = (
        Entry.objects.filter(action__startswith="rights.breach").order_by("pk").values_list("action", "detail__cases")
    )
    assert list(told) == [("rights.breach", 1), ("rights.breach_list", 1)]


def test_somebody_with_an_account_has_all_their_requests_and_the_account_in_one_file(town, case):
    person = record_applicant(town.authority, {"email": "camille@example.org"})
    account = PersonAccount.objects.create(authority=town.authority, person=person, email="camille@example.org")
    OwnRequest.objects.create(account=account, case_id=case.pk, how=How.LINK, since=case.submitted_at)
    town.submit()
    draft, _key = start(town.fresh_version())
    OwnRequest.objects.create(account=account, case_id=draft.pk, how=How.STARTED, since=case.submitted_at)
    told = export.document(of_account(account))
    assert told["requests"] == [case.reference]
    assert told["tables"]["accounts.PersonAccount"]["rows"][0]["email"] == account.email
    assert len(told["tables"]["people.Person"]["rows"]) == 2
    assert len(told["tables"]["filling.Draft"]["rows"]) == 1
    assert len(told["tables"]["accounts.OwnRequest"]["rows"]) == 2

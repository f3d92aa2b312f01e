"""Answers written once: filled for the case, read before they are sent, kept by their team."""

import io

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone

from etoile.gru.access.models import Team
from etoile.gru.backoffice import exchanges
from etoile.gru.cases import queries, returns
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case, Handoff, Message
from etoile.gru.cases.returns import Word
from etoile.gru.desk import replies
from etoile.gru.desk.models import Reply
from tests.gru.conftest import make_agent


def written(
    town, use=Reply.Use.MESSAGE, body="Bonjour {{ person }}, votre demande {{reference}} avance.", name="Avance"
):
    return replies.save(Reply(team=town.team, use=use, name=name, body=body), town.agent)


def address(name, *arguments):
    return reverse(f"backoffice:{name}", args=arguments)


def test_a_chosen_answer_comes_filled_after_what_was_typed_and_nothing_is_sent(client, agent, town):
    case, reply = town.submit(), written(town)
    given = {"message-body": "Madame,", "message-reply": str(reply.pk), "insert": "1"}
    page = client.post(address("write", case.pk), given).content.decode()
    assert f"Madame,\n\nBonjour {case.contact_name}, votre demande {case.reference} avance.</textarea>" in page
    assert not Message.objects.exists()
    reply.delete()
    client.post(address("write", case.pk), {"message-body": "Fini.", "message-reply": given["message-reply"]})
    assert Message.objects.get().body == "Fini."


def test_the_reasons_of_a_decision_start_from_an_answer_and_keep_the_choice_made(client, agent, town):
    case, reply = town.submit(), written(town, Reply.Use.REASONS, "Reçue le {{ received_on }} : hors délai.")
    given = {"decision-outcome": "refused", "decision-version": "1", "decision-reply": str(reply.pk), "insert": "1"}
    page = client.post(address("decide", case.pk), given).content.decode()
    assert ": hors délai.</textarea>" in page
    assert 'value="refused" checked' in page
    assert Case.objects.get().state == "submitted"


@pytest.mark.parametrize("body", ["{{ iban }}", "{{ reference", " "])
def test_an_answer_with_a_word_that_cannot_be_filled_is_refused(town, body):
    with pytest.raises(CaseError):
        written(town, body=body)


def test_an_answer_is_seen_as_it_will_read_then_saved_changed_and_removed(client, agent, town):
    given = {"team": str(town.team.pk), "use": "message", "name": "Avance", "body": "Demande {{ reference }}."}
    assert "Demande 26-K7QM-3." in client.post(address("reply-new"), given | {"preview": "1"}).content.decode()
    assert not Reply.objects.exists()
    client.post(address("reply-new"), given)
    assert client.post(address("reply-new"), given).status_code == 422
    reply = Reply.objects.get()
    client.post(address("reply", reply.pk), given | {"body": "Autre texte."})
    assert Reply.objects.get().body == "Autre texte."
    client.post(address("reply", reply.pk), {"remove": "1"})
    assert not Reply.objects.exists()


def test_the_answers_of_another_team_are_out_of_reach(client, agent, town):
    other = Team.objects.create(
        authority=town.authority, sector=town.sector, slug="voirie", name="Voirie", email="v@v.fr"
    )
    reply = replies.save(Reply(team=other, name="Trou", body="Vu."), make_agent(town.authority, other, "v@v.example"))
    assert client.get(address("reply", reply.pk)).status_code == 404
    assert "Trou" not in client.get(address("replies")).content.decode()
    answer = client.post(address("reply-new"), {"team": str(other.pk), "use": "message", "name": "A", "body": "B"})
    assert answer.status_code == 422


def test_an_agent_goes_through_the_list_as_they_saw_it_while_its_cases_leave_it(client, agent, town):
    first, second, third = (town.submit() for _ in range(3))
    client.get(address("inbox"), {"onglet": "a-prendre"})
    page = client.post(address("start", second.pk), {"version": second.version}, follow=True).content.decode()
    assert "2 sur 3" in page
    for other, rel in ((third, "prev"), (first, "next")):
        assert f'<a rel="{rel}" href="{address("case", other.pk)}"' in page
    assert "?onglet=a-prendre" in page
    late = town.submit()
    assert 'rel="next"' not in client.get(address("case", late.pk)).content.decode()


def test_what_left_for_an_application_and_what_it_answered_stand_together(town):
    case, now = town.submit(), timezone.now()
    for delivery, kind in (("d1", "submitted"), ("d2", "message_posted")):
        returns.record_handoff(
            case.pk,
            delivery=delivery,
            message_type=f"org.etoile.case.{kind}.v1",
            application="etat-civil",
            application_name="Logiciel d’état civil",
            state=Handoff.State.ACKNOWLEDGED,
            external_id="EC-77",
            occurred_at=now,
        )
    word = Word("urn:ec", "in_progress", now, label="En fabrication")
    returns.record_business_status(case.pk, word, application="Logiciel d’état civil")
    [found] = exchanges.exchanges(queries.agent_case(town.agent, case.pk))
    assert (found.application, found.number) == ("Logiciel d’état civil", "EC-77")
    assert [str(each.what) for each in found.sent] == ["Un message", "La demande"]
    assert [each.detail for each in found.answers] == ["En fabrication"]


def test_the_whole_file_is_printed_without_the_notes_between_agents(client, agent, town):
    case = town.submit()
    client.post(address("note", case.pk), {"note-body": "Entre nous."})
    client.post(address("write", case.pk), {"message-body": "Votre acte part demain."})
    answer = client.get(address("paper", case.pk, "dossier"))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    assert "Votre acte part demain." in text
    assert "Demande enregistrée" in text
    assert "Entre nous" not in text


def test_single_keys_are_switched_off_for_a_device_and_never_lead_elsewhere(client, agent):
    assert "keys.js" in client.get(address("news")).content.decode()
    assert client.post(address("keys"), {"off": "1", "back": "/agents/a-l-oeil/"}).url == "/agents/a-l-oeil/"
    assert "keys.js" not in client.get(address("news")).content.decode()
    assert client.post(address("keys"), {"back": "https://ailleurs.example/"}).url == address("inbox")
    assert "keys.js" in client.get(address("news")).content.decode()

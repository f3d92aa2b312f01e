"""What presses, what is new, who is in charge: the list and the case say it in words."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from etoile.gru.backoffice.listing import deadline
from etoile.gru.cases import actors, services
from etoile.gru.cases.lists import saving
from etoile.gru.cases.models import Case
from etoile.gru.notices.models import Notice
from tests.gru.conftest import make_agent

TODAY = date(2027, 3, 1)


def inbox(client, **asked):
    return client.get(reverse("backoffice:inbox"), asked).content.decode()


def page_of(client, case):
    return client.get(reverse("backoffice:case", args=[case.pk])).content.decode()


@pytest.mark.parametrize(
    ("left", "words", "tone"),
    [
        (40, "dans 40 jours", ""),
        (10, "dans 10 jours", "warning"),
        (1, "dans 1 jour", "warning"),
        (0, "c’est aujourd’hui", "warning"),
        (-1, "passée depuis 1 jour", "danger"),
        (-5, "passée depuis 5 jours", "danger"),
    ],
)
def test_the_days_left_before_the_silence_are_told_and_press_when_few(left, words, tone):
    case = Case(state="in_progress", silence_regime="reject", silence_date=TODAY + timedelta(days=left))
    with translation.override("fr"):
        found = deadline(case, TODAY)
    assert (found.words, found.tone) == (words, tone)
    assert found.effect == "sinon refusée d’office"


def test_a_decided_case_has_no_deadline_any_more():
    assert deadline(Case(state="accepted", silence_date=TODAY), TODAY) is None
    assert deadline(Case(state="submitted", silence_date=None), TODAY) is None
    passed_on = Case(state="in_progress", substate="transferred", competent_on=TODAY, silence_date=TODAY)
    assert deadline(passed_on, TODAY) is None


def test_a_message_of_the_person_is_marked_until_an_agent_opens_the_case(client, agent, case):
    services.post_message(case.pk, actors.person("Camille Martin"), "Et alors ?")
    assert "1 message non lu" in inbox(client)
    assert "nouveau" in page_of(client, case)
    assert "non lu" not in inbox(client)


def test_what_the_service_wrote_itself_is_not_new_for_it(client, agent, case):
    services.post_message(case.pk, actors.agent(agent), "Bonjour.")
    assert "non lu" not in inbox(client)


def test_who_is_in_charge_is_on_the_list_and_an_agent_finds_their_own(client, agent, town, case):
    other = town.submit()
    assert "Personne pour l’instant" in inbox(client)
    services.start(case.pk, agent)
    colleague = make_agent(town.authority, town.team, "pierre@valmont.example")
    services.start(other.pk, colleague)
    mine = inbox(client, onglet="a-moi")
    assert case.reference in mine
    assert other.reference not in mine


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"onglet": "a-moi"}, "prenez-la en charge"),
        ({"onglet": "terminees"}, "Les nouvelles arriveront"),
        ({"mots": "26-ZZZZ-9"}, "ne répond à « 26-ZZZZ-9 »"),
    ],
)
def test_an_empty_list_says_why_and_what_to_do(client, agent, asked, words):
    assert words in inbox(client, **asked)


def test_the_applicant_can_be_called_and_written_to(client, agent, town):
    reachable = {
        "kind": "natural",
        "civility": "MADAME",
        "family_name": "Martin",
        "given_names": "Camille",
        "email": "camille.martin@example.org",
        "phone": "+33241990012",
        "address": {"lines": "12 rue des Tilleuls\nBâtiment B", "postal_code": "49999", "city": "Valmont-sur-Loire"},
    }
    page = page_of(client, town.submit(applicant=reachable))
    for words in ("Madame Camille Martin", "tel:+33241990012", "02 41 99 00 12", "mailto:camille.martin@example.org"):
        assert words in page
    for line in ("12 rue des Tilleuls", "Bâtiment B", "49999 Valmont-sur-Loire"):
        assert line in page


def test_an_agent_is_told_that_a_mail_did_not_leave(client, agent, case):
    assert "pas parti. Prévenez-la" not in page_of(client, case)
    Notice.objects.filter(case_id=case.pk).update(state="failed")
    assert "pas parti. Prévenez-la" in page_of(client, case)


def test_the_history_speaks_words_and_never_verbs_of_code(client, agent, case):
    services.start(case.pk, agent)
    services.ask_document(case.pk, agent, items=[{"name": "Livret"}], deadline=timezone.localdate() + timedelta(days=9))
    services.post_message(case.pk, actors.agent(agent), "Bonjour.")
    page = page_of(client, case)
    for words in ("Demande enregistrée", "Prise en charge", "Pièces demandées à la personne", "Message écrit"):
        assert words in page
    for verb in ("message_posted", "submit<", "start<", "Autre évènement"):
        assert verb not in page


def test_after_a_conflict_the_page_is_the_case_as_it_is_and_nothing_typed_is_lost(client, agent, case):
    seen = case.version
    services.start(case.pk, agent)
    url = reverse("backoffice:decide", args=[case.pk])
    typed = {"decision-version": seen, "decision-outcome": "refused", "decision-reasons": "Pièce manquante."}
    answer = client.post(url, typed)
    fresh = Case.objects.get()
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Pièce manquante." in page
    assert f'name="decision-version" value="{fresh.version}"' in page
    client.post(url, {**typed, "decision-version": fresh.version})
    assert Case.objects.get().state == "refused"


def test_an_agent_reads_the_pages_in_english(client, agent, case):
    client.post(reverse("set_language"), {"language": "en", "next": "/agents/"})
    page = inbox(client)
    assert 'lang="en"' in page
    for words in ("Answer before", "Nobody yet", "else refused by silence"):
        assert words in page


def test_the_language_switched_on_a_refused_form_leads_back_to_the_case(client, agent, case):
    refused = client.post(reverse("backoffice:decide", args=[case.pk]), {"decision-version": case.version})
    there = reverse("backoffice:case", args=[case.pk])
    assert f'name="next" value="{there}"' in refused.content.decode()


def test_a_list_is_narrowed_kept_under_a_name_and_found_again(client, agent, town, case):
    other = town.submit()
    services.start(other.pk, agent)
    narrowed = inbox(client, suivi="personne", colonnes=["canal"], etat=["submitted", "rien"])
    assert case.reference in narrowed
    assert other.reference not in narrowed
    assert "en ligne" in narrowed
    assert "rien" in narrowed
    kept = client.post(reverse("backoffice:list-keep"), {"name": "Les libres", "query": "suivi=personne"}, follow=True)
    assert "Les libres" in kept.content.decode()
    assert other.reference not in kept.content.decode()
    assert "Donnez un nom" in client.post(reverse("backoffice:list-keep"), {"query": ""}, follow=True).content.decode()
    [mine] = saving.kept_by(agent)
    client.post(reverse("backoffice:list-forget", args=[mine.pk]))
    assert saving.kept_by(agent) == []

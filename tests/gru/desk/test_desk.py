"""What agents keep beside a case: kept for them alone, and never in the way of anyone's decision."""

import pytest
from django.urls import reverse

from etoile.gru.access.models import Membership, Role
from etoile.gru.cases import actors, services
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import Case
from etoile.gru.desk import labels, notes, watching
from etoile.gru.desk.models import CaseLabel, Note
from tests.gru.conftest import make_agent, make_town


@pytest.fixture
def colleague(town):
    return make_agent(town.authority, town.team, "lou@valmont.example")


def address(name, case, *more):
    return reverse(f"backoffice:{name}", args=[case.pk, *more])


def page_of(client, case):
    return client.get(address("case", case)).content.decode()


def test_a_note_is_read_by_agents_never_by_the_person_and_makes_no_reading_stale(client, agent, case):
    before = Case.objects.get(pk=case.pk).version
    client.post(address("note", case), {"note-body": "Rappeler lundi <b>matin</b>."})
    assert "Rappeler lundi &lt;b&gt;matin" in page_of(client, case)
    assert "Rappeler lundi" not in client.get(f"/suivi/{case.tracking_key}/").content.decode()
    assert Case.objects.get(pk=case.pk).version == before
    assert client.post(address("note", case), {"note-body": " "}).status_code == 422


def test_only_its_author_takes_a_note_back_and_its_place_stays(client, agent, colleague, case):
    note = notes.write(case, colleague, "Un mot de trop")
    client.post(address("note-withdraw", case, note.pk))
    assert Note.objects.get().body == "Un mot de trop"
    notes.withdraw(case, colleague, note.pk)
    page = page_of(client, case)
    assert "Un mot de trop" not in page
    assert "Note retirée par son auteur." in page


def test_a_reader_keeps_an_eye_on_a_case_and_writes_nothing(client, agent, case):
    Membership.objects.update(role=Role.READER)
    assert client.post(address("note", case), {"note-body": "Non"}).status_code == 403
    assert client.post(address("put-labels", case), {}).status_code == 403
    client.post(address("watch", case))
    assert watching.look(case, agent)


def test_what_others_do_on_a_watched_case_is_news_until_it_is_opened(client, agent, colleague, case):
    client.post(address("watch", case))
    services.post_message(case.pk, actors.agent(agent), "De moi-même.")
    scope = scope_of(agent)
    assert watching.moved_count(scope, most=9) == 0
    services.start(case.pk, colleague)
    assert watching.moved_count(scope, most=9) == 1
    news = client.get(reverse("backoffice:news")).content.decode()
    assert case.reference in news
    assert "Prise en charge" in news
    page_of(client, case)
    assert watching.moved_count(scope, most=9) == 0


def test_what_came_after_the_page_of_news_was_shown_stays_news(client, agent, case):
    watching.watch(case, agent)
    services.post_message(case.pk, actors.person("Camille"), "Un.")
    shown = f"{case.pk}:{Case.objects.get(pk=case.pk).history_number}"
    services.post_message(case.pk, actors.person("Camille"), "Deux.")
    client.post(reverse("backoffice:news"), {"vue": [shown, "rien", f"{case.pk}:{10**12}"]})
    assert watching.moved_count(scope_of(agent), most=9) == 1


def test_a_watched_case_that_left_the_sectors_of_the_agent_tells_nothing(agent, case):
    watching.watch(case, agent)
    services.post_message(case.pk, actors.person("Camille"), "Un.")
    elsewhere = make_town("21490888800016", "bourg")
    Case.objects.filter(pk=case.pk).update(team=elsewhere.team, sector=elsewhere.sector)
    assert watching.moved(scope_of(agent)) == []


def test_labels_are_put_filtered_on_and_kept_once_retired(client, agent, town, case):
    urgent, later = labels.create(town.authority, "À rappeler"), labels.create(town.authority, "Plus tard")
    other = town.submit()
    client.post(address("put-labels", case), {"etiquettes-labels": [urgent.pk]})
    found = client.get(reverse("backoffice:inbox"), {"onglet": "toutes", "etiquette": urgent.pk}).content.decode()
    assert case.reference in found
    assert other.reference not in found
    labels.retire(town.authority, urgent.pk)
    assert "À rappeler" in page_of(client, case)
    client.post(address("put-labels", case), {"etiquettes-labels": [later.pk]})
    assert CaseLabel.objects.get().label == later
    with pytest.raises(CaseError):
        labels.put(case, agent, [urgent.pk])


@pytest.mark.parametrize("name", ["  ", "\0", "x" * 31, "à RAPPELER"])
def test_a_label_that_cannot_be_is_refused_in_plain_words(town, name):
    labels.create(town.authority, "À rappeler")
    with pytest.raises(CaseError):
        labels.create(town.authority, name)


def test_labels_are_made_by_those_who_may(client, agent, town):
    assert client.post(reverse("backoffice:labels"), {"name": "Presse"}).status_code == 403
    Membership.objects.update(role=Role.MANAGER)
    client.post(reverse("backoffice:labels"), {"name": "Presse"})
    label = labels.offered(town.authority.pk)[0]
    client.post(reverse("backoffice:label", args=[label.pk]), {"name": "Presse locale"})
    assert "Presse locale" in client.get(reverse("backoffice:labels")).content.decode()
    client.post(reverse("backoffice:label", args=[label.pk]), {"retire": "1"})
    assert labels.offered(town.authority.pk) == []

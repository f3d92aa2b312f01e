"""An agent changes their own password: the present one is asked for, and guessing it is stopped as at the sign-in."""

import pytest
from django.test import Client

from tests.gru.conftest import log_in

OLD, NEW = "une phrase de passe assez longue", "quatre mots sans aucun rapport"
PAGE = "/agents/mot-de-passe/"


@pytest.fixture
def person(client, town):
    town.agent.set_password(OLD)
    town.agent.save()
    log_in(client, town.agent)
    return town.agent


def ask(client, old=OLD, new=NEW, again=None):
    return client.post(
        PAGE, {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
    )


def test_a_visitor_is_sent_to_sign_in(client, town):
    assert client.get(PAGE).url.startswith("/agents/connexion/")


def test_the_password_is_changed_and_the_other_sessions_end(client, person):
    elsewhere = Client()
    log_in(elsewhere, person)
    page = client.get(ask(client).url)
    assert "Votre mot de passe est changé" in page.content.decode()
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert elsewhere.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("given", "words", "field"),
    [
        ({"old": "autre chose"}, "Ce n’est pas votre mot de passe actuel", "id_old_password"),
        ({"old": ""}, "Écrivez votre mot de passe actuel", "id_old_password"),
        ({"new": "court"}, "Il faut au moins 12\xa0caractères", "id_new_password2"),
        ({"new": "password1234"}, "celles que l’on essaie d’abord", "id_new_password2"),
        ({"again": "autre"}, "Les deux nouveaux mots de passe diffèrent", "id_new_password2"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words_with_a_link_to_its_field(client, person, given, words, field):
    answer = ask(client, **given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words.replace("\xa0", " ") in page and f'href="#{field}"' in page and "<title>Erreur" in page
    assert page.count('aria-invalid="true"') == 1
    person.refresh_from_db()
    assert person.check_password(OLD)


def test_guessing_the_present_password_is_stopped(client, person):
    answers = [ask(client, old=f"essai {number}").status_code for number in range(6)]
    assert answers[-1] == 429
    assert ask(client).status_code == 429
    person.refresh_from_db()
    assert person.check_password(OLD)

"""What a person was sending when their space closed: kept for them alone, and given back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from etoile.gru.access import unsent
from etoile.gru.access.models import LateForm
from etoile.gru.accounts.models import PersonAccount, PersonSession
from tests.gru.portal.space import EMAIL, SPACE, known, opened, signed_in

AT_CLOSING = "%2Fmon-espace%2Ffermer%2F"
CHANGE, RESUME = f"{SPACE}informations/modifier/", f"{SPACE}reprise/"


@pytest.fixture
def camille(town):
    browser = opened()
    signed_in(browser, shared="on")
    return browser


def left_alone(minutes=16):
    PersonSession.objects.update(seen_at=timezone.now() - timedelta(minutes=minutes))


def test_what_was_sent_too_late_is_given_back_to_its_author_and_to_nobody_else(camille):
    page = camille.get(CHANGE).content.decode()
    assert 'name="family_name"' in page
    left_alone()
    assert camille.get(SPACE).status_code == 302, "a page looked at first ends nothing more"
    late = camille.post(CHANGE, {"family_name": "Martin de la Tour"})
    assert late.url == f"{SPACE}connexion/?suite=%2Fmon-espace%2Freprise%2F&shared=1"
    assert "est gardé" in camille.get(late.url).content.decode()
    assert b"Martin de la Tour" not in bytes(LateForm.objects.get().sealed)
    assert "de la Tour" not in opened("lou@exemple.fr").get(RESUME).content.decode()
    assert signed_in(camille, suite=RESUME, shared="on").url == RESUME
    page = camille.get(RESUME).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([\w.-]+)" value="([^"]*)"', page))
    assert hidden["family_name"] == "Martin de la Tour"
    assert ">Mes informations</h2>" in page, "of what page it is"
    sent_on = {**hidden, "unsent-send": "1"}
    left_alone()
    assert camille.post(RESUME, sent_on).url == f"{SPACE}connexion/?suite=%2Fmon-espace%2Freprise%2F&shared=1"
    assert LateForm.objects.count() == 1, "closed again meanwhile: it is there once"
    signed_in(camille, suite=RESUME)
    again = camille.post(RESUME, sent_on)
    assert (again.status_code, again["Location"]) == (307, CHANGE)
    assert camille.post(again["Location"], sent_on).url == f"{SPACE}informations/"
    assert camille.post(again["Location"], sent_on).url == RESUME, "sent twice, it is done once"
    assert "déjà envoyé" in camille.get(RESUME).content.decode()
    assert known(PersonAccount.objects.get(email=EMAIL))["family_name"][0] == "Martin de la Tour"
    assert "rien à reprendre" in camille.get(RESUME).content.decode()


NOT_KEPT = (
    (f"{SPACE}securite/phrase/", {"current": "quatre lavoirs bleus", "passphrase": "quatre lavoirs verts"}),
    (f"{SPACE}ajouter/", {"link": "https://ville.example/suivi/une-cle-secrete/"}),
    (CHANGE, {"family_name": "Martin", "code": "4829 1035"}),
    (CHANGE, {"family_name": "M" * unsent.LARGEST}),
)


def test_nothing_is_kept_of_what_proves_who_one_is_nor_of_a_space_that_was_closed(camille):
    left_alone()
    for path, given in NOT_KEPT:
        assert camille.post(path, given).url == f"{SPACE}connexion/?shared=1", path
    PersonSession.objects.all().delete()
    assert camille.post(CHANGE, {"family_name": "Martin"}).url == f"{SPACE}connexion/"
    assert not LateForm.objects.exists()


def test_a_page_is_told_how_long_is_left_and_leaves_with_what_was_being_typed(camille):
    page = camille.get(CHANGE).content.decode()
    assert re.search(r'data-lead="300" data-left="(900|89\d)" data-lasts="1"', page)
    assert "Sur cet ordinateur partagé" in page
    whose = re.search(r'data-whose="([^"]+)"', page)[1]
    told, over = f"{SPACE}session/", f"{SPACE}session/fin/"
    left_alone(minutes=12)
    asked = [camille.get(told).json()["left"] for _twice in range(2)]
    assert max(asked) <= 180, "asking makes nothing last"
    assert camille.post(told).json()["left"] > 880
    typed = {"watch-whose": whose, "watch-where": CHANGE, "family_name": "Martin de la Tour"}
    assert camille.post(over, typed).status_code == 204
    left_alone()
    assert camille.get(told).json()["left"] == 0
    assert (
        camille.post(over, typed | {"watch-where": f"{SPACE}fermer/"}).url
        == f"{SPACE}connexion/?suite={AT_CLOSING}&shared=1"
    )
    assert camille.post(over, typed).url == f"{SPACE}connexion/?suite=%2Fmon-espace%2Freprise%2F&shared=1"
    signed_in(camille)
    assert "de la Tour" in camille.get(RESUME).content.decode()
    assert 'data-lasts=""' in camille.get(SPACE).content.decode(), "twenty hours, on one's own device"

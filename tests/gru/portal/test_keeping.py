"""A draft is kept while one types, left for later, kept longer: nothing typed is lost, nothing newer is covered."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from etoile.gru.documents.models import Document
from etoile.gru.filling import opened
from etoile.gru.filling.models import Draft
from tests.gru.portal.journey import REPORT, filled, picture, started

TYPED = {"description": "Un trou de trente"}


HTMX = {"hx-request": "true"}


def stamp():
    return Draft.objects.get().updated_at.isoformat()


def test_a_page_says_when_it_was_saved_and_says_nothing_before(client, town):
    address = started(client)
    assert "Enregistré" not in client.get(address).content.decode()
    client.post(address, TYPED)
    local = timezone.localtime(Draft.objects.get().updated_at)
    assert f"Enregistré à {local.hour}\u00a0h\u00a0{local.minute:02}" in client.get(address).content.decode()


def test_a_draft_saved_another_day_says_which(client, town):
    address = started(client)
    client.post(address, TYPED)
    Draft.objects.update(updated_at=timezone.now() - timedelta(days=2))
    assert "Enregistré le " in client.get(address).content.decode()


def test_what_is_typed_is_kept_without_leaving_the_page(client, town):
    address = started(client)
    answer = client.post(address, TYPED | {"stamp": stamp()}, headers=HTMX)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert ">Enregistré à " in html and f'value="{stamp()}"' in html
    assert "Un trou de trente" in client.get(address).content.decode()


def test_a_late_saving_never_covers_what_the_button_saved(client, town):
    address = started(client)
    before = stamp()
    client.post(address, REPORT["probleme"])
    answer = client.post(address, TYPED | {"stamp": before}, headers=HTMX)
    assert answer.status_code == 409
    assert REPORT["probleme"]["description"] in client.get(address).content.decode()


@pytest.mark.parametrize("known", ["", "hier", "2026-01-01T10:00:00"])
def test_a_saving_that_does_not_say_what_it_knows_is_refused(client, town, known):
    address = started(client)
    assert client.post(address, TYPED | {"stamp": known}, headers=HTMX).status_code == 400
    assert Draft.objects.get().answers == {}


def test_one_leaves_for_later_with_a_page_half_filled_and_finds_it_again(client, town):
    address = started(client)
    answer = client.post(address, TYPED | {"later": "1"})
    assert answer["Location"] == address.replace("probleme/", "plus-tard")
    page = client.get(answer["Location"]).content.decode()
    assert "C’est enregistré" in page and f'href="{address}"' in page
    assert f'href="{address}"' in client.get("/demarches/signalement-voirie/").content.decode()
    assert "Un trou de trente" in client.get(address).content.decode()


def test_several_files_are_joined_one_after_the_other_on_the_same_page(client, town):
    place = client.post(started(client), REPORT["probleme"])["Location"]
    answer = client.post(place, {"photo": picture("a.png"), "attach": "photo"})
    assert answer["Location"] == f"{place}#champ-photo"
    client.post(place, {"photo": picture("b.png"), "attach": "photo"})
    assert set(Document.objects.values_list("name", flat=True)) == {"a.png", "b.png"}
    nothing = client.post(place, {"attach": "photo"})
    assert nothing.status_code == 422 and "choisissez d’abord un fichier" in nothing.content.decode()
    wrong = client.post(place, {"photo": SimpleUploadedFile("note.pdf", b"bonjour"), "attach": "photo"})
    assert "note.pdf" in wrong.content.decode(), "of several, the one that is refused is named"
    assert client.post(place, {"attach": "//ailleurs.fr"})["Location"].startswith(f"{place}#champ-")


def test_the_end_of_a_draft_is_warned_of_and_put_off_without_losing_what_is_being_typed(client, town):
    address = started(client)
    assert 'id="fin-proche"' not in client.get(address).content.decode()
    Draft.objects.update(expires_at=timezone.now() + timedelta(hours=3))
    html = client.get(address).content.decode()
    assert 'id="fin-proche"' in html
    # Enter in a field goes on: the first button of the form is not this one.
    assert html.index('class="default-submit"') < html.index('name="keep"')
    assert client.post(address, TYPED | {"keep": "1"})["Location"] == address
    assert Draft.objects.get().expires_at > timezone.now() + opened.KEPT - timedelta(minutes=1)
    page = client.get(address).content.decode()
    assert "Un trou de trente" in page and "Votre brouillon est gardé jusqu’au" in page


def test_the_end_of_a_draft_is_put_off_from_the_summary_too(client, town):
    summary = filled(client)
    Draft.objects.update(expires_at=timezone.now() + timedelta(hours=3))
    assert 'id="garder"' in client.get(summary).content.decode()
    assert client.post(summary.replace("/verifier", "/garder"))["Location"] == summary
    assert Draft.objects.get().expires_at > timezone.now() + opened.KEPT - timedelta(minutes=1)


def test_the_key_in_the_browser_lives_as_long_as_the_draft(client, town):
    address = started(client)
    Draft.objects.update(expires_at=timezone.now() + timedelta(hours=3))
    answer = client.post(address, TYPED)
    [cookie] = [each for name, each in answer.cookies.items() if name.startswith("brouillon-")]
    assert cookie["expires"][:16] == Draft.objects.get().expires_at.strftime("%a, %d %b %Y")


def test_nobody_else_keeps_a_draft_longer(client, town):
    address = started(client)
    until = Draft.objects.get().expires_at
    Client().post(address.replace("/probleme/", "/garder"))
    assert Draft.objects.get().expires_at == until

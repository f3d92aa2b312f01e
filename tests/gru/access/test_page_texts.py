"""The town's own words on its pages: plain text, a language at a time, and never in place of what the law wants."""

import pytest
from django.urls import reverse
from tests.gru.conftest import log_in

from etoile.gru.access import page_texts
from etoile.gru.access.models import PageText
from etoile.gru.access.page_texts import Block, Page
from etoile.gru.access.services import Refused


def test_headings_lists_and_paragraphs_are_read_from_plain_text():
    assert list(page_texts.read("Bonjour.\nIci.\n\n## Venir\nÀ pied\n- lundi\n- mardi\n\n\nFin")) == [
        Block("p", ("Bonjour.", "Ici.")),
        Block("h2", ("Venir",)),
        Block("p", ("À pied",)),
        Block("ul", ("lundi", "mardi")),
        Block("p", ("Fin",)),
    ]
    assert list(page_texts.read("")) == []


def test_a_page_shows_the_town_s_words_in_its_language_else_in_french_else_ours(town, client):
    assert "Faut-il un compte ?" in client.get("/aide").content.decode()
    page_texts.keep(town.authority, Page.HELP, "fr", "Appelez-nous.")
    page_texts.keep(town.authority, Page.HELP, "en", "Call us.")
    french = client.get("/aide").content.decode()
    assert "Appelez-nous." in french
    assert "Faut-il un compte ?" not in french
    assert "Call us." in client.get("/aide", headers={"accept-language": "en"}).content.decode()
    page_texts.keep(town.authority, Page.HELP, "en", "")
    assert "Appelez-nous." in client.get("/aide", headers={"accept-language": "en"}).content.decode()


@pytest.mark.exigence("RGPD-04")
def test_what_the_law_wants_stays_whatever_the_town_writes(town, client):
    for page in Page:
        page_texts.keep(town.authority, page, "fr", "Nos mots.")
    data = client.get("/donnees-personnelles").content.decode()
    for words in ("Nos mots.", "Vos droits", "cnil.fr/fr/plaintes", "Combien de temps", "délégué à la protection"):
        assert words in data
    notice = client.get("/mentions-legales").content.decode()
    for words in ("Nos mots.", "Direction de la publication", "Hébergement", "Éditeur"):
        assert words in notice
    assert "Se faire aider" in client.get("/aide").content.decode()
    assert "RGESN" in client.get("/ecoconception").content.decode()


def test_what_is_written_is_text_and_never_html(town, client):
    page_texts.keep(town.authority, Page.HELP, "fr", "## <b>Titre</b>\n<script>x</script>\n- <img src=x>")
    page = client.get("/aide").content.decode()
    assert "<script>x" not in page
    assert "<img src=x" not in page
    assert "&lt;b&gt;Titre" in page


def test_too_long_or_for_no_page_is_refused(town):
    with pytest.raises(Refused):
        page_texts.keep(town.authority, Page.HELP, "fr", "a" * 20_001)
    with pytest.raises(Refused):
        page_texts.keep(town.authority, "contact", "fr", "Ici")
    assert not PageText.objects.exists()


def test_an_administrator_writes_a_text_and_gives_ours_back(town, client, administrator):
    address = reverse("backoffice:text-edit", args=["aide", "fr"])
    assert reverse("backoffice:texts") in client.get(reverse("administration:home")).content.decode()
    assert client.post(address, {"text": "Appelez-nous."}).status_code == 302
    assert PageText.objects.get().changed_by == administrator
    assert "Votre texte" in client.get(reverse("backoffice:texts")).content.decode()
    assert "Appelez-nous." in client.get(address).content.decode()
    client.post(address, {"text": ""})
    assert not PageText.objects.exists()
    assert client.get(reverse("backoffice:text-edit", args=["contact", "fr"])).status_code == 404
    assert client.get(reverse("backoffice:text-edit", args=["aide", "xx"])).status_code == 404


def test_only_an_administrator_writes_texts(town, client):
    log_in(client, town.agent)
    for address in (reverse("backoffice:texts"), reverse("backoffice:text-edit", args=["aide", "fr"])):
        assert client.get(address).status_code == 403

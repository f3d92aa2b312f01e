"""Repeated blocks on the page, without a script and with one: rows added, filled, taken away, never lost."""

import re

import pytest
from tests.gru.filling.fair import STANDS, asked, source
from tests.gru.portal.journey import picture

from etoile.gru.documents.models import Document
from etoile.gru.filling.models import Draft
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load

HTMX = {"hx-request": "true"}


@pytest.fixture
def page(client, town, folder):
    """The address of the first page of a draft."""
    version = load(town.authority, source())
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    return client.post("/demarches/brocante/remplir/")["Location"]


def html_of(client, page):
    return client.get(page).content.decode()


def rows_of(html):
    return re.findall(r'name="stands\.rows" value="([0-9a-z]{8})"', html)


def stamp_of(html):
    return re.search(r'name="stamp" id="stamp" value="([^"]*)"', html)[1]


def shown_of(html):
    return re.search(r'name="shown" id="shown" value="([^"]*)"', html)[1]


def adding(html):
    return re.search(r'name="add_row" value="([^"]+)"', html)[1]


def answers(*names, **more):
    """What a browser posts of these rows."""
    posted = {"stands.rows": list(names)}
    for number, name in enumerate(names, start=1):
        posted |= {f"stands.{name}.nom_stand": f"Stand {number}", f"stands.{name}.longueur": "3"}
        posted |= {f"stands.{name}.alimentaire": "no"}
    return posted | more


def kept():
    return Draft.objects.get().answers.get("stands", [])


def test_the_minimum_of_rows_is_offered_and_a_row_is_added_once_however_often_it_is_asked(client, page):
    html = html_of(client, page)
    [first] = rows_of(html)
    posted = answers(first) | {"add_row": adding(html)}
    for _click in range(2):
        second = adding(html).split(".")[1]
        assert client.post(page, posted)["Location"] == f"{page}#champ-stands-{second}"
    assert rows_of(html_of(client, page)) == [first, second]
    assert [row.get("nom_stand") for row in kept()] == ["Stand 1", None]


def test_a_row_goes_by_its_own_button_only(client, page):
    [first] = rows_of(html_of(client, page))
    client.post(page, answers(first, "aaaaaaaa", "bbbbbbbb") | {"stay": "1"})
    # Another tab, opened before, knows of one row: the others are not taken away by its saving.
    client.post(page, answers(first) | {"stay": "1"})
    assert [row["row"] for row in kept()] == [first, "aaaaaaaa", "bbbbbbbb"]
    client.post(page, answers(first, "aaaaaaaa", "bbbbbbbb") | {"remove_row": "stands.aaaaaaaa"})
    assert [row["row"] for row in kept()] == [first, "bbbbbbbb"]
    assert [row["nom_stand"] for row in kept()] == ["Stand 1", "Stand 3"]


def test_what_a_row_hides_for_now_comes_back_with_it(client, page):
    [first] = rows_of(html_of(client, page))
    food, number = {f"stands.{first}.alimentaire": "yes"}, {f"stands.{first}.agrement": "FR-49"}
    client.post(page, answers(first) | food | number | {"stay": "1"})
    client.post(page, answers(first) | {"stay": "1"})
    assert "FR-49" not in html_of(client, page)
    client.post(page, answers(first) | food | {"stay": "1"}, headers=HTMX)
    client.post(page, answers(first) | food | {"stay": "1"})
    assert kept()[0]["row"] == first


def test_an_error_in_a_row_leads_to_its_control(client, page):
    [first] = rows_of(html_of(client, page))
    answer = client.post(page, answers(first) | {f"stands.{first}.longueur": "long"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert f'href="#champ-stands-{first}-longueur"' in html and f'id="champ-stands-{first}-longueur"' in html


def test_the_page_changes_as_it_would_without_a_script(client, page):
    html = html_of(client, page)
    [first] = rows_of(html)
    known = {"stamp": stamp_of(html), "shown": shown_of(html)}
    food = {f"stands.{first}.alimentaire": "yes"}
    answer = client.post(page, answers(first) | food | known, headers=HTMX).content.decode()
    question = f'id="champ-stands-{first}-agrement"'
    place = f'data-hx-swap-oob="afterend:#q-champ-stands-{first}-alimentaire"'
    assert question in answer and place in answer
    # What is being typed is not drawn again.
    assert f'id="champ-stands-{first}-nom_stand"' not in answer
    again = html_of(client, page)
    assert question in again and shown_of(answer) == shown_of(again)
    known = {"stamp": stamp_of(answer), "shown": shown_of(answer)}
    back = client.post(page, answers(first) | known, headers=HTMX).content.decode()
    assert f'<div id="q-champ-stands-{first}-agrement" data-hx-swap-oob="delete"></div>' in back


def test_a_row_added_by_the_script_draws_the_block_again(client, page):
    html = html_of(client, page)
    posted = answers(*rows_of(html)) | {"add_row": adding(html), "shown": shown_of(html)}
    answer = client.post(page, posted, headers=HTMX).content.decode()
    assert 'id="q-champ-stands" data-hx-swap-oob="outerHTML"' in answer
    assert len(rows_of(answer)) == 2


def test_a_page_that_is_no_longer_open_says_so_to_the_script_and_brings_nothing_in(client, page):
    Draft.objects.all().delete()
    assert client.post(page, {"stamp": "x"}, headers=HTMX).status_code == 410


def test_a_file_stays_with_its_row_and_leaves_with_it(client, town, folder):
    long = "p" * 27
    block = STANDS | {"id": "s" * 27, "fields": [asked(long, "file")]}
    version = load(town.authority, source(stands=block))
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    page = client.post("/demarches/brocante/remplir/")["Location"]
    name = f"{block['id']}.aaaaaaaa.{long}"
    posted = {f"{block['id']}.rows": ["aaaaaaaa"], name: picture(), "attach": name}
    assert client.post(page, posted)["Location"] == f"{page}#champ-{name.replace('.', '-')}"
    assert Document.objects.get().field == name and "trou.png" in html_of(client, page)
    client.post(page, {f"{block['id']}.rows": ["aaaaaaaa"], "remove_row": f"{block['id']}.aaaaaaaa"})
    assert Document.objects.count() == 0

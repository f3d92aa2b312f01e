"""In five seconds: whether all is well, and what needs a human, the gravest first."""

import re

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from etoile.hub.registry.models import Subscription
from tests.hub.console import scenery
from tests.hub.journal.conftest import begin_again

OVERVIEW = "/console/"
STATEMENTS = 18


@pytest.fixture
def busy(load_star):
    load_star(scenery.STAR)
    Subscription.objects.filter(slug="finances-demandes").update(active=False)
    small = {
        slug: [(state, min(number, 4), age) for state, number, age in lines] for slug, lines in scenery.BUSY.items()
    }
    scenery.furnish(small)


def opened(client):
    answer = client.get(OVERVIEW)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_calm_town_is_told_so_at_once(client, operator, load_star):
    load_star(scenery.STAR)
    page = opened(client)
    assert "Rien ne demande votre décision." in page
    assert "choses demandent une personne" not in page and "Une chose demande" not in page


def test_what_needs_a_human_comes_in_the_order_of_gravity_with_where_to_act(client, operator, busy):
    page = opened(client)
    dead = page.index("Services techniques : 3 envois ont épuisé leurs essais")
    rejected = page.index("Urbanisme : 1 envoi refusé")
    doubtful = page.index("1 envoi retenu dans le doute")
    assert dead < rejected < doubtful
    assert "3 choses demandent une personne" in page
    action = re.search(r'href="(/console/envois/\?[^"]*state=dead[^"]*)"', page)[1].replace("&amp;", "&")
    listed = client.get(action).content.decode()
    assert listed.count("essais épuisés</span>") == 3


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Services techniques", "3 envois à traiter"),
        ("Courrier et archives", "en retard de 2"),
        ("Finances", "suspendue, 4 retenus"),
        ("État civil", "tout va bien"),
    ],
)
def test_an_application_stands_the_same_in_the_drawing_and_in_the_table(client, operator, busy, name, words):
    page = opened(client)
    drawn = re.search(rf'aria-label="({name} : [^"]*)"', page)[1]
    row = re.search(rf"<tr><th[^>]*><a[^>]*>{name}</a></th>(.*?)</tr>", page)[1]
    assert words in drawn.replace("\xa0", " ")
    assert words in row.replace("\xa0", " ")


def test_a_setting_to_mend_is_told_with_what_the_last_try_said(client, operator, load_star):
    load_star(scenery.STAR)
    cut = Subscription.objects.filter(application__slug="voirie").get()
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_circuit (subscription_id, state, reason, words, since, next_probe)"
            " VALUES (%s, 'open', 'configuration', 'Le serveur ne présente pas la clé attendue.', %s, %s)",
            [cut.pk, now, now],
        )
    page = opened(client)
    assert "Plus rien ne peut partir vers « Services techniques »" in page
    assert "Le serveur ne présente pas la clé attendue." in page
    assert "Services techniques : réglage à corriger." in page
    there = reverse("console:subscription", args=[cut.slug])
    assert f'href="{there}"' in page, "where it is checked, and called again"
    assert "Un réglage est à corriger, ici ou dans l’application" in client.get(there).content.decode()


def test_each_arm_says_how_the_hub_speaks_on_it(client, operator, load_star):
    load_star(scenery.STAR)
    Subscription.objects.filter(application__slug="voirie").update(
        connector="file_drop", configuration={"place": {"kind": "sftp", "host": "sftp.test"}}
    )
    page = opened(client)
    assert "Échanges : fichiers par SFTP." in page
    assert "fichiers par SFTP</tspan>" in page


def test_the_volumes_are_those_of_the_last_day_only(client, operator, load_star):
    load_star(scenery.STAR)
    scenery.furnish({"voirie": [("acknowledged", 3, 10), ("acknowledged", 5, 24 * 12)]})
    page = opened(client)
    assert "Services techniques : tout va bien. En 24 heures, 3 reçus du hub, 0 envoyés au hub." in page
    assert "Démarches en ligne : tout va bien. En 24 heures, 0 reçus du hub, 3 envoyés au hub." in page


def test_messages_that_nobody_receives_are_shown(client, operator, town):
    scenery.furnish({"voirie": [("acknowledged", 1, 1)]})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_message SET state = 'unrouted'")
    assert "1 message sans destinataire" in opened(client)


@pytest.fixture
def new_journal(db):
    """Other tests of this process really wrote, and sealed, in the journal: here it begins, until the test ends."""
    begin_again()


def test_the_seal_is_late_when_a_line_waits_for_more_than_a_minute(new_journal, client, operator, delivery):
    page = opened(client)
    assert "Aucun sceau encore" in page
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (id, at, kind, actor) VALUES (%s, now() - interval '5 minutes', 'x', 'y')",
            [scenery.key(1)],
        )
    assert "attendent leur sceau, la plus ancienne depuis 5" in opened(client).replace("\xa0", " ")


def test_the_number_of_statements_depends_neither_on_rows_nor_on_applications(
    client, operator, town, delivery, busy_later
):
    client.get(OVERVIEW)
    with connection.execute_wrapper(counting := Counted()):
        client.get(OVERVIEW)
    busy_later()
    with connection.execute_wrapper(grown := Counted()):
        client.get(OVERVIEW)
    assert grown.number == counting.number <= STATEMENTS


@pytest.fixture
def busy_later(load_star):
    def later():
        load_star(scenery.STAR)
        scenery.furnish({slug: [("acknowledged", 2, 3), ("dead", 1, 9)] for slug in scenery.NAMES})

    return later


class Counted:
    def __init__(self):
        self.number = 0

    def __call__(self, execute, sql, params, many, context):
        self.number += 1
        return execute(sql, params, many, context)

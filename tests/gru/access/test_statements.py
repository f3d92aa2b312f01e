"""The statements of an authority: published whole or not at all, kept, and read by every page for nothing."""

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from tests.design.test_statement import RECORD
from tests.gru.conftest import log_in

from etoile.gru.access import statements
from etoile.gru.access.models import Declaration, Membership, Product, Role
from etoile.gru.access.queries import authority_for_host
from etoile.gru.access.services import Refused

FULL = RECORD | {"audit": RECORD["audit"] | {"conforming": 80, "failing": 0}}


def footer(client, path="/aide"):
    return client.get(path).content.decode().partition("<footer")[2]


def test_the_footer_says_not_compliant_until_a_statement_says_otherwise(town, client):
    assert "Accessibilité : non conforme" in footer(client)
    statements.publish(town.authority, Product.PORTAL, FULL)
    assert "Accessibilité : totalement conforme" in footer(client)
    assert "Accessibilité : non conforme" in footer(client, "/agents/accessibilite")


def test_the_agents_pages_of_every_room_show_the_statement_of_the_agents_pages(town, client):
    statements.publish(town.authority, Product.PORTAL, FULL)
    log_in(client, town.agent)
    for path in ("/agents/", "/agents/saisie/"):
        assert "Accessibilité : non conforme" in footer(client, path)


def test_the_footer_costs_no_statement_of_its_own(town, django_assert_num_queries):
    statements.publish(town.authority, Product.PORTAL, RECORD)
    with django_assert_num_queries(1):
        found = authority_for_host("")
        assert statements.standing_of(found, Product.PORTAL).level == "partial"
        assert statements.standing_of(found, Product.BACKOFFICE).level == "none"


def test_the_last_statement_is_in_force_and_the_others_are_kept(town):
    first = statements.publish(town.authority, Product.PORTAL, RECORD)
    assert statements.publish(town.authority, Product.PORTAL, RECORD) == first
    second = statements.publish(town.authority, Product.PORTAL, FULL)
    assert statements.in_force(town.authority, Product.PORTAL) == second
    assert Declaration.objects.count() == 2


def test_an_incomplete_statement_is_refused_and_changes_nothing(town):
    with pytest.raises(Refused) as refusal:
        statements.publish(town.authority, Product.PORTAL, {"name": "Portail"})
    assert len(refusal.value.problems) == 4
    assert not Declaration.objects.exists()


@pytest.mark.exigence("A11Y-03")
def test_the_published_page_prints_the_record_and_every_heading(town, client):
    statements.publish(town.authority, Product.PORTAL, RECORD)
    page = client.get("/accessibilite").content.decode()
    for words in (
        "État de conformité",
        "75 % des critères",
        "Cabinet Exemple",
        "Le plan n’a pas d’équivalent.",
        "Dérogations pour charge disproportionnée",
        "Contenus non soumis à l’obligation d’accessibilité",
        "Établissement de cette déclaration d’accessibilité",
        "Technologies utilisées pour la réalisation",
        "Firefox 140",
        "NVDA 2025",
        "axe-core",
        "Accueil : /",
        "mailto:accessibilite@exemple.fr",
        "Voies de recours",
        "formulaire.defenseurdesdroits.fr",
        "Libre réponse 71120, 75342 Paris CEDEX 07",
    ):
        assert words in page, words


def test_an_administrator_publishes_from_the_back_office(town, client, administrator):
    address = reverse("backoffice:statement-edit", args=["backoffice"])
    assert client.get(reverse("backoffice:accessibility-admin")).status_code == 200
    given = {
        "name": "Espace des agents",
        "address": "demarches.exemple.fr/agents/",
        "declared_on": "2026-02-01",
        "email": "accessibilite@exemple.fr",
        "technologies": "HTML\nCSS",
        "audit_day": "2026-01-10",
    }
    refused = client.post(address, given)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Personne ou société qui a fait l’audit : à remplir, le format obligatoire le demande." in page
    assert 'href="#id_auditor"' in page
    assert not Declaration.objects.exists()
    given |= {
        "auditor": "Cabinet",
        "conforming": "70",
        "failing": "0",
        "not_applicable": "36",
        "pages": "Demandes | /agents/ | 40 | 0\nUne demande | /agents/demandes/",
        "user_agents": "Firefox",
        "assistive_technologies": "NVDA",
        "tools": "axe-core",
    }
    assert client.post(address, given).status_code == 302
    kept = Declaration.objects.get()
    assert kept.published_by == administrator
    assert kept.record["audit"]["pages"][0] == {
        "title": "Demandes",
        "address": "/agents/",
        "conforming": 40,
        "failing": 0,
    }
    assert "Accessibilité : totalement conforme" in footer(client, "/agents/accessibilite")
    assert 'value="Cabinet"' in client.get(address).content.decode()


@pytest.mark.exigence("A11Y-04")
@pytest.mark.parametrize(("day", "warned"), [("2028-10-11", False), ("2028-10-12", True), ("2029-01-11", True)])
def test_an_administrator_is_warned_on_every_page_ninety_days_before(town, client, administrator, day, warned):
    statements.publish(town.authority, Product.PORTAL, RECORD)
    with time_machine.travel(f"{day} 12:00:00+01:00", tick=False):
        log_in(client, administrator)
        menu = client.get(reverse("backoffice:inbox")).content.decode().partition('class="bench-nav"')[2]
        page = client.get(reverse("backoffice:accessibility-admin")).content.decode()
    entry = menu.partition(reverse("administration:home"))[2].partition("</a>")[0]
    assert ('class="count' in entry) is warned
    assert ("prévoyez le prochain" in page or "n’est plus valable" in page) is warned


def test_only_an_administrator_writes_statements(town, client):
    Membership.objects.filter(account=town.agent).update(role=Role.MANAGER)
    log_in(client, town.agent)
    for address in (
        reverse("backoffice:accessibility-admin"),
        reverse("backoffice:statement-edit", args=["portal"]),
    ):
        assert client.get(address).status_code == 403
        assert address not in client.get(reverse("backoffice:inbox")).content.decode()


def test_a_command_publishes_a_file_or_lists_what_is_missing(town, tmp_path, capsys):
    file = tmp_path / "accessibility.yaml"
    file.write_text(f"portal: {FULL}\n")
    call_command("gru_accessibility", str(file))
    assert "totalement conforme" in capsys.readouterr().out
    file.write_text("portal: {name: Portail}\nautre: 1\n")
    with pytest.raises(CommandError, match="technologies") as refusal:
        call_command("gru_accessibility", str(file))
    assert "autre" in str(refusal.value)

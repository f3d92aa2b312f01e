"""The list for the yearly review: everybody who may come in, with what they hold."""

import csv
import io

from django.core.management import call_command
from django.urls import reverse
from tests.gru.conftest import make_agent, make_town

from etoile.gru.access import factors
from etoile.gru.access.models import Account
from etoile.gru.audit.models import Entry

SECRET = "DEMOETOILESECRETDEMONSTRATION234"


def test_each_account_of_the_authority_is_there_with_its_roles_and_no_formula(
    town, client, administrator, capsys, django_assert_max_num_queries
):
    make_town("21490998800012", "autre")
    factors.give(administrator, SECRET)
    gone = make_agent(town.authority, town.team, "lou@valmont.example")
    Account.objects.filter(pk=gone.pk).update(is_active=False, given_name="=1+1", family_name="")
    Account.objects.create(authority=town.authority, email="vide@valmont.example")
    with django_assert_max_num_queries(9):
        answer = client.get(reverse("administration:agents-review"))
    assert "attachment" in answer.headers["Content-Disposition"]
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert {(row["Courriel"], row["Accès"], row["Rôle"], row["Service"]) for row in rows} == {
        (administrator.email, "ouvert", "administration", "toute la collectivité"),
        ("vide@valmont.example", "ouvert", "aucun", ""),
        ("lou@valmont.example", "fermé", "instruction", town.team.name),
    }
    assert rows[0]["Second facteur depuis"] != "aucun"
    assert rows[-1]["Nom"] == "'=1+1"
    assert Entry.objects.filter(action="agent.reviewed", account_id=administrator.pk).count() == 1
    call_command("gru_review", authority=town.authority.siret)
    assert capsys.readouterr().out.count("valmont.example") == 3

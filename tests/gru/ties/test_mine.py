"""My family and my organisations: told once, proposed in each form, ended by a button."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.gru.conftest import text
from tests.gru.portal.space import opened

from etoile.gru.accounts import profile
from etoile.gru.accounts.models import PersonAccount
from etoile.gru.filling.models import Draft
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load
from etoile.gru.people import scope
from etoile.gru.people.models import Level
from etoile.gru.ties.models import Tie

HERE = "/mon-espace/proches/"
CHILD = {
    "given_names": "Lou", "family_name": "Martin", "birth_date": "2019-03-15", "custody": "alternate", "sworn": "on",
}  # fmt: skip
LOIRE = {"organisation": "Les Amis de la Loire", "legal_form": "association", "role": "president",
         "rna": "W491001234", "sworn": "on"}  # fmt: skip
MANDATE = {"given_names": "Sacha", "family_name": "Petit", "scope": ["all"], "until": "2999-12-31"}
FORM = {
    "slug": "cantine",
    "title": {"fr": "Cantine"},
    "team": "etat-civil",
    "audience": ["individuals", "associations"],
    "silence": {"regime": "reject", "duration": "P2M"},
    "pages": [
        {"id": "vous", "title": {"fr": "Vous"}, "sections": [
            {"use": "applicant-organisation"},
            {"id": "enfant", "title": {"fr": "Enfant"}, "fields": [
                {"id": key, "type": kind, "label": {"fr": key}, "prefill": {"from": "account", "attribute": of}}
                for key, kind, of in (
                    ("prenoms", "given_names", "child.given_names"), ("ne_le", "date", "child.birth_date"),
                    ("tout", "family_member", "child"),
                )
            ]},
        ]},
    ],
}  # fmt: skip


@pytest.fixture
def camille(town):
    version = load(town.authority, FORM)
    Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    browser = opened()
    profile.say(PersonAccount.objects.get(), {"given_names": "Camille", "family_name": "Martin"})
    for what, given in (("enfant", CHILD), ("organisme", LOIRE), ("mandat", MANDATE)):
        told = browser.post(f"{HERE}ajouter/{what}/", given)
        assert told.status_code == 302, text(told)
    return browser


def ties(**wanted):
    with scope.of_task("test"):
        return list(Tie.objects.filter(**wanted).order_by("pk"))


def test_what_i_tell_is_listed_refused_in_words_when_wrong_and_ended_by_a_button(camille, client, subtests):
    shown = text(camille.get(HERE))
    for words in ("Lou Martin", "En résidence alternée", "Les Amis de la Loire", "Sacha Petit", "31 décembre 2999"):
        with subtests.test(words):
            assert words in shown
    wrong = {
        "enfant": ({**CHILD, "family_name": "MARTIN"}, "déjà noté"),
        "organisme": ({**LOIRE, "organisation": "Autre", "rna": "491"}, "RNA n’est pas valable"),
        "mandat": ({**MANDATE, "until": "2001-01-01"}, "aujourd’hui ou plus tard"),
    }
    for what, (given, why) in wrong.items():
        with subtests.test(what):
            refused = camille.post(f"{HERE}ajouter/{what}/", given)
            assert refused.status_code == 422 and why in text(refused)
    assert len(ties()) == 3
    assert client.get(HERE).status_code == 302
    other = opened("lou@exemple.fr")
    (child,) = ties(kind="responsible")
    other.post(f"{HERE}{child.pk}/fin/")
    assert not ties(kind="responsible")[0].is_over and "Lou Martin" not in text(other.get(HERE))
    with scope.of_task("test"):
        Tie.objects.filter(kind="responsible").update(level=Level.OFFICIAL_PROOF_SEEN)
    for each in ties():
        camille.post(f"{HERE}{each.pk}/fin/")
    assert [each.is_over for each in ties()] == [False, True, True]
    camille.get(HERE)
    assert "Sacha Petit" not in text(camille.get(HERE))


def test_the_page_costs_the_same_statements_however_many_mandates_are_given_and_offered(camille):
    sacha, told = opened("sacha@exemple.fr"), []

    def cost(*names):
        for name in names:
            given = {**MANDATE, "given_names": name, "scope": ["cantine"], "email": "sacha@exemple.fr"}
            assert camille.post(f"{HERE}ajouter/mandat/", given).status_code == 302
            told.append(name)
        found = []
        for browser in (camille, sacha):
            assert text(browser.get(HERE)).count("Cantine") == len(told)
            with CaptureQueriesContext(connection) as seen:
                browser.get(HERE)
            found.append(len(seen))
        return found

    assert cost("Sacha") == cost("Zoé", "Maé")


def test_a_form_asks_for_whom_and_is_filled_in_with_what_is_known_of_them(camille, client, subtests):
    start = "/demarches/cantine/remplir/"
    before = text(camille.get(start))
    assert "Pour moi" in before and "Lou Martin (enfant)" in before and "Sacha" not in before
    assert "Pour moi" not in text(client.get(start))
    expected = {
        "responsible": (
            {"on_behalf_of": "child", "name": "Lou Martin", "capacity": "parent"},
            {"prenoms": "Lou", "ne_le": "2019-03-15",
             "tout": {"given_names": "Lou", "family_name": "Martin", "birth_date": "2019-03-15", "relation": "child"}},
        ),
        "president": (
            {"on_behalf_of": "association", "name": "Les Amis de la Loire", "capacity": "legal_representative"},
            {"type_demandeur": "association", "organisme": "Les Amis de la Loire", "rna": "W491001234"},
        ),
    }  # fmt: skip
    for kind, (mandate, answers) in expected.items():
        with subtests.test(kind):
            page = camille.post(start, {"tie": str(ties(kind=kind)[0].pk)})["Location"]
            draft = Draft.objects.get(pk=re.search(r"[0-9a-f-]{36}", page)[0])
            assert draft.mandate == mandate and draft.answers == answers
    stranger = camille.post(start, {"tie": str(ties(kind="mandate")[0].pk)})
    assert stranger.status_code == 422
    assert Draft.objects.order_by("-pk")[0].mandate and camille.post(start, {"tie": ""}).status_code == 302
    assert Draft.objects.order_by("-pk")[0].mandate == {}

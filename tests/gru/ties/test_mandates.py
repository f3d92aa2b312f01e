"""What a mandate opens, to whom, until when: offered, accepted, used, ended; and each way to take more than that."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.gru.conftest import text
from tests.gru.portal.space import opened
from tests.gru.ties.test_mine import FORM, HERE

from etoile.gru.accounts import profile, queries
from etoile.gru.accounts.models import PersonAccount
from etoile.gru.audit.models import Entry
from etoile.gru.filling.models import Draft
from etoile.gru.forms.models import Procedure
from etoile.gru.forms.services import load
from etoile.gru.people import scope
from etoile.gru.people.models import Level
from etoile.gru.rights.readings import readings
from etoile.gru.rights.subject import of_account
from etoile.gru.ties import services
from etoile.gru.ties.errors import TieRefused
from etoile.gru.ties.models import Concerned, Offer, Tie

SACHA = "sacha.petit@exemple.fr"
GIVEN = {
    "given_names": "Sacha", "family_name": "Petit", "email": SACHA.title(), "scope": ["cantine"], "until": "2999-12-31",
}  # fmt: skip
START = "/demarches/{}/remplir/"


@pytest.fixture
def two(town):
    """Camille, who gives the mandate, and Sacha, who does not hold it yet."""
    for slug in ("cantine", "creche"):
        version = load(town.authority, FORM | {"slug": slug})
        Procedure.objects.filter(pk=version.procedure_id).update(state="published", current=version)
    camille, sacha = opened(), opened(SACHA)
    nameless = camille.post(f"{HERE}ajouter/mandat/", GIVEN)
    assert nameless.status_code == 422 and "votre nom" in text(nameless)
    profile.say(account("camille.martin@exemple.fr"), {"given_names": "Camille", "family_name": "Martin"})
    told = camille.post(f"{HERE}ajouter/mandat/", GIVEN)
    assert told.status_code == 302, text(told)
    return camille, sacha


@pytest.fixture
def held(two):
    camille, sacha = two
    assert "On vous donne un mandat" in text(sacha.get(HERE))
    assert sacha.post(f"{HERE}{tie().pk}/reponse/", {"answer": "yes"}).status_code == 302
    return camille, sacha


def tie():
    with scope.of_task("test"):
        return Tie.objects.select_related("authority").get(kind="mandate")


def offered():
    with scope.of_task("test"):
        return Offer.objects.exists()


def account(email):
    return PersonAccount.objects.select_related("authority").get(email=email)


def begun(sacha, slug="cantine"):
    answer = sacha.post(START.format(slug), {"tie": str(tie().pk)})
    found = re.search(r"[0-9a-f-]{36}", answer.get("Location", ""))
    return Draft.objects.get(pk=found[0]) if found else None


def sent(town, sacha, **more):
    """A request made by Sacha in the name of Camille."""
    draft = begun(sacha)
    return town.submit(case_id=draft.pk, version=draft.version, mandate=draft.mandate, answers={}, **more)


def change(**fields):
    with scope.of_task("test"):
        Tie.objects.filter(kind="mandate").update(**fields)


def test_a_mandate_is_accepted_by_who_proved_the_address_and_by_nobody_else(two):
    camille, sacha = two
    other = opened("lou@exemple.fr")
    for browser in (other, camille):
        assert "On vous donne un mandat" not in text(browser.get(HERE))
        browser.post(f"{HERE}{tie().pk}/reponse/", {"answer": "yes"})
    sacha.post(f"{HERE}{uuid.uuid4()}/reponse/", {"answer": "yes"})
    assert begun(sacha) is None and tie().holder_id != account(SACHA).person_id
    sacha.post(f"{HERE}{tie().pk}/reponse/", {"answer": "yes"})
    assert tie().holder_id == account(SACHA).person_id and not offered()
    sacha.post(f"{HERE}{tie().pk}/reponse/", {"answer": "no"})
    assert not tie().is_over


def test_a_mandate_refused_is_over(two):
    two[1].post(f"{HERE}{tie().pk}/reponse/", {"answer": "no"})
    assert tie().is_over and not offered()


def test_a_mandate_opens_the_requests_made_under_it_and_no_others(town, held, client):
    camille, sacha = held
    assert begun(sacha, "creche") is None
    before = town.submit(mandate={"on_behalf_of": "person", "name": "Camille", "capacity": "mandate"})
    case = sent(town, sacha)
    home = text(sacha.get("/mon-espace/"))
    assert case.reference in home and before.reference not in home
    mine = text(camille.get("/mon-espace/"))
    assert "Faites en votre nom" in mine and case.reference in mine and before.reference not in mine
    # Who opens it is written down, for Camille to read; Camille herself is not.
    follow = f"/suivi/{case.tracking_key}/"
    assert camille.get(f"/mon-espace/mandats/{case.pk}/")["Location"] == follow
    assert camille.get(follow).status_code == 200 and not Entry.objects.filter(action="mandate.read").exists()
    for browser in (sacha, client, sacha):
        assert browser.get(follow).status_code == 200
    line = Entry.objects.get(action="mandate.read")
    assert (line.case_id, line.person_id) == (case.pk, account("camille.martin@exemple.fr").person_id)
    told = readings(of_account(account("camille.martin@exemple.fr")))
    assert any("par mandat" in each.who for each in told)
    for browser in (sacha, opened("lou@exemple.fr")):
        assert browser.get(f"/mon-espace/mandats/{case.pk}/").status_code == 404
    assert camille.get(f"/mon-espace/mandats/{before.pk}/").status_code == 404


def test_an_agent_neither_widens_nor_shortens_a_mandate_that_its_principal_gave(town, held):
    with scope.of_task("test"):
        seen, agent = tie(), town.agent
        wider = services.Said({"scope": "all"}, seen.begins_on, None)
        same = services.Said(seen.detail, seen.begins_on, seen.ends_on)
        for change_it in (
            lambda: services.correct(seen.pk, wider, seen=seen.mark),
            lambda: services.certify(seen.pk, agent, wider, level=Level.OFFICIAL_PROOF, seen=seen.mark),
        ):
            with pytest.raises(TieRefused, match="elle-même"):
                change_it()
        services.certify(seen.pk, agent, same, level=Level.OFFICIAL_PROOF, seen=seen.mark, until=seen.authority.today())
    change(expires_at=timezone.now() - timedelta(days=1))
    assert begun(held[1]) is not None


def ended():
    with scope.of_task("test"):
        services.end(tie().pk)


def expired():
    today = tie().authority.today()
    change(begins_on=today - timedelta(9), ends_on=today - timedelta(1))


CUTS = {
    "ended": ended,
    "expired": expired,
    "not begun": lambda: change(begins_on=tie().authority.today() + timedelta(1)),
    "for something else": lambda: change(detail={"scope": "creche"}),
    "said by an agent, without a proof": lambda: change(source="desk"),
    "a proof out of date": lambda: change(
        source="desk", level=Level.OFFICIAL_PROOF_SEEN, expires_at="2026-01-01T00:00Z"
    ),
}


def test_what_ends_is_cut_at_once_everywhere_but_for_whom_it_was_made(town, held, client, subtests):
    camille, sacha = held
    case, draft = sent(town, sacha), begun(sacha)
    follow, page = f"/suivi/{case.tracking_key}/", f"/demarches/cantine/remplir/{draft.pk}/vous/"
    here = tie()
    kept = {
        name: getattr(here, name)
        for name in ("begins_on", "ends_on", "ended_at", "detail", "source", "level", "expires_at")
    }
    for name, cut in CUTS.items():
        change(**kept)
        assert sacha.get(follow).status_code == 200 and sacha.get(page).status_code == 200
        cut()
        with subtests.test(name):
            assert begun(sacha) is None
            assert sacha.get(follow).status_code == client.get(follow).status_code == 403
            assert sacha.get(f"{follow}mes-donnees/tout.json").status_code == 403
            assert case.reference not in text(sacha.get("/mon-espace/"))
            assert sacha.get(f"/mon-espace/demandes/{case.pk}/").status_code == 404
            assert sacha.get(page).status_code != 200
            assert queries.drafts_of(account(SACHA)) == []
            assert case.pk not in of_account(account(SACHA)).case_ids
            assert camille.get(follow).status_code == 200
            assert case.reference in text(camille.get("/mon-espace/"))
    change(**{**kept, "source": "desk", "level": Level.OFFICIAL_PROOF_SEEN})
    assert sacha.get(follow).status_code == 200


def test_the_principal_is_known_where_the_request_is_treated(town, held):
    case = sent(town, held[1])
    with scope.of_task("test"):
        assert Concerned.objects.get().person_id == account("camille.martin@exemple.fr").person_id
    with scope.of_agent(town.agent):
        assert Concerned.objects.filter(case_id=case.pk).exists()

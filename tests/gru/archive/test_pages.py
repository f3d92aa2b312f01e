"""From the preview to the proof by the pages; an archived case opens for a reason, and for its archivist alone."""

import csv
import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from tests.gru.archive.conftest import CANARIES, OVER
from tests.gru.conftest import log_in, make_town

from etoile.design import moments
from etoile.gru.access.models import Account, Membership, Role
from etoile.gru.archive import proofs, removing
from etoile.gru.archive.models import Hold, Slip
from etoile.gru.audit.models import Entry

ARCHIVES = "/agents/archives/"
LIST = f"{ARCHIVES}demarches/acte/"


def signed_in(account: Account) -> Client:
    browser = Client()
    log_in(browser, account)
    return browser


@pytest.fixture
def keeper(archives):
    return signed_in(archives.archivist)


def test_a_list_is_made_signed_and_proven_by_the_pages(archives, keeper, django_assert_max_num_queries):
    case = archives.archived()
    with time_machine.travel(OVER, tick=False):
        with django_assert_max_num_queries(16):
            assert "Demande d&#x27;acte" in keeper.get(ARCHIVES).content.decode()
        assert case.reference in keeper.get(f"{LIST}?quoi=au-bout").content.decode()
        page = keeper.post(f"{LIST}bordereau/", {"kind": "elimination"})["Location"]
        shown = keeper.get(page).content.decode()
        assert case.reference in shown and CANARIES[0] not in shown
        assert keeper.get(f"{page}fichiers/pdf/").content.startswith(b"%PDF")
        told = keeper.get(f"{page}fichiers/csv/").content.decode("utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(told), delimiter=";")
        assert (row["Référence"], row["Terminée le"], row["Fichiers"]) == (case.reference, "2020-03-12", "1")
        assert keeper.get(f"{page}fichiers/preuve/").status_code == 404
        packed = b"".join(keeper.get(f"{page}fichiers/seda-2-3/").streaming_content)
        assert "manifest.xml" in zipfile.ZipFile(io.BytesIO(packed)).namelist()
        assert keeper.post(f"{page}visa/", {"visa-agreement": "1"}).status_code == 422
        visa = {"visa-agreement": "AD49-7", "visa-by": "Anne Roux", "visa-on": "2025-03-12"}
        assert keeper.post(f"{page}visa/", visa).status_code == 302
        removing.run()
        proof = json.loads(keeper.get(f"{page}fichiers/preuve/").content)
    assert proofs.verify(proof) == 1
    assert Slip.objects.get().recorded_by == archives.archivist


def test_an_archived_case_opens_for_a_reason_for_a_while_and_for_whoever_keeps_the_archives(archives, keeper):
    case = archives.archived()
    page, agent = f"{ARCHIVES}demandes/{case.pk}/", signed_in(archives.town.agent)
    neighbour = make_town(siret="21490999900025", slug="voisine")
    Membership.objects.create(account=neighbour.agent, role=Role.ARCHIVIST)
    assert agent.get(page).status_code == 403 and agent.get(f"/agents/demandes/{case.pk}/").status_code == 404
    assert signed_in(neighbour.agent).get(page).status_code in {403, 404}
    assert CANARIES[1] not in keeper.get(page).content.decode()
    assert keeper.post(page, {"ouvrir-reason": " "}).status_code == 422
    keeper.post(page, {"ouvrir-reason": "Demande de la personne"})
    shown = keeper.get(page).content.decode()
    at = Entry.objects.get(action="archive.read").at
    assert CANARIES[1] in shown and moments.said(at) in shown
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert CANARIES[1] not in keeper.get(page).content.decode()
    keeper.post(f"/agents/demandes/{case.pk}/garde/", {"garde-reason": "Recours"})
    assert agent.post(f"/agents/demandes/{case.pk}/garde/", {"lift": "1"}).status_code == 404
    assert Hold.objects.get().lifted_at is None
    keeper.post(f"{page}retour/", {"retour-reason": "Recours gracieux"})
    assert agent.get(f"/agents/demandes/{case.pk}/").status_code == 200
    (line,) = Entry.objects.filter(action="archive.read")
    assert (line.subject, line.detail) == (case.reference, {"reason": "Demande de la personne"})

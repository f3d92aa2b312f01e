"""Each way an application can fail is named for what it is, and nothing it answers is believed without proof."""

import pytest

from etoile.connectors.soap.double import KINDS
from etoile.connectors.soap.double_envelopes import Refused
from etoile.sdk import OutcomeKind
from etoile.sdk.faults import TELLING
from etoile.sdk.testing import EventFactory

EVENTS = EventFactory()
RETRY, CONFIGURATION, DATA = OutcomeKind.RETRY, OutcomeKind.FIX_CONFIGURATION, OutcomeKind.FIX_DATA
EXPECTED = {
    "down": (RETRY, "ne répond pas"),
    "time_out": (RETRY, "à temps"),
    "slow": (RETRY, "à temps"),
    "unavailable": (RETRY, "indisponible"),
    "error": (RETRY, "Erreur interne"),
    "html": (RETRY, "réponse inattendue"),
    "conflict": (RETRY, "traite déjà"),
    "too_many": (RETRY, "demande d’attendre"),
    "unauthorized": (CONFIGURATION, "identifiants"),
    "forbidden": (CONFIGURATION, "accès"),
    "not_found": (CONFIGURATION, "adresse"),
    "redirect": (CONFIGURATION, "renvoie ailleurs"),
    "gone": (CONFIGURATION, "ne veut plus rien recevoir"),
    "refuse": (DATA, "Le champ « lieu » est inconnu"),
}
# Those that come after the writing.
WRITTEN = {
    "write_then_fail": (RETRY, "ne répond pas"),
    "truncated": (RETRY, "complet et bien formé"),
    "wrong_charset": (RETRY, "encodage annoncé"),
    "renamed": (RETRY, "réponse inattendue"),
    "bomb": (RETRY, "DOCTYPE"),
    "external_entity": (RETRY, "DOCTYPE"),
    "empty_envelope": (RETRY, "enveloppe est vide"),
    "latin1": (OutcomeKind.ACKNOWLEDGED, ""),
    "with_parts": (OutcomeKind.ACKNOWLEDGED, ""),
    "duplicate": (OutcomeKind.ACKNOWLEDGED, ""),
}


def test_every_fault_that_the_simulated_system_shows_is_tried():
    assert EXPECTED.keys() | WRITTEN.keys() | TELLING == KINDS


@pytest.mark.parametrize("fault", sorted(EXPECTED))
async def test_each_fault_before_the_writing_leaves_nothing_behind(bench, family, event, fault):
    family.faults.set(fault)
    outcome = await bench.deliver(event, timeout=0.3 if "à temps" in EXPECTED[fault][1] else 5)
    kind, words = EXPECTED[fault]
    assert (outcome.kind, words in outcome.message) == (kind, True), outcome
    assert family.records == []


@pytest.mark.parametrize("fault", sorted(WRITTEN))
@pytest.mark.parametrize("version", ["1.1", "1.2"])
async def test_each_fault_after_the_writing_is_found_by_the_next_attempt(bench, family, event, fault, version):
    family.faults.set(fault)
    lookup = {**bench.settings["lookup"], "always": False}
    outcome = await bench.deliver(event, version=version, lookup=lookup)
    kind, words = WRITTEN[fault]
    assert (outcome.kind, words in outcome.message) == (kind, True), outcome
    written = 2 if fault == "duplicate" else 1
    assert len(family.records) == written
    family.faults.set(None)
    again = await bench.deliver(event, version=version, attempt=2)
    assert (again.kind, again.external_id, len(family.records)) == (OutcomeKind.ACKNOWLEDGED, "FAM-00001", written)


async def test_changes_listed_out_of_order_are_told_in_order_and_one_never_listed_harms_no_other(bench, family, event):
    for fault in ("lost_notification", "out_of_order"):
        family.records.clear()
        first, second = [await bench.deliver(EVENTS.make(data={"documents": []})) for _ in range(2)]
        start = family.records[1]["etat"]["date"]
        family.faults.set(fault)
        family.move(first.external_id, "VALIDEE", "Validée")
        polled = await bench.connector.poll(start, bench.context())
        told = [(number, one.business_code) for number, one in polled.returned]
        moved = [(first.external_id, "VALIDEE")] if fault == "out_of_order" else []
        assert told == [(second.external_id, "A_TRAITER"), *moved]
        family.faults.set(None)


@pytest.mark.parametrize("oddity", ["renamed", "bomb", "wrong_charset", "empty_envelope"])
async def test_a_look_up_that_cannot_be_read_creates_nothing(bench, family, event, oddity):
    await bench.deliver(event)
    family.faults.set(oddity)
    if oddity == "renamed":
        bench.settings["lookup"] = {**bench.settings["lookup"], "found": "response.body.present"}
    assert (await bench.deliver(event, attempt=2)).kind is RETRY
    assert len(family.records) == 1


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        (Refused("Client", "Champ manquant, voir chef@ville.fr"), DATA, "Champ manquant, voir …"),
        (Refused("Server", "ORA-00060"), RETRY, "ORA-00060"),
        (Refused("Server", "Pose d'un VERROU impossible"), RETRY, "ouvert ailleurs"),
        (Refused("app:FAM-12", "2 ans"), OutcomeKind.BUSINESS_NO, "trop jeune"),
        (Refused("wsse:FailedAuthentication", "no"), CONFIGURATION, "identifiants"),
        (Refused("MustUnderstand", "Security"), CONFIGURATION, "enveloppe"),
        (Refused("Server", "en 200 par erreur", 200), RETRY, "en 200"),
    ],
    ids=lambda value: getattr(value, "code", None),
)
async def test_each_soap_fault(bench, family, event, version, fault, kind, words):
    family.fault = fault
    outcome = await bench.deliver(event, version=version)
    assert (outcome.kind, words in outcome.message) == (kind, True), outcome
    assert (outcome.retry_after == 7) is ("ailleurs" in outcome.message)
    assert family.records == []


async def test_a_fault_that_means_nothing_found_lets_the_request_be_recorded(bench, family, settings, event):
    family.absent = Refused("app:FAM-404", "Aucun dossier")
    assert ((await bench.deliver(event)).kind, family.records) == (RETRY, [])
    lookup = {**settings["lookup"], "absent": {"fault_code": "fam-4*"}}
    assert (await bench.deliver(event, lookup=lookup)).kind is OutcomeKind.ACKNOWLEDGED


async def test_a_refusal_in_the_body_of_a_success_is_one(bench, family, event):
    closed = {"reference": "=event.data.case.reference", "demarche": "fermee", "deposeeLe": "2026-11-24"}
    outcome = await bench.deliver(event, mapping=closed)
    assert (outcome.kind, outcome.message) == (OutcomeKind.BUSINESS_NO, "Activité complète")
    outcome = await bench.deliver(event, mapping=closed, errors=[])
    assert (outcome.kind, "Activité complète" in outcome.message) == (DATA, True)


async def test_the_deadline_of_the_delivery_is_respected_when_shorter(bench, family, event):
    family.application.set("slow", seconds=2)
    assert (await bench.deliver(event, seconds=0.2)).kind is RETRY


async def test_the_time_asked_by_the_application_is_honoured(bench, family, event):
    family.application.set("too_many", retry_after=17)
    assert (await bench.deliver(event)).retry_after == 17


async def test_a_wrong_password_or_none_is_said(bench, family, event):
    wrong = await bench.deliver(event, secrets={"password": "other"})
    assert (wrong.kind, "identifiants" in wrong.message) == (CONFIGURATION, True)
    missing = await bench.deliver(event, secrets={})
    assert (missing.kind, "Le secret « password »" in missing.message) == (CONFIGURATION, True)
    assert "un-mot-de-passe" not in str(wrong) + str(missing)

"""Each way an application can fail is named for what it is, and nothing it answers is believed without proof."""

import pytest

from etoile.connectors.soap.double import ODDITIES, Refused
from etoile.sdk import OutcomeKind
from etoile.sdk.faults import KINDS

RETRY, CONFIGURATION, DATA = OutcomeKind.RETRY, OutcomeKind.FIX_CONFIGURATION, OutcomeKind.FIX_DATA
EXPECTED = {
    "down": (RETRY, "ne répond pas"),
    "unavailable": (RETRY, "indisponible"),
    "error": (RETRY, "indisponible"),
    "html": (RETRY, "réponse inattendue"),
    "truncated": (RETRY, "réponse inattendue"),
    "conflict": (RETRY, "traite déjà"),
    "too_many": (RETRY, "demande d’attendre"),
    "unauthorized": (CONFIGURATION, "identifiants"),
    "forbidden": (CONFIGURATION, "accès"),
    "redirect": (CONFIGURATION, "renvoie ailleurs"),
    "gone": (CONFIGURATION, "ne veut plus rien recevoir"),
    "refuse": (DATA, "Le champ « lieu » est inconnu"),
    "slow": (RETRY, "à temps"),
    "write_then_fail": (RETRY, "ne répond pas"),
}
# Where the contract of a fault is to be read like a success: an envelope in another charset or with parts is one.
TWISTED = {
    "wrong_charset": (RETRY, "encodage annoncé"),
    "truncated_xml": (RETRY, "complet et bien formé"),
    "renamed": (RETRY, "réponse inattendue"),
    "bomb": (RETRY, "DOCTYPE"),
    "external_entity": (RETRY, "DOCTYPE"),
    "empty_envelope": (RETRY, "enveloppe est vide"),
    "latin1": (OutcomeKind.ACKNOWLEDGED, ""),
    "with_parts": (OutcomeKind.ACKNOWLEDGED, ""),
}


@pytest.mark.parametrize("fault", sorted(KINDS & EXPECTED.keys()))
async def test_each_fault_of_the_switch(bench, family, event, fault):
    family.application.set(fault, seconds=2)
    outcome = await bench.deliver(event, timeout=0.3 if fault == "slow" else 5)
    kind, words = EXPECTED[fault]
    assert (outcome.kind, words in outcome.message) == (kind, True), outcome
    assert family.records == []


def test_every_oddity_of_the_simulated_system_is_tried():
    assert set(TWISTED) == ODDITIES


@pytest.mark.parametrize("oddity", sorted(ODDITIES))
@pytest.mark.parametrize("version", ["1.1", "1.2"])
async def test_each_oddity_of_soap(bench, family, event, oddity, version):
    family.oddity = oddity
    lookup = {**bench.settings["lookup"], "always": False}
    outcome = await bench.deliver(event, version=version, lookup=lookup)
    kind, words = TWISTED[oddity]
    assert (outcome.kind, words in outcome.message) == (kind, True), outcome
    assert len(family.records) == 1
    family.oddity = None
    again = await bench.deliver(event, version=version, attempt=2)
    assert (again.kind, again.external_id, len(family.records)) == (OutcomeKind.ACKNOWLEDGED, "FAM-00001", 1)


@pytest.mark.parametrize("oddity", ["renamed", "bomb", "wrong_charset", "empty_envelope"])
async def test_a_look_up_that_cannot_be_read_creates_nothing(bench, family, event, oddity):
    await bench.deliver(event)
    family.oddity = oddity
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

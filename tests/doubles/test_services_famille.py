"""The simulated family services speak SOAP by their contract, know who asks, and say what becomes of a registration."""

import base64
import hashlib
from dataclasses import replace
from typing import Any

import pytest
import urllib3
from lxml import etree

from etoile.connectors.soap.security import sign
from etoile.doubles.services_famille.application import PASSWORD, build
from etoile.doubles.services_famille.soap import SOAP, element
from etoile.doubles.simulation.process import Settings
from etoile.doubles.simulation.site import Simulation

CONTENT = b"%PDF-1.7 an insurance certificate"
PIECE = {"nom": "assurance.pdf", "type": "application/pdf", "contenu": base64.b64encode(CONTENT).decode()}
ASKED: dict[str, Any] = {
    "reference": "26-K7QM-3",
    "deposeeLe": "2026-11-24",
    "debut": "2027-01-04",
    "responsable": {"nom": "Dubois", "prenom": "Anaïs"},
    "enfant": {"nom": "Dubois", "prenom": "Lina", "naissance": "2019-03-15", "ecole": "ECO03", "niveau": "CE1"},
    "inscrit": [{"accueil": "REST", "jour": ["LU", "MA"]}],
    "piece": [PIECE],
}


@pytest.fixture
def simulation(settings: Settings) -> Simulation:
    return build(settings)


@pytest.fixture
def ask(serve, settings, simulation, http: urllib3.PoolManager) -> Any:
    """One call of an operation: the content of the answer, or the fault."""
    url = serve(simulation)

    def call(operation: str, content: dict[str, Any], *, password: str = "", envelope: Any = None) -> etree._Element:
        if envelope is None:
            envelope = etree.Element(f"{{{SOAP}}}Envelope")
            etree.SubElement(envelope, f"{{{SOAP}}}Body").append(element(operation, content))
            sign(envelope, "ville", password or settings.secret(PASSWORD), digest=True, must_understand=True)
        call.sent = envelope
        answer = http.request("POST", url + "/services", body=etree.tostring(envelope))
        return etree.fromstring(answer.data).find(f"{{{SOAP}}}Body")[0]

    call.url = url
    return call


def told(answer: etree._Element, name: str) -> str | None:
    return answer.findtext(f".//{{*}}{name}")


def test_a_registration_gets_a_number_its_documents_are_kept_and_it_is_found_by_our_reference(ask, simulation):
    answer = ask("enregistrerInscription", ASKED)
    assert told(answer, "codeRetour") == "OK"
    [item] = simulation.store.find()
    assert told(answer, "numero") == item.number
    assert item.number.startswith("FAM-")
    [document] = simulation.store.rows("SELECT name, sha256 FROM document")
    assert tuple(document) == ("assurance.pdf", hashlib.sha256(CONTENT).hexdigest())
    assert told(ask("rechercherInscription", {"reference": "26-K7QM-3"}), "numero") == item.number
    assert told(ask("rechercherInscription", {"reference": "26-AAAA-A"}), "numero") is None


def test_asked_twice_it_registers_twice_as_it_knows_no_better(ask, simulation):
    assert told(ask("enregistrerInscription", ASKED), "numero") != told(ask("enregistrerInscription", ASKED), "numero")


def test_a_wrong_password_and_a_message_seen_before_are_refused(ask, simulation):
    refused = ask("version", {}, password="another")
    assert refused.findtext("faultcode") == "wsse:FailedAuthentication"
    ask("version", {})
    assert ask("version", {}, envelope=ask.sent).findtext("faultcode") == "wsse:MessageExpired"
    assert simulation.store.find() == []


def test_what_is_not_in_the_contract_is_refused_and_nothing_is_kept(ask, simulation):
    wrong = {**ASKED, "enfant": {**ASKED["enfant"], "ecole": "les-tilleuls"}}
    assert ask("enregistrerInscription", wrong).findtext("faultstring") == "Message non conforme au contrat."
    assert simulation.store.find() == []


def test_a_child_too_young_is_refused_in_an_answer_that_looks_like_a_success(ask, simulation):
    young = {**ASKED, "enfant": {**ASKED["enfant"], "naissance": "2025-01-01"}}
    answer = ask("enregistrerInscription", young)
    assert told(answer, "codeRetour") == "KO"
    assert "trois ans" in told(answer, "message")
    assert simulation.store.find() == []


def test_it_lists_what_changed_since_a_moment_with_the_word_for_the_citizen(ask, simulation, http):
    number = told(ask("enregistrerInscription", ASKED), "numero")
    pressed = http.request(
        "POST", f"{ask.url}/_double/items/{number}/status", fields={"code": "REFUSEE"}, encode_multipart=False,
        redirect=False,
    )  # fmt: skip
    assert pressed.status == 303
    changed = ask("listerChangements", {"depuis": "1970-01-01T00:00:00Z"})
    assert (told(changed, "numero"), told(changed, "etat")) == (number, "REFUSEE")
    assert told(changed, "motif") == "Le service famille n’a pas pu inscrire votre enfant."
    assert told(ask("listerChangements", {"depuis": "2999-01-01T00:00:00Z"}), "numero") is None


def test_left_to_itself_a_registration_goes_to_its_last_step_and_stays_there(ask, settings, simulation):
    ask("enregistrerInscription", ASKED)
    simulation.store.close()
    after = build(replace(settings, auto_seconds=0.0))
    for _ in range(4):
        after.work()
    assert [item.code for item in after.store.find()] == ["VALIDEE"]


def test_the_page_says_it_is_simulated_escapes_what_it_received_and_offers_its_faults(ask, http):
    ask("enregistrerInscription", {**ASKED, "responsable": {"nom": "<script>alert(1)</script>", "prenom": "A"}})
    page = http.request("GET", ask.url + "/").data.decode()
    assert "application simulée" in page
    assert 'lang="fr"' in page
    assert "26-K7QM-3" in page
    assert "<script>" not in page
    assert "Un pare-feu répond à sa place" in page


def test_unknown_states_and_unknown_numbers_are_refused(ask, http):
    number = told(ask("enregistrerInscription", ASKED), "numero")
    assert http.request("POST", f"{ask.url}/_double/items/{number}/status", json={"code": "NOWHERE"}).status == 400
    assert http.request("POST", f"{ask.url}/_double/items/FAM-0/status", json={"code": "REFUSEE"}).status == 404

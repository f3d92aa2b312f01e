"""Contracts and answers written in the manner of others than our simulated application."""

from pathlib import Path

import pytest
from lxml import etree

from etoile.connectors.soap import answer
from etoile.connectors.soap.classification import outcome_of
from etoile.connectors.soap.configuration import ErrorRule
from etoile.connectors.soap.contract import Contract, ContractError, Operation
from etoile.connectors.soap.freezing import from_files
from etoile.sdk import OutcomeKind, Response, formulas

FIXTURES = Path(__file__).parents[1] / "fixtures"
ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header/><s:Body>{}</s:Body></s:Envelope>'


@pytest.fixture
def contract() -> Contract:
    return Contract.read(from_files({"jax_ws.wsdl": (FIXTURES / "jax_ws.wsdl").read_text()}), "jax_ws.wsdl")


@pytest.fixture
def create(contract) -> Operation:
    return contract.operation("creer", "1.1")


def reply(content: str | bytes, operation: Operation, status: int = 200) -> answer.Reply:
    body = content if isinstance(content, bytes) else ENVELOPE.format(content).encode()
    return answer.read(Response(status, {"Content-Type": "text/xml;charset=utf-8"}, body), operation)


def test_types_inside_the_wsdl_unqualified_elements_and_attributes(contract, create):
    assert contract.validator.ready
    envelope = create.envelope({"arg0": {"montant": 1250, "mel": "a", "saisie": "T"}})
    [sent] = envelope.find("{*}Body")
    assert etree.tostring(sent[0], method="c14n").count(b"<montant>1250</montant><mel>a</mel>") == 1
    assert sent[0].get("saisie") == "T"


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"arg0": {"mel": "a", "saisie": "T"}}, "montant"),
        ({"arg0": {"montant": "cher", "mel": "a", "saisie": "T"}}, "montant"),
        ({"arg0": {"montant": 1, "saisie": "T"}}, "mel|arg0"),
        ({"arg0": {"montant": 1, "mel": "a"}}, "saisie"),
        ({"arg0": {"montant": 1, "mel": "a", "saisie": "T", "sms": "b"}}, "« arg0.sms » n’existe pas"),
        ({"arg0": [1, 2]}, "arg0"),
        ({"montant": 1}, "« montant » n’existe pas"),
    ],
)
def test_what_does_not_fit_is_named_without_its_value(create, request_, words):
    with pytest.raises(ContractError, match=words) as caught:
        create.envelope(request_)
    assert "cher" not in str(caught.value)


def test_one_branch_of_a_choice_is_enough_for_a_mapping(create):
    assert create.faults_of({"arg0": {"montant": "=x", "telephone": "=x", "saisie": "T"}}) == []


def test_an_operation_in_the_rpc_style_is_written_and_read(contract):
    old = contract.operation("ancien", "1.1")
    [sent] = old.envelope({"numero": "A1", "annee": 2026}).find("{*}Body")
    assert (etree.QName(sent).namespace, sent.findtext("annee")) == ("urn:simulation:ancien", "2026")
    read = reply('<a:ancienResponse xmlns:a="urn:simulation:ancien"><etat>CLOS</etat></a:ancienResponse>', old)
    assert read.answer.body == {"etat": "CLOS"}


def test_an_operation_that_answers_nothing_is_refused(contract):
    with pytest.raises(ContractError, match="ne répond rien"):
        contract.operation("prevenir", "1.1")


def test_the_answer_is_read_by_its_types_and_grows_without_harm(create):
    read = reply(
        '<p:creerResponse xmlns:p="urn:simulation:paiement"><return><nouveau><a>1</a></nouveau><idOp>00012</idOp>'
        "<montant>1250</montant></return></p:creerResponse>",
        create,
    )
    assert read.answer.body["return"] == {"nouveau": {"a": "1"}, "idOp": "00012", "montant": 1250}
    assert formulas.evaluate("response.body.return.idOp", **read.values()) == "00012"


@pytest.mark.parametrize(
    "content",
    ["", "<p:creerResponse", '<?xml version="1.0"?><html/>', "\x00\xff", "{}"],
)
def test_what_is_no_envelope_is_an_answer_like_another(create, content):
    read = answer.read(Response(200, {"content-type": "text/xml; charset=nonsense"}, content.encode()), create)
    assert (outcome_of((), read, None).kind, bool(read.why)) == (OutcomeKind.RETRY, True)


def test_a_refusal_in_the_detail_of_a_fault_is_read_by_the_table(create):
    read = reply((FIXTURES / "payfip_refusal.xml").read_bytes(), create, 500)
    assert outcome_of((), read, None).kind is OutcomeKind.RETRY  # "Server", says the application
    rule = ErrorRule(
        fault_text="*FonctionnelleErreur",
        when="response.fault.detail.FonctionnelleErreur.code.startsWith('R')",
        outcome="fix_data",
        message="=response.fault.detail.FonctionnelleErreur.libelle",
    )
    outcome = outcome_of((rule,), read, None)
    assert (outcome.kind, outcome.message) == (
        OutcomeKind.FIX_DATA,
        "Le format du paramètre REFDET n'est pas conforme",
    )

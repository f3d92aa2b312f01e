"""A contract is read from its frozen files only, and what does not fit is said in words when it is set up."""

import socket

import pytest
from pydantic import ValidationError

from etoile.connectors.soap import CONNECTOR
from etoile.connectors.soap.configuration import Configuration
from etoile.connectors.soap.contract import Contract, ContractError
from etoile.connectors.soap.double import FILES
from etoile.connectors.soap.freezing import from_files, from_folder
from etoile.sdk.places import Folders

WSDL = "famille.wsdl"
GIVEN = {"$documents": ["*"], "give": {"titre": "=document.name", "type": "a", "contenu": {"$content": "base64"}}}


def refused(settings, **changes) -> str:
    with pytest.raises(ValidationError) as caught:
        Configuration.model_validate({**settings, **changes})
    return str(caught.value)


def contract(**changes):
    return {"wsdl": WSDL, "files": {**FILES, **changes}}


def test_a_folder_is_read_like_files_and_its_fingerprint_freezes_it(tmp_path, settings):
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    opened = Folders([tmp_path.parent])
    read = Contract.read(from_folder(str(tmp_path), opened), WSDL)
    assert read.fingerprint == Contract.read(from_files(FILES), WSDL).fingerprint
    folder = {"wsdl": WSDL, "folder": str(tmp_path), "fingerprint": read.fingerprint}
    assert CONNECTOR.configured({**settings, "contract": folder}, opened)
    (tmp_path / "types.xsd").write_text(FILES["types.xsd"] + "\n", encoding="utf-8")
    with pytest.raises(ValidationError, match="ont changé"):
        CONNECTOR.configured({**settings, "contract": folder}, opened)


def test_a_folder_that_the_operator_did_not_open_is_refused_and_no_link_leads_out_of_one(tmp_path, settings):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    for name, content in FILES.items():
        (outside / name).write_text(content, encoding="utf-8")
        (inside / name).symlink_to(outside / name)
    with pytest.raises(ValidationError, match="HUB_ALLOWED_FOLDERS"):
        CONNECTOR.configured({**settings, "contract": {"wsdl": WSDL, "folder": str(outside)}}, Folders([inside]))
    with pytest.raises(ContractError):
        from_folder(str(inside), Folders([inside]))


@pytest.mark.parametrize("folder", ["relative", "/nowhere/at/all", None])
def test_a_folder_that_cannot_be_read_is_said(settings, folder):
    words = refused(settings, contract={"wsdl": WSDL, "folder": folder})
    assert "dossier" in words


@pytest.mark.parametrize("place", ["http://127.0.0.1:9/t.xsd", "https://vendor.example/other.xsd", "../../etc/x.xsd"])
def test_nothing_that_was_not_given_is_ever_fetched(monkeypatch, place):
    def never(*args: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", never)
    monkeypatch.setattr(socket, "getaddrinfo", never)
    files = {WSDL: FILES[WSDL].replace('schemaLocation="types.xsd"', f'schemaLocation="{place}"')}
    with pytest.raises(ContractError, match=r"n’est pas parmi ses fichiers"):
        Contract.read(from_files(files), WSDL)
    # Given under the very address that the import writes, it is taken from there.
    if "://" in place:
        assert Contract.read(from_files({**files, place: FILES["types.xsd"]}), WSDL).operation("version", "1.2")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "DOCTYPE"),
        ('<?xml version="1.0"?><!-- <a> --><!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>', "DOCTYPE"),
        ("<a><b></a>", "bien formé"),
        ("", "bien formé"),
        ("<a>" * 5000 + "</a>" * 5000, "bien formé"),
    ],
)
@pytest.mark.exigence("ASVS 1.5.1")
def test_a_dangerous_or_broken_file_is_refused_before_anything_reads_it(content, words):
    with pytest.raises(ContractError, match=words):
        from_files({**FILES, "other.xsd": content})


def test_what_is_not_in_the_contract_is_said_with_what_is(settings):
    assert "version" in refused(settings, operation="inventee")
    assert "n’existe pas dans le contrat" in refused(settings, operation="inventee")
    assert "n’est pas parmi ceux du contrat (famille.wsdl, types.xsd)" in refused(
        settings, contract={"wsdl": "x.wsdl", "files": FILES}
    )
    only_11 = FILES[WSDL].replace("/soap12/", "/soap/")
    assert "ne propose pas SOAP 1.2 (1.1 proposé)" in refused(
        settings, version="1.2", contract=contract(**{WSDL: only_11})
    )
    encoded = FILES[WSDL].replace('use="literal"', 'use="encoded"')
    assert "RPC encoded" in refused(settings, contract=contract(**{WSDL: encoded}))
    assert "n’est pas lisible" in refused(settings, contract=contract(**{WSDL: "<a/>"}))


def test_a_request_of_the_settings_that_does_not_fit_is_said(settings):
    lookup = {**settings["lookup"], "request": {"referense": "=event.data.case.reference"}}
    words = refused(settings, lookup=lookup)
    assert "« referense » n’existe pas" in words
    assert "« reference » manque" in words
    lookup = {**settings["lookup"], "request": {"reference": "=event.data..reference"}}
    assert "lookup.request" in refused(settings, lookup=lookup)


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ({"reference": "=x", "demarche": "a"}, ["« deposeeLe » manque"]),
        ({"reference": "=x", "demarche": ["a"], "deposeeLe": "=x"}, ["« demarche » attend une seule valeur"]),
        ({"reference": {"a": 1}, "demarche": "a", "deposeeLe": "=x"}, ["« reference » attend une valeur simple"]),
        (
            {"reference": "=x", "demarche": "a", "deposeeLe": "=x", "enfant": [{"nom": "a", "age": 3}]},
            ["« enfant[0].age » n’existe pas", "« enfant[0].prenom » manque"],
        ),
        ({"reference": "=x", "demarche": "a", "deposeeLe": "=x", "responsable": "a"}, ["attend un groupe"]),
        ({"reference": "=x", "demarche": "a", "deposeeLe": "=x", "responsable": "=y", "enfant": "=z"}, []),
        ("=event.data", []),
        (
            {"mapping": 1, "send": {"reference": {"$value": "=x"}, "demarche": "a", "deposeeLe": "=x", "piece": GIVEN}},
            ["« piece.titre » n’existe pas", "« piece.nom » manque"],
        ),
    ],
)
def test_a_mapping_is_compared_with_the_operation(settings, tree, words):
    faults = " ; ".join(Configuration.model_validate(settings).find("enregistrerInscription").faults_of(tree))
    assert all(each in faults for each in words), faults
    assert bool(faults) is bool(words)


async def test_a_name_that_the_contract_does_not_have_is_a_fault_of_the_mapping(bench, family, event):
    mapping = {"referense": "=event.data.case.reference", "demarche": "a", "deposeeLe": "2026-11-24"}
    outcome = await bench.deliver(event, mapping=mapping)
    assert (outcome.kind, "« referense » n’existe pas" in outcome.message) == ("fix_configuration", True)


async def test_a_value_that_the_contract_refuses_is_not_sent_and_not_told(bench, family, event):
    mapping = {
        "reference": "=event.data.case.reference",
        "demarche": "a",
        "deposeeLe": "le 3 mai",
        "quotient": "beaucoup",
    }
    outcome = await bench.deliver(event, mapping=mapping)
    assert outcome.kind == "fix_data"
    assert "« deposeeLe »" in outcome.message
    assert "3 mai" not in str(outcome)
    assert family.calls == ["rechercherInscription"]

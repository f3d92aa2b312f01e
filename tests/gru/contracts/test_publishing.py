"""What leaves of a person through the hub is what the contracts in force allow together."""

import copy
import json
from datetime import timedelta

import pytest
from tests.gru.conftest import PROCEDURE
from tests.gru.contracts.making import contract

from etoile.contract import schemas
from etoile.contract.envelope import Event
from etoile.gru.cases import leaving
from etoile.gru.contracts import services
from etoile.gru.documents.models import Document
from etoile.gru.forms.services import load
from etoile.gru.outbox.identifiers import uuid7
from etoile.gru.outbox.models import OutgoingEvent

NOBODY = {"family_name": "non communiqué", "given_names": ""}
NAMES = {"family_name": "Martin", "given_names": "Camille"}
EMAIL = {"email": "camille.martin@example.org"}


def told(town) -> dict:
    case = town.submit(mandate={"on_behalf_of": "child", "name": "Lou Martin", "capacity": "parent"})
    said = json.loads(OutgoingEvent.objects.get(subject=case.subject).body)["data"]
    data = said["applicant"]
    assert (said["mandate"]["name"] == "Lou Martin") is (data["family_name"] == "Martin")
    assert data.pop("person") and data.pop("kind") == "natural"
    return data


DAY = timedelta(days=1)
READS = {"email": {"email": 100}, "sure": {"email": 200}, "all": dict.fromkeys(("family_name", "given_names"), 100)}


@pytest.mark.parametrize(
    ("contracts", "expected"),
    [
        ([], NOBODY),
        ([{"read": READS["email"]}], NOBODY | EMAIL),
        ([{"read": READS["sure"]}], NOBODY),
        ([{"read": READS["sure"]}, {"read": READS["email"]}], NOBODY | EMAIL),
        ([{"read": READS["all"]}, {"read": READS["email"]}], NAMES | EMAIL),
        ([{"read": READS["all"], "procedures": ["autre"]}], NOBODY),
        ([{"read": READS["all"], "procedures": [], "sectors": ["etat-civil"]}], NAMES),
        ([{"read": READS["all"], "begins": DAY}], NOBODY),
        ([{"read": READS["all"], "begins": -2 * DAY, "ends": -DAY}], NOBODY),
        ([{"read": READS["all"], "begins": -2 * DAY, "ends": 0 * DAY}], NAMES),
        ([{"read": READS["all"], "suspended": True}], NOBODY),
        ([{"read": {}, "write": {"family_name": 100}}], NOBODY),
    ],
)
def test_no_more_leaves_than_the_contracts_in_force_allow(town, contracts, expected):
    today = town.authority.today()
    for each in contracts:
        begins, ends, off = each.pop("begins", 0 * DAY), each.pop("ends", None), each.pop("suspended", False)
        made = contract(town, begins_on=today + begins, ends_on=None if ends is None else today + ends, **each)
        if off:
            services.suspend(made, "Fuite chez l'éditeur", by=None)
    assert told(town) == expected


ASKED = [
    {"id": "piece", "type": "file", "label": {"fr": "Pièce"}},
    {"id": "carte", "type": "identity_document", "label": {"fr": "Carte d’identité"}},
    {"id": "sante", "type": "file", "label": {"fr": "Certificat"}, "privacy": "sensitive"},
]
CLOSED = {"allergie", "carte", "sante"}


@pytest.mark.parametrize(
    ("contracts", "opened"),
    [
        ([], set()),
        ([{}], set()),
        ([{"answers": {"acte": ["allergie", "carte"]}}], {"allergie", "carte"}),
        ([{"answers": {"acte": ["allergie"]}}, {"answers": {"acte": ["sante"]}}], {"allergie", "sante"}),
        ([{"answers": {"autre": ["allergie"]}}], set()),
        ([{"answers": {"acte": ["allergie"]}, "procedures": ["autre"]}], set()),
    ],
)
def test_sensitive_answers_and_identity_documents_leave_when_a_contract_names_them(town, contracts, opened):
    for each in contracts:
        contract(town, **each)
    definition = copy.deepcopy(PROCEDURE)
    definition["pages"][0]["sections"][0]["fields"] += ASKED
    version = load(town.authority, definition)
    holder = uuid7()
    files = [
        Document.objects.create(
            authority=town.authority, holder=holder, field=name, name=f"{name}.pdf", media_type="application/pdf",
            size=1, sha256="0" * 64,
        )
        for name in ("piece", "carte", "sante")
    ]  # fmt: skip
    case = town.submit(version=version, case_id=holder, documents=files)
    event = Event.from_json(OutgoingEvent.objects.get(subject=case.subject).body.encode())
    assert schemas.violations(event) == []
    assert event.data["withheld"] == sorted(CLOSED - opened)
    left = {*event.data["answers"], *(each["field"] for each in event.data["documents"])}
    assert left == {"motif", "piece", *opened}
    seen = leaving.answers_of(case, {"motif": "Retraite", "allergie": None})
    assert set(seen) == {"motif", *({"allergie"} & opened)}
    assert {each.field for each in leaving.documents_of(case, files)} == {"piece", *(opened - {"allergie"})}

"""A request is filed once, in a folder of its own, with the properties that the town wrote."""

from typing import Any

import pytest

from etoile.connectors.cmis import filing
from etoile.sdk import OutcomeKind
from etoile.sdk.testing import EventFactory

EVENTS = EventFactory()
BOTH = pytest.mark.parametrize("ged", ["alfresco", "nuxeo"], indirect=True)


@pytest.fixture
def event() -> Any:
    return EVENTS.make(data={"documents": []})


def reference(event: Any) -> str:
    return str(event.data["case"]["reference"])


@BOTH
async def test_the_missing_folders_are_made_and_the_number_is_that_of_the_request_s_folder(bench, ged, event):
    outcome = await bench.deliver(event)
    assert (outcome.kind, outcome.message) == (OutcomeKind.ACKNOWLEDGED, "Dossier classé dans la GED, avec 1 document.")
    folder = ged.tree.by_id(outcome.external_id)
    assert bench.path(folder) == f"/Sites/mairie/{event.data['procedure']['title']['fr']}/{reference(event)}"
    [(path, size)] = bench.documents()
    assert path.startswith(bench.path(folder) + "/Demande-")
    assert size == len(f"Demande {reference(event)}")


@BOTH
async def test_a_second_try_finds_what_the_first_one_left(bench, ged, event):
    first = await bench.deliver(event)
    written = list(ged.actions)
    again = await bench.deliver(event, attempt=2)
    assert again == first
    assert (ged.actions, len(bench.documents())) == (written, 1)


@BOTH
@pytest.mark.parametrize("lost", range(3))
async def test_each_of_the_writings_may_lose_its_answer(bench, ged, event, lost):
    """Two folders and one document: the answer of the first, the second or the third is lost."""
    ged.losing = lost
    first = await bench.deliver(event)
    again = await bench.deliver(event, attempt=2)
    assert (first.kind, again.kind) == (OutcomeKind.RETRY, OutcomeKind.ACKNOWLEDGED)
    assert sorted(ged.actions) == ["createDocument", "createFolder", "createFolder"]
    assert len(bench.documents()) == 1


async def test_a_folder_that_somebody_makes_at_the_same_moment_is_used(bench, ged, event):
    ged.racing = True
    outcome = await bench.deliver(event)
    assert outcome.kind is OutcomeKind.ACKNOWLEDGED
    assert len(bench.documents()) == 1


async def test_properties_and_secondary_types_come_from_the_mapping(bench, ged, event):
    mapping = {
        "mapping": 1,
        "name": "ged",
        "application": "ged",
        "type": event.type,
        "version": 1,
        "send": {
            "folder": ["=event.data.case.reference"],
            "folder_properties": {
                "cmis:secondaryObjectTypeIds": ["P:gru:demande", "P:cm:titled"],
                "gru:reference": "=event.data.case.reference",
                "gru:deposee": {"$date": "=event.data.case.submitted_at", "format": "epoch_ms"},
                "gru:communes": ["Égly", "L’Haÿ-les-Roses"],
                "gru:urgente": True,
                "cm:title": "=event.data.procedure.title.fr",
            },
            "documents": [
                {
                    "name": "Reçu.txt",
                    "content": "é",
                    "properties": {"cmis:objectTypeId": "D:gru:piece", "gru:nature": "plan"},
                }
            ],
        },
    }
    outcome = await bench.deliver(event, mapping=mapping)
    found = ged.tree.by_id(outcome.external_id).properties
    assert found["gru:communes"] == ["Égly", "L’Haÿ-les-Roses"]
    assert (found["gru:reference"], found["gru:urgente"]) == (reference(event), True)
    assert found["gru:deposee"] > 1_700_000_000_000
    [document] = ged.tree.documents()
    assert document.name.startswith("Reçu-")
    assert (document.properties["gru:nature"], document.content.kept) == ("plan", "é".encode())


async def test_without_a_mapping_the_folder_is_the_reference_and_the_documents_are_all_of_them(bench, event):
    outcome = await bench.deliver(event, mapping=None)
    assert outcome.kind is OutcomeKind.ACKNOWLEDGED
    assert bench.documents() == []


async def test_two_documents_of_one_name_are_two_documents(event):
    names = [filing._unique("Plan : rez/de*chaussée.PDF", key) for key in ("a", "b", "a")]
    assert names[0] == names[2] != names[1]
    assert names[0].startswith("Plan - rez-de-chaussée-") and names[0].endswith(".PDF")


@pytest.mark.parametrize(
    ("written", "kept"),
    [("..", "sans nom"), (" a. ", "a"), ("e\u0301té", "été"), ("a\x00b\r\nc", "a-b--c"), ("x" * 300, "x" * 120)],
)
def test_a_name_is_one_that_repositories_take(written, kept):
    assert filing.clean(written) == kept


async def test_a_name_given_by_a_person_stays_below_the_folder_of_the_settings(bench, ged, event):
    mapping = {"folder": ["../../Confidentiel", "=event.data.case.reference"], "documents": []}
    outcome = await bench.deliver(event, mapping=mapping)
    path = bench.path(ged.tree.by_id(outcome.external_id))
    assert path == f"/Sites/mairie/-..-Confidentiel/{reference(event)}"


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"folder": ["Voirie"]}, "doit porter la référence"),
        ({"dossier": ["x"]}, "« folder »"),
        ({"folder": ["=event.data.answers.nowhere"]}, "Réglage à revoir"),
        ({"folder": ["=event.data.case.reference"], "documents": [{"name": "a"}]}, "« content »"),
        ({"folder": ["=event.data.case.reference"], "documents": [{"name": "a", "content": {"x": 1}}]}, "est un texte"),
    ],
)
async def test_a_mapping_that_does_not_say_where_is_for_a_human(bench, ged, event, mapping, words):
    outcome = await bench.deliver(event, mapping=mapping)
    assert outcome.kind is OutcomeKind.FIX_CONFIGURATION
    assert words in outcome.message
    assert ged.actions == []


async def test_a_message_about_no_case_is_not_filed(bench):
    outcome = await bench.deliver(EVENTS.make("org.etoile.person.updated.v1"), mapping=None)
    assert outcome.kind is OutcomeKind.FIX_CONFIGURATION
    assert "ne porte pas de demande" in outcome.message

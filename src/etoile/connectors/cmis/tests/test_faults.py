"""Whatever a repository answers, the outcome says who has to do something, in plain words."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import JSONResponse

from etoile.connectors.cmis import CONNECTOR, repository
from etoile.connectors.cmis.classification import refusal_of
from etoile.connectors.cmis.configuration import Configuration
from etoile.connectors.cmis.connector import Cmis
from etoile.connectors.cmis.double import Ged
from etoile.sdk import Door, OutcomeKind
from etoile.sdk.answers import Answer
from etoile.sdk.rehearsal import RehearsalDoor, rehearse
from etoile.sdk.testing import EventFactory, assert_conforms, serve

FOLDER = Path(__file__).parent.parent
FIXTURES = sorted((FOLDER / "fixtures").glob("*.json"))
EVENTS = EventFactory()


@pytest.fixture
def event() -> Any:
    return EVENTS.make(data={"documents": []})


@pytest.mark.parametrize(
    ("exception", "kind"),
    [
        ("constraint", OutcomeKind.FIX_DATA),
        ("invalidArgument", OutcomeKind.FIX_DATA),
        ("filterNotValid", OutcomeKind.FIX_DATA),
        ("nameConstraintViolation", OutcomeKind.FIX_DATA),
        ("permissionDenied", OutcomeKind.FIX_CONFIGURATION),
        ("objectNotFound", OutcomeKind.FIX_CONFIGURATION),
        ("notSupported", OutcomeKind.FIX_CONFIGURATION),
        ("streamNotSupported", OutcomeKind.FIX_CONFIGURATION),
        ("versioning", OutcomeKind.FIX_CONFIGURATION),
        ("contentAlreadyExists", OutcomeKind.RETRY),
        ("updateConflict", OutcomeKind.RETRY),
        ("storage", OutcomeKind.RETRY),
        ("runtime", OutcomeKind.RETRY),
        ("somethingNew", OutcomeKind.RETRY),
    ],
)
async def test_each_exception_of_cmis_has_its_outcome(bench, ged, event, exception, kind):
    ged.refusing = (exception, "ORA-12899, écrivez à admin@ville.fr")
    outcome = await bench.deliver(event)
    assert (outcome.kind, bench.documents()) == (kind, [])
    assert outcome.message[0].isupper() and "@" not in outcome.message
    assert outcome.http_status is not None


@pytest.mark.parametrize(
    ("fault", "kind", "words"),
    [
        ("down", OutcomeKind.RETRY, "ne répond pas"),
        ("unavailable", OutcomeKind.RETRY, "indisponible"),
        ("error", OutcomeKind.RETRY, "indisponible"),
        ("html", OutcomeKind.RETRY, "réponse inattendue"),
        ("truncated", OutcomeKind.RETRY, "réponse inattendue"),
        ("wrong_charset", OutcomeKind.RETRY, "réponse inattendue"),
        ("conflict", OutcomeKind.RETRY, "traite déjà"),
        ("too_many", OutcomeKind.RETRY, "attendre"),
        ("unauthorized", OutcomeKind.FIX_CONFIGURATION, "identifiants"),
        ("forbidden", OutcomeKind.FIX_CONFIGURATION, "accès"),
        ("not_found", OutcomeKind.FIX_CONFIGURATION, "adresse"),
        ("redirect", OutcomeKind.FIX_CONFIGURATION, "renvoie ailleurs"),
        ("gone", OutcomeKind.FIX_CONFIGURATION, "ne veut plus"),
        ("refuse", OutcomeKind.FIX_DATA, "Le champ « lieu » est inconnu"),
        ("renamed", OutcomeKind.FIX_CONFIGURATION, "pas un service CMIS"),
        ("duplicate", OutcomeKind.ACKNOWLEDGED, "classé"),
    ],
)
async def test_each_failure_is_named_for_what_it_is(bench, ged, event, fault, kind, words):
    ged.application.set(fault)
    outcome = await bench.deliver(event)
    assert (outcome.kind, words in outcome.message) == (kind, True), outcome
    ged.application.set(None)
    assert (await bench.deliver(event, attempt=2)).kind is OutcomeKind.ACKNOWLEDGED
    assert len(bench.documents()) == 1


async def test_a_repository_that_is_too_slow_is_tried_again(bench, ged, event):
    ged.application.set("slow", seconds=2)
    assert (await bench.deliver(event, seconds=0.2)).kind is OutcomeKind.RETRY
    ged.application.set(None)


async def test_a_wrong_or_missing_password_is_for_a_human(bench, event):
    wrong = await bench.deliver(event, secrets={"password": "another"})
    missing = await bench.deliver(event, secrets={})
    assert wrong.kind is missing.kind is OutcomeKind.FIX_CONFIGURATION
    assert "« password »" in missing.message


async def test_a_missing_base_folder_is_never_made(bench, ged, event):
    outcome = await bench.deliver(event, folder="/Sites/inconnu")
    assert outcome.kind is OutcomeKind.FIX_CONFIGURATION
    assert "« /Sites/inconnu »" in outcome.message
    assert ged.actions == []


async def test_a_value_that_the_type_does_not_have_is_told_in_the_words_of_the_repository(bench, event):
    text = {"name": "a.txt", "content": "x", "properties": {"gru:inconnue": "1"}}
    outcome = await bench.deliver(event, mapping={"folder": ["=event.data.case.reference"], "documents": [text]})
    assert outcome.kind is OutcomeKind.FIX_DATA
    assert outcome.message.startswith("Document n° 1 : ")
    assert "gru:inconnue is unknown" in outcome.message


async def test_the_password_goes_to_no_other_host_than_the_one_of_the_settings(bench, ged, event):
    """The repository tells addresses by an inner name: only their paths are used."""
    found = await repository.opened(bench.context(event))
    assert found.root == bench.url + ged.base + "/root"


async def test_with_several_repositories_one_must_be_chosen(bench, event):
    inside = {"rootFolderUrl": "http://inside/cmis/a/root", "repositoryUrl": "http://inside/cmis/a"}
    with serve(JSONResponse({"a": inside, "b": inside})) as address:
        async with Door([address.partition("://")[2]]) as door:
            outcome = await bench.deliver(event, http=door, url=address)
            assert (outcome.kind, "a, b" in outcome.message) == (OutcomeKind.FIX_CONFIGURATION, True)
            other = await bench.deliver(event, http=door, url=address, repository="c")
            assert "« c »" in other.message
            found = await repository.opened(bench.context(event, http=door, url=address, repository="b"))
            assert found.root == f"{address}/cmis/a/root"


async def test_the_check_says_that_all_is_ready_and_changes_nothing(bench, ged):
    checks = await CONNECTOR.check(bench.context())
    assert [(each.name, each.ok) for each in checks] == [
        (name, True) for name in ("settings", "reachability", "credentials", "rights", "types")
    ]
    assert ged.actions == []


@pytest.mark.parametrize(
    ("changes", "name", "words"),
    [
        ({"secrets": {"password": "x"}}, "credentials", "identifiants"),
        ({"folder": "/ailleurs"}, "rights", "« /ailleurs » n’existe pas"),
        ({"document_type": "D:gru:absent"}, "types", "D:gru:absent"),
        (
            {"mapping": {"folder": ["x"], "folder_properties": {"cmis:secondaryObjectTypeIds": ["P:absent"]}}},
            "types",
            "P:absent",
        ),
        ({"mapping": {"folder": ["=ev(("]}}, "settings", ""),
        ({"http": Door()}, "reachability", "n’est pas autorisée"),
    ],
)
async def test_the_check_says_what_is_wrong(bench, changes, name, words):
    checks = await CONNECTOR.check(bench.context(**changes))
    wrong = [each for each in checks if not each.ok]
    assert [each.name for each in wrong] == [name]
    assert words in wrong[0].message


async def test_the_check_tells_an_account_that_may_only_read(bench, ged):
    ged.readable_only = True
    wrong = [each.message for each in await CONNECTOR.check(bench.context()) if not each.ok]
    assert wrong == ["Notre compte ne peut pas créer un dossier ni un document dans « /Sites/mairie »."]


async def test_a_rehearsal_shows_the_first_writing_and_sends_nothing(bench, ged, event):
    door = RehearsalDoor({"password": "secret"})
    assert await rehearse(Cmis(), event, bench.context(event, http=door), door) == ""
    [written] = [each for each in door.sent if each.writes]
    assert "createFolder" in written.body
    assert ged.actions == []


async def test_nothing_about_a_person_reaches_the_logs_or_the_technical_detail(bench, ged, event, caplog):
    caplog.set_level(logging.DEBUG)
    for fault in ("refuse", "html", "down", "write_then_fail", "error"):
        ged.application.set(fault, count=1)
        outcome = await bench.deliver(event, attempt=2)
        applicant = event.data["applicant"]
        for value in (applicant["family_name"], applicant["email"], "a-password"):
            assert value not in outcome.detail + outcome.message + caplog.text


def test_the_manifest_and_the_help_page_tell_the_truth():
    assert_conforms(CONNECTOR)
    page = (FOLDER / "README.md").read_text()
    for name in Configuration.model_fields:
        assert f"`{name}`" in page


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.stem)
def test_a_recorded_answer_means_what_was_noted_then(fixture):
    recorded = json.loads(fixture.read_text())
    answer = recorded["response"]
    body = answer["body"] if isinstance(answer["body"], str) else json.dumps(answer["body"])
    outcome = refusal_of(Answer.read(answer["status"], answer["headers"], body.encode()))
    assert outcome is not None
    assert {name: getattr(outcome, name) for name in recorded["expected"]} == recorded["expected"]


def test_the_double_shows_what_it_holds():
    assert Ged().shown() == []

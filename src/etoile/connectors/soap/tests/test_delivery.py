"""A request is recorded once, whatever goes wrong on the way."""

import logging

import pytest

from etoile.connectors.soap import CONNECTOR
from etoile.connectors.soap.double import PASSWORD
from etoile.sdk import OutcomeKind
from etoile.sdk.rehearsal import RehearsalDoor, rehearse
from etoile.sdk.testing import assert_conforms


def test_the_manifest_and_the_settings_keep_the_rules_of_the_kit():
    assert_conforms(CONNECTOR)


async def test_a_rehearsal_shows_the_request_that_would_be_recorded(bench, family, event):
    door = RehearsalDoor({"password": PASSWORD})
    assert await rehearse(CONNECTOR, event, bench.context(event, http=door), door) == ""
    [sent] = door.sent
    assert "enregistrerInscription" in sent.body
    assert event.data["case"]["reference"] in sent.body
    assert (PASSWORD in sent.body, family.calls) == (False, [])


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("digest", [True, False])
async def test_the_number_comes_back_with_the_first_status(bench, family, settings, event, version, digest):
    identity = {**settings["security"], "digest": digest}
    outcome = await bench.deliver(event, version=version, security=identity)
    assert (outcome.kind, outcome.external_id) == (OutcomeKind.ACKNOWLEDGED, "FAM-00001"), outcome
    [returned] = outcome.returned
    assert (returned.status, returned.business_label) == ("received", "À traiter")
    assert family.calls == ["rechercherInscription", "enregistrerInscription"]
    assert event.data["case"]["reference"] == family.records[0]["reference"]


async def test_written_but_not_answered_is_recorded_once_after_the_retry(bench, family, event):
    family.application.set("write_then_fail", count=2)  # the look-up, then the record
    first = await bench.deliver(event, lookup={**bench.settings["lookup"], "always": False})
    assert (first.kind, len(family.records)) == (OutcomeKind.RETRY, 1)
    family.application.set(None)
    again = await bench.deliver(event, attempt=2)
    assert (again.kind, again.external_id, len(family.records)) == (OutcomeKind.ACKNOWLEDGED, "FAM-00001", 1)
    assert again.returned[0].business_code == "A_TRAITER"


async def test_without_a_look_up_a_person_looks_before_it_is_sent_again(bench, family, event):
    family.application.set("write_then_fail", count=1)
    outcome = await bench.deliver(event, lookup=None)
    assert (outcome.kind, "Regardez-y" in outcome.message) == (OutcomeKind.MANUAL, True)
    family.application.set("write_then_fail", count=1)
    assert (await bench.deliver(event, lookup=None, repeatable=True)).kind is OutcomeKind.RETRY
    family.application.set("unavailable")
    assert (await bench.deliver(event, lookup=None)).kind is OutcomeKind.RETRY


async def test_no_log_holds_anything_of_the_request(bench, family, event, caplog):
    with caplog.at_level(logging.DEBUG):
        await bench.deliver(event)
        family.faults.set("renamed")
        await bench.deliver(event)
    for hidden in ("DURAND", "Zoé", "un-mot-de-passe", event.data["case"]["reference"]):
        assert hidden not in caplog.text

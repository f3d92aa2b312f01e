"""What is particular to this connector; `etoile connector test` shows the rest."""

import asyncio
import json
from pathlib import Path

import street_works
from etoile.sdk.conformance.bench import mapping_of
from etoile.sdk.mapping import Mapping
from etoile.sdk.testing import assert_conforms, make_context
from street_works.double import rig

FIXTURES = Path(street_works.__file__).parent / "fixtures"
MAPPING = mapping_of(FIXTURES / "mapping.yaml")


async def deliver(**changed):
    """The outcome of one delivery to the simulated application."""
    async with rig() as double:
        settings = street_works.CONNECTOR.Configuration.model_validate(double.configuration)
        given = {"secrets": double.secrets, "mapping": MAPPING, **changed}
        context = make_context(settings, event=double.event, allowed=double.allowed, **given)
        async with context.http:
            return await street_works.CONNECTOR.deliver(double.event, context)


def test_the_manifest_tells_the_truth():
    assert_conforms(street_works.CONNECTOR)


def test_a_request_is_recorded_under_the_number_of_the_application():
    assert asyncio.run(deliver()).external_id == "V-1"


def test_a_mapping_that_does_not_fit_is_for_the_town_to_mend():
    outcome = asyncio.run(deliver(mapping={"title": "=event.data.nowhere"}))
    assert outcome.message.startswith("Réglage à revoir")


def test_a_recorded_answer_is_read_in_the_words_of_the_contract():
    recorded = json.loads((FIXTURES / "created.json").read_text())
    returned = Mapping.compile(MAPPING).back.read(recorded).returned
    assert (returned.status, returned.external_id, returned.sequence) == ("received", "V-1", 1)

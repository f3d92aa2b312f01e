"""A message is tried on a subscription: everything is shown, nothing leaves, and no person is."""

import json
from dataclasses import replace

import pytest
from django.db import connection, transaction

from etoile.expressions.errors import ExpressionError
from etoile.hub.registry import calling, directory, editing
from etoile.hub.registry.changes import By
from etoile.hub.registry.star import SubscriptionPart
from etoile.hub.routing import rehearsal
from tests.hub.conftest import OTHER_TOWN, SUBMITTED, count, submission

pytestmark = pytest.mark.usefixtures("emptied", "town")
BY = By("claire@example.org", "Branchement")
MAPPING = {"origin": "GRU DE LA VILLE", "ref": "=event.data.case.reference", "who": "=event.data.applicant.family_name"}


def made(**changes):
    """A subscription of technical services by an HTTP connector, as the registry holds it."""
    values = {
        "slug": "voirie-json",
        "application": "voirie",
        "type": SUBMITTED,
        "connector": "http_json",
        "mapping": MAPPING,
        "configuration": {
            "base_url": "https://voirie.test",
            "authentication": {"kind": "api_key"},
            "request": {"path": "/demandes"},
            "success": {"external_id": "response.id"},
        },
    }
    editing.keep_subscription(SubscriptionPart(**values | changes), by=BY, sealed={"api_key": "tres-secret"})
    with connection.cursor() as cursor:
        snapshot = directory.current(cursor)
    return next(view for view in snapshot.subscriptions.values() if view.slug == "voirie-json"), snapshot


def test_the_mapping_the_fields_and_the_request_are_shown_and_nothing_is_written() -> None:
    view, snapshot = made(fields=["case.reference", "applicant.family_name"])
    event, before = submission(), count("delivery_delivery")
    found = rehearsal.run(view, event, snapshot)
    assert found.taken
    allowed = {each.path for each in found.fields if each.allowed}
    assert allowed == {"case.reference", "applicant.family_name"}
    assert {each.pointer: each.value for each in found.leaves}["/ref"] == event.data["case"]["reference"]
    (sent,) = found.sent
    assert (sent.method, sent.url) == ("POST", "https://voirie.test/demandes")
    assert json.loads(sent.body)["who"] == event.data["applicant"]["family_name"]
    assert "tres-secret" not in repr(found.sent)
    assert (found.stopped, count("delivery_delivery")) == ("", before)


def test_masked_no_value_of_a_person_is_left() -> None:
    view, snapshot = made()
    event = submission()
    shown = repr(replace(rehearsal.masked(rehearsal.run(view, event, snapshot)), event=None))
    personal = [
        value
        for name in ("applicant", "answers", "documents")
        for _, value in rehearsal._values({name: event.data.get(name)})
        if isinstance(value, str) and len(value) > 5
    ]
    assert len(personal) > 3
    assert [value for value in personal if value in shown] == []
    assert event.data["case"]["reference"] in shown
    assert "GRU DE LA VILLE" in shown


def test_why_a_message_is_not_taken_is_said() -> None:
    view, snapshot = made()
    other = rehearsal.of_draft(view, filter="event.data.procedure.slug == 'autre'", mapping=None)
    assert "filtre ne prend pas" in rehearsal.run(other, submission(), snapshot).why
    broken = rehearsal.of_draft(view, filter="event.data.nothing == 1", mapping=None)
    assert "retenu" in rehearsal.run(broken, submission(), snapshot).why
    assert "collectivité" in rehearsal.run(view, submission(authority="99999999999999"), snapshot).why
    assert rehearsal.run(view, submission(source="voirie"), snapshot).why.startswith("L’application ne reçoit pas")
    assert rehearsal.run(view, submission(authority=OTHER_TOWN), snapshot).taken
    with pytest.raises(ExpressionError):
        rehearsal.of_draft(view, filter="event.", mapping=None)


def test_no_address_of_a_document_can_be_opened_from_a_rehearsal() -> None:
    view, snapshot = made(mapping=None)
    data = submission().data | {
        "documents": [
            {
                "id": "01980f3e-0d6d-7000-8000-000000000018",
                "name": "plan.pdf",
                "media_type": "application/pdf",
                "size": 12,
                "sha256": "0" * 64,
                "url": "https://gru.test/documents/plan",
            }
        ]
    }
    found = rehearsal.run(view, submission(data=data), snapshot)
    assert "https://gru.test/documents/plan" in found.sent[0].body
    assert "signature" not in found.sent[0].body


def test_the_example_of_the_type_serves_when_nothing_was_recorded() -> None:
    view, snapshot = made()
    assert rehearsal.run(view, rehearsal.example(view), snapshot).taken


def test_a_mailbox_shows_what_the_application_would_fetch() -> None:
    with connection.cursor() as cursor:
        snapshot = directory.current(cursor)
    view = next(each for each in snapshot.subscriptions.values() if each.slug == "voirie-demandes")
    (sent,) = rehearsal.run(view, submission(), snapshot).sent
    assert sent.method == "MAILBOX"
    assert json.loads(sent.body)["data"]["applicant"]["person"].startswith("pa_")


def test_a_connector_is_never_called_inside_a_transaction() -> None:
    view, _ = made()
    with transaction.atomic(), pytest.raises(calling.TransactionOpenError):
        calling.check(view)

from etoile.contract.signature import verify_address
from etoile.hub.delivery.prepare import allowed, prepare
from etoile.hub.registry import directory, pairwise
from tests.hub.delivery.conftest import SUBMITTED, subscribe


def test_only_the_allowed_fields_leave():
    data = {
        "case": {"id": "1", "url": "x"},
        "answers": {"a": 1, "b": 2},
        "documents": [{"id": 1, "name": "n"}],
        "team": 1,
    }
    kept = allowed(data, ("case.id", "answers", "documents.name", "team.slug", "absent.x"))
    assert kept == {"case": {"id": "1"}, "answers": {"a": 1, "b": 2}, "documents": [{"name": "n"}]}


def test_a_shorter_path_allows_what_a_longer_one_names():
    assert allowed({"a": {"b": 1, "c": 2}}, ("a.b", "a")) == {"a": {"b": 1, "c": 2}}


def test_each_application_has_its_own_name_for_a_person_and_fresh_addresses_of_documents(star, cursor, submitted):
    subscribe(star["planning"], "planning-submitted", SUBMITTED)
    snapshot = directory.current(cursor)
    document = submitted.data["documents"][0] | {"url": "https://demarches.example/documents/1"}
    person = "gru:" + submitted.data["applicant"]["person"]
    event = submitted.with_data(
        {**submitted.data, "documents": [document], "applicant": {**submitted.data["applicant"], "person": person}}
    )
    seen = {}
    for subscription in snapshot.subscriptions_for(SUBMITTED):
        prepared = prepare(event, subscription, snapshot, now=1000.0)
        seen[subscription.slug] = prepared.data["applicant"]["person"]
        assert pairwise.original(subscription.application, seen[subscription.slug]) == person
        url = prepared.data["documents"][0]["url"]
        verify_address(url, "s" * 32, now=1000 + 14 * 60)
        assert "expires=1900" in url
    assert len(set(seen.values())) == 2
    assert event.data["documents"][0]["url"] == "https://demarches.example/documents/1"


def test_the_hub_signs_no_address_outside_the_base_of_the_source(snapshot, submitted):
    for url in (
        "https://elsewhere.example/documents/1",
        "http://demarches.example/documents/1",
        "https://demarches.example.evil/documents/1",
    ):
        document = submitted.data["documents"][0] | {"url": url}
        event = submitted.with_data({**submitted.data, "documents": [document]})
        prepared = prepare(event, snapshot.subscriptions_for(SUBMITTED)[0], snapshot, now=1000.0)
        assert prepared.data["documents"][0]["url"] == url

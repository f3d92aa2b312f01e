"""An application tries its own event: everybody who would take it is told, nothing is kept, nothing leaves."""

import json

import pytest
from django.db import connection

from etoile.hub.registry import directory
from etoile.hub.routing.receivers import receivers
from tests.hub.conftest import STAR, stored, submission, token

pytestmark = pytest.mark.django_db
VOIRIE = """
  - slug: voirie-json
    application: voirie
    type: org.etoile.case.submitted.v1
    connector: http_json
    filter: event.data.procedure.slug == 'signalement-voirie' && has(event.data.answers.danger)
    fields: [case, procedure, answers.categorie, documents]
    mapping:
      mapping: 1
      name: voirie
      application: voirie
      type: org.etoile.case.submitted.v1
      version: 1
      codes: {natures: {values: {eclairage: LUM}}}
      send:
        Nature: {$code: natures, of: "=event.data.answers.categorie"}
        Where: "=has(event.data.answers.lieu.texte) ? event.data.answers.lieu.texte : null"
        Photos: "=event.data.documents[0].name"
        Place: {$value: "=event.data.answers.quartier", default: ""}
    configuration:
      base_url: https://voirie.test
      authentication: {kind: api_key}
      request: {path: "/demandes?ref={event.data.case.reference}"}
      success: {external_id: response.id}
    secrets: {api_key: {secret: voirie_api_key}}
"""
READ = {
    ("answers.categorie", "mapping", True),
    ("answers.danger", "filter", False),
    ("answers.lieu.texte", "mapping", False),
    ("answers.quartier", "mapping", False),
    ("case.reference", "settings", True),
    ("documents.name", "mapping", True),
    ("procedure.slug", "filter", True),
}


@pytest.fixture
def event(load_star, monkeypatch):
    monkeypatch.setenv("VOIRIE_API_KEY", "tout-a-fait-secret-et-long")
    load_star(STAR + VOIRIE)
    sample = submission()
    slug = {**sample.data["procedure"], "slug": "signalement-voirie"}
    answers = {"categorie": "chaussee", "danger": True, "lieu": {"texte": "Rue haute"}}
    return submission(data={**sample.data, "procedure": slug, "answers": answers})


def test_each_receiver_is_told_with_what_it_reads_and_what_its_mapping_gives(event) -> None:
    with connection.cursor() as cursor:
        snapshot = directory.current(cursor)
    ((plain, mapped),) = receivers([event], snapshot.application("gru"), snapshot)
    assert (plain.subscription.slug, plain.reads, plain.fields) == ("voirie-demandes", (), ())
    assert {(each.path, each.by, each.required) for each in mapped.reads} == READ
    failed = {each.pointer: bool(each.failure) for each in mapped.leaves}
    assert failed == {"/send/Nature": True, "/send/Where": True, "/send/Photos": True, "/send/Place": False}


def test_an_application_that_may_read_the_registry_tries_its_events_and_nothing_is_kept(event, client) -> None:
    def post(*events, bearer):
        body = json.dumps([each.to_dict() for each in events])
        return client.post(
            "/v1/rehearsals",
            body,
            content_type="application/cloudevents-batch+json",
            headers={"Authorization": f"Bearer {bearer}"},
        )

    before = stored()
    told = post(event, submission(), bearer=token("gru", "registry:read")).json()["items"]
    assert [[each["subscription"] for each in one["receivers"]] for one in told] == [
        ["voirie-demandes", "voirie-json"],
        ["voirie-demandes"],
    ]
    assert "tout-a-fait-secret-et-long" not in json.dumps(told)
    assert post(event, bearer=token("gru", "events:write")).status_code == 403
    assert post(submission(source="voirie"), bearer=token("gru", "registry:read")).status_code == 403
    assert stored() == before

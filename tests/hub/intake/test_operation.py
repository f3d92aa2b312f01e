"""What the console does, a machine declared for it does too; an application never."""

import re

import pytest
from django.db import connection

from etoile.contract.identifiers import uuid7
from etoile.hub.delivery.models import Delivery
from etoile.hub.intake import operation_api
from etoile.hub.intake.api import api, scopes
from etoile.hub.journal.models import Entry
from etoile.hub.registry.models import Application, Change, Credential, Operator, Subscription
from tests.hub.conftest import SUBMITTED, TOWN, submission, token

pytestmark = pytest.mark.django_db
REASON = {"reason": "Branchement du nouvel éditeur"}
URBANISME = {"name": "Urbanisme", "authorities": [TOWN], "receives": [SUBMITTED], **REASON}
WEBHOOK = {
    "application": "urbanisme",
    "type": SUBMITTED,
    "connector": "webhook",
    "configuration": {"url": "https://urbanisme.test/evenements"},
    "sealed": {"signing_secret": "whsec_c2VjcmV0"},
    **REASON,
}


@pytest.fixture
def sent(publish, town):
    """A message of the GRU and its delivery to technical services."""
    id = publish(submission(), token("gru")).json()["id"]
    return id, str(Delivery.objects.get().pk)


def test_every_address_of_operation_asks_for_a_scope_of_the_hub() -> None:
    asked = {name: scope for name, scope in scopes().items() if name.startswith("hub_")}
    assert len(asked) > 30
    assert set(asked.values()) == {"hub:read", "hub:operate", "hub:administer"}
    under = [each.name for each in api.urls[0] if str(each.pattern).startswith("hub/")]
    assert set(under) <= set(asked)


@pytest.mark.parametrize("client_id", ["gru", "voirie"])
def test_an_application_sees_nothing_of_operation_whatever_its_scopes(client, town, client_id) -> None:
    wide = token(client_id, "events:read deliveries:read deliveries:write registry:read registry:write mailbox")
    headers = {"Authorization": f"Bearer {wide}"}
    refused = []
    for path, verbs in client.get("/openapi.json").json()["paths"].items():
        if path.startswith("/v1/hub/"):
            address = path.replace("{id}", "01980f3e-0d6d-7000-8000-000000000018")
            address = re.sub(r"{\w+}", "1", address)
            for verb in verbs:
                answer = getattr(client, verb)(address, {}, content_type="application/json", headers=headers)
                refused.append(answer.status_code)
                assert answer.status_code == 403, (verb, path)
    assert len(refused) > 30


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("hub:read", "get", "status", 200),
        ("hub:read", "post", "subscriptions/voirie-demandes/hold", 403),
        ("hub:operate", "post", "subscriptions/voirie-demandes/hold", 200),
        ("hub:operate", "put", "subscriptions/voirie-demandes", 403),
        ("hub:operate", "get", "status", 403),
    ],
)
def test_a_scope_opens_its_own_addresses(client, operating, scope, method, path, status) -> None:
    headers = operating(scope)
    answer = getattr(client, method)(f"/v1/hub/{path}", REASON, content_type="application/json", headers=headers)
    assert answer.status_code == status


def test_the_status_says_what_waits_and_how_the_journal_is_sealed(ask, sent) -> None:
    status = ask("get", "status").json()
    assert status["open"][0]["subscription"] == "voirie-demandes"
    assert status["open"][0]["by_state"] == {"pending": 1}
    assert status["journal"]["unsealed"] > 0


def test_all_deliveries_and_messages_are_searched_by_exact_filters(ask, publish, sent) -> None:
    message, delivery = sent
    publish(submission(), token("gru"))
    reference = ask("get", f"messages/{message}").json()["reference"]
    assert {each["id"] for each in ask("get", "deliveries").json()["items"]} >= {delivery}
    for query, number in [
        ("state=pending&application=voirie", 2),
        ("subscription=voirie-demandes", 2),
        ("state=dead", 0),
        (f"case={reference}", 2),
        ("case=99-ZZZZ-9", 0),
        ("error=refus", 0),
        ("since=2020-01-01&until=2020-02-01", 0),
        ("type=org.etoile.case.submitted.v1&oldest_first=true", 2),
        ("state=pending&state=dead", 2),
    ]:
        assert len(ask("get", f"deliveries?{query}").json()["items"]) == number, query
    first = ask("get", "messages?limit=1")
    following = re.match(r"</v1/hub/(.+)>;", first["Link"])[1]
    second = ask("get", following).json()["items"]
    assert {first.json()["items"][0]["id"], second[0]["id"]} >= {message}
    assert ask("get", "deliveries?application=nobody").status_code == 404


def test_a_message_is_read_without_its_content_which_opens_with_a_reason(ask, sent) -> None:
    message, _ = sent
    shown = ask("get", f"messages/{message}")
    assert "family_name" not in shown.content.decode()
    assert shown.json()["journal"][0]["kind"] == "message.accepted"
    assert ask("post", f"messages/{message}/content", {}).status_code == 422
    opened = ask("post", f"messages/{message}/content", {"reason": "Question de l’usager"}).json()
    assert opened["event"]["data"]["applicant"]["family_name"]
    entry = Entry.objects.get(kind="message.opened", message_id=message)
    assert (entry.actor, entry.detail["reason"]) == ("gru (exploitation)", "Question de l’usager")


def test_deliveries_are_decided_in_bulk_and_first_counted(ask, publish, sent) -> None:
    for _ in range(3):
        publish(submission(), token("gru"))
    chosen = {"subscription": "voirie-demandes", "reason": "Saisies deux fois"}
    assert ask("post", "deliveries/cancel", chosen | {"dry_run": True}).json() == {"deliveries": 4, "done": False}
    assert not Delivery.objects.filter(state="cancelled").exists()
    assert ask("post", "deliveries/cancel", chosen).json() == {"deliveries": 4, "done": True}
    assert ask("post", "deliveries/replay", chosen | {"states": ["cancelled"]}).json()["deliveries"] == 4
    assert ask("post", "deliveries/replay", {"reason": "Tout"}).status_code == 422
    assert Entry.objects.filter(kind="delivery.replayed", actor="gru (exploitation)").count() == 4


def test_the_same_key_decides_once(ask, sent) -> None:
    chosen = {"subscription": "voirie-demandes", "reason": "Saisie deux fois"}
    first = ask("post", "deliveries/cancel", chosen, **{"Idempotency-Key": "k1"}).json()
    assert ask("post", "deliveries/cancel", chosen, **{"Idempotency-Key": "k1"}).json() == first
    assert Entry.objects.filter(kind="delivery.cancelled").count() == 1


def test_a_decision_too_large_for_one_transaction_is_not_taken_under_a_key(ask, sent, monkeypatch) -> None:
    monkeypatch.setattr(operation_api, "MOST_UNDER_KEY", 0)
    chosen = {"subscription": "voirie-demandes", "reason": "Saisie deux fois"}
    refused = ask("post", "deliveries/cancel", chosen, **{"Idempotency-Key": "k1"})
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (422, "too-many")
    assert not Entry.objects.filter(kind="delivery.cancelled").exists()
    assert ask("post", "deliveries/cancel", chosen).status_code == 200


def test_an_application_and_its_subscription_are_plugged_by_the_api(ask) -> None:
    assert ask("put", "applications/urbanisme", URBANISME).status_code == 200
    made = ask("put", "subscriptions/urbanisme-demandes", WEBHOOK)
    assert made.json()["facts"]["secrets"] == ["signing_secret"]
    assert "whsec" not in made.content.decode()
    assert Subscription.objects.get(slug="urbanisme-demandes").secrets == {"signing_secret": "whsec_c2VjcmV0"}
    told = ask("get", "changes?application=urbanisme").json()["items"]
    assert [(each["kind"], each["actor"]) for each in told] == [
        ("subscription", "gru (exploitation)"),
        ("application", "gru (exploitation)"),
    ]


def test_a_change_made_blindly_is_refused_and_an_informed_one_keeps_the_secrets(ask) -> None:
    ask("put", "applications/urbanisme", URBANISME)
    read = ask("put", "subscriptions/urbanisme-demandes", WEBHOOK)["ETag"]
    changed = {name: value for name, value in WEBHOOK.items() if name != "sealed"} | {"policy": {"concurrency": 2}}
    second = ask("put", "subscriptions/urbanisme-demandes", changed, **{"If-Match": read})
    assert second.status_code == 200
    assert Subscription.objects.get(slug="urbanisme-demandes").secrets == {"signing_secret": "whsec_c2VjcmV0"}
    assert ask("get", "subscriptions/urbanisme-demandes")["ETag"] == second["ETag"]
    late = ask("put", "subscriptions/urbanisme-demandes", changed, **{"If-Match": read})
    assert (late.status_code, late.json()["type"]) == (412, "urn:etoile:problem:changed-meanwhile")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"filter": "event.data."}, "#/filter"),
        ({"configuration": {}}, "#/configuration/url"),
        ({"connector": "telepathy"}, "#/connector"),
        ({"type": "org.etoile.case.withdrawn.v1"}, "#/type"),
        ({"policy": {"lease": 5, "timeout": 30}}, "#/policy/lease"),
        ({"mapping": {"a": "=event."}}, "#/mapping/a"),
        ({"colour": "red"}, "#/colour"),
        ({"reason": ""}, "#/reason"),
    ],
)
def test_what_makes_no_sense_is_told_with_its_place_and_changes_nothing(ask, change, pointer) -> None:
    ask("put", "applications/urbanisme", URBANISME)
    answer = ask("put", "subscriptions/urbanisme-demandes", WEBHOOK | change)
    assert answer.status_code == 422
    assert pointer in [each["pointer"] for each in answer.json()["errors"]]
    assert not Subscription.objects.filter(slug="urbanisme-demandes").exists()


def test_a_subscription_is_paused_and_resumed(ask, sent) -> None:
    held = ask("post", "subscriptions/voirie-demandes/hold", REASON).json()
    assert held == {"subscription": "voirie-demandes", "active": False, "deliveries": 1}
    assert Delivery.objects.get().state == "held"
    assert ask("post", "subscriptions/voirie-demandes/release", REASON).json()["deliveries"] == 1
    assert Change.objects.filter(kind="subscription", name="voirie-demandes").count() == 3


def test_access_is_given_once_and_withdrawn(client, ask) -> None:
    made = ask("post", "applications/famille/credentials/famille", {"scopes": ["mailbox"], **REASON}).json()
    grant = {"grant_type": "client_credentials", "client_id": "famille", "client_secret": made["client_secret"]}
    assert client.post("/oauth/token", grant).status_code == 200
    assert made["client_secret"] not in ask("get", "applications/famille/credentials").content.decode()
    ask("post", "applications/famille/credentials/famille/withdraw", REASON)
    assert Credential.objects.get(client_id="famille").expires_at is not None
    wrong = ask("post", "applications/famille/credentials/deux", {"scopes": ["hub:read"], **REASON})
    assert wrong.json()["errors"][0]["pointer"] == "#/scopes/0"


def test_accounts_of_the_console_are_opened_changed_and_closed(ask) -> None:
    new = {"role": "operator", "password": "une phrase assez longue 42", **REASON}
    assert ask("post", "operators/lea@example.org", new).json()["role"] == "administrator"
    assert ask("post", "operators/tom@example.org", new).json()["role"] == "operator"
    assert ask("post", "operators/tom@example.org", new).status_code == 409
    assert ask("post", "operators/tom@example.org/role", {"role": "reader", **REASON}).json()["role"] == "reader"
    assert ask("post", "operators/lea@example.org/close", REASON).status_code == 409
    assert ask("post", "operators/tom@example.org/close", REASON).json()["is_active"] is False
    assert ask("post", "operators/nobody@example.org/close", REASON).status_code == 404
    assert {each["email"] for each in ask("get", "operators").json()["items"]} == {"lea@example.org", "tom@example.org"}
    assert "password" not in ask("get", "operators").content.decode()
    assert Operator.objects.get(email="tom@example.org").check_password(new["password"])


def test_an_authority_is_added(ask) -> None:
    assert ask("put", "authorities/21490777700019", {"name": "Nouvelle", **REASON}).status_code == 200
    assert ask("put", "authorities/12", {"name": "Fausse", **REASON}).status_code == 422
    assert "21490777700019" in {each["siret"] for each in ask("get", "authorities").json()}


def test_what_is_watched_is_read(ask) -> None:
    for path in ("alarms", "alarms?closed=true", "jobs", "circuits", "reconciliations", "quarantine"):
        assert ask("get", path).json() == {"items": []}
    assert ask("get", "figures?since=2026-11-01&until=2026-11-28").status_code == 200
    assert ask("get", "figures?since=2026-11-28&until=2026-11-01").status_code == 422
    assert ask("get", "reconciliations/2026-11-01").status_code == 404
    assert ask("post", "subscriptions/voirie-demandes/close-circuit", REASON).json() == {"closed": False}


def test_answers_in_quarantine_are_read_opened_applied_and_put_aside(ask, town) -> None:
    voirie = Application.objects.get(slug="voirie")
    with connection.cursor() as cursor:
        for index in (1, 2):
            cursor.execute(
                "INSERT INTO delivery_quarantined"
                " (id, at, seen_at, application_id, external_id, status, reason, digest,"
                " content, state) VALUES (%s, now(), now(), %s, %s, 'received', 'unknown_case', %s, %s, 'waiting')",
                [uuid7(), voirie.pk, f"ST-{index}", bytes([index]), '{"message": "Bonjour Mme Durand"}'],
            )
    listed = ask("get", "quarantine?application=voirie")
    assert "Durand" not in listed.content.decode()
    first, second = (each["id"] for each in listed.json()["items"])
    opened = ask("post", f"quarantine/{first}/content", REASON).json()
    assert opened == {"event": {"message": "Bonjour Mme Durand"}}
    assert Entry.objects.get(kind="quarantine.opened").detail["quarantined"] == first
    assert ask("post", "quarantine/reprocess", REASON).json() == {"applied": 0, "waiting": 2}
    assert ask("post", "quarantine/discard", {"ids": [first, second], **REASON}).json()["deliveries"] == 2
    assert ask("post", f"quarantine/{first}/content", REASON).status_code == 404
    assert len(ask("get", "quarantine?state=discarded").json()["items"]) == 2


def test_the_hub_itself_is_not_changed(ask) -> None:
    assert ask("get", "applications/hub").status_code == 404
    assert ask("put", "applications/hub", URBANISME).status_code == 422
    assert Application.objects.get(slug="hub").name == "Étoile"


def test_every_address_of_operation_is_described_with_words_and_a_scope(client) -> None:
    document = client.get("/openapi.json").json()
    found = {path: verbs for path, verbs in document["paths"].items() if path.startswith("/v1/hub/")}
    assert len(found) >= 30
    for path, verbs in found.items():
        for verb, operation in verbs.items():
            assert operation["security"][0]["OAuth2"][0].startswith("hub:"), (path, verb)
            assert operation.get("summary"), (path, verb)
    assert document["components"]["schemas"]["SubscriptionIn"]["example"]["connector"] == "webhook"


def test_every_installed_connector_is_told_with_what_it_can_do(client, operating) -> None:
    items = client.get("/v1/hub/connectors", headers=operating("hub:read")).json()["items"]
    assert {"http_json", "file_drop", "soap", "mailbox"} <= {each["name"] for each in items}
    [one] = [each for each in items if each["name"] == "http_json"]
    assert (one["capabilities"], one["licence"]) == (["check", "deliver", "held", "poll"], "AGPL-3.0-or-later")
    assert one["badge"] is None or one["badge"]["result"] == one["standing"]

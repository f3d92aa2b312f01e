"""Each change of the registry is told with who, when, why, before and after; a secret never is."""

import json

import pytest
from django.db import connection

from etoile.hub.journal.models import Entry
from etoile.hub.registry import changes, editing
from etoile.hub.registry.changes import By
from etoile.hub.registry.models import Application, Change, Credential, Subscription
from etoile.hub.registry.star import ApplicationPart, CredentialPart, StarError, SubscriptionPart
from tests.hub.conftest import OTHER_TOWN, STAR, SUBMITTED

pytestmark = pytest.mark.django_db
BY = By("claire@example.org", "Changement d’éditeur")
MARK = {
    "slug": "voirie-courriels",
    "application": "voirie",
    "type": SUBMITTED,
    "connector": "webhook",
    "configuration": {"url": "https://voirie.test/", "headers": {"Authorization": "Basic c2VjcmV0"}},
}


def last(kind: str, name: str) -> Change:
    return Change.objects.filter(kind=kind, name=name).first()


def everything_written() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, ' ') FROM registry_change c")
        history = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(detail::text, ' ') FROM journal_entry")
        return history + cursor.fetchone()[0]


def test_a_star_file_writes_the_same_history_as_a_person(load_star) -> None:
    load_star(STAR)
    made = last("application", "voirie")
    assert made.before is None
    assert made.after["receives"] == {SUBMITTED: {"expected_behaviour": "", "service_level": ""}}
    assert made.reason == "Fichier d’étoile star.yaml"
    count = Change.objects.count()
    load_star(STAR)
    assert Change.objects.count() == count
    load_star(STAR.replace("name: Services techniques", "name: Voirie et réseaux"))
    change = last("application", "voirie")
    assert Change.objects.count() == count + 1
    assert (change.before["name"], change.after["name"]) == ("Services techniques", "Voirie et réseaux")
    entry = Entry.objects.filter(kind="registry.changed").first()
    assert (entry.application, entry.detail["fields"]) == ("voirie", ["name"])
    load_star(STAR.replace("name: Bourg-Neuf", "name: Bourg-Neuf-sur-Loire"))
    change = last("authority", OTHER_TOWN)
    assert (change.before["name"], change.after["name"]) == ("Bourg-Neuf", "Bourg-Neuf-sur-Loire")


@pytest.mark.usefixtures("town")
def test_a_change_by_a_person_is_checked_written_and_told() -> None:
    row = Application.objects.get(slug="famille")
    part = editing.part_of_application(row).model_copy(update={"vendor": "Éditeur neuf"})
    editing.keep_application(part, by=BY)
    change = last("application", "famille")
    assert changes.different(change.before, change.after) == ["vendor"]
    assert (change.actor, change.reason) == (BY.actor, BY.reason)


@pytest.mark.usefixtures("town")
def test_what_a_star_file_would_be_refused_a_person_is_refused_too() -> None:
    part = SubscriptionPart(**MARK | {"application": "voirie", "filter": "event.data.", "fields": ["case.colour"]})
    with pytest.raises(StarError) as refusal:
        editing.keep_subscription(part, by=BY)
    assert {each.place for each in refusal.value.problems} == {("filter",), ("fields", 0)}
    assert not Subscription.objects.filter(slug=part.slug).exists()


@pytest.mark.usefixtures("town")
def test_a_change_without_a_reason_is_refused() -> None:
    with pytest.raises(StarError) as refusal:
        editing.keep_subscription(SubscriptionPart(**MARK), by=By("claire@example.org", "  "))
    assert refusal.value.problems[0].place == ("reason",)


@pytest.mark.usefixtures("town")
def test_a_change_made_blindly_is_refused() -> None:
    seen = editing.version("subscription", MARK["slug"])
    editing.keep_subscription(SubscriptionPart(**MARK), by=BY, seen=seen)
    with pytest.raises(editing.ChangedMeanwhileError):
        editing.keep_subscription(SubscriptionPart(**MARK), by=BY, seen=seen)


@pytest.mark.usefixtures("town")
def test_a_secret_is_kept_replaced_or_forgotten_and_never_told() -> None:
    editing.keep_subscription(SubscriptionPart(**MARK), by=BY, sealed={"signing_secret": "whsec_premier", "b": "deux"})
    row = Subscription.objects.get(slug=MARK["slug"])
    assert row.secrets == {"signing_secret": "whsec_premier", "b": "deux"}
    editing.keep_subscription(SubscriptionPart(**MARK), by=BY, kept=["signing_secret"])
    assert Subscription.objects.get(slug=MARK["slug"]).secrets == {"signing_secret": "whsec_premier"}
    editing.keep_subscription(SubscriptionPart(**MARK), by=BY, sealed={"signing_secret": "whsec_second"})
    change = last("subscription", MARK["slug"])
    assert changes.different(change.before, change.after) == ["secrets_replaced"]
    written = everything_written()
    assert not [word for word in ("whsec_premier", "deux", "whsec_second", "c2VjcmV0") if word in written]


@pytest.mark.usefixtures("town")
def test_the_secret_of_a_credential_is_told_once_and_opens_the_hub(client) -> None:
    secret = editing.make_credential("famille", "famille-2", ["mailbox"], by=BY)
    answer = client.post(
        "/oauth/token", {"grant_type": "client_credentials", "client_id": "famille-2", "client_secret": secret}
    )
    assert answer.json()["scope"] == "mailbox"
    assert secret not in everything_written()
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert client.get("/v1/mailbox", headers=bearer).status_code == 200
    editing.withdraw_credential("famille-2", by=BY)
    assert client.get("/v1/mailbox", headers=bearer).status_code == 401


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("scopes", "operation"), [(["hub:read"], False), (["hub:read", "events:write"], True), (["everything"], False)]
)
def test_the_scopes_of_the_hub_are_for_a_credential_that_operates_it_and_does_nothing_else(scopes, operation) -> None:
    with pytest.raises(StarError) as refusal:
        editing.make_credential("gru", "exploitation", scopes, by=BY, operation=operation)
    assert refusal.value.problems[0].place[0] == "scopes"
    assert not Credential.objects.filter(client_id="exploitation").exists()


def test_a_star_file_declares_the_credential_that_operates_the_hub(load_star) -> None:
    declared = "{client_id: ops, secret: {secret: ops_secret}, scopes: [hub:read], operation: true}"
    load_star(STAR.replace("credentials: [{client_id: gru", f"credentials: [{declared}, {{client_id: gru"))
    assert Credential.objects.get(client_id="ops").operation
    with pytest.raises(StarError, match="operation: true"):
        load_star(STAR.replace("scopes: [events:write, events:read]", "scopes: [events:write, hub:read]"))


def test_what_looks_like_a_secret_in_a_configuration_is_hidden() -> None:
    told = changes.without_secrets(
        {
            "headers": {"X-Api-Key": "abc", "Accept": "text/plain"},
            "authentication": {"kind": "oauth2", "secret": "client_secret", "token_url": "https://a.test/"},
            "security": {"username": "ville", "secret": "password"},
        }
    )
    assert told == {
        "headers": {"X-Api-Key": "•••", "Accept": "text/plain"},
        "authentication": {"kind": "oauth2", "secret": "client_secret", "token_url": "https://a.test/"},
        "security": {"username": "ville", "secret": "password"},
    }


def test_an_application_survives_being_told_as_a_part(load_star) -> None:
    load_star(STAR)
    row = Application.objects.get(slug="gru")
    part = ApplicationPart.model_validate(json.loads(editing.part_of_application(row).model_dump_json()))
    before = Change.objects.count()
    editing.keep_application(part, by=BY)
    assert Change.objects.count() == before


def test_a_credential_part_says_whether_it_operates() -> None:
    assert CredentialPart(client_id="a", secret={"secret": "b"}, scopes=["mailbox"]).operation is False

"""An application is plugged from the screen: created, checked, tried and switched, and every change is told."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from etoile.hub.journal.models import Entry
from etoile.hub.registry import calling, editing
from etoile.hub.registry.changes import By
from etoile.hub.registry.models import Application, Change, Credential, Operator, Subscription
from etoile.hub.registry.star import SubscriptionPart
from etoile.runtime.background import BusyError
from etoile.sdk import Check
from tests.hub.conftest import OTHER_TOWN, SUBMITTED, TOWN

REASON = {"reason": "Branchement du nouvel éditeur"}
NEW = {
    "slug": "urbanisme",
    "name": "Urbanisme",
    "environment": "test",
    "answerable": "vendor",
    "authorities": [TOWN],
    "receives": [SUBMITTED],
    "is_active": "on",
    **REASON,
}
SETTINGS = {
    "slug": "urbanisme-demandes",
    "champs-mode": "tous",
    "reglage.url": "https://urbanisme.test/evenements",
    "reglage.timeout": "12,5",
    "reglage.accept": "empty\r\njson",
    "reglage.signing_secrets": "signing_secret",
    "secret.0.nom": "signing_secret",
    "secret.0.valeur": "whsec_c2VjcmV0",
    "regle.timeout": "20",
    "regle.concurrency": "4",
    "regle.lease": "60",
    "ordonne": "on",
    "actif": "on",
    **REASON,
}


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def new_subscription(application="urbanisme", connector="webhook") -> str:
    return f"{reverse('console:subscription-new')}?application={application}&type={SUBMITTED}&connecteur={connector}"


@pytest.fixture
def plugged(client, operator, town):
    assert client.post(reverse("console:application-new"), NEW).status_code == 302
    assert client.post(new_subscription(), SETTINGS).status_code == 302
    return Subscription.objects.get(slug="urbanisme-demandes")


def test_an_application_and_its_subscription_are_created_from_the_screen(client, operator, plugged):
    assert plugged.application.name == "Urbanisme"
    assert plugged.configuration["url"] == "https://urbanisme.test/evenements"
    assert plugged.secrets == {"signing_secret": "whsec_c2VjcmV0"}
    assert plugged.policy["concurrency"] == 4
    page = text(client.get(reverse("console:application", args=["urbanisme"])))
    assert "urbanisme-demandes" in page
    assert REASON["reason"] in page
    assert operator.email in page
    assert Entry.objects.filter(kind="registry.changed", application="urbanisme").count() == 2


def test_a_secret_is_never_shown_again_nor_lost_when_left_empty(client, operator, plugged):
    edit = reverse("console:subscription-edit", args=[plugged.slug])
    shown = client.get(edit).content.decode()
    assert "whsec_c2VjcmV0" not in shown
    assert "whsec_c2VjcmV0" not in client.get(reverse("console:subscription", args=[plugged.slug])).content.decode()
    seen = editing.version("subscription", plugged.slug)
    answer = client.post(edit, SETTINGS | {"secret.0.valeur": "", "regle.concurrency": "2", "seen": seen})
    assert answer.status_code == 302
    plugged.refresh_from_db()
    assert (plugged.secrets, plugged.policy["concurrency"]) == ({"signing_secret": "whsec_c2VjcmV0"}, 2)
    history = text(client.get(reverse("console:subscription", args=[plugged.slug])))
    assert "Règles d’envoi" in history


@pytest.mark.parametrize(
    ("change", "words", "target"),
    [
        ({"filtre": "event.data."}, "colonne 12", "champ-filtre"),
        ({"correspondance": "a: [1"}, "Ce n’est pas du YAML", "champ-correspondance"),
        ({"correspondance": "a: 1\nb: =event."}, "Ligne 2", "champ-correspondance"),
        ({"correspondance": "a: 1\nb: =event.data.case.refrence"}, "event.data.case.reference", "champ-correspondance"),
        ({"reglage.url": "ftp://x"}, "Ce n’est pas écrit comme attendu.", "champ-reglage-url"),
        ({"reglage.url": ""}, "Remplissez ce champ.", "champ-reglage-url"),
        ({"reglage.timeout": "beaucoup"}, "Écrivez un nombre", "champ-reglage-timeout"),
        ({"regle.lease": "10"}, "Il doit dépasser", "champ-regle-lease"),
        ({"champs-mode": "choisis"}, "Cochez au moins un champ", "champ-champs-mode"),
        ({"secret.0.valeur": ""}, "Donnez sa valeur", "champ-secret-0-nom"),
        ({"reason": ""}, "Écrivez pourquoi", "champ-reason"),
        ({"slug": "voirie-demandes"}, "déjà celui d’un abonnement", "champ-slug"),
        ({"slug": "Pas Bon"}, "Des minuscules", "champ-slug"),
    ],
)
def test_each_error_is_told_at_its_field_and_nothing_is_saved(client, operator, town, change, words, target):
    client.post(reverse("console:application-new"), NEW)
    before = Subscription.objects.count()
    answer = client.post(new_subscription(), SETTINGS | change)
    page = text(answer)
    assert answer.status_code == 422
    assert words in page
    assert f'href="#{target}"' in page
    assert f'id="{target}"' in page
    assert Subscription.objects.count() == before


def test_only_the_chosen_fields_are_allowed(client, operator, town):
    client.post(reverse("console:application-new"), NEW)
    given = SETTINGS | {"champs-mode": "choisis", "champs": ["case.reference", "applicant.family_name"]}
    client.post(new_subscription(), given)
    assert Subscription.objects.get(slug="urbanisme-demandes").fields == ["case.reference", "applicant.family_name"]


def test_the_settings_of_another_way_show_when_it_is_chosen(client, operator, town):
    page = text(client.get(new_subscription("voirie", "http_json")))
    assert "reglage.authentication.username" not in page
    chosen = {"reglage.authentication.kind": "basic", "afficher": "1"}
    shown = client.post(new_subscription("voirie", "http_json"), chosen)
    assert shown.status_code == 200
    assert "reglage.authentication.username" in text(shown)


def test_the_settings_of_a_connector_are_explained_in_the_language_of_the_reader(client, operator, town):
    french = text(client.get(new_subscription("voirie", "http_json")))
    assert "Celle qui crée la demande dans l’application ; son contenu vient de la correspondance." in french
    client.cookies["hub_language"] = "en"
    english = text(client.get(new_subscription("voirie", "http_json")))
    assert "Time allowed for an answer (seconds)" in english
    assert "The one that makes the request in the application; its content comes from the mapping." in english
    assert "Délai de réponse (secondes)" not in english


def test_two_people_do_not_overwrite_one_another(client, operator, plugged):
    edit = reverse("console:subscription-edit", args=[plugged.slug])
    seen = editing.version("subscription", plugged.slug)
    client.post(edit, SETTINGS | {"regle.concurrency": "2", "seen": seen})
    answer = client.post(edit, SETTINGS | {"regle.concurrency": "3", "seen": seen})
    assert answer.status_code == 422
    assert "Quelqu’un d’autre l’a changé" in text(answer)
    plugged.refresh_from_db()
    assert plugged.policy["concurrency"] == 2


def test_the_type_offered_is_what_the_contract_says_is_received(client, operator, town):
    choice = text(client.get(f"{reverse('console:subscription-new')}?application=famille"))
    assert SUBMITTED in choice
    assert "case.withdrawn" not in choice
    forced = client.get(
        f"{reverse('console:subscription-new')}?application=famille&type=org.etoile.case.withdrawn.v1&connecteur=webhook"
    )
    assert "Quel message" in text(forced)


def test_an_application_is_changed_with_its_contract_kept(client, operator, plugged):
    contract = reverse("console:contract", args=["urbanisme"])
    line = plugged.application.interfaces.get()
    seen = editing.version("application", "urbanisme")
    given = {f"comportement-{line.pk}": "Crée un dossier.", f"delai-{line.pk}": "une minute", "seen": seen}
    assert client.post(contract, REASON | given).status_code == 302
    seen = editing.version("application", "urbanisme")
    edit = {name: value for name, value in NEW.items() if name != "slug"} | {"vendor": "Éditeur neuf", "seen": seen}
    assert client.post(reverse("console:application-edit", args=["urbanisme"]), edit).status_code == 302
    row = Application.objects.get(slug="urbanisme")
    assert row.vendor == "Éditeur neuf"
    assert row.interfaces.get().expected_behaviour == "Crée un dossier."


def test_an_application_is_refused_in_plain_words(client, operator, town):
    given = NEW | {"slug": "voirie", "authorities": [], "document_secret": "x"}
    page = text(client.post(reverse("console:application-new"), given))
    for words in ("déjà celui d’une application", "au moins une collectivité", "ne sert qu’avec leur adresse"):
        assert words in page
    assert client.get(reverse("console:application-edit", args=["hub"])).status_code == 404


def test_a_secret_of_access_is_shown_once(client, operator, town):
    new = reverse("console:credential-new", args=["famille"])
    page = text(client.post(new, REASON | {"client_id": "famille", "scopes": ["mailbox"]}))
    secret = re.search(r'aria-labelledby="secret">([^<]+)</pre>', page)[1]
    assert secret not in text(client.get(reverse("console:application", args=["famille"])))
    assert Credential.objects.get(client_id="famille").application.slug == "famille"
    mixed = client.post(new, REASON | {"client_id": "deux", "scopes": ["mailbox", "hub:read"]})
    assert "ne fait rien d’autre" in text(mixed)
    withdraw = reverse("console:credential-withdraw", args=["famille"])
    refused = client.post(withdraw, {"client_id": "famille", "reason": ""})
    assert refused.status_code == 422 and 'id="erreurs"' in text(refused) and "<details open>" in text(refused)
    client.post(withdraw, REASON | {"client_id": "famille"})
    assert Credential.objects.get(client_id="famille").expires_at is not None


def test_a_town_begins_with_its_authority(client, operator, db):
    given = {"siret": OTHER_TOWN, "name": "Bourg-Neuf", **REASON}
    assert client.post(reverse("console:authority-new"), given).status_code == 302
    assert "Bourg-Neuf" in text(client.get(reverse("console:applications")))


@pytest.mark.parametrize(("way", "active"), [("hold", False), ("release", True)])
def test_a_subscription_is_paused_and_resumed_with_a_reason(client, operator, plugged, way, active):
    Subscription.objects.update(active=not active)
    switch = reverse("console:switch", args=[plugged.slug])
    assert client.post(switch, {way: "1", "reason": " "}).status_code == 422
    client.post(switch, {way: "1", "reason": "Maintenance"})
    plugged.refresh_from_db()
    assert plugged.active is active
    assert Change.objects.filter(kind="subscription", name=plugged.slug).first().reason == "Maintenance"


def test_an_application_that_is_cut_is_called_again_by_hand(client, operator, plugged):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO delivery_circuit (subscription_id, state, since, next_probe)"
            " VALUES (%s, 'open', now(), now())",
            [plugged.pk],
        )
    page = reverse("console:subscription", args=[plugged.slug])
    assert "n’est plus appelée pour l’instant" in text(client.get(page))
    close = reverse("console:close-circuit", args=[plugged.slug])
    assert client.post(close, {"reason": " "}).status_code == 422
    assert client.post(close, {"reason": "Réparée"}).status_code == 302
    assert "n’est plus appelée pour l’instant" not in text(client.get(page))
    assert Entry.objects.get(kind="circuit.closed").detail["reason"] == "Réparée"


def test_the_lines_of_a_check_are_shown(client, operator, plugged, monkeypatch):
    lines = [Check("settings", True, "Les réglages sont lisibles."), Check("reachability", False, "Pas de réponse.")]
    monkeypatch.setattr(calling, "check", lambda view: lines)
    page = text(client.post(reverse("console:check", args=[plugged.slug])))
    assert "Les réglages sont lisibles." in page
    assert "Pas de réponse." in page
    assert "Rien n’a été changé" in page


def test_too_many_checks_at_once_are_told_to_come_back(client, operator, plugged, monkeypatch):
    def full(view):
        raise BusyError("connectors")

    monkeypatch.setattr(calling, "check", full)
    answer = client.post(reverse("console:check", args=[plugged.slug]))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Recommencez dans quelques secondes" in text(answer)


def test_an_administrator_opens_an_account_gives_a_role_and_closes_it(client, operator, town):
    new = {"email": "Tom@Example.org", "role": "reader", "password": "une phrase assez longue 42", **REASON}
    assert client.post(reverse("console:operator-new"), new).status_code == 302
    tom = Operator.objects.get(email="tom@example.org")
    page = reverse("console:operator", args=[tom.pk])
    client.post(page, {"role": "operator", "give": "1", **REASON})
    client.post(page, {"role": "operator", "close": "1", **REASON})
    tom.refresh_from_db()
    assert (tom.role, tom.is_active) == ("operator", False)
    again = client.post(reverse("console:operator-new"), new)
    assert "déjà un compte" in text(again)
    mine = client.post(reverse("console:operator", args=[operator.pk]), {"role": "reader", "give": "1", **REASON})
    assert "dernière personne" in text(mine)


@pytest.mark.parametrize("name", ["applications", "application", "subscription", "trial", "subscription-edit"])
def test_the_number_of_statements_does_not_grow_with_the_rows(
    client, operator, plugged, name, django_assert_max_num_queries
):
    places = {"application": ["urbanisme"], "subscription": [plugged.slug], "trial": [plugged.slug]}
    address = reverse(f"console:{name}", args=places.get(name, [plugged.slug] if name == "subscription-edit" else []))
    for index in range(12):
        part = SubscriptionPart(
            slug=f"autre-{index}", application="urbanisme", type=SUBMITTED, connector="mailbox", active=index % 2 == 0
        )
        editing.keep_subscription(part, by=By("test", "Essai"))
    with django_assert_max_num_queries(14):
        assert client.get(address).status_code == 200


def test_the_installed_connectors_are_shown_with_their_tests_and_who_uses_them(client, operator, plugged):
    page = text(client.get(reverse("console:connectors")))
    assert all(name in page for name in ("http_json", "webhook", "mailbox"))
    assert "urbanisme-demandes" in page
    assert reverse("console:connectors") in text(client.get(reverse("console:applications")))

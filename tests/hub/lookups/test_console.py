"""The page of a lookup, its twins of the API, and the command: how it stands, trying it with a reason."""

import io
import re

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.urls import reverse

from etoile.hub.registry.models import Operator
from etoile.sdk import LookupOutcome
from tests.hub.conftest import count
from tests.hub.lookups.conftest import NAME, STAR_WITH_LOOKUPS

FOUND = LookupOutcome.found({"QF": "850"})
DOWN = LookupOutcome.unavailable("La CAF ne répond pas.")
PAGE = "/console/consultations/quotient-familial/"


@pytest.fixture
def person(client, db):
    operator = Operator.objects.create(email="lea@ville.example", name="Léa", role="operator")
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    return operator


def text(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_list_shows_each_lookup_its_state_and_its_last_day(client, person, ask, said, django_assert_num_queries):
    said.words = {"caf": DOWN, "msa": LookupOutcome.found({"valeur": 1})}
    ask({"nom": "a"})
    ask({"nom": "a"})
    page = text(client.get(reverse("console:lookups")))
    assert "Quotient familial" in page
    assert "répond en partie" in page
    said.words["msa"] = DOWN
    ask({"nom": "b"})
    assert "sans réponse" in text(client.get(reverse("console:lookups")))
    # Session, operator, version of the registry, who fails, figures, what waits (for the navigation).
    with django_assert_num_queries(6):
        client.get(reverse("console:lookups"))


def test_a_trial_shows_the_answer_and_leaves_its_reason_alone_in_the_journal(client, person, said, journal):
    said.words = {"caf": DOWN, "msa": LookupOutcome.found({"valeur": 620})}
    answer = client.post(f"{PAGE}essai/", {"question.nom": NAME, "reason": "Une famille appelle"})
    page = text(answer)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert "620" in page
    assert "La CAF ne répond pas." in page
    (entry,) = journal("lookup.tried")
    assert (entry["actor"], entry["reason"]) == ("lea@ville.example", "Une famille appelle")
    assert NAME not in str(entry)
    assert journal("lookup.asked") == []


def test_the_failures_of_who_tries_pause_nobody_and_an_answer_ends_what_was_failing(client, person, ask, said):
    said.words = {"caf": DOWN, "msa": DOWN}
    for number in range(3):
        client.post(f"{PAGE}essai/", {"question.nom": f"n{number}", "reason": "Essai"})
    assert "répond" in text(client.get(PAGE))
    assert count("lookups_failing") == 0
    ask()
    assert count("lookups_failing") == 2
    said.words["caf"] = FOUND
    client.post(f"{PAGE}essai/", {"question.nom": NAME, "reason": "Réparé"})
    assert count("lookups_failing") == 1


def test_a_trial_without_reason_or_with_a_wrong_value_asks_nothing(client, person, said):
    assert client.post(f"{PAGE}essai/", {"question.nom": NAME}).status_code == 422
    wrong = client.post(f"{PAGE}essai/", {"question.nom": "", "reason": "Essai"})
    assert wrong.status_code == 422
    assert "Cette valeur n’est pas celle qui est attendue" in text(wrong)
    assert said.asked == []


def test_a_provider_is_checked_and_asked_again_from_its_page(client, person, ask, said, journal):
    said.words = {"caf": DOWN, "msa": DOWN}
    for number in range(2):
        ask({"nom": f"n{number}"})
    page = text(client.get(PAGE))
    assert "en pause jusqu’au" in page
    assert "2 échecs de suite" in page
    assert "caf est réglé." in text(client.post(f"{PAGE}caf/verification/"))
    assert client.post(f"{PAGE}caf/rappel/", {}).status_code == 422
    assert client.post(f"{PAGE}caf/rappel/", {"reason": "Réparé"}).status_code == 302
    assert journal("lookup.resumed")[0]["reason"] == "Réparé"
    assert client.get("/console/consultations/inconnue/").status_code == 404
    assert client.post(f"{PAGE}inconnu/verification/").status_code == 404


def test_secrets_are_on_no_page(client, person, said):
    said.words = {"caf": FOUND}
    client.post(f"{PAGE}essai/", {"question.nom": NAME, "reason": "Essai"})
    secret = said.contexts[0].secrets["key"]
    assert secret not in client.get(PAGE).content.decode()


def test_the_api_does_what_the_page_does(client, said, operating, ask, journal):
    headers = operating()

    def call(method: str, path: str, body=None):
        given = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method)(f"/v1/hub/lookups{path}", headers=headers, **given)

    said.words = {"caf": DOWN, "msa": LookupOutcome.found({"valeur": 3})}
    for number in range(2):
        ask({"nom": f"n{number}"})
    shown = {each["name"]: each for each in call("get", "").json()["items"]}["quotient-familial"]
    assert (shown["last_day"]["found"], shown["providers"][0]["state"]) == (2, "paused")
    assert call("get", "/quotient-familial").json() == shown
    tried = call("post", "/quotient-familial/try", {"query": {"nom": NAME}, "reason": "Essai"}).json()
    assert tried["data"] == {"valeur": 3}
    assert [(each["provider"], each["asked"]) for each in tried["tries"]] == [("caf", True), ("msa", True)]
    assert journal("lookup.tried")[0]["actor"] == "gru (exploitation)"
    assert call("post", "/quotient-familial/providers/caf/check", {}).json()["items"][0]["ok"] is True
    assert call("post", "/quotient-familial/providers/caf/resume", {"reason": "Réparé"}).json() == {"resumed": True}
    assert call("get", "/inconnue").status_code == 404
    assert call("post", "/quotient-familial/providers/inconnu/check", {}).status_code == 404


def test_a_lookup_is_changed_by_the_api_whole_with_a_reason_and_never_blindly(client, said, operating, ask):
    headers = operating()
    parts = yaml.safe_load(STAR_WITH_LOOKUPS)["lookups"]
    body = {
        **next(each for each in parts if each["name"] == "ecoles"),
        "title": "Les écoles",
        "reason": "Nouveau titre",
    }

    def put(path: str = "ecoles", changes=None, **given: str):
        content = {**body, **(changes or {})}
        return client.put(f"/v1/hub/lookups/{path}", content, content_type="application/json", headers=headers | given)

    first = put()
    assert (first.status_code, first.json()["facts"]["title"]) == (200, "Les écoles")
    assert put(**{"If-Match": '"another"'}).status_code == 412
    assert put(changes={"title": "Encore"}, **{"If-Match": first["ETag"]}).status_code == 200
    wrong = put(changes={"readers": [{"application": "gru", "purposes": ["curiosite"]}]})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "#/readers/0/purposes/0")
    assert put("autre").status_code == 422
    said.words = {"caf": LookupOutcome.found({"nom": "Jules Ferry"})}
    assert ask({}, "ecoles", purpose="inscription").json()["result"] == "found"


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("hub_lookup", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_asks_as_the_operator_with_a_reason(said, journal):
    said.words = {"caf": FOUND}
    assert '"valeur": 850' in command("quotient-familial", f"nom={NAME}", "--reason=Essai")
    assert journal("lookup.tried")[0]["reason"] == "Essai"
    assert "quotient-familial" in command()
    said.words = {"caf": DOWN, "msa": DOWN}
    with pytest.raises(SystemExit):
        command("quotient-familial", "nom=AUTRE", "--reason=Essai")
    for arguments in (
        ["inconnue"],
        ["quotient-familial", "nom"],
        ["quotient-familial", "nom=x"],
        ["quotient-familial"],
    ):
        with pytest.raises(CommandError):
            command(*arguments)

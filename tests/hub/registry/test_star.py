import pytest
import yaml
from django.db import connection

from etoile.contract.schemas import example
from etoile.hub.registry.directory import current
from etoile.hub.registry.models import Application, Authority, Credential, Interface, Subscription
from etoile.hub.registry.services import load
from etoile.hub.registry.star import StarError, parse
from etoile.sdk import Mapping
from tests.hub.conftest import STAR

pytestmark = pytest.mark.django_db


def version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM registry_version")
        return cursor.fetchone()[0]


def problems_of(load_star, text: str) -> list[str]:
    with pytest.raises(StarError) as refusal:
        load_star(text)
    return [str(problem) for problem in refusal.value.problems]


def test_a_star_file_makes_all_it_says(load_star) -> None:
    loaded = load_star(STAR)
    assert (loaded.changed, loaded.unchanged) == (3, 0)  # the authorities of three applications
    assert Subscription.objects.get(slug="voirie-demandes").application.slug == "voirie"
    assert {each.siret for each in Application.objects.get(slug="voirie").authorities.all()} == {
        "21490999900017",
        "21490888800016",
    }
    assert Credential.objects.get(client_id="gru").client_secret.startswith("machine_secret$")


def test_loading_twice_changes_nothing_and_keeps_the_snapshot(load_star) -> None:
    load_star(STAR)
    keys, before = dict(Application.objects.values_list("slug", "pairwise_key")), version()
    again = load_star(STAR)
    assert (again.created, again.changed) == (0, 0)
    assert version() == before
    assert dict(Application.objects.values_list("slug", "pairwise_key")) == keys


def test_a_change_of_the_file_is_written_and_raises_the_version(load_star) -> None:
    load_star(STAR)
    before = version()
    loaded = load_star(STAR.replace("name: Services techniques", "name: Voirie et réseaux"))
    assert (loaded.created, loaded.changed) == (0, 1)
    assert Application.objects.get(slug="voirie").name == "Voirie et réseaux"
    assert version() > before


def test_what_an_application_no_longer_emits_is_no_longer_allowed(load_star) -> None:
    load_star(STAR)
    load_star(STAR.replace("org.etoile.case.submitted.v1, org.etoile.case.document", "org.etoile.case.document", 1))
    emitted = Interface.objects.filter(application__slug="gru", direction="out")
    assert [each.message_type.type for each in emitted] == ["org.etoile.case.document_added.v1"]


WRONG = """
star: 1
authorities: [{siret: "21490999900017", name: Valmont}]
applications:
  - slug: voirie
    name: Voirie
    authorities: ["21490999900017", "99999999999999"]
    emits: [org.etoile.case.eaten.v1]
    receives: [{type: org.etoile.case.submitted.v1, expected: false}]
    credentials: [{client_id: voirie, secret: {secret: voirie_secret}, scopes: [everything]}]
subscriptions:
  - slug: a
    application: nobody
    type: org.etoile.case.submitted.v1
    connector: telepathy
    filter: "event.data.case.reference ="
    fields: [case.reference, case.colour]
  - slug: b
    application: voirie
    type: org.etoile.case.withdrawn.v1
    connector: webhook
    configuration: {address: 12}
    mapping: {name: "=evnt.data"}
    policy: {lease: 5, timeout: 30}
"""


def test_every_problem_of_a_file_is_told_with_its_place(load_star) -> None:
    told = problems_of(load_star, WRONG)
    expected = [
        "applications[0].authorities[1] (line 7): the authority 99999999999999 is not known",
        "applications[0].emits[0] (line 8): the contract has no message of type org.etoile.case.eaten.v1",
        "applications[0].receives[0].expected (line 9): is said of what is emitted",
        "applications[0].credentials[0].scopes[0] (line 10): the scope everything does not exist",
        "subscriptions[0].application (line 13): the application nobody is not known",
        "subscriptions[0].connector (line 15): the connector telepathy is not installed",
        "subscriptions[0].filter (line 16): ",
        "subscriptions[0].fields[1] (line 17): org.etoile.case.submitted.v1 has no field case.colour",
        "subscriptions[1].type (line 20): voirie does not declare that it receives org.etoile.case.withdrawn.v1",
        "subscriptions[1].configuration",
        "subscriptions[1].mapping.name (line 23): ",
        "subscriptions[1].policy.lease (line 24): is longer than the time-out",
    ]
    for words in expected:
        assert any(each.startswith(words) for each in told), (words, told)


MAPPED = """
subscriptions:
  - slug: mapped
    application: voirie
    type: org.etoile.case.submitted.v1
    connector: webhook
    configuration: {url: "https://voirie.example/hook"}
    mapping:
      mapping: 1
      name: essai
      application: voirie
      type: org.etoile.case.submitted.v1
      version: 1
      codes: {channels: {values: {web: W}, default: A}}
      send: {slug: "=event.data.procedure.slug", channel: {$code: channels, of: "=event.data.case.channel"}}
"""


def test_a_mapping_may_be_a_file_and_is_kept_as_it_was_written(load_star) -> None:
    load_star(STAR)
    load_star("star: 1\n" + MAPPED)
    kept = Subscription.objects.get(slug="mapped").mapping
    assert kept == yaml.safe_load(MAPPED)["subscriptions"][0]["mapping"]
    sent = Mapping.compile(kept).apply({"event": example("org.etoile.case.submitted.v1").to_dict()})
    assert sent == {"slug": "signalement-voirie", "channel": "W"}


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("procedure.slug", "procedure.slugg", ".mapping.send.slug (line 16): « event.data.procedure.slugg »"),
        (
            "      type: org.etoile.case.submitted.v1",
            "      type: org.etoile.case.decided.v1",
            ".mapping.type (line 13)",
        ),
        ("$code: channels", "$code: chanels", ".mapping.send.channel.$code (line 16): La table « chanels »"),
        ("mapping: 1", "mapping: 3", ".mapping.mapping (line 10): "),
    ],
)
def test_a_mapping_is_checked_against_the_message_at_loading(load_star, old: str, new: str, place: str) -> None:
    load_star(STAR)
    told = problems_of(load_star, "star: 1\n" + MAPPED.replace(old, new))
    assert any(f"subscriptions[0]{place}" in each for each in told), told


def test_a_mapping_that_reads_a_field_which_is_not_passed_on_is_refused(load_star) -> None:
    load_star(STAR)
    text = "star: 1\n" + MAPPED.replace("    mapping:\n", "    fields: [case.id, procedure]\n    mapping:\n", 1)
    [told] = problems_of(load_star, text)
    assert told.startswith("subscriptions[0].mapping.send.channel.of (line 17): « event.data.case.channel »")
    load_star(text.replace("[case.id", "[case.channel"))


def test_a_file_with_a_problem_loads_nothing(load_star) -> None:
    before = version()
    problems_of(load_star, WRONG)
    assert not Authority.objects.exists()
    assert not Application.objects.exclude(slug="hub").exists()
    assert version() == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("star: 2", "star (line 1): Input should be 1"),
        ("star: 1\nstar: 1", "star (line 2): is written twice"),
        ("star: [", "the file (line 1): not YAML"),
        ("", "the file: "),
        ("star: 1\nauthorities: [{siret: 21490999900017, name: V}]", "put a number between quotes"),
        ("star: 1\nauthorities:\n  - {siret: '123', name: V}", "authorities[0].siret (line 3): "),
        ("star: 1\ncolour: red", "colour (line 2): is not known here"),
        ("star: 1\nauthorities: &a [*a]", "the file"),
    ],
)
def test_a_problem_of_form_is_told_with_its_line(text: str, words: str) -> None:
    with pytest.raises(StarError) as refusal:
        parse(text)
    assert words in str(refusal.value)


def test_the_hub_itself_is_not_the_business_of_a_file(load_star) -> None:
    text = 'star: 1\nauthorities: [{siret: "21490999900017", name: V}]\n'
    text += 'applications: [{slug: hub, name: H, authorities: ["21490999900017"]}]'
    assert "hub is the hub itself" in problems_of(load_star, text)[0]


def test_in_production_a_missing_secret_is_a_problem_of_the_file(load_star, monkeypatch) -> None:
    monkeypatch.setenv("ETOILE_ENV", "production")
    told = problems_of(load_star, STAR)
    assert any(each.startswith("applications[0].document_secret") and "GRU_DOCUMENT_SECRET" in each for each in told)


def test_a_secret_given_by_the_environment_is_taken_and_replaced(load_star, monkeypatch) -> None:
    load_star(STAR)
    before = Credential.objects.get(client_id="voirie").client_secret
    monkeypatch.setenv("VOIRIE_HUB_CLIENT_SECRET", "another secret made of many characters")
    assert load_star(STAR).changed == 1
    assert Credential.objects.get(client_id="voirie").client_secret != before


def test_a_client_of_another_application_is_not_taken_over(load_star) -> None:
    load_star(STAR)
    stolen = STAR.replace("client_id: voirie", "client_id: gru")
    assert any("already that of gru" in each for each in problems_of(load_star, stolen))


def test_a_file_that_cannot_be_read_is_said_so(tmp_path) -> None:
    with pytest.raises(OSError, match=r"nothing\.yaml"):
        load(tmp_path / "nothing.yaml", actor="test")


def naming(content: str) -> str:
    return STAR.replace("slug: voirie-demandes, ", f"slug: voirie-demandes, mapping: {content}, ")


def test_a_mapping_may_be_a_file_beside_the_star(load_star, tmp_path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "voirie.yaml").write_text('Reference: "=event.data.case.reference"\n')
    load_star(naming("{$file: mappings/voirie.yaml}"))
    assert Subscription.objects.get(slug="voirie-demandes").mapping == {"Reference": "=event.data.case.reference"}


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("{$file: absent.yaml}", "absent.yaml cannot be read: No such file or directory"),
        ("{$file: ../other.yaml}", "../other.yaml is not below the folder of the star file"),
        ("{$file: twice.yaml}", "twice.yaml, line 2: A is written twice"),
        ("{$file: broken.yaml}", "broken.yaml, line 1: not YAML"),
        ("{$file: latin.yaml}", "latin.yaml cannot be read: it is not text in UTF-8"),
        ("{$file: twice.yaml, more: 1}", "$file stands alone"),
    ],
)
def test_a_named_file_that_is_not_right_is_told_with_the_line_that_names_it(load_star, tmp_path, named, words) -> None:
    (tmp_path / "twice.yaml").write_text("A: 1\nA: 2\n")
    (tmp_path / "broken.yaml").write_text("[")
    (tmp_path / "latin.yaml").write_bytes("é".encode("latin-1"))
    [told] = problems_of(load_star, naming(named))
    assert told.startswith("subscriptions[0].mapping (line ")
    assert words in told


def test_a_mapping_keeps_the_order_in_which_it_was_written_and_a_new_order_is_a_change(load_star) -> None:
    load_star(naming("{Reference: A, Nature: B, Nom: C}"))
    assert list(Subscription.objects.get(slug="voirie-demandes").mapping) == ["Reference", "Nature", "Nom"]
    with connection.cursor() as cursor:
        seen = {each.slug: each.mapping for each in current(cursor).subscriptions.values()}
    assert list(seen["voirie-demandes"]) == ["Reference", "Nature", "Nom"]
    again = naming("{Nom: C, Reference: A, Nature: B}")
    assert load_star(again).changed == 1
    assert load_star(again).changed == 0
    assert list(Subscription.objects.get(slug="voirie-demandes").mapping) == ["Nom", "Reference", "Nature"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_change WHERE kind = 'subscription' AND name = 'voirie-demandes'")
        assert cursor.fetchone()[0] == 2

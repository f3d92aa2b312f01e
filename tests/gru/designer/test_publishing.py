"""What goes around the questions: the sheets, the checklist, publishing, closing; and what the hub says of it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from etoile.gru.access.models import Role, Team
from etoile.gru.access.rights import RIGHTS
from etoile.gru.designer import receivers
from etoile.gru.designer.desk import desk_of
from etoile.gru.forms import services
from etoile.gru.forms.editing import drafts
from etoile.gru.forms.editing.change import Edit
from etoile.gru.forms.editing.questions import set_procedure
from etoile.gru.forms.editing.structure import remove
from etoile.gru.forms.exchange import to_yaml
from etoile.gru.forms.models import Procedure
from etoile.gru.identity.environment import Identities
from etoile.gru.identity.platforms import franceconnect
from etoile.gru.outbox.rehearsal import Answer, Read, Receiver, Rehearsed, Value
from tests.gru.conftest import log_in, text
from tests.gru.forms.conftest import ready_made

ROOT = "/agents/demarches/"
REGISTER = {
    "purpose": "Placer les exposants", "purpose_en": "Placing the stands", "basis": "public_task",
    "basis_reference": "CGCT, article L. 2121-29", "persons": "Exposants", "data": "Identité",
    "recipients": "Placier\nRégie",
    "recipients_en": "Steward\nTreasury", "security": "Accès par rôle", "active": "1 an et 6 mois",
    "intermediate": "0 jour", "retention_basis": "Tri des archives", "final_fate": "destroy",
}  # fmt: skip


@pytest.fixture
def silent(monkeypatch):
    """The hub says what is put here; nothing at first."""
    said = {"answer": Rehearsed(Answer.UNAVAILABLE, detail="away"), "asked": []}

    def rehearse(type, *, authority, data):
        said["asked"].append(data)
        found = said["answer"]
        return found(data) if callable(found) else found

    monkeypatch.setattr(receivers, "rehearse", rehearse)
    return said


@pytest.fixture
def both(town, client):
    """Nadia designs and publishes."""
    town.agent.memberships.update(role=Role.DESIGNER)
    town.agent.memberships.create(account=town.agent, team=None, role=Role.PUBLISHER)
    log_in(client, town.agent)
    return client


@pytest.fixture
def acte(town):
    """In service, with a draft begun."""
    services.publish(services.load(town.authority, ready_made("acte-etat-civil")), by=town.agent)
    return drafts.open_draft(Procedure.objects.get(slug="acte-etat-civil"), by=town.agent)


def receiver(*reads, failures=(), **more):
    values = tuple(Value(f"/send/{name}", "", None, f"{name} manque") for name in failures)
    told = {"subscription": "etat-civil", "name": "État civil", "active": True, "doubt": "", "fields": ()} | more
    return Receiver(reads=tuple(Read(f"answers.{name}", "mapping", True) for name in reads), values=values, **told)


class TestTheSheets:
    def test_the_law_is_written_in_plain_durations_and_a_text_at_a_time(self, desk):
        page = text(desk.get("fiche-juridique/"))
        assert "Que vaut le silence" in page and 'name="text-3"' in page
        given = {"silence": "accept", "duration": "deux mois", "silence_basis": "Article L. 231-1"}
        assert "Exemple : 2 mois" in text(desk.post("fiche-juridique/", **given))
        assert "silence" not in desk.source()
        legal = {"text-0": "Code général", "note-0": "Tout", "text-1": "", "text-2": "Arrêté", "check-2": "on"}
        kept = desk.post("fiche-juridique/", **{**given, "duration": "2 mois", "answer_within": "7 jours", **legal})
        assert kept.status_code == 302
        assert desk.source()["silence"] == {"regime": "accept", "duration": "P2M", "basis": {"fr": "Article L. 231-1"}}
        assert desk.source()["answer_within"] == "P7D"
        assert desk.source()["legal"] == [
            {"reference": "Code général", "note": {"fr": "Tout"}}, {"reference": "Arrêté", "to_check": True}
        ]  # fmt: skip
        assert 'value="2 mois"' in text(desk.get("fiche-juridique/"))
        assert desk.post("fiche-juridique/", silence="reject").status_code == 422

    def test_the_register_and_retention_are_written_and_read_back(self, desk):
        assert desk.post("registre/", **{**REGISTER, "recipients_en": "Steward"}).status_code == 422
        assert desk.post("registre/", **REGISTER).status_code == 302
        register = desk.source()["register"]
        assert register["retention"]["active"] == "P1Y6M"
        assert register["recipients"] == [{"fr": "Placier", "en": "Steward"}, {"fr": "Régie", "en": "Treasury"}]
        before = desk.draft.revision
        assert "1 an et 6 mois" in text(desk.get("registre/"))
        desk.post("registre/", **REGISTER)
        desk.draft.refresh_from_db()
        assert desk.draft.revision == before

    def test_a_message_refuses_the_tags_it_does_not_have(self, desk):
        refused = desk.post("messages/decision/", body="Avant le {{ deadline }}")
        assert refused.status_code == 422 and "« deadline »" in text(refused)
        desk.post("messages/decision/", subject="Brocante {{ reference }}", body="Bonjour")
        desk.post("messages/document_asked/", body="Avant le {{ deadline }}")
        assert set(desk.source()["messages"]) == {"decision", "document_asked"}
        desk.post("messages/decision/", subject="", body="")
        assert set(desk.source()["messages"]) == {"document_asked"}
        assert "vos mots" in text(desk.get("messages/"))
        assert desk.get("messages/pigeon/").status_code == 404

    def test_the_team_and_the_treatment_are_chosen_and_the_hub_is_tried_on_demand(self, desk, town, silent):
        desk.post("traitement/", team=town.team.slug, treatment="hub")
        assert desk.source()["treatment"] == "hub"
        assert not silent["asked"]
        assert "Le hub ne répond pas" in text(desk.get("traitement/?essai=1"))
        silent["answer"] = Rehearsed(Answer.GIVEN, ((),))
        assert "Aucun logiciel ne recevrait" in text(desk.get("traitement/?essai=1"))

    def test_whoever_only_reads_sees_the_sheet_and_changes_nothing(self, desk, town):
        town.agent.memberships.update(role=Role.DPO, team=None)
        for sheet in ("fiche-juridique/", "registre/", "traitement/", "messages/", "messages/decision/", "historique/"):
            page = desk.get(sheet)
            assert page.status_code == 200 and "Enregistrer" not in text(page), sheet
        assert desk.post("registre/", **REGISTER).status_code == 403
        assert desk.post("messages/decision/", body="x").status_code == 403


class TestPublishing:
    def test_a_level_of_identity_that_no_platform_gives_is_said(self, desk, town, silent, settings):
        low = franceconnect("https://fc.example/api/v2", "town", "secret", "ES256")
        settings.IDENTITY = Identities(franceconnect=low)
        for level, warned in (("", False), ("eidas1", False), ("eidas2", True)):
            desk.post("traitement/", team=town.team.slug, treatment="hub", identity=level)
            assert ("aucune plateforme en service ici" in text(desk.get("publication/"))) is warned, level

    def test_it_is_refused_with_a_link_to_each_thing_that_is_missing(self, both, town, silent):
        drafts.create(town.authority, title={"fr": "Brocante"}, team=town.team, by=town.agent)
        page = text(both.get(f"{ROOT}brocante/publication/"))
        for words, address in (
            ("silence de l’administration", "fiche-juridique/"),
            ("finalité du traitement", "registre/"),
            ("aucune question", "pages/votre-demande/"),
        ):
            assert words in page and f'href="{ROOT}brocante/{address}"' in page
        assert "Publier cette version" not in page
        assert both.post(f"{ROOT}brocante/publication/", {"revision": 0}).status_code == 422

    def test_only_a_publisher_publishes_and_only_what_was_checked(self, both, town, acte, silent):
        set_procedure(Edit(acte.procedure, 0, town.agent), {"delay": {"fr": "Une semaine"}})
        silent["answer"] = lambda data: Rehearsed(Answer.GIVEN, tuple((receiver("type_acte"),) for _each in data))
        address = f"{ROOT}acte-etat-civil/publication/"
        page = text(both.get(address))
        assert "Délai" in page and "Une semaine" in page and "Rien : la démarche est complète" in page
        moved = both.post(address, {"revision": 0, "why": "Moins long"})
        assert moved.status_code == 422 and "modifiée pendant ce temps" in text(moved)
        assert both.post(address, {"revision": 1, "why": "Moins long"}).status_code == 302
        acte.refresh_from_db()
        assert (acte.state, acte.published_by) == ("published", town.agent)
        history = text(both.get(f"{ROOT}acte-etat-civil/historique/"))
        assert "Moins long" in history and "Version publiée" in history
        changed = text(both.get(f"{ROOT}acte-etat-civil/historique/versions/2/"))
        assert "Une semaine" in changed and "Délai" in changed
        town.agent.memberships.filter(role=Role.PUBLISHER).delete()
        drafts.open_draft(acte.procedure, by=town.agent)
        assert both.post(address, {"revision": 0}).status_code == 403

    def test_a_silent_hub_is_said_and_done_without_on_purpose_only(self, both, town, acte, silent):
        address = f"{ROOT}acte-etat-civil/publication/"
        set_procedure(Edit(acte.procedure, 0, town.agent), {"delay": {"fr": "Une semaine"}})
        assert "Le hub ne répond pas" in text(both.get(address))
        refused = both.post(address, {"revision": 1})
        assert refused.status_code == 422 and "Cochez cette case" in text(refused)
        assert both.post(address, {"revision": 1, "unchecked": "on"}).status_code == 302
        assert "sans la vérification du hub" in text(both.get(f"{ROOT}acte-etat-civil/historique/"))

    def test_a_version_that_breaks_a_mapping_is_refused(self, both, town, acte, silent):
        remove(Edit(acte.procedure, 0, town.agent), "field", "nombre_exemplaires")
        silent["answer"] = lambda data: Rehearsed(
            Answer.GIVEN, tuple((receiver("nombre_exemplaires"),) for _each in data)
        )
        address = f"{ROOT}acte-etat-civil/publication/"
        page = text(both.get(address))
        assert "« État civil » a besoin de la réponse « Nombre d" in page
        assert "« État civil » lit cette réponse." in page
        assert "Publier cette version" not in page
        assert both.post(address, {"revision": 1, "unchecked": "on"}).status_code == 422

    def test_the_cost_of_the_page_does_not_grow(self, both, town, acte, silent, django_assert_max_num_queries):
        with django_assert_max_num_queries(22):
            both.get(f"{ROOT}acte-etat-civil/publication/")
        with django_assert_max_num_queries(14):
            both.get(f"{ROOT}acte-etat-civil/historique/")


class TestWhatTheHubSays:
    BREAKS = (
        ("no longer received", [receiver("type_acte")], [], "ne les recevrait plus"),
        ("a new failure", [receiver("type_acte")], [receiver("type_acte", failures=["Nature"])], "« Nature »"),
        ("a filter in doubt", [receiver()], [receiver(doubt="pas de valeur")], "filtre"),
        ("a question never asked", [], [receiver("taille")], "« taille »"),
    )

    @pytest.mark.parametrize(("what", "before", "after", "said"), BREAKS, ids=[each[0] for each in BREAKS])
    def test_breaks(self, town, acte, silent, what, before, after, said):
        self._answers(silent, acte, before, after)
        (found,) = receivers.told(desk_of(town.agent, "acte-etat-civil").version).breaks
        assert said in found

    def test_what_failed_already_is_no_reason_to_refuse(self, town, acte, silent):
        failing = [receiver("type_acte", failures=["Nature"])]
        self._answers(silent, acte, failing, failing)
        assert receivers.told(desk_of(town.agent, "acte-etat-civil").version).breaks == ()

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (Answer.FORBIDDEN, "registry:read"),
            (Answer.REFUSED, "refuserait"),
            (Answer.UNAVAILABLE, "ne répond pas"),
        ],
    )
    def test_a_hub_that_says_nothing_is_said(self, town, acte, silent, answer, said):
        silent["answer"] = Rehearsed(answer, detail="x")
        assert said in receivers.told(desk_of(town.agent, "acte-etat-civil").version).silent

    def _answers(self, silent, version, before, after):
        silent["answer"] = lambda data: Rehearsed(
            Answer.GIVEN,
            tuple(tuple(after if each["procedure"]["version"] == version.number else before) for each in data),
        )


def test_a_procedure_is_closed_with_its_reason_and_what_replaces_it_then_archived(both, town, acte):
    slug = "acte-etat-civil"
    refused = both.post(f"{ROOT}{slug}/fermer/", {"reason": ""})
    assert refused.status_code == 422 and "Écrivez pourquoi" in text(refused)
    other = town.version.procedure
    assert both.post(f"{ROOT}{slug}/fermer/", {"reason": "Doublon", "replacement": other.pk}).status_code == 302
    closed = Procedure.objects.get(slug=slug)
    assert (closed.state, closed.closing_reason, closed.replacement) == ("closed", "Doublon", other)
    assert both.post(f"{ROOT}{slug}/rouvrir/", {"why": "Erreur"}).status_code == 302
    assert both.post(f"{ROOT}{slug}/archiver/", {}).status_code == 422
    both.post(f"{ROOT}{slug}/fermer/", {"reason": "Doublon"})
    assert both.post(f"{ROOT}{slug}/archiver/", {"why": "Inutile"}).status_code == 302
    assert Procedure.objects.get(slug=slug).state == "archived"
    town.agent.memberships.filter(role=Role.PUBLISHER).delete()
    for act in ("fermer/", "rouvrir/", "archiver/"):
        assert both.get(f"{ROOT}{slug}/{act}").status_code == 403


class TestWhereItComesFrom:
    def test_a_ready_made_procedure_is_read_then_started_from(self, both, town):
        page = text(both.get(f"{ROOT}bibliotheque/"))
        assert "Demander un acte de naissance" in page
        ready = f"{ROOT}bibliotheque/acte-etat-civil/"
        assert "Textes applicables" in text(both.get(ready))
        made = both.post(ready, {"title": "Acte", "title_en": "", "team": town.team.pk})
        assert made.url == f"{ROOT}acte-etat-civil/"
        again = both.post(ready, {"title": "Acte bis", "team": town.team.pk})
        assert again.url == f"{ROOT}acte-etat-civil-2/"
        assert both.get(f"{ROOT}bibliotheque/rien/").status_code == 404

    def test_the_file_of_a_version_comes_back_the_same_as_the_next_version_of_another(self, both, town, acte):
        address = f"{ROOT}acte-etat-civil/historique/versions/1/fichier/"
        given = both.get(address)
        assert given["Content-Disposition"] == 'attachment; filename="acte-etat-civil-v1.yaml"'
        file = SimpleUploadedFile("acte.yaml", given.content)
        into = both.post(f"{ROOT}importer/", {"file": file, "into": town.version.procedure.slug, "team": ""})
        assert into.url == f"{ROOT}{town.version.procedure.slug}/"
        draft = town.version.procedure.versions.get(state="draft")
        assert to_yaml(draft.source).splitlines()[2:] == given.content.decode().splitlines()[2:]
        assert "acte.yaml" in draft.procedure.changes.get(verb="imported").why

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"slug: [", "YAML lisible"),
            (b"\xff\xfe", "UTF-8"),
            (b"- 1", "ne décrit pas"),
            (b"slug: x\ntitle: X\nteam: cirque\n", "« cirque »"),
            (b"slug: x\ntitle: X\nteam: etat-civil\npages: 3\n", "liste"),
        ],
    )
    def test_a_file_that_is_no_procedure_is_refused_in_words_and_nothing_is_made(self, both, town, content, said):
        before = Procedure.objects.count()
        refused = both.post(f"{ROOT}importer/", {"file": SimpleUploadedFile("x.yaml", content), "into": "", "team": ""})
        assert refused.status_code == 422 and said in text(refused)
        assert Procedure.objects.count() == before


def test_another_team_according_to_an_answer(desk, town):
    other = Team.objects.create(
        authority=town.authority,
        sector=town.sector,
        slug="voirie",
        name="Voirie",
        address="a",
        email="v@v.fr",
        phone="1",
    )
    desk.post("parties/demande/questions/ajouter/?type=text", label="Rue", required="no", privacy="ordinary")
    added = desk.post("traitement/orientations/ajouter/", **{"route-team": other.slug, "route-question": "rue"})
    assert added.url.endswith("/conditions/routing/0/when/")
    assert desk.source()["routing"] == [{"team": "voirie", "when": {"field": "rue", "op": "filled"}}]
    assert "Rue a une réponse" in text(desk.get("traitement/"))
    desk.post("traitement/orientations/0/retirer/")
    assert "routing" not in desk.source()


def test_each_page_is_for_the_roles_that_hold_its_right(client, town, acte, silent):
    log_in(client, town.agent)
    procedure = f"{ROOT}acte-etat-civil/"
    rights = {
        ROOT: "procedures.read",
        f"{procedure}fiche-juridique/": "procedures.read",
        f"{procedure}publication/": "procedures.read",
        f"{procedure}historique/versions/1/fichier/": "procedures.read",
        f"{ROOT}importer/": "procedures.edit",
        f"{procedure}fermer/": "procedures.publish",
    }
    for role in Role:
        town.agent.memberships.update(role=role, team=None)
        found = {address: client.get(address).status_code for address in rights}
        assert found == {address: 200 if right in RIGHTS[role] else 403 for address, right in rights.items()}, role


def test_a_role_held_in_another_team_does_not_publish_here(both, town, acte, silent):
    other = Team.objects.create(
        authority=town.authority, sector=town.sector, slug="autre", name="A", address="a", email="a@v.fr", phone="1"
    )
    town.agent.memberships.filter(role=Role.PUBLISHER).update(team=other)
    page = both.get(f"{ROOT}acte-etat-civil/publication/")
    assert page.status_code == 200 and "Publier cette version" not in text(page)
    assert both.post(f"{ROOT}acte-etat-civil/publication/", {"revision": 0}).status_code == 403
    assert both.post(f"{ROOT}acte-etat-civil/fermer/", {"reason": "x"}).status_code == 403

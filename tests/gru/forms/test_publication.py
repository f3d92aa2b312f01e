"""A procedure is published when nothing the law wants is missing, and never changes afterwards."""

import copy
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.gru.forms.conftest import teams_for

from etoile.gru.forms.definition import DefinitionError
from etoile.gru.forms.editing.history import last
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.parsing import expanded, parse
from etoile.gru.forms.publication import advice, missing
from etoile.gru.forms.queries import known_procedure, open_procedures
from etoile.gru.forms.services import Moved, NotPublishable, ProcedureRefused, archive, close, load, publish, reopen

REMOVED = [
    ("summary", "résumé"),
    ("who", "qui peut faire"),
    ("cost", "coût"),
    ("delay", "délai"),
    ("category", "catégorie"),
    ("audience", "public"),
    ("team", "service"),
    ("treatment", "qui traite"),
    ("legal", "base légale"),
    ("non_digital", "hors ligne"),
    ("silence", "silence.regime"),
    ("silence.duration", "silence.duration"),
    ("silence.basis", "silence.basis"),
    ("register", "register.purpose"),
    ("register.basis", "register.basis)"),
    ("register.basis_reference", "register.basis_reference"),
    ("register.persons", "register.persons"),
    ("register.data", "register.data"),
    ("register.recipients", "register.recipients"),
    ("register.security", "register.security"),
    ("register.retention.active", "register.retention.active"),
    ("register.retention.intermediate", "register.retention.intermediate"),
    ("register.retention.basis", "register.retention.basis"),
    ("register.retention.final_fate", "register.retention.final_fate"),
    ("pages", "des questions"),
]


def without(raw: dict[str, Any], path: str) -> dict[str, Any]:
    damaged = copy.deepcopy(raw)
    *parents, last = path.split(".")
    inside = damaged
    for each in parents:
        inside = inside[each]
    del inside[last]
    return damaged


@pytest.mark.parametrize(("path", "told"), REMOVED)
def test_publishing_is_refused_without(acte, path, told):
    assert any(told in str(problem) for problem in missing(parse(without(acte, path))))


def test_publishing_an_empty_definition_lists_everything_at_once():
    assert len(missing(parse({"slug": "essai", "title": "Essai"}))) > 25


def test_a_field_needs_a_label_and_a_purpose(acte):
    raw = expanded(acte)
    first = raw["pages"][0]["sections"][0]["fields"][0]
    del first["label"], first["purpose"]
    told = [str(each) for each in missing(parse(raw))]
    assert any("type_acte" in each and "label" in each for each in told)
    assert any("type_acte" in each and "purpose" in each for each in told)


def test_a_free_text_says_what_not_to_write(acte):
    raw = expanded(acte)
    raw["pages"][0]["sections"][0]["fields"].append({"id": "mot", "type": "long_text", "label": "M", "purpose": "P"})
    (found,) = missing(parse(raw))
    assert (found.place, found.key) == ("field:mot", "hint")


@pytest.mark.exigence("CRPA-03")
@pytest.mark.parametrize("key", ["family_name", "given_names", "email", "address"])
def test_the_applicant_is_identified_as_the_law_wants(acte, key):
    raw = expanded(acte)
    for page in raw["pages"]:
        for section in page["sections"]:
            section["fields"] = [each for each in section["fields"] if each.get("applicant") != key]
    assert any("R. 112-9-1" in each.words and each.place == "questions" for each in missing(parse(raw)))


def test_an_indispensable_document_must_be_asked_for_somewhere(acte):
    acte["documents"].append({"id": "oubliee", "label": "Pièce oubliée", "indispensable": True})
    assert any(each.place == "document:oubliee" for each in missing(parse(acte)))


def test_no_silence_needs_no_duration_but_a_basis(acte):
    acte["silence"] = {"regime": "none", "basis": "Ce n'est pas une demande de décision"}
    assert missing(parse(acte)) == []


@pytest.mark.exigence("CRPA-16")
def test_a_document_the_administration_can_obtain_is_pointed_at_without_refusing(acte):
    acte["documents"][0]["obtainable_from"] = "api-particulier"
    definition = parse(acte)
    assert missing(definition) == []
    assert any("api-particulier" in each.words and "L. 114-8" in each.words for each in advice(definition))


def test_a_procedure_is_not_published_with_a_tag_or_a_message_that_does_not_exist(acte):
    acte["messages"] = {
        "decision": {"body": {"fr": "Avant le {{ deadline }}"}},
        "document_asked": {"body": {"fr": "Avant le {{ deadline }}"}},
        "pigeon": {"body": {"fr": "Rou"}},
    }
    assert [(each.place, each.key) for each in missing(parse(acte))] == [
        ("message:decision", "messages.decision"),
        ("messages", "messages.pigeon"),
    ]


class TestLoadingAndPublishing:
    def test_a_draft_is_not_offered_and_a_published_version_is(self, town, acte):
        draft = load(town.authority, acte)
        assert not open_procedures(town.authority).filter(slug="acte-etat-civil").exists()
        assert known_procedure(town.authority, "acte-etat-civil") is None
        publish(draft, by=town.agent)
        found = known_procedure(town.authority, "acte-etat-civil")
        assert found is not None and found.current.number == 1
        assert found.current.published_by == town.agent

    def test_an_incomplete_draft_is_kept_and_not_published(self, town, acte):
        draft = load(town.authority, without(acte, "silence"))
        with pytest.raises(NotPublishable, match=r"silence\.regime") as refused:
            publish(draft)
        assert len(refused.value.missing) == 3
        draft.refresh_from_db()
        assert draft.state == "draft"

    def test_loading_the_same_twice_is_loading_it_once(self, town, acte):
        first = publish(load(town.authority, acte))
        assert publish(load(town.authority, acte)) == first
        assert ProcedureVersion.objects.filter(procedure=first.procedure).count() == 1

    def test_a_change_makes_a_second_version_and_leaves_the_first(self, town, acte):
        first = publish(load(town.authority, acte))
        acte["delay"] = "Une semaine"
        second = publish(load(town.authority, acte))
        first.refresh_from_db()
        assert (first.number, second.number, first.state) == (1, 2, "published")
        assert str(first.definition.delay) != str(second.definition.delay)
        assert Procedure.objects.get(slug="acte-etat-civil").current == second

    def test_going_back_to_what_is_published_forgets_the_draft(self, town, acte):
        publish(load(town.authority, acte))
        load(town.authority, {**acte, "delay": "Une semaine"})
        load(town.authority, acte)
        assert not ProcedureVersion.objects.filter(procedure__slug="acte-etat-civil", state="draft").exists()

    def test_the_database_itself_refuses_to_change_a_published_version(self, town, acte):
        version = publish(load(town.authority, acte))
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            ProcedureVersion.objects.filter(pk=version.pk).update(source={})
        with pytest.raises(IntegrityError), transaction.atomic():
            ProcedureVersion.objects.filter(pk=version.pk).update(state="draft")

    def test_an_unknown_team_is_refused_with_those_that_exist(self, town, acte):
        acte["team"] = "nulle-part"
        with pytest.raises(DefinitionError, match=r"nulle-part.*etat-civil"):
            load(town.authority, acte)

    def test_another_authority_s_procedure_is_not_found(self, town, acte):
        publish(load(town.authority, acte))
        other = type(town.authority).objects.create(siret="21490998900018", slug="autre", name="Autre")
        assert known_procedure(other, "acte-etat-civil") is None
        assert not open_procedures(other).exists()

    def test_the_list_of_procedures_costs_one_statement(self, town, acte, django_assert_num_queries):
        publish(load(town.authority, acte))
        with django_assert_num_queries(1):
            assert [str(each.current.name) for each in open_procedures(town.authority)]

    def test_a_closed_procedure_says_why_and_is_no_longer_open(self, town, acte):
        procedure = publish(load(town.authority, acte)).procedure
        with pytest.raises(ProcedureRefused):
            close(procedure, reason=" ")
        close(procedure, reason="Remplacée par le service en ligne de l'État")
        assert not open_procedures(town.authority).filter(pk=procedure.pk).exists()
        assert known_procedure(town.authority, procedure.slug).closing_reason.startswith("Remplacée")
        with pytest.raises(ProcedureRefused):
            close(procedure, reason="encore")

    def test_each_step_of_its_life_is_written_with_who_and_why(self, town, acte):
        procedure = publish(load(town.authority, acte), by=town.agent, why="Rentrée").procedure
        with pytest.raises(ProcedureRefused, match="Fermez"):
            archive(procedure, by=town.agent)
        with pytest.raises(ProcedureRefused, match="remplace"):
            close(procedure, reason="Doublon", replacement=procedure)
        close(procedure, reason="Travaux", by=town.agent)
        reopen(procedure, by=town.agent, why="Fin des travaux")
        close(procedure, reason="Doublon", by=town.agent, replacement=town.version.procedure)
        archive(procedure, by=town.agent)
        assert known_procedure(town.authority, procedure.slug) is None
        told = [(str(each.words), each.who, each.why) for each in reversed(last(procedure))]
        assert told == [
            ("Version publiée", "Nadia Leroy", "Rentrée"),
            ("Démarche fermée", "Nadia Leroy", "Travaux"),
            ("Démarche rouverte", "Nadia Leroy", "Fin des travaux"),
            ("Démarche fermée", "Nadia Leroy", "Doublon"),
            ("Démarche archivée", "Nadia Leroy", ""),
        ]

    def test_a_draft_that_moved_since_it_was_checked_is_not_published(self, town, acte):
        draft = load(town.authority, acte)
        with pytest.raises(Moved):
            publish(draft, revision=draft.revision + 1)


class TestReadyMadeProcedures:
    def test_are_all_published_as_they_are(self, town, every_procedure):
        teams_for(town.authority)
        for raw in every_procedure.values():
            assert publish(load(town.authority, raw)).state == "published"

    def test_speak_french_and_english_everywhere(self, every_procedure):
        def alone(node: Any) -> list[str]:
            """What is said in French and not in English."""
            if isinstance(node, dict):
                own = [node["fr"]] if "fr" in node and not node.get("en") else []
                return own + [each for value in node.values() for each in alone(value)]
            return [each for value in node for each in alone(value)] if isinstance(node, list) else []

        assert [(slug, alone(raw)) for slug, raw in every_procedure.items() if alone(raw)] == []
        for slug, raw in every_procedure.items():
            definition = parse(raw)
            for each in (*definition.every_field(), *definition.declarations):
                texts = (each.label, each.purpose, each.hint, *(option.label for option in each.options))
                assert all(text.en or not text.fr for text in texts), (slug, each.id)

    def test_give_one_label_to_one_applicant_s_datum(self, every_procedure):
        """RGAA 11.3: the same datum is asked with the same words in every form."""
        labels: dict[str, set[str]] = {}
        for raw in every_procedure.values():
            for each in parse(raw).fields:
                if each.applicant and each.applicant != "kind":
                    labels.setdefault(each.applicant, set()).add(each.label.fr)
        assert all(len(words) == 1 for words in labels.values()), labels

    def test_give_autocomplete_to_the_applicant_and_to_nobody_else(self, every_procedure):
        """A child's name must not be filled with the parent's (WCAG 1.3.5)."""
        for raw in every_procedure.values():
            for each in parse(raw).fields:
                if each.applicant in ("family_name", "given_names", "email", "phone", "address"):
                    assert each.autocomplete in TYPES[each.type].tokens
                elif not each.applicant:
                    assert not each.autocomplete

    def test_mark_health_as_sensitive(self, every_procedure):
        definition = parse(every_procedure["inscription-periscolaire"])
        health = definition.page("sante")
        assert health is not None
        assert all(each.sensitive for each in health.fields)

    def test_ask_for_birth_certificates_what_the_state_s_own_flow_carries(self, every_procedure):
        known = {each.id for each in parse(every_procedure["acte-etat-civil"]).fields}
        assert known >= {
            "type_acte", "nature_acte", "nombre_exemplaires", "motif", "qualite_demandeur", "applicant_civility",
            "applicant_family_name", "applicant_given_names", "applicant_address", "applicant_email",
            "titulaire_civilite", "titulaire_nom", "titulaire_prenoms", "titulaire_date_naissance",
            "titulaire_lieu_naissance",
        }  # fmt: skip

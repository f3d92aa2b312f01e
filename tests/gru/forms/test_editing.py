"""A draft is changed one verb at a time: nothing is covered, nothing breaks, everything is written down."""

import pytest

from etoile.gru.forms.editing import drafts, history, questions, structure
from etoile.gru.forms.editing.change import Edit, undo
from etoile.gru.forms.editing.errors import DraftMoved, EditRefused
from etoile.gru.forms.editing.source import Source
from etoile.gru.forms.editing.uses import uses
from etoile.gru.forms.models import Procedure, ProcedureChange, ProcedureVersion

STAND = {
    "type": "single_choice",
    "label": {"fr": "Type de stand"},
    "options": [{"value": "pro", "label": {"fr": "Professionnel"}}, {"value": "part", "label": {"fr": "Particulier"}}],
}
IS_PRO = {"field": "type_de_stand", "op": "equals", "value": "pro"}


class Desk:
    """Someone at work on a draft: each call sees the revision the last one left."""

    def __init__(self, town, draft):
        self.town, self.draft = town, draft

    @property
    def edit(self):
        return Edit(self.draft.procedure, self.draft.revision, self.town.agent)

    def __call__(self, verb, *given, **named):
        made = verb(self.edit, *given, **named)
        self.draft, identifier = made if isinstance(made, tuple) else (made, "")
        return identifier

    def order(self, kind="field"):
        return [place.node["id"] for place in Source(self.draft.source).walk() if place.kind == kind]


@pytest.fixture
def desk(town):
    """« Brocante », with a choice and a question that depends on it."""
    draft = drafts.create(town.authority, title={"fr": "Inscription à la brocante"}, team=town.team, by=town.agent)
    desk = Desk(town, draft)
    desk(questions.add_field, "demande", STAND)
    desk(questions.add_field, "demande", {"type": "text", "label": {"fr": "Raison sociale"}, "visible_when": IS_PRO})
    return desk


def test_a_new_procedure_has_an_address_of_its_own_and_asks_who_is_there(town, desk):
    assert desk.draft.procedure.slug == "inscription-a-la-brocante"
    again = drafts.create(town.authority, title={"fr": "Inscription à la brocante"}, team=town.team, by=None)
    assert again.procedure.slug == "inscription-a-la-brocante-2"
    assert desk.order()[:3] == ["type_de_stand", "raison_sociale", "applicant_civility"]


def test_identifiers_come_from_the_words_and_never_from_a_question_taken_away(town):
    ProcedureVersion.objects.filter(pk=town.version.pk).update(state="published")
    desk = Desk(town, drafts.open_draft(town.version.procedure, by=town.agent))
    desk(structure.remove, "field", "motif")
    assert desk(questions.add_field, "identite", {"type": "text", "label": {"fr": "Motif"}}) == "motif_2"


def test_a_draft_changed_elsewhere_is_not_covered(desk):
    stale = desk.edit
    desk(structure.set_values, "field", "raison_sociale", {"hint": {"fr": "Comme sur le registre"}})
    with pytest.raises(DraftMoved, match="modifiée ailleurs"):
        structure.remove(stale, "field", "raison_sociale")
    assert "raison_sociale" in desk.order()


def test_what_others_use_is_neither_taken_away_nor_put_after_them(desk):
    with pytest.raises(EditRefused, match="« Raison sociale » \\(quand l’afficher\\)"):
        structure.remove(desk.edit, "field", "type_de_stand")
    with pytest.raises(EditRefused, match="« Raison sociale » dépend de « Type de stand »"):
        structure.move(desk.edit, "field", "type_de_stand", "down")
    assert [str(each) for each in uses(desk.draft.source, "type_de_stand")] == ["« Raison sociale » (quand l’afficher)"]
    assert uses(desk.draft.source, "raison_sociale") == []


def test_a_refused_change_leaves_the_draft_and_the_history_as_they_were(desk):
    before, written = desk.draft.source, ProcedureChange.objects.count()
    with pytest.raises(EditRefused, match="Raison sociale"):
        questions.set_condition(
            desk.edit, "field", "raison_sociale", "visible_when", {"field": "plus_loin", "op": "filled"}
        )
    desk.draft.refresh_from_db()
    assert (desk.draft.source, ProcedureChange.objects.count()) == (before, written)


def test_moving_goes_through_sections_and_pages(desk):
    desk(structure.add_page, {"fr": "Le matériel"})
    assert desk.order("page") == ["votre-demande", "le-materiel", "vos-coordonnees"]
    desk(structure.move, "field", "raison_sociale", "down")
    assert desk.order("section")[1] == "le_materiel_questions"
    assert Source(desk.draft.source).find("field", "raison_sociale").parent.node["id"] == "le_materiel_questions"
    desk(structure.move_to, "raison_sociale", "demande", 9)
    assert desk.order()[:2] == ["type_de_stand", "raison_sociale"]
    with pytest.raises(EditRefused, match="déjà la première"):
        structure.move(desk.edit, "page", "votre-demande", "up")


def test_every_change_is_written_down_and_the_last_ones_can_be_undone(desk):
    desk(structure.set_values, "field", "raison_sociale", {"label": {"fr": "Nom de l’entreprise"}})
    desk(structure.remove, "field", "raison_sociale")
    desk(undo)
    assert "raison_sociale" in desk.order()
    desk(undo)
    assert "raison_sociale" not in desk.order()
    told = [each.words for each in history.last(desk.draft.procedure)]
    assert told[0] == "Modification annulée : « Nom de l’entreprise »"
    assert told[-1] == "Démarche créée"
    assert {each.verb for each in ProcedureChange.objects.all()} <= set(history.VERBS)


def test_a_copy_has_the_same_questions_and_a_draft_never_published_goes_away_whole(town, desk):
    other = drafts.copy(desk.draft, title={"fr": "Vide-grenier"}, by=town.agent)
    assert other.procedure.slug == "vide-grenier"
    assert other.source["pages"] == desk.draft.source["pages"]
    drafts.discard(other.procedure, by=town.agent)
    assert not Procedure.objects.filter(slug="vide-grenier").exists()

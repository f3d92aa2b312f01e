"""An agent builds a procedure: pages, questions, their order; nothing is covered and nobody else comes in."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from etoile.gru.access.models import Role
from etoile.gru.designer.navigation import entries
from etoile.gru.designer.settings_words import SETTINGS
from etoile.gru.documents.models import Document
from etoile.gru.filling.models import Draft
from etoile.gru.forms.editing.source import Source
from etoile.gru.forms.fields import TYPES
from tests.gru.conftest import text

OPTIONS = {"option-0-label": "Professionnel", "option-1-label": "Particulier", "option-1-label_en": "Private person"}
STAND = {"label": "Type de stand", "required": "yes", "purpose": "Placer les exposants", "privacy": "ordinary"}


def order(desk):
    return [place.node["id"] for place in Source(desk.source()).walk() if place.kind == "field"]


def test_only_those_who_may_design_change_a_procedure(client, town, desk):
    town.agent.memberships.update(role=Role.DPO, team=None)
    assert desk.get().status_code == 200
    assert "Ajouter une question" not in text(desk.get())
    assert desk.post("pages/ajouter/", title="Une page").status_code == 403
    town.agent.memberships.update(role=Role.READER)
    assert desk.get().status_code == 403
    client.logout()
    assert desk.get().url.startswith("/agents/connexion/")


def test_a_procedure_is_created_and_copied(designer, town, django_assert_max_num_queries):
    refused = designer.post("/agents/demarches/nouvelle/", {"title": "", "team": town.team.pk})
    assert refused.status_code == 422 and "Écrivez le nom de la démarche" in text(refused)
    made = designer.post("/agents/demarches/nouvelle/", {"title": "Vide-grenier", "team": town.team.pk})
    assert made.url == "/agents/demarches/vide-grenier/"
    copied = designer.post("/agents/demarches/vide-grenier/copier/", {"title": "Braderie", "title_en": "Street sale"})
    assert copied.url == "/agents/demarches/braderie/"
    with django_assert_max_num_queries(14):
        page = text(designer.get("/agents/demarches/"))
    assert "Vide-grenier" in page and "Braderie" in page


def test_questions_are_added_changed_moved_and_removed(desk, django_assert_max_num_queries):
    assert "Quelle sorte de réponse" in text(desk.get("parties/demande/questions/ajouter/"))
    add = "parties/demande/questions/ajouter/?type="
    assert desk.post(f"{add}single_choice", **STAND).status_code == 422
    desk.post(f"{add}single_choice", **STAND, **OPTIONS)
    more = desk.post("questions/type_de_stand/", **STAND, **OPTIONS, more="1")
    assert more.status_code == 200 and 'name="option-4-label"' in text(more)
    desk.post(f"{add}amount", label="Prix", required="no", privacy="ordinary", **{"set-minimum": "1,50"})
    desk.post(f"{add}file", label="Pièce d’identité", required="yes", privacy="ordinary", document="+")
    stand, price, proof = Source(desk.source()).find("section", "demande").node["fields"]
    assert [each["value"] for each in stand["options"]] == ["professionnel", "particulier"]
    assert stand["options"][1]["label"] == {"fr": "Particulier", "en": "Private person"}
    assert price["settings"] == {"minimum": 150}
    assert proof["document"] == desk.source()["documents"][0]["id"]
    desk.post("deplacer/", kind="field", id="prix", direction="up")
    assert order(desk)[:2] == ["prix", "type_de_stand"]
    desk.post("deplacer/", kind="field", id="prix", holder="demande", number="2")
    assert order(desk)[:3] == ["type_de_stand", "piece_d_identite", "prix"]
    assert "Retirer cette question" in text(desk.get("retirer/field/prix/"))
    desk.post("retirer/field/prix/")
    assert "prix" not in order(desk)
    desk.post("annuler/")
    assert "prix" in order(desk)
    for address in ("", "questions/type_de_stand/", "pages/votre-demande/"):
        with django_assert_max_num_queries(16):
            assert desk.get(address).status_code == 200


def test_what_is_typed_stays_when_somebody_else_changed_the_draft(desk):
    desk.post("pages/ajouter/", title="Le matériel")
    stale = desk.client.post("/agents/demarches/brocante/pages/le-materiel/", {"revision": 0, "title": "Vos tables"})
    assert stale.status_code == 422
    assert "modifiée ailleurs" in text(stale) and 'value="Vos tables"' in text(stale)


def test_a_condition_is_built_by_sentences_and_refuses_what_is_not_said(desk):
    add = "parties/demande/questions/ajouter/?type="
    desk.post(f"{add}single_choice", **STAND, **OPTIONS)
    desk.post(f"{add}amount", label="Prix", required="no", privacy="ordinary")
    desk.post(f"{add}text", label="Raison sociale", required="no", privacy="ordinary")
    address = "conditions/field/raison_sociale/visible_when/"
    start = {"c.group": "all", "c.0.field": ""}
    assert "Choisir cette question" in text(desk.get(address))
    picked = text(desk.post(address, **start | {"c.0.field": "type_de_stand"}, act="pick:c.0"))
    assert 'name="c.0.op"' in picked and "Professionnel" in picked
    grouped = text(desk.post(address, **start | {"c.0.field": "type_de_stand"}, act="group:c"))
    assert 'name="c.1.group"' in grouped and 'name="c.1.1.field"' in grouped
    mute = desk.post(address, **start, act="save")
    assert mute.status_code == 422 and "Choisissez la question dont dépend la condition" in text(mute)
    said = {"c.0.field": "type_de_stand", "c.0.op": "equals", "c.0.value": "professionnel", "c.1.group": "any"}
    said |= {
        "c.1.0.field": "prix",
        "c.1.0.op": "gt",
        "c.1.0.value": "12,50",
        "c.1.1.field": "prix",
        "c.1.1.op": "empty",
    }
    assert desk.post(address, **start | said | {"c.1.0.value": "cher"}, act="save").status_code == 422
    assert desk.post(address, **start | said, act="save").status_code == 302
    over = {"any": [{"field": "prix", "op": "gt", "value": 1250}, {"field": "prix", "op": "empty"}]}
    tree = {"all": [{"field": "type_de_stand", "op": "equals", "value": "professionnel"}, over]}
    assert Source(desk.source()).find("field", "raison_sociale").node["visible_when"] == tree
    sentence = "Type de stand est « Professionnel » ET (Prix est plus grand que 12,50 € OU Prix n’a pas de réponse)"
    assert sentence in text(desk.get()).replace("\u00a0", " ")
    used = desk.post(
        "questions/type_de_stand/", **STAND, **{"option-0-label": "Particulier", "option-0-value": "particulier"}
    )
    assert used.status_code == 422 and "« Professionnel » est attendue par une condition" in text(used)
    desk.post(address, **start, act="clear")
    assert "visible_when" not in Source(desk.source()).find("field", "raison_sociale").node


def test_a_calculation_is_tried_before_it_is_kept(desk):
    add = "parties/demande/questions/ajouter/?type="
    first = {"first": "Longueur", "first-type": "integer"}
    desk.post(f"{add}repeated", label="Emplacements", required="no", privacy="ordinary", **first)
    desk.post("parties/emplacements/questions/ajouter/?type=text", label="Nom", required="no", privacy="ordinary")
    page = text(desk.get(f"{add}calculated"))
    recipe = "sum(emplacements.map(ligne, ligne.longueur)) * 150"
    assert f"{recipe} -> amount" in page
    chosen = text(desk.post(f"{add}calculated", label="Prix", recipe=f"{recipe} -> amount"))
    assert f">{recipe}</textarea>" in chosen and "Longueur, ligne 1" in chosen
    formula = {"label": "Prix", "set-formula": recipe, "set-result": "amount"}
    lengths = {"essai.emplacements.0.longueur": "3", "essai.emplacements.1.longueur": "2"}
    assert "Résultat : 7,50" in text(desk.post(f"{add}calculated", **formula, **lengths, **{"try": "1"}))
    assert "Il manque une réponse" in text(desk.post(f"{add}calculated", **formula, **{"try": "1"}))
    wrong = formula | {"set-formula": "prix_du_stand * 2"}
    assert "ne s’appelle « prix_du_stand »" in text(desk.post(f"{add}calculated", **wrong, **{"try": "1"}))
    assert desk.post(f"{add}calculated", **formula).status_code == 302
    desk.post("regles/prix/nouvelle/", label="Emplacements", amount_from="prix")
    assert desk.source()["price"]["rules"] == [{"label": {"fr": "Emplacements"}, "amount_from": "prix"}]


def test_documents_commitments_and_impossible_cases_have_their_pages(desk):
    desk.post("elements/document/ajouter/", label="Extrait Kbis", indispensable="on", obtainable_from="Greffe")
    desk.post("elements/declaration/ajouter/", label="J’ai lu le règlement", purpose="S’engager", optional="on")
    assert desk.source()["declarations"][0]["required"] is False
    assert "indispensable · peut venir de : Greffe" in text(desk.get("pieces/"))
    desk.post("parties/demande/questions/ajouter/?type=yes_no", label="Habitant", required="yes", privacy="ordinary")
    made = desk.post("regles/impossible/ajouter/", message="Réservé aux habitants.", question="habitant")
    assert made.url.endswith("/conditions/ineligible/reserve_aux_habitants/when/")
    desk.post(
        "conditions/ineligible/reserve_aux_habitants/when/",
        act="save",
        **{
            "c.group": "all",
            "c.0.field": "habitant",
            "c.0.op": "equals",
            "c.0.value": "no",
        },
    )
    assert desk.source()["ineligible"][0]["when"] == {"field": "habitant", "op": "equals", "value": False}
    assert "Habitant est « non »" in text(desk.get("regles/"))
    assert desk.get("elements/document/extrait_kbis/").status_code == 200


def test_advice_is_given_on_the_words(desk):
    desk.post(
        "parties/demande/questions/ajouter/?type=text", label="Veuillez renseigner", required="no", privacy="ordinary"
    )
    page = text(desk.get("questions/veuillez_renseigner/"))
    assert "dites plutôt l’impératif simple" in page
    assert "Dites pourquoi cette question est posée" in page
    assert "dites plutôt" in text(desk.get())


def test_every_setting_of_every_type_has_its_words():
    lacking = {name for kind in TYPES.values() for name in kind.settings if name not in SETTINGS}
    assert lacking == set()


def test_the_procedure_is_tried_with_its_real_checks_and_nothing_is_kept(desk):
    add = "parties/demande/questions/ajouter/?type="
    desk.post(f"{add}integer", label="Longueur", required="yes", privacy="ordinary")
    desk.post(f"{add}file", label="Photographie", required="yes", privacy="ordinary", document="+")
    desk.post("regles/prix/nouvelle/", label="Emplacement", amount="12,50")
    assert "/essayer/votre-demande/" in text(desk.get("essayer/"))
    first = desk.get("essayer/votre-demande/")
    assert first.headers["X-Frame-Options"] == "SAMEORIGIN" and 'name="longueur"' in text(first)
    wrong = desk.post("essayer/votre-demande/", longueur="six")
    assert wrong.status_code == 422 and "ce n’est pas un nombre" in text(wrong)
    photo = SimpleUploadedFile("stand.png", b"not even looked at")
    second = text(desk.post("essayer/votre-demande/", longueur="6", photographie=photo))
    assert "Nom de famille" in second
    me = {"applicant_family_name": "Martin", "applicant_given_names": "Camille", "applicant_email": "c@exemple.fr"}
    me |= {"applicant_address.lines": "1 rue du Port", "applicant_address.postal_code": "49000"}
    me |= {"applicant_address.city": "Angers", "essai": re.search('name="essai" value="([^"]*)"', second)[1]}
    end = text(desk.post("essayer/vos-coordonnees/", **me))
    assert "stand.png" in end and "Martin" in end and "Prix : 12,50" in end and "État civil".lower() in end.lower()
    assert "Nom de famille" in text(desk.post("essayer/votre-demande/", essai=me["essai"], go="vos-coordonnees"))
    assert (Draft.objects.count(), Document.objects.count()) == (0, 0)


def test_a_page_says_which_part_of_the_procedure_it_belongs_to():
    said = {
        "": "outline",
        "questions/lieu/": "outline",
        "pieces/": "documents",
        "elements/document/plan/": "documents",
        "elements/declaration/ajouter/": "declarations",
        "historique/versions/2/": "history",
        "fermer/": "history",
    }
    for page, part in said.items():
        shown = entries("brocante", f"/agents/demarches/brocante/{page}")
        assert [each.route for each, _href, is_here in shown if is_here] == [part], page

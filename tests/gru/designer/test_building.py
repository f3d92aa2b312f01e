"""An agent builds a procedure: pages, questions, their order; nothing is covered and nobody else comes in."""

from etoile.gru.access.models import Role
from etoile.gru.forms.editing.source import Source

OPTIONS = {"option-0-label": "Professionnel", "option-1-label": "Particulier", "option-1-label_en": "Private person"}
STAND = {"label": "Type de stand", "required": "yes", "purpose": "Placer les exposants", "privacy": "ordinary"}


def text(answer):
    return answer.content.decode()


def order(desk):
    return [place.node["id"] for place in Source(desk.source()).walk() if place.kind == "field"]


def test_only_those_who_may_design_change_a_procedure(client, town, desk):
    town.agent.memberships.update(role=Role.DPO)
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

"""Each ready-made procedure, filled to its end: its event follows the contract and its summary leaves no blank."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation
from tests.gru.documents.samples import JPEG, PDF
from tests.gru.filling.conftest import APPLICANT, PLACE, PROBLEM
from tests.gru.forms.answering import filled

from etoile.contract.envelope import Event
from etoile.contract.schemas import violations
from etoile.gru.cases.models import Case
from etoile.gru.filling import services
from etoile.gru.outbox.models import OutgoingEvent

SOON = (timezone.localdate() + timedelta(days=40)).isoformat()
CHILD = {
    "enfant_nom": "Martin",
    "enfant_prenoms": "Lina",
    "enfant_date_naissance": "2019-03-15",
    "ecole": "les-tilleuls",
    "classe": "CE1",
}
HEALTH = {"allergie": "yes", "allergie_type": ["alimentaire"], "allergie_precision": "Arachide", "pai": "yes"}
ANSWERS = {
    "inscription-evenement": {
        "evenement": {
            "evenement": "reunion-plu", "nombre_places": "2", "besoin_accessibilite": "yes",
            "amenagement": ["fauteuil"],
        },
        "vos-coordonnees": APPLICANT,
    },
    "acte-etat-civil": {
        "acte": {
            "type_acte": "NAISSANCE", "nature_acte": "COPIE-INTEGRALE", "nombre_exemplaires": "2", "motif": "autre",
        },
        "titulaire": {
            "titulaire_civilite": "MADAME", "titulaire_nom": "Dubois", "titulaire_prenoms": "Angela, Claire",
            "titulaire_date_naissance": {"day": "24", "month": "8", "year": "1962"},
            "titulaire_lieu_naissance": "Valmont-sur-Loire", "parent_1_nom": "Dubois",
        },
        "demandeur": {**APPLICANT, "qualite_demandeur": "Descendant"},
        "livraison": {"mode_livraison": "courrier"},
    },
    "reservation-salle": {
        "salle": {
            "salle": "salle-des-fetes", "creneau": {"date": SOON, "start": "14h", "end": "18h30"}, "participants": "40",
            "usage": "spectacle", "usage_precision": "Concert", "materiel": ["cuisine"], "buvette": "yes",
        },
        "demandeur": {**APPLICANT, "type_demandeur": "company", "organisme": "Essai", "siret": "732 829 320 00074"},
        "pieces": {},
    },
    "signalement-voirie": {"probleme": PROBLEM, "lieu": PLACE, "vos-coordonnees": APPLICANT},
    "inscription-periscolaire": {
        "responsable": {**APPLICANT, "lien_enfant": "parent"},
        "enfant": CHILD,
        "accueils": {
            "date_debut": SOON, "restauration": "yes", "jours_restauration": ["lundi", "jeudi"], "repas": "standard",
            "mercredi": "non",
        },
        "sante": HEALTH,
        "securite": {
            "rentre_seul": "no", "autre_personne": "yes", "personne_1_nom": "Dominique Bernard",
            "personne_1_telephone": "06 39 98 01 24",
        },
    },
    "signaler-defaut-accessibilite": {
        "difficulte": {
            "page_concernee": "/aide", "description": "Le bouton ne répond pas au clavier", "materiel": "NVDA",
        },
        "vos-coordonnees": APPLICANT,
    },
    "certificat-urbanisme": {
        "demandeur": {**APPLICANT, "qualite": "acquereur"},
        "terrain": {"terrain_adresse": "3 chemin des Vignes", "parcelles": "AB 123", "superficie": "850"},
    },
}  # fmt: skip
FILES = {
    "acte-etat-civil": {"fichier_identite": PDF, "fichier_qualite": PDF},
    "signalement-voirie": {"photo": JPEG},
    "inscription-periscolaire": {"fichier_pai": PDF},
    "certificat-urbanisme": {"fichier_plan": PDF},
}


@pytest.mark.parametrize("slug", ANSWERS)
def test_is_filled_to_its_end_and_published_as_the_contract_says(begin, slug):
    form = begin(slug)
    pages = [page.id for page in form.version.definition.pages]
    assert pages == list(ANSWERS[slug])
    for page in pages:
        for name, content in FILES.get(slug, {}).items():
            if form.version.definition.page_of(name).id == page:
                form.save(page, ANSWERS[slug][page])
                form.attach(name, content, "photo.jpg" if content is JPEG else "piece.pdf")
        result = form.save(page, ANSWERS[slug][page])
        assert result.errors == ()
    for language in ("fr", "en"):
        with translation.override(language):
            summary = services.summary(form.again())
        answered = {
            line.field.id: line.words for page in summary for section in page.sections for line in section.lines
        }
        assert all(answered[name] for page in ANSWERS[slug].values() for name in page)
    ticked = {each.id: "on" for each in form.version.definition.declarations}
    case = form.confirm(**ticked)
    event = Event.from_json(OutgoingEvent.objects.get(subject=case.subject).body.encode())
    assert violations(event) == []
    closed = FILES.get(slug, {}).keys() & set(event.data.get("withheld", ()))
    assert len(event.data["documents"]) == len(FILES.get(slug, {})) - len(closed)


@pytest.mark.parametrize(
    ("slug", "sealed"), [("vide-grenier", {"piece_numero", "acces_facile"}), ("aide-ccas", {"foyer"})]
)
def test_blocks_and_calculations_reach_the_case_and_its_event(begin, slug, sealed):
    form = begin(slug)
    definition = form.version.definition
    answers, _documents = filled(definition, {})
    for page in definition.pages:
        here = {each.id: answers[each.id] for each in page.fields if each.id in answers}
        assert form.save(page.id, here).errors == ()
    case = form.confirm(**{each.id: "on" for each in definition.declarations})
    event = Event.from_json(OutgoingEvent.objects.get(subject=case.subject).body.encode())
    assert violations(event) == []
    block = next(each for each in definition.fields if each.fields)
    computed = [each.id for each in definition.fields if each.type == "calculated" and each.id in event.data["answers"]]
    # What is sensitive leaves when a contract names it: none does here.
    assert {block.id, *computed} <= event.data["answers"].keys() | set(event.data.get("withheld", ())) and computed
    stored = Case.objects.get(pk=case.pk).answers
    assert all("Réponse" not in str(stored.get(name)) and stored.get(name) != answers[name] for name in sealed)


def test_health_answers_are_sealed_in_the_case_too(begin):
    form = begin("inscription-periscolaire")
    for page, answers in ANSWERS["inscription-periscolaire"].items():
        form.save(page, answers)
        if page == "sante":
            form.attach("fichier_pai")
            form.save(page, answers)
    case = form.confirm(autorite_parentale="on", reglement="on")
    stored = str(Case.objects.get(pk=case.pk).answers)
    assert "Arachide" not in stored
    assert "alimentaire" not in stored
    assert "les-tilleuls" in stored

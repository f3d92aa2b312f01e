"""Somebody who writes no code builds a procedure in the back-office and publishes it; a citizen files it."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from etoile.gru.access.models import Account, Authority, Role, Team
from etoile.gru.cases.models import Case
from etoile.gru.documents.models import Document
from etoile.gru.forms.editing.source import Source
from etoile.gru.forms.models import Procedure
from tests.browser.gru import designing
from tests.browser.gru.scenery import session_of
from tests.browser.harness.pages import DAY, Mode
from tests.browser.harness.visits import Visit
from tests.gru.conftest import make_agent
from tests.gru.portal.journey import PIXEL

pytestmark = pytest.mark.browser

DESIGNER = "conception@valmont.example"
PERSON = {
    "Nom de famille": "Martin",
    "Prénoms": "Camille",
    "Adresse électronique": "camille.martin@exemple.fr",
    "Numéro et voie": "12 rue des Tilleuls",
    "Code postal": "49999",
    "Commune": "Valmont-sur-Loire",
}
SHEETS: dict[str, dict[str, str]] = {
    "Présentation": {
        "Résumé": "Réservez votre stand pour la brocante de juin.",
        "Qui peut faire la demande": "Tous les habitants",
        "Coût": "1,50 € le mètre",
        "Délai habituel": "Une semaine",
        "Autre façon de demander": "À l’accueil de la mairie, du lundi au vendredi.",
    },
    "Fiche juridique": {
        "Au bout de combien de temps": "2 mois",
        "Quel texte le dit ?": "Article L. 231-1 du code des relations entre le public et l’administration",
        "Texte applicable n° 1": "Article L. 310-2 du code de commerce",
    },
    "Registre et conservation": {
        "Finalité du traitement": "Placer les exposants et tenir le registre de la brocante",
        "Texte qui fonde le traitement": "Article R. 321-9 du code pénal",
        "Personnes concernées": "Les exposants",
        "Catégories de données": "Identité, coordonnées, stand",
        "Destinataires": "Le service des fêtes",
        "Mesures de sécurité": "Accès réservé au service",
        "Durée en base active": "1 an",
        "Durée d’archivage intermédiaire": "0 jour",
        "Texte qui fixe ces durées": "Délibération du conseil municipal",
    },
}
CHOSEN = {
    "Présentation": {"Thème du portail": "vie-locale"},
    "Fiche juridique": {"Que vaut le silence": "reject"},
    "Registre et conservation": {"Base légale": "public_task", "Sort final": "destroy"},
}


@pytest.fixture
def desk(visiting: Any, town: Authority) -> Any:
    """`desk(mode)` opens the back-office to somebody who may design and publish."""
    team = Team.objects.filter(authority=town).first()
    agent = make_agent(town, team, DESIGNER)
    agent.memberships.update(role=Role.ADMINISTRATOR, team=None)
    cookies = session_of(agent)

    def opened(mode: Mode) -> Visit:
        visit: Visit = visiting(mode)
        given = [{"name": name, "value": value, "url": visit.address} for name, value in cookies.items()]
        visit.page.context.add_cookies(given)  # type: ignore[arg-type]
        return visit

    return opened


class Builder:
    """The gestures of somebody who reads the labels."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, name: str, nth: int = 0) -> None:
        found = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        found.nth(nth).click()

    def write(self, label: str, text: str, nth: int = 0) -> None:
        self.page.get_by_label(label).nth(nth).fill(text)

    def add(self, kind: str, question: str, *, required: bool = True) -> None:
        self.press("Ajouter une question Partie")
        self.page.locator(".kinds").get_by_role("link", name=kind, exact=True).click()
        self.write("Question" if kind != "Valeur calculée" else "Titre", question)
        if kind != "Valeur calculée":
            self.page.get_by_label("Oui" if required else "Non", exact=True).check()
            self.write("Pourquoi cette question", "Placer les exposants")

    def keep(self) -> None:
        self.press("Enregistrer")
        self.page.locator(".banner.tone-success").wait_for()


def test_a_procedure_is_built_by_hand_published_and_filed(desk, visiting, tmp_path):
    visit: Visit = desk(DAY)
    page, hand = visit.page, Builder(visit.page)
    visit.go("/agents/demarches/")
    hand.press("Créer une démarche")
    hand.write("Nom de la démarche", "Inscription à la brocante")
    page.get_by_label("Service chargé des demandes").select_option(index=1)
    hand.press("Créer cette démarche")
    build_questions(page, hand)
    require_the_document(page, hand)
    visit.check()
    price(page, hand)
    for part, texts in SHEETS.items():
        hand.press(part)
        for label, text in texts.items():
            hand.write(label, text)
        for label, value in CHOSEN[part].items():
            page.get_by_label(label).first.select_option(value)
        if part == "Présentation":
            page.get_by_label("Particuliers").check()
        hand.keep()
    hand.press("Essayer")
    hand.press("Commencer l’essai")
    page.get_by_text("Ceci est un essai").wait_for()
    visit.check()
    page.get_by_role("link", name="Revenir au plan").click()
    publish(page, hand)
    assert Procedure.objects.get(slug="inscription-a-la-brocante").state == "published"
    file_it(visiting(DAY), tmp_path)


def test_the_editor_is_used_with_the_keyboard_alone(desk, town):
    visit: Visit = desk(DAY)
    page, press, write = visit.page, visit.page.keyboard.press, visit.page.keyboard.type
    team = Team.objects.filter(authority=town).order_by("pk")[0]
    draft = designing.build(team, Account.objects.get(email=DESIGNER))
    visit.go(f"/{designing.HERE}")
    visit.reach("#field-divers .moves [value=up]")
    press("Enter")
    page.wait_for_url("**deplace=divers**")
    # The focus is still on the button: pressed again, the question goes up again.
    assert page.evaluate("document.activeElement.matches('#field-divers .moves [value=up]')")
    press("Enter")
    page.wait_for_function("document.querySelector('#demande, .plan-fields').children[2].id === 'field-divers'")
    press("Shift+Tab")
    press("Enter")
    page.wait_for_url("**/questions/divers/")
    visit.reach("#id_label")
    press("Control+A")
    write("Matériel à prêter")
    press("Enter")
    page.locator(".banner.tone-success").wait_for()
    visit.go(f"/{designing.HERE}conditions/field/divers/visible_when/")
    visit.reach("#condition-c-0")
    write("Lieu")
    page.locator("#condition-c-0-op").wait_for()
    visit.reach("#condition-c-0")
    write("Dans la rue")
    visit.reach(".conditions > .actions button:not([name])")
    press("Enter")
    page.locator("#field-divers .plan-condition").wait_for()
    draft.refresh_from_db()
    node = Source(draft.source).find("field", "divers").node
    assert node["label"]["fr"] == "Matériel à prêter"
    assert node["visible_when"] == {"field": "lieu", "op": "equals", "value": "rue"}
    assert visit.complaints == []


def test_a_question_is_dragged_with_a_mouse(desk, town):
    visit: Visit = desk(DAY)
    draft = designing.build(Team.objects.filter(authority=town).order_by("pk")[0], Account.objects.get(email=DESIGNER))
    visit.go(f"/{designing.HERE}")
    visit.page.locator("#field-divers .plan-words").drag_to(visit.page.locator("#field-lieu .plan-words"))
    visit.page.locator(".plan-fields > li:first-child#field-divers").wait_for()
    draft.refresh_from_db()
    assert Source(draft.source).find("section", "demande").node["fields"][0]["id"] == "divers"
    assert visit.complaints == []


def test_a_condition_is_built_without_a_script(desk, town):
    visit: Visit = desk(Mode("no-script", scripts=False))
    page, hand = visit.page, Builder(visit.page)
    draft = designing.build(Team.objects.filter(authority=town).order_by("pk")[0], Account.objects.get(email=DESIGNER))
    visit.go(f"/{designing.HERE}conditions/field/divers/visible_when/")
    page.locator("#condition-c-0").select_option(label="Lieu")
    hand.press("Choisir cette question")
    page.locator("#condition-c-0-op").select_option(label="est l’un de")
    hand.press("Changer de comparaison")
    page.get_by_label("Au parc").check()
    hand.press("Enregistrer la condition")
    page.locator("#field-divers .plan-condition", has_text="Lieu est l’un de « Au parc »").wait_for()
    draft.refresh_from_db()
    tree = Source(draft.source).find("field", "divers").node["visible_when"]
    assert tree == {"field": "lieu", "op": "in", "value": ["parc"]}


def build_questions(page: Page, hand: Builder) -> None:
    hand.add("Un choix dans une liste", "Type de stand")
    hand.write("Réponse 1", "Professionnel")
    hand.write("Réponse 2", "Particulier")
    hand.keep()
    hand.add("Oui ou non", "Première participation")
    hand.keep()
    hand.add("Bloc répété", "Vos emplacements")
    hand.write("Première question de chaque ligne", "Longueur en mètres")
    page.get_by_label("Sorte de réponse").select_option("integer")
    hand.keep()
    hand.add("Valeur calculée", "Prix à payer")
    hand.press("1,50 € pour chaque « Longueur en mètres »")
    hand.write("Longueur en mètres, ligne 1", "3")
    hand.write("Longueur en mètres, ligne 2", "2")
    hand.press("Calculer")
    page.get_by_text("Résultat : 7,50").wait_for()
    hand.keep()
    hand.add("Fichier à joindre", "Pièce d’identité")
    hand.keep()


def require_the_document(page: Page, hand: Builder) -> None:
    """« Afficher si : Type de stand est « Professionnel » ET (première participation OU deux emplacements) »."""
    page.locator("main").get_by_role("link", name="Pièce d’identité", exact=True).click()
    hand.press("Ajouter une condition")
    page.locator("#condition-c-0").select_option(label="Type de stand")
    page.locator("#condition-c-0-op").wait_for()
    page.locator("#condition-c-0").select_option(label="Professionnel")
    hand.press("Ajouter un groupe")
    page.locator("#condition-c-1-0").select_option(label="Première participation")
    page.locator("#condition-c-1-0-op").wait_for()
    page.locator("#condition-c-1-0").select_option(label="Oui")
    page.locator("#condition-c-1-1").select_option(label="Vos emplacements")
    page.locator("#condition-c-1-1-op").wait_for()
    page.locator("#condition-c-1-1").fill("2")
    hand.press("Enregistrer la condition")
    sentence = "Type de stand est « Professionnel » ET (Première participation est « oui » OU le nombre de lignes de"
    page.locator("#field-piece_d_identite .plan-condition", has_text=sentence).wait_for()


def price(page: Page, hand: Builder) -> None:
    hand.press("Cas impossibles et prix")
    hand.press("Ajouter une ligne au prix")
    hand.write("Ligne du prix", "Emplacements")
    page.get_by_label("Ou la valeur calculée").select_option(label="Prix à payer")
    hand.keep()


def publish(page: Page, hand: Builder) -> None:
    page.get_by_role("link", name="Publication", exact=True).click()
    page.get_by_text("Rien : la démarche est complète.").wait_for()
    unchecked = page.get_by_label("Publier sans la vérification du hub")
    if unchecked.count():
        unchecked.check()
    hand.press("Publier cette version")
    page.get_by_text("La démarche est en service").wait_for()


def file_it(visit: Visit, folder: Path) -> None:
    """A professional with two stands is asked for the document, sees the price, and sends."""
    photo = folder / "carte.png"
    photo.write_bytes(PIXEL)
    page, hand = visit.page, Builder(visit.page)
    visit.go("/demarches/inscription-a-la-brocante/")
    page.click("#commencer a")
    page.get_by_text("Pièce d’identité").wait_for()
    page.click("#commencer .actions button")
    page.get_by_label("Professionnel").check()
    page.get_by_label("Non", exact=True).check()
    hand.write("Longueur en mètres", "3")
    page.get_by_role("button", name=re.compile("Ajouter")).first.click()
    page.get_by_label("Longueur en mètres").nth(1).fill("2")
    page.get_by_label("Longueur en mètres").nth(1).press("Tab")
    page.locator("#champ-piece_d_identite").wait_for()
    page.locator("#champ-piece_d_identite").set_input_files(str(photo))
    visit.check()
    page.click("#formulaire .actions button:not([name])")
    page.wait_for_url("**/vos-coordonnees/")
    for label, text in PERSON.items():
        hand.write(label, text)
    page.click("#formulaire .actions button:not([name])")
    page.wait_for_url("**/verifier")
    page.click("#envoyer .actions button")
    page.wait_for_url("**/envoyee")
    case = Case.objects.get()
    assert Document.objects.filter(holder=case.pk).count() == 1

"""A form asks the hub, and the hub the file of the town: the third door, between real processes."""

from etoile.demo.answers import Request, person
from etoile.demo.people import Citizen, question_form

CARD = Request(
    "stationnement-resident",
    "",
    {"rue_ecrite": "rue du port", "zone.key": "P", "immatriculation": "AB-123-CD"}
    | person("Leroy", "Camille", "camille.leroy@example.org"),
)


def test_a_street_is_found_in_the_file_of_the_town_while_the_form_is_filled(stage):
    citizen = Citizen(stage.gru)
    sheet = citizen.browser.get(f"{stage.gru}/demarches/{CARD.slug}/remplir/")
    first = citizen.browser.submit(sheet, sheet.form(action="/remplir/"))
    shown = citizen.browser.submit(first, question_form(first), {"rue_ecrite": "rue du port"})
    assert "Rue du Port-aux-Sables" in shown.text and "Bords de Loire" in shown.text, shown.text
    assert citizen.file(CARD).reference

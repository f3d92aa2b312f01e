"""The screens of reference tables: read by designers, changed by publishers, every bad line said at the file."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from etoile.gru.access.models import Role
from etoile.gru.forms.services import load
from etoile.gru.forms.tables.models import Table
from etoile.gru.forms.tables.services import import_csv

ROOT = "/agents/demarches/tables/"
ROWS = "code;nom;tarif\nA;Rue des Lavoirs;3\nB;Place du Marché;5\n"


def csv(content=ROWS):
    return SimpleUploadedFile("voies.csv", content.encode())


def test_a_publisher_imports_a_table_sees_it_and_goes_back(designer, town):
    assert designer.post(f"{ROOT}ajouter/", {}).status_code == 403
    town.agent.memberships.update(role=Role.ADMINISTRATOR, team=None)
    given = {"title": "Voies", "slug": "voies", "key": "nom", "label": "nom"}
    bad = designer.post(f"{ROOT}ajouter/", {**given, "file": csv(ROWS + "C\nA;Rue des Lavoirs;1\n")})
    assert bad.status_code == 422 and Table.objects.count() == 0
    assert "ligne 4 : 1 cases, 3 colonnes" in bad.content.decode()
    assert "ligne 5 : la clé « Rue des Lavoirs » est déjà à la ligne 2" in bad.content.decode()
    assert designer.post(f"{ROOT}ajouter/", {**given, "file": csv()})["Location"] == f"{ROOT}voies/"
    assert designer.post(f"{ROOT}ajouter/", {**given, "file": csv()}).status_code == 422
    designer.post(f"{ROOT}voies/", {"file": csv(ROWS.replace("Marché", "Port"))})
    with CaptureQueriesContext(connection) as seen:
        page = designer.get(f"{ROOT}voies/").content.decode()
    assert len(seen) <= 15, [each["sql"][:80] for each in seen]
    assert "Place du Port" in page and "2 lignes, reconnues par « nom »" in page, "the columns stay as they were chosen"
    designer.post(f"{ROOT}voies/precedente/")
    assert "Place du Marché" in designer.get(f"{ROOT}voies/").content.decode()
    assert "Voies" in designer.get(ROOT).content.decode()


def test_a_designer_reads_a_table_and_changes_nothing(designer, town):
    assert designer.get(ROOT).status_code == 200
    assert designer.get(f"{ROOT}rien/").status_code == 404
    Table.objects.create(authority=town.authority, slug="voies")
    assert 'type="file"' not in designer.get(f"{ROOT}voies/").content.decode()
    for address in ("voies/", "voies/precedente/"):
        assert designer.post(f"{ROOT}{address}", {"file": csv()}).status_code == 403


def test_a_trial_chooses_in_the_tables_of_the_town_as_a_person_does(desk, town):
    import_csv(town.authority, "voies", ROWS.encode())
    street = {"id": "voie", "type": "reference", "label": "Voie", "required": True, "settings": {"table": "voies"}}
    page = {"id": "p", "title": "P", "sections": [{"id": "s", "fields": [street]}]}
    desk.draft = load(town.authority, {**desk.source(), "pages": [page, {**page, "id": "q", "sections": []}]})
    tried = f"{desk.ROOT}brocante/essayer/p/"
    assert '<option value="B">' in desk.client.get(tried).content.decode()
    refused = desk.client.post(tried, {"voie.key": "Z"})
    assert refused.status_code == 422 and "n’est pas, ou plus, dans la liste" in refused.content.decode()
    assert "Place du Marché" in desk.client.post(tried, {"voie.key": "B"}).content.decode()

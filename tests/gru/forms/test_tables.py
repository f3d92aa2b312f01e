"""Reference tables: a file is imported whole or not at all, and what a person chose is what the server read."""

import jsonschema_rs
import pytest

from etoile.gru.forms import answers_schema
from etoile.gru.forms.fields.reference import TYPE as REFERENCE
from etoile.gru.forms.fields.reference import Chosen
from etoile.gru.forms.parsing import parse
from etoile.gru.forms.tables import choosing, queries, reading, services
from etoile.gru.forms.tables.models import TableRow, TableVersion
from etoile.gru.forms.tables.queries import Search
from etoile.gru.forms.tables.reading import TableError
from etoile.gru.forms.validation import validate

STREETS = "code;Nom;Quartier\n1;Rue des Étangs;Centre\n2;Rue de l'Île;Sud\n3;Étang neuf (chemin de l');Sud\n"
DEFINITION = {
    "slug": "s",
    "title": "S",
    "pages": [{"id": "p", "title": "P", "sections": [{"id": "s", "fields": [
        {"id": "voie", "type": "reference", "label": "Voie", "settings": {"table": "voies", "keep": ["quartier"]}},
        {"id": "lieu", "type": "linked", "label": "Lieu",
         "settings": {"table": "voies", "levels": ["quartier", "nom"]}},
    ]}]}],
}  # fmt: skip

BAD = [
    (b"", ["le fichier est vide : la première ligne nomme les colonnes"]),
    (b"code;nom\n", ["il n’y a aucune ligne après celle des colonnes"]),
    (b"code;code\n1;2\n", ["ligne 1 : deux colonnes « code »"]),
    (
        "code;nom\n1;a\n2\n1;b\n;c\n5;\n6;\x01\n7;%s\n8;…\n".replace("%s", "x" * 501).encode(),
        [
            "ligne 3 : 1 cases, 2 colonnes",
            "ligne 4 : la clé « 1 » est déjà à la ligne 2",
            "ligne 5 : « code » est vide",
            "ligne 6 : « nom » est vide",
            "ligne 7 : « nom » contient un caractère qui ne se lit pas",
            "ligne 8 : « nom » dépasse 500 caractères",
        ],
    ),
    (b"code;nom\n" + b"".join(b"%d;a\n" % n for n in range(50_001)), ["50001 lignes : une table en a 50000 au plus"]),
]


@pytest.mark.parametrize(("raw", "said"), BAD)
def test_every_bad_line_of_a_file_is_named(raw, said):
    with pytest.raises(TableError) as refused:
        reading.read(raw)
    assert refused.value.problems == said


def test_a_spreadsheet_saved_in_france_is_read():
    found = reading.read("Clé,École\nà1,Jeanne d’Arc\n".encode("cp1252"), key="cle")
    assert [(row.key, row.label, row.words) for row in found.rows] == [("à1", "Jeanne d’Arc", "jeanne d arc a1")]
    with pytest.raises(TableError, match="il n’y a pas de colonne « nom »"):
        reading.read(b"code\n1\n", label="nom")


def test_an_import_replaces_the_whole_table_or_nothing(town):
    made = services.import_csv(town.authority, "voies", STREETS.encode(), title="Voies")
    again = services.import_csv(town.authority, "voies", STREETS.encode())
    assert (made.changed, again.changed, again.version) == (True, False, made.version)
    with pytest.raises(TableError):
        services.import_csv(town.authority, "voies", b"code;nom\n1;a\n1;b\n")
    assert TableVersion.objects.get().rows.count() == 3
    for number in range(3):
        services.import_csv(town.authority, "voies", f"code;nom\n1;version {number}\n".encode())
    assert list(TableRow.objects.order_by("version").values_list("label", flat=True)) == ["version 1", "version 2"]
    assert services.go_back(town.authority, "voies").number == 3
    found = queries.in_force(town.authority.pk, ["voies", "rien"])
    assert [(each.slug, each.columns, each.size) for each in found.values()] == [("voies", ("code", "nom"), 1)]


def test_rows_are_found_by_any_words_without_accents_what_begins_so_first(town, django_assert_num_queries):
    version = services.import_csv(town.authority, "voies", STREETS.encode()).version.pk
    typed = {"etang": ["3", "1"], "ÉTANGS rue": ["1"], "sud ile": ["2"], "' :* |": [], "etang xyz": [], "": []}
    with django_assert_num_queries(1):
        found = queries.search([Search(version, words) for words in typed])
    assert [[row.key for row in each.rows] for each in found] == list(typed.values())


def test_a_program_sends_a_key_and_the_request_tells_the_row():
    definition = parse(DEFINITION)
    sent, told = answers_schema.accepted(definition), answers_schema.published(definition)
    row = {"key": "2", "label": "Rue de l'Île", "quartier": "Sud"}
    place = {"quartier": "Sud", "nom": "Rue de l'Île"}
    assert jsonschema_rs.is_valid(sent, {"voie": "2", "lieu": place})
    assert jsonschema_rs.is_valid(told, {"voie": row, "lieu": {"key": "2", "label": "Rue de l'Île", **place}})
    assert not jsonschema_rs.is_valid(told, {"voie": "2"})


def test_only_what_the_server_has_read_in_the_table_is_an_answer(town, django_assert_num_queries):
    definition, authority = parse(DEFINITION), town.authority.pk
    assert [each.place for each in choosing.lacking(authority, definition)] == ["field:voie", "field:lieu"]
    services.import_csv(town.authority, "voies", STREETS.encode())
    assert choosing.lacking(authority, definition) == []
    row = {"key": "2", "label": "Rue de l'Île", "quartier": "Sud"}
    place = {"quartier": "Sud", "nom": "Rue de l'Île"}

    def judged(**answers):
        return validate(definition, choosing.chosen(authority, definition, answers))

    for posted in ("2", {"key": "2", "label": "forged", "quartier": "forged"}, row, Chosen(row, quartier="forged"),
                   {"key": "9", "words": "rue de l ile"}, {"key": "2", "words": "rue", "searched": "Rue"}):  # fmt: skip
        assert REFERENCE.submitted(judged(voie=posted).cleaned["voie"], definition.fields[0]) == row
    for posted in ("9", {"words": "etang"}, {"key": "2", "words": "etang", "searched": "rue"}):
        refused = judged(voie=posted)
        assert (refused.cleaned, len(refused.errors)) == ({}, 1)
    with django_assert_num_queries(3):
        both = judged(voie="1", lieu=place)
    assert both.cleaned["lieu"] == {"key": "2", "label": "Rue de l'Île", **place}
    assert judged(lieu={"quartier": "Sud"}).typed == {"lieu": {"quartier": "Sud"}}
    assert judged(lieu={**place, "quartier": "Centre"}).errors
    assert validate(definition, {"voie": row}).errors, "an answer that nobody checked is refused"
    version = queries.in_force(authority, ["voies"])["voies"].id
    assert queries.level(version, "quartier", ()) == ("Centre", "Sud")
    assert queries.level(version, "nom", (("quartier", "Sud"),)) == ("Rue de l'Île", "Étang neuf (chemin de l')")

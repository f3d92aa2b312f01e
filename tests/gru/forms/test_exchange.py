"""A procedure is one file: written, read and written again it is the same, byte for byte; its schema is published."""

import json
import random
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from etoile.gru.forms.definition import DefinitionError
from etoile.gru.forms.exchange import canonical, from_yaml, to_yaml
from etoile.gru.forms.file_schema import file_schema, written_schema
from etoile.gru.forms.grammar import nodes
from etoile.gru.forms.layout import PROCEDURE
from etoile.gru.forms.parsing import expanded, parse
from etoile.gru.forms.services import digest_of, load, publish

FOLDER = Path(__file__).parents[3] / "procedures"
RICH: dict[str, Any] = {
    "pages": [
        {
            "sections": [
                {
                    "visible_when": {"value": [1, "oui", False, "2027-06-12"], "op": "in", "field": "a"},
                    "fields": [
                        {"settings": {"row_label": {"fr": "Enfant"}, "maximum": 3, "minimum": 1}, "type": "repeated",
                         "fields": [{"label": {"fr": "Âge\nen années", "en": "Age"}, "type": "integer", "id": "age"}],
                         "required": False, "id": "enfants"},
                        {"id": "c", "settings": {"result": "amount", "formula": "size(enfants) * 500"},
                         "label": " Total: #1 ", "type": "calculated"},
                    ],
                    "id": "t",
                }
            ],
            "title": {"fr": "Deux"},
            "id": "deux",
        }
    ],
    "title": {"en": "", "fr": "Oui"},
    "slug": "essai",
    "price": {"rules": [{"amount_from": "c", "label": {"fr": "Tarif", "br": "Priz"}}]},
    "declarations": [{"id": "d", "label": "Je le jure", "required": True}],
    "keywords": [],
}  # fmt: skip
RICH["pages"].insert(
    0, {"id": "un", "title": "Un", "sections": [{"id": "s", "fields": [{"id": "a", "type": "text", "label": "yes"}]}]}
)


def shuffled(value: Any, seed: random.Random) -> Any:
    """The same data as a database gives them back: keys in any order."""
    if isinstance(value, dict):
        keys = list(value)
        seed.shuffle(keys)
        return {key: shuffled(value[key], seed) for key in keys}
    return [shuffled(each, seed) for each in value] if isinstance(value, list) else value


def test_the_ready_made_procedures_are_written_read_and_written_again_the_same(every_procedure):
    for slug, raw in {**every_procedure, "rich": RICH}.items():
        written = to_yaml(raw)
        again = from_yaml(written)
        assert to_yaml(shuffled(again, random.Random(1))) == written, slug
        assert digest_of(again) == digest_of(raw), slug
        before, after = parse(raw), parse(again)
        # The settings of the rich one say « Enfant » as {fr: …}: the same text, written shorter.
        assert (before.price, before.register) == (after.price, after.register), slug
        assert raw is RICH or before.pages == after.pages, slug


def test_what_is_written_says_nothing_usual_and_keeps_the_order_of_the_documentation():
    assert list(canonical(RICH)) == ["slug", "title", "declarations", "price", "pages"]
    written = to_yaml(RICH)
    assert "\nslug: essai\ntitle: Oui\n" in written
    assert "visible_when: {field: a, op: in, value: [1, oui, false, '2027-06-12']}" in written
    assert "required" not in written


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=60))
def test_whatever_is_written_in_a_text_comes_back(words):
    raw = {"slug": "essai", "title": "E", "pages": [], "summary": {"fr": "x" + words, "en": words}}
    written = to_yaml(raw)
    assert from_yaml(written) == canonical(raw)
    assert to_yaml(from_yaml(written)) == written


UNREADABLE = [
    ("what is no YAML", "a: [", "ligne 1"),
    ("nested without end", "[" * 3000, "lisible"),
    ("too large", "a: " + "x" * 1_100_000, "trop grand"),
    ("references that multiply", "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(8)), "trop grandes"),
    ("a set", "a: !!set {x}", "pas sa place"),
    ("an object", "a: !!python/object:os.system {}", "lisible"),
    ("a number that is none", "a: .nan", "n'en est pas un"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "text", "told"), UNREADABLE, ids=[what for what, _text, _told in UNREADABLE])
def test_a_file_is_refused_in_plain_words_with(what, text, told):
    with pytest.raises(DefinitionError, match=told):
        from_yaml(text)


def test_a_date_written_as_yaml_does_is_a_text():
    assert from_yaml("a: 2027-06-12") == {"a": "2027-06-12"}


def test_the_published_schema_is_the_one_of_this_code_and_takes_every_procedure(every_procedure):
    schema = file_schema()
    assert jsonschema_rs.meta.is_valid(schema)
    assert (FOLDER / "procedure.schema.json").read_text("utf-8") == written_schema(), "etoile gru schema > …"
    check = jsonschema_rs.Draft202012Validator(schema)
    for raw in (*every_procedure.values(), *map(canonical, every_procedure.values()), canonical(RICH)):
        assert [error.message for error in check.iter_errors(raw)] == []


def test_the_schema_refuses_what_the_reader_refuses():
    check = jsonschema_rs.Draft202012Validator(file_schema())
    text = {"id": "a", "type": "text"}
    wrong = (
        {"colour": 1},
        {"settings": {"formula": "1"}},
        {"options": []},
        {"visible_when": {"field": "a"}},
        {"id": "A"},
    )
    for change in wrong:
        page = {"id": "p", "title": "P", "sections": [{"id": "s", "fields": [{**text, **change}]}]}
        assert not check.is_valid({"slug": "essai", "title": "E", "pages": [page]}), change


def test_the_table_of_keys_is_the_one_the_reader_reads():
    """Every key of the table is read: given a wrong value, the reader complains of it, and not of an unknown key."""
    for name, node in nodes(PROCEDURE).items():
        assert len({key.name for key in node.keys}) == len(node.keys), name
    with pytest.raises(DefinitionError) as refused:
        parse({key.name: 1.5 for key in PROCEDURE.keys})
    assert not [problem for problem in refused.value.problems if "inconnue" in problem]


@pytest.mark.django_db
def test_a_published_procedure_is_exported_and_loading_the_export_changes_nothing(town, every_procedure):
    raw = {**every_procedure["acte-etat-civil"], "team": town.team.slug}
    version = publish(load(town.authority, raw))
    out = StringIO()
    call_command("gru_export", town.authority.siret, version.procedure.slug, stdout=out)
    assert from_yaml(out.getvalue()) == from_yaml(to_yaml(raw))
    assert load(town.authority, from_yaml(out.getvalue())) == version
    with pytest.raises(CommandError, match="in draft"):
        call_command("gru_export", town.authority.siret, version.procedure.slug, "--draft")
    schema = StringIO()
    call_command("gru_schema", stdout=schema)
    assert json.loads(schema.getvalue()) == file_schema()


def test_data_are_those_of_the_file_the_shared_blocks_written_out(every_procedure):
    raw = every_procedure["acte-etat-civil"]
    assert "use:" in yaml.safe_dump(raw)
    assert expanded(from_yaml(to_yaml(raw))) == from_yaml(to_yaml(raw))

import copy
import json
from pathlib import Path

import pytest
import yaml

from etoile.contract.schemas import MESSAGE_TYPES, example
from etoile.sdk.mapping import Mapping
from etoile.sdk.mapping.shapes import Shape, of_event, step
from etoile.sdk.mapping.texts import read

TYPE = "org.etoile.case.submitted.v1"
TEXT = Path(__file__).with_name("street.yaml").read_text()


def said(leaf, type=TYPE):
    mapping = Mapping.check({"a": leaf}, type)
    return " ".join(each.detail for each in mapping.violations)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("=event.data.procedure.slugg", "« event.data.procedure.slug » ?"),
        ("=has(event.data.procedure.slugg) ? 'a' : 'b'", "« event.data.procedure.slug » ?"),
        ("=event['data']['proceduer'].slug", ".procedure » ?"),
        ("=event.data.case.reference.fr", "est un texte"),
        ("=event.data.documents.name", "est une liste"),
        ("=event.data.documents[0].nam", ".name » ?"),
        ("=event.data.documents.map(d, d.nam)", "« d.name » ?"),
        ("=event.data.documents.filter(d, d.size > 1).map(d, d.title)", ""),
        ("=event.dta.case", "« event.data » ?"),
        ("=event.data.case.channel == 'webb' ? 1 : 2", "ne vaut jamais « webb » : « web » ?"),
        ("=event.data.procedure.version == '3'", "jamais égal"),
        ("=true ? event.id : event.type", "ne sert jamais"),
        ("=event.data.answers.anything.at.all", ""),
        ("=event.myextension", ""),
        ("='event.data.nowhere'", ""),
        ("=event.data.case.reference.size()", ""),
        ("=event.data.applicant.kind == 'legal' ? 'P' : 'N'", ""),
        ("=[1].map(event, event.nothing)", ""),
    ],
)
def test_an_expression_is_checked_against_the_message(expression, words):
    found = said(expression)
    assert words in found
    assert bool(words) == bool(found)


def test_nothing_is_said_against_the_contract_when_what_was_saved_is_applied():
    assert Mapping.examine({"a": "=event.data.procedure.slugg"}).violations == ()
    tree = yaml.safe_load(TEXT)
    tree["send"]["Reference"] = "=event.data.case.refrence"
    assert Mapping.examine(tree).violations == ()
    assert Mapping.check(tree).violations[0].pointer == "/send/Reference"


def test_a_value_that_may_be_absent_is_remarked_unless_it_is_provided_for():
    remarked = Mapping.check({"a": "=event.data.applicant.phone"}, TYPE)
    assert (len(remarked.remarks), remarked.violations) == (1, ())
    guarded = {"a": "=has(event.data.applicant.phone) ? event.data.applicant.phone : null", "b": "=event.data.case.id"}
    assert Mapping.check(guarded, TYPE).remarks == ()
    inside = {"a": "=event.data.documents.map(d, has(d.field) ? d.field : '')"}
    assert Mapping.check(inside, TYPE).remarks == ()


WRONG = [
    ("mapping: 1", "mapping: 2", 1, "mapping: 1"),
    ("version: 2", "versio: 2", 5, "« version » ?"),
    ("submitted.v1", "submited.v1", 4, "« org.etoile.case.submitted.v1 » ?"),
    ("$code: natures", "$code: nature", 22, "« natures » ?"),
    ("$code: canaux", "$cod: canaux", 23, "« $code » ?"),
    ("give: {Text", "gives: {Text", 29, "« give » ?"),
    ('"=event.data.case.submitted_at"', '"=event.data.case.reference"', 25, "et non une date"),
    ("{format: dd/MM/yyyy HH:mm", "{format: jj/MM/yyyy", 17, "« jj »"),
    ("zone: Europe/Paris", "zone: Europe/Pari", 17, "fuseau"),
    ("as: line", "as: event", 29, "déjà pris"),
    ("as: line", "as: l'un", 29, "n'est pas un nom"),
    ("{$content: base64}", "{$content: zip}", 32, "base64"),
    ("=event.data.applicant.address.lines", "=event.data.applicant.adress.lines", 29, ".address » ?"),
    ("PEC: in_progress", "PEC: in_progres", 44, "« in_progress » ?"),
    ("  number:", "  numbr:", 39, "« number » ?"),
    ('"=event.data.procedure.version > 10"', '"=true"', 37, "ne sert jamais"),
    ('"=answer.Number"', "1204", 39, "une expression"),
    ("Origin: GRU", "Reference: GRU", 20, "écrit deux fois"),
    ("Origin: GRU", "Origin: {$content: base64}", 20, "give"),
]


@pytest.mark.parametrize(("old", "new", "line", "words"), WRONG)
def test_what_is_wrong_in_a_file_is_told_with_its_line(old, new, line, words):
    assert old in TEXT
    found = read(TEXT.replace(old, new, 1), None).faults
    assert any(words in str(each) for each in found), [str(each) for each in found]
    assert line in [each.line for each in found], [str(each) for each in found]


def test_a_file_for_another_message_than_that_of_the_subscription_is_refused():
    found = read(TEXT, "org.etoile.case.decided.v1").faults
    assert [(each.line, each.pointer) for each in found] == [(4, "/type")]


def test_tables_that_miss_values_of_the_message_or_have_too_many_are_remarked():
    tree = yaml.safe_load(TEXT)
    tree["codes"]["canaux"]["values"] = {"web": "W", "fax": "F"}
    remarks = [each.detail for each in Mapping.check(tree).remarks]
    assert any("fax" in each for each in remarks)
    assert any("counter, phone, mail, email, api" in each for each in remarks)


def test_a_table_with_several_returns_for_one_value_must_say_which():
    tree = yaml.safe_load(TEXT)
    tree["return"]["label"] = {"$code": "natures", "of": "=answer.n"}
    assert Mapping.check(tree).violations == ()
    del tree["codes"]["natures"]["back"]
    assert "écrire back" in Mapping.check(tree).violations[0].detail


@pytest.mark.parametrize("type", MESSAGE_TYPES)
def test_every_value_of_every_example_of_the_contract_is_a_name_that_the_check_knows(type):
    event, shape = example(type).to_dict(), of_event(type)
    unknown = [fault for fault in _walked(event, shape, "event") if fault]
    assert unknown == []


def _walked(value: object, shape: Shape | None, path: str):
    if shape is None:
        return
    if isinstance(value, dict):
        for name, child in value.items():
            inner, fault = step(shape, name, path)
            yield fault
            yield from _walked(child, inner, f"{path}.{name}")
    elif isinstance(value, list):
        for child in value:
            yield from _walked(child, shape.items(), f"{path}[]")


def test_checking_leaves_the_tree_as_it_was():
    tree = yaml.safe_load(TEXT)
    before = json.dumps(copy.deepcopy(tree), default=str)
    Mapping.check(tree)
    assert json.dumps(tree, default=str) == before

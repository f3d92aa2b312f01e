"""The JSON Schema of a version: what passes the server's judgement fits it, what it refuses the server refuses too."""

from typing import Any

import jsonschema_rs
import pytest
from tests.gru.forms.test_evaluation import FAIR, ask, form, when

from etoile.gru.forms import samples
from etoile.gru.forms.answers_schema import accepted, published
from etoile.gru.forms.parsing import parse
from etoile.gru.forms.validation import validate

SENT = {"habitant": True, "stands": [{"metres": 3, "camion": True, "plaque": "AB-123-CD"}]}


def test_every_ready_made_procedure_has_one_and_each_answer_the_server_keeps_fits_it(every_procedure):
    for slug, raw in every_procedure.items():
        definition = parse(raw)
        asked, told = accepted(definition), published(definition)
        assert jsonschema_rs.meta.is_valid(asked), slug
        assert jsonschema_rs.meta.is_valid(told), slug
        result = validate(definition, samples.answers(definition))
        assert len(result.cleaned) > 5, slug
        # A block with a wrong answer in a row lacks it.
        wrong = {error.field.partition(".")[0] for error in result.errors}
        for name, value in result.cleaned.items():
            if name in wrong:
                continue
            schema = told["properties"].get(name) or asked["properties"][name]
            assert [each.message for each in jsonschema_rs.Draft202012Validator(schema).iter_errors(value)] == [], name


def test_what_is_computed_is_published_and_never_accepted():
    assert jsonschema_rs.is_valid(accepted(FAIR), SENT)
    kept = validate(FAIR, SENT).cleaned
    assert jsonschema_rs.is_valid(published(FAIR), kept)
    assert not jsonschema_rs.is_valid(accepted(FAIR), kept)
    assert published(FAIR)["properties"]["total"]["readOnly"] is True


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("no answer to what is required", {"stands": SENT["stands"]}),
    ("no answer to what a row makes required", {"habitant": True, "stands": [{"metres": 3, "camion": True}]}),
    ("a wrong type in a row", {"habitant": True, "stands": [{"metres": "3"}]}),
    ("a row of another shape", {"habitant": True, "stands": [{"metres": 3, "colour": "red"}]}),
    ("too many rows", {"habitant": True, "stands": [{"metres": 1}] * 4}),
]


@pytest.mark.parametrize(("what", "sent"), REFUSED, ids=[what for what, _sent in REFUSED])
def test_it_refuses_what_the_server_refuses(what, sent):
    assert not jsonschema_rs.is_valid(accepted(FAIR), sent)
    if what != "a wrong type in a row":  # The server reads « 3 » as a person writes it.
        assert not validate(FAIR, sent).valid


SAID = [
    (when("a", "equals", 3), [{"a": 3}], [{"a": 4}, {}]),
    (when("a", "not_equals", 3), [{"a": 4}, {}], [{"a": 3}]),
    (when("a", "gte", 3), [{"a": 3}], [{"a": 2}, {}]),
    (when("b", "in", ["x", "y"]), [{"b": "y"}], [{"b": "z"}, {}]),
    (when("b", "not_in", ["x"]), [{}], [{"b": "x"}]),
    ({"field": "a", "op": "filled"}, [{"a": 0}], [{}]),
    ({"field": "a", "op": "empty"}, [{}], [{"a": 0}]),
    (when("c", "gte", 2), [{"c": [{"metres": 1}, {"metres": 2}]}], [{"c": [{"metres": 1}]}, {}]),
    (when("c", "equals", 0), [{}, {"c": []}], [{"c": [{"metres": 1}]}]),
    (when("d", "includes", "x"), [{"d": ["y", "x"]}], [{"d": ["y"]}, {}]),
    ({"not": [when("a", "lt", 3), when("b", "equals", "x")]}, [{"a": 3}, {}], [{"a": 2}, {"b": "x"}]),
    ({"any": [when("a", "gt", 3), {"all": [when("b", "equals", "x"), when("a", "lte", 1)]}]},
     [{"a": 4}, {"a": 1, "b": "x"}], [{"a": 2, "b": "x"}]),
]  # fmt: skip


def test_what_a_condition_requires_is_said_whenever_it_holds():
    options = [{"value": "x", "label": "X"}, {"value": "y", "label": "Y"}]
    before = (
        ask("a", "integer"), ask("b"), ask("d", "multiple_choice", options=options),
        ask("c", "repeated", fields=[ask("metres", "integer")]),
    )  # fmt: skip
    for tree, holding, failing in SAID:
        definition = form(*before, ask("z", required_when=tree))
        schema = accepted(definition)
        for answers in holding:
            assert not jsonschema_rs.is_valid(schema, answers), (tree, answers)
            assert not validate(definition, answers).valid, (tree, answers)
        for answers in failing:
            assert jsonschema_rs.is_valid(schema, answers), (tree, answers)
            assert validate(definition, answers).valid, (tree, answers)


def test_what_json_schema_cannot_say_is_left_to_the_server():
    definition = form(ask("jour", "date"), ask("z", required_when=when("jour", "gt", "2027-01-01")))
    assert "allOf" not in accepted(definition)
    assert not validate(definition, {"jour": "2027-06-12"}).valid

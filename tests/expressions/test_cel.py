import logging
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etoile.expressions import ExpressionError, cel, limits
from etoile.expressions.cel import Prepared, compile

EVENT = {
    "event": {
        "type": "org.etoile.case.submitted.v1",
        "data": {
            "amount_cents": 1250,
            "rate": 1.5,
            "name": "Garnier",
            "none": None,
            "days": ["lundi", "mardi"],
            "children": [{"name": "Zoé", "age": 4}, {"name": "Léo", "age": 9}],
            "with-dash": 3,
            "large": list(range(300)),
        },
    }
}


def value(source: str, context=EVENT):
    return compile(source).evaluate(context)


def refused(source: str, context=EVENT) -> str:
    with pytest.raises(ExpressionError) as caught:
        compile(source).evaluate(context)
    return str(caught.value)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("event.type", "org.etoile.case.submitted.v1"),
        ("event.data.amount_cents", 1250),
        ("event.data.amount_cents * 2 + 1", 2501),
        ("event.data.amount_cents / 100", 12),
        ("double(event.data.amount_cents) / 100.0", 12.5),
        ("event.data.rate", 1.5),
        ("event.data.none", None),
        ("event.data['with-dash']", 3),
        ("has(event.data.phone) ? event.data.phone : null", None),
        ("'lundi' in event.data.days", True),
        ("size(event.data.days) == 2", True),
        ("event.data.children.map(c, c.name)", ["Zoé", "Léo"]),
        ("event.data.children.map(c, c.age > 5, c.name)", ["Léo"]),
        ("event.data.children.filter(c, c.age < 5)", [{"name": "Zoé", "age": 4}]),
        ("event.data.children.exists(c, c.age > 8) && !event.data.children.all(c, c.age > 8)", True),
        ("event.data.children.exists_one(c, c.name == 'Léo')", True),
        ("event.data.children.map(c, event.data.days.map(d, c.name + ' ' + d))[0]", ["Zoé lundi", "Zoé mardi"]),
        ("{'who': event.data.name, 'list': [1, 2.5, true]}", {"who": "Garnier", "list": [1, 2.5, True]}),
        ("event.data.name.startsWith('Gar') ? 'oui' : 'non'", "oui"),
        ("event.data.days.join(', ').upperAscii()", "LUNDI, MARDI"),
        ("math.round(event.data.rate)", 2.0),
        ("timestamp('2026-09-01T08:30:00+02:00')", "2026-09-01T08:30:00+02:00"),
        ("timestamp('2026-09-01T08:30:00Z')", "2026-09-01T08:30:00Z"),
        ("timestamp('2026-09-01T08:30:00Z') > timestamp('2026-09-01T08:30:00+02:00')", True),
        ("duration('1m')", 60),
        ("duration('1.5s')", 1.5),
        ("'une ( parenthèse' + \" d'\" + '''a'''", "une ( parenthèse d'a"),
        ("event.data.days.map(d, d) // un mot )", ["lundi", "mardi"]),
        ("event.data.days.map(d, d // le jour\n)", ["lundi", "mardi"]),
        ("type(1) == int", True),
    ],
)
def test_an_expression_gives_a_json_value(source, expected):
    found = value(source)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "vide"),
        ("   ", "vide"),
        ("event.data +", "colonne 13 : l'expression s'arrête trop tôt"),
        ("event..data", "colonne 7"),
        ("event.data)", "« ) » n'est pas attendu"),
        ("has(event['data'])", "has() attend un nom à points"),
        ("events.data", "Nom inconnu : events. Cette expression connaît : event."),
        ("event.data.days.map(d, e)", "Nom inconnu : e"),
        ("shout(event.type)", "Fonction inconnue : shout"),
        ("lists.range(1000000)", "Fonction inconnue : range"),
        ("event.\n\n%", "ligne 3"),
    ],
)
def test_a_faulty_expression_is_refused_when_it_is_read_and_says_where(source, words):
    with pytest.raises(ExpressionError) as caught:
        compile(source)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("event.data.phone", "« phone » est absente"),
        ("event.data.none.name", "types différents"),
        ("event.data.days[7]", "autant d'éléments"),
        ("event.data.amount_cents / 0", "Division par zéro"),
        ("event.data.name + 1", "types différents"),
        ("event.data.amount_cents + 1.0", "types différents"),
        ("9223372036854775807 + event.data.amount_cents", "dépasse"),
        ("event.data.name.substring(40)", "La fonction substring"),
        ("int(event.data.name)", ""),
        ("b'abc'", "ni un texte"),
    ],
)
def test_a_value_that_cannot_be_computed_is_said_in_plain_words_without_the_data(source, words):
    found = refused(source)
    assert words in found
    assert "Garnier" not in found


def test_the_library_does_not_log_values_of_persons(caplog):
    with caplog.at_level(logging.DEBUG):
        refused("event.data.name.substring(40)")
    assert not caplog.records


def test_a_long_expression_is_refused():
    assert "2000 caractères" in refused("1 + " * 600 + "1")


def test_a_deep_expression_is_refused():
    compile("(" * limits.MAX_DEPTH + "1" + ")" * limits.MAX_DEPTH)
    assert "imbrique plus de 24" in refused("(" * 25 + "1" + ")" * 25)
    assert "imbrique" in refused("[" * 900 + "]" * 900)


def test_three_loops_one_in_the_other_are_refused_with_the_place():
    with pytest.raises(ExpressionError, match="boucles") as caught:
        compile("event.data.days.map(a, event.data.days.map(b, event.data.days.map(c, c)))")
    assert caught.value.column == len("event.data.days.map(a, event.data.days.map(b, event.data.days.map(")
    # One after the other, they are not nested.
    assert value("event.data.days.map(a, a).map(b, b).map(c, c)") == ["lundi", "mardi"]


@pytest.mark.parametrize(
    "source",
    [
        "event.data.large.map(a, event.data.large.map(b, a + b))",
        "event.data.large.filter(a, event.data.large.filter(b, a == b).size() > 1)",
        "event.data.large.exists(a, event.data.large.exists(b, a + b == -1))",
        "event.data.large.all(a, event.data.large.all(b, a + b >= 0))",
        "event.data.large.exists_one(a, event.data.large.exists_one(b, a + b == -1))",
        "event.data.large.map(a, event.data.large.exists(b, b < 0), a)",
        "event.data.large.exists(a, event.data.large.map(b, b).size() < 0)",
    ],
)
def test_a_computation_that_goes_through_too_many_items_is_stopped(source):
    assert "trop d'éléments" in refused(source)


@pytest.mark.parametrize(
    "source",
    [
        "event.long.map(a, a)",
        "event.long.exists(a, a < 0)",
        "event.few.exists(a, event.few.map(b, event.few).size() < 0)",
    ],
)
def test_fewer_items_may_be_gone_through_when_the_data_are_large(source):
    event = {"long": list(range(100_000)), "few": list(range(40))}
    assert "trop d'éléments" in refused(source, {"event": event})


def test_a_stopped_computation_does_not_spoil_the_next_one():
    prepared = Prepared(EVENT)
    with pytest.raises(ExpressionError, match="arrêté"):
        compile("event.data.large.map(a, event.data.large.map(b, a))").evaluate(prepared)
    assert compile("event.data.large.map(a, a).size()").evaluate(prepared) == 300


def test_a_function_cannot_make_a_text_grow_without_end():
    source = "event.data.name" + ".replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')" * 20
    assert "La fonction replace" in refused(source)


def test_values_prepared_once_serve_many_expressions():
    prepared = Prepared(EVENT)
    filters = [compile(f"event.data.amount_cents > {limit}") for limit in (1000, 2000)]
    assert [each.holds(prepared) for each in filters] == [True, False]
    assert compile("event.data.days.join('-')").evaluate(prepared) == "lundi-mardi"


def test_a_filter_must_be_true_or_false():
    assert compile("event.type != ''").holds(EVENT) is True
    with pytest.raises(ExpressionError, match="vrai ou faux"):
        compile("event.type").holds(EVENT)


def test_an_expression_serves_several_threads():
    expression, found = compile("event.n * 2 + [1, 2].map(x, x).size()"), []

    def compute(number: int) -> None:
        found.extend(expression.evaluate({"event": {"n": number}}) for _ in range(200))

    threads = [threading.Thread(target=compute, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [2] * 200 + [4] * 200 + [6] * 200 + [8] * 200


def test_other_variables_may_be_declared():
    assert (
        compile("item.a + response.b", variables=("item", "response")).evaluate(
            {"item": {"a": 1}, "response": {"b": 2}}
        )
        == 3
    )
    with pytest.raises(ExpressionError, match="Nom inconnu : event"):
        compile("event.a", variables=("item",))


def test_data_that_cannot_be_read_is_refused_in_plain_words():
    assert "lues" in refused("event", {"event": object()})


def test_the_context_is_not_modified():
    before = repr(EVENT)
    value("event.data.children.map(c, c.age + 1)")
    assert repr(EVENT) == before


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda child: st.lists(child, max_size=4) | st.dictionaries(st.text(), child, max_size=4),
    max_leaves=10,
)


@given(JSON)
def test_a_json_value_goes_through_unchanged_and_integers_stay_integers(given_value):
    found = value("event.v", {"event": {"v": given_value}})
    assert found == given_value
    assert type(found) is type(given_value)


@given(st.text(max_size=60))
def test_any_text_is_either_an_expression_or_refused_in_plain_words(source):
    try:
        compile(source).evaluate({"event": {}})
    except ExpressionError as error:
        assert str(error)


TOKENS = [*"event . data ( ) [ ] { } , ? : map exists x + 1 'a' && has in".split(), '"', "//", "\n"]  # noqa: SIM905


@given(st.lists(st.sampled_from(TOKENS), max_size=25))
def test_any_heap_of_tokens_is_either_an_expression_or_refused(tokens):
    try:
        cel.compile(" ".join(tokens)).evaluate({"event": {"data": [1]}})
    except ExpressionError as error:
        assert str(error)

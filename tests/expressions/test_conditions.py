import pytest
from hypothesis import given
from hypothesis import strategies as st

from etoile.expressions import ExpressionError, conditions

FIELDS = ("kind", "age", "days", "born", "agree")
SCALARS = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-5, 5) | st.sampled_from(["", "a", "b", "2026-01-01"])
)
ANSWERS = st.dictionaries(st.sampled_from(FIELDS), SCALARS | st.lists(SCALARS, max_size=3) | st.just({}), max_size=5)
VALUES = st.booleans() | st.integers(-5, 5) | st.sampled_from(["a", "b", "2026-01-01"])
LEAVES = (
    st.builds(
        lambda field, op, value: {"field": field, "op": op, "value": value},
        st.sampled_from(FIELDS),
        st.sampled_from(["equals", "not_equals", "includes", "excludes"]),
        VALUES,
    )
    | st.builds(
        lambda field, op, value: {"field": field, "op": op, "value": value},
        st.sampled_from(FIELDS),
        st.sampled_from(["lt", "lte", "gt", "gte"]),
        VALUES.filter(lambda value: not isinstance(value, bool)),
    )
    | st.builds(
        lambda field, op, value: {"field": field, "op": op, "value": value},
        st.sampled_from(FIELDS),
        st.sampled_from(["in", "not_in"]),
        st.lists(VALUES, min_size=1, max_size=3),
    )
    | st.builds(
        lambda field, op: {"field": field, "op": op}, st.sampled_from(FIELDS), st.sampled_from(["empty", "filled"])
    )
)
TREES = st.recursive(
    LEAVES,
    lambda child: st.builds(
        lambda name, children: {name: children},
        st.sampled_from(["all", "any", "not"]),
        st.lists(child, min_size=1, max_size=3),
    ),
    max_leaves=6,
)
OPPOSITES = {"equals": "not_equals", "includes": "excludes", "in": "not_in", "empty": "filled"}


def holds(tree, answers) -> bool:
    return conditions.compile(tree).holds(answers)


def leaf(op, value=None, field="f"):
    return {"field": field, "op": op} | ({} if op in ("empty", "filled") else {"value": value})


@pytest.mark.parametrize(
    ("op", "answer", "value", "expected"),
    [
        ("equals", "a", "a", True),
        ("equals", None, "a", False),
        ("equals", 1, True, False),
        ("equals", True, True, True),
        ("equals", 2, 2.0, True),
        ("equals", "2", 2, False),
        ("equals", {"key": "0010", "label": "Rue des Lavoirs"}, "0010", True),
        ("equals", {"state": "unavailable"}, "unavailable", True),
        ("lte", {"state": "fetched", "value": 850}, 900, True),
        ("filled", {"label": "a"}, None, True),
        ("not_equals", None, "a", True),
        ("lt", 3, 4, True),
        ("lt", None, 4, False),
        ("lt", "3", 4, False),
        ("lt", True, 4, False),
        ("lt", "2026-01-01", "2026-02-01", True),
        ("lt", "", "2026-02-01", False),
        ("lte", 4, 4, True),
        ("gt", 4.5, 4, True),
        ("gte", [4], 4, False),
        ("gte", [{"row": "a"}, {"row": "b"}], 2, True),
        ("lt", [], 1, True),
        ("equals", ["a", "b"], 2, True),
        ("equals", [True], True, False),
        ("includes", ["a", "b"], "a", True),
        ("includes", "ab", "a", False),
        ("includes", None, "a", False),
        ("excludes", ["a"], "b", True),
        ("excludes", None, "b", True),
        ("in", "a", ["a", "b"], True),
        ("in", None, ["a"], False),
        ("in", 1, [True], False),
        ("not_in", "c", ["a", "b"], True),
        ("empty", None, None, True),
        ("empty", "", None, True),
        ("empty", [], None, True),
        ("empty", {}, None, True),
        ("empty", 0, None, False),
        ("empty", False, None, False),
        ("filled", "x", None, True),
    ],
)
def test_an_operator_compares_an_answer(op, answer, value, expected):
    assert holds(leaf(op, value), {"f": answer}) is expected
    if answer is None:
        assert holds(leaf(op, value), {}) is expected


def test_groups_combine_conditions():
    a, b = leaf("equals", 1, "a"), leaf("equals", 1, "b")
    for left in (0, 1):
        for right in (0, 1):
            answers = {"a": left, "b": right}
            assert holds({"all": [a, b]}, answers) is bool(left and right)
            assert holds({"any": [a, b]}, answers) is bool(left or right)
            assert holds({"not": [a, b]}, answers) is not bool(left or right)
            assert holds({"not": a}, answers) is not bool(left)


def test_a_condition_says_which_fields_it_reads():
    tree = {"any": [leaf("empty", field="a"), {"not": [leaf("equals", 1, "b"), leaf("filled", field="a")]}]}
    assert conditions.compile(tree).references == {"a", "b"}


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (None, "objet"),
        ([], "objet"),
        ({}, "field"),
        ({"all": []}, "liste"),
        ({"all": "x"}, "liste"),
        ({"any": {}}, "liste"),
        ({"all": [leaf("empty")], "any": [leaf("empty")]}, "seul"),
        ({"all": [leaf("empty"), 3]}, "/all/1"),
        ({"field": "f", "op": "resembles", "value": 1}, "opérateur"),
        ({"field": "f", "op": ["equals"], "value": 1}, "opérateur"),
        ({"field": "", "op": "empty"}, "identifiant"),
        ({"field": 3, "op": "empty"}, "identifiant"),
        ({"field": "f", "op": "equals"}, "attend une valeur"),
        ({"field": "f", "op": "equals", "value": None}, "attend une valeur"),
        ({"field": "f", "op": "equals", "value": [1]}, "texte"),
        ({"field": "f", "op": "in", "value": "a"}, "liste"),
        ({"field": "f", "op": "in", "value": []}, "liste"),
        ({"field": "f", "op": "lt", "value": True}, "nombres"),
        ({"field": "f", "op": "empty", "value": 1}, "pas de valeur"),
        ({"field": "f", "op": "empty", "color": 1}, "color"),
    ],
)
def test_a_faulty_tree_is_refused_in_french_with_its_place(tree, words):
    with pytest.raises(ExpressionError) as caught:
        conditions.compile(tree)
    assert words in str(caught.value)


def test_a_condition_on_a_field_that_does_not_exist_is_refused():
    with pytest.raises(ExpressionError, match=r"/all/0 : le champ « later »"):
        conditions.compile({"all": [leaf("empty", field="later")]}, {"earlier"})
    assert conditions.compile(leaf("empty", field="earlier"), {"earlier"}).references == {"earlier"}


def test_a_tree_too_deep_or_too_wide_is_refused():
    tree = leaf("empty")
    for _ in range(10):
        tree = {"all": [tree]}
    with pytest.raises(ExpressionError, match="niveaux"):
        conditions.compile(tree)
    with pytest.raises(ExpressionError, match="200"):
        conditions.compile({"all": [leaf("empty")] * 201})


@given(TREES, ANSWERS)
def test_a_condition_never_fails_on_answers_and_reads_only_what_it_says(tree, answers):
    condition = conditions.compile(tree, set(FIELDS))
    read = {name: value for name, value in answers.items() if name in condition.references}
    assert condition.holds(answers) is condition.holds(read)


@given(TREES, ANSWERS)
def test_not_not_is_the_condition_itself(tree, answers):
    assert holds({"not": [{"not": [tree]}]}, answers) is holds(tree, answers)


@given(st.lists(TREES, min_size=1, max_size=3), ANSWERS)
def test_de_morgan_holds(trees, answers):
    negated = [{"not": [tree]} for tree in trees]
    assert holds({"not": [{"all": trees}]}, answers) is holds({"any": negated}, answers)
    assert holds({"not": trees}, answers) is holds({"all": negated}, answers)


@given(LEAVES, ANSWERS)
def test_opposite_operators_are_opposite(tree, answers):
    if tree["op"] in OPPOSITES:
        assert holds(tree, answers) is not holds(tree | {"op": OPPOSITES[tree["op"]]}, answers)


@given(
    st.recursive(
        SCALARS,
        lambda child: (
            st.lists(child, max_size=3) | st.dictionaries(st.sampled_from(["all", "field", "op", "value"]), child)
        ),
    )
)
def test_any_json_is_either_a_condition_or_refused(tree):
    try:
        conditions.compile(tree)
    except ExpressionError as error:
        assert str(error)

"""Whatever the tree and the answers, a compiled condition says what a plain reading of its definition says."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from etoile.expressions import conditions

FIELDS = ("a", "b", "c")
SCALARS = st.one_of(
    st.booleans(), st.integers(-3, 3), st.sampled_from([0.5, 2.0]), st.sampled_from(["", "x", "y", "2027-01-01", "2"])
)
LISTS = st.lists(st.sampled_from(["x", "y", 1, True]), max_size=3)
ROWS = st.lists(st.just({"row": "aaaaaaaa"}), max_size=3)
CHOSEN = st.builds(lambda key: {"key": key, "label": "L"}, st.sampled_from(["x", "y"]))
ANSWERS = st.dictionaries(st.sampled_from(FIELDS), st.one_of(st.none(), SCALARS, LISTS, ROWS, CHOSEN))


@st.composite
def leaves(draw: st.DrawFn) -> dict[str, Any]:
    op = draw(st.sampled_from(sorted(conditions.OPERATORS)))
    leaf: dict[str, Any] = {"field": draw(st.sampled_from(FIELDS)), "op": op}
    if op in ("in", "not_in"):
        leaf["value"] = draw(st.lists(SCALARS, min_size=1, max_size=3))
    elif op in ("lt", "lte", "gt", "gte"):
        leaf["value"] = draw(SCALARS.filter(lambda value: not isinstance(value, bool)))
    elif op not in ("empty", "filled"):
        leaf["value"] = draw(SCALARS)
    return leaf


def groups(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(children, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda given: {"all": given}),
        several.map(lambda given: {"any": given}),
        several.map(lambda given: {"not": given}),
        children.map(lambda given: {"not": given}),
    )


TREES = st.recursive(leaves(), groups, max_leaves=12)


def plainly(tree: dict[str, Any], answers: dict[str, Any]) -> bool:
    """The sentences of the documentation, one after the other."""
    if "all" in tree:
        return not [each for each in tree["all"] if not plainly(each, answers)]
    if "any" in tree:
        return bool([each for each in tree["any"] if plainly(each, answers)])
    if "not" in tree:
        refused = tree["not"] if isinstance(tree["not"], list) else [tree["not"]]
        return not [each for each in refused if plainly(each, answers)]
    answer, op, value = answers.get(tree["field"]), tree["op"], tree.get("value")
    if isinstance(answer, dict):
        answer = answer["key"]
    is_empty = answer is None or answer in ("", [])
    if op in ("empty", "filled"):
        return is_empty is (op == "empty")
    if op in ("includes", "excludes"):
        return (isinstance(answer, list) and any(same(each, value) for each in answer)) is (op == "includes")
    if op in ("in", "not_in"):
        return any(same(counted(answer, each), each) for each in value) is (op == "in")
    answer = counted(answer, value)
    if op in ("equals", "not_equals"):
        return same(answer, value) is (op == "equals")
    if kind(answer) != kind(value) or kind(value) not in ("text", "number") or answer == "":
        return False
    return {"lt": answer < value, "lte": answer <= value, "gt": answer > value, "gte": answer >= value}[op]


def kind(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return "other"
    return "text" if isinstance(value, str) else "number" if isinstance(value, int | float) else "other"


def counted(answer: Any, value: Any) -> Any:
    return len(answer) if isinstance(answer, list) and kind(value) == "number" else answer


def same(answer: Any, value: Any) -> bool:
    return isinstance(answer, bool) is isinstance(value, bool) and answer == value


@settings(max_examples=300, deadline=None)
@given(TREES, ANSWERS)
def test_a_compiled_tree_says_what_a_plain_reading_of_it_says(tree, answers):
    compiled = conditions.compile(tree)
    assert compiled.holds(answers) is plainly(tree, answers)
    assert compiled.holds({name: value for name, value in answers.items() if name in compiled.references}) is (
        compiled.holds(answers)
    )

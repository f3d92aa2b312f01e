"""Whatever is written in a mapping, and whatever the event: never a crash, and what is explained is what is sent."""

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from etoile.contract.schemas import example
from etoile.sdk.mapping import Mapping, MappingError
from etoile.sdk.mapping.comparison import differences
from etoile.sdk.mapping.texts import read

TYPE = "org.etoile.case.submitted.v1"
HEADER = {"mapping": 1, "name": "n", "application": "a", "type": TYPE, "version": 1}
CODES = {"t": {"values": {"web": "W", "3": 3, "true": "O"}, "default": "?"}, "strict": {"values": {"web": "W"}}}
EXPRESSIONS = st.sampled_from(
    [
        "=event.data.case.channel",
        "=event.data.case.submitted_at",
        "=event.data.answers.a",
        "=event.data.answers.a.b",
        "=event.data.answers",
        "=event.data.documents",
        "=event.data.documents.map(d, d.name)",
        "=null",
        "=1 / 0",
        "=item",
        "=item.b",
        "=event.",
        "=true",
        "=document.name",
    ]
)
PLAIN = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "t", "strict", "x", "dd/MM", "iso", "*"])
OPERATORS = ("$value", "$code", "$date", "$each", "$document", "$documents", "$content", "$choose", "$x")
NAMES = st.sampled_from(OPERATORS) | st.sampled_from(["a", "b", "$$c", "of", "default", "format", "zone", "as", "give"])


def operators(child: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    computed = EXPRESSIONS | child
    return st.one_of(
        st.fixed_dictionaries({"$value": computed}, optional={"default": PLAIN | EXPRESSIONS}),
        st.fixed_dictionaries({"$code": st.sampled_from(["t", "strict"]), "of": computed}),
        st.fixed_dictionaries({"$date": computed, "format": st.sampled_from(["dd/MM/yyyy HH:mm", "iso", "epoch"])}),
        st.fixed_dictionaries({"$each": computed, "as": st.just("item"), "give": child}),
        st.fixed_dictionaries({"$documents": st.sampled_from(["*", "photo", "plan"]), "give": child}),
        st.fixed_dictionaries(
            {"$document": st.sampled_from(["*", "photo"]), "give": child}, optional={"default": child}
        ),
        st.fixed_dictionaries({"$content": st.sampled_from(["base64", "stream"])}),
        st.lists(st.fixed_dictionaries({"give": child}, optional={"when": EXPRESSIONS}), max_size=2).map(
            lambda branches: {"$choose": branches}
        ),
    )


TREES = st.recursive(
    PLAIN | EXPRESSIONS,
    lambda child: (
        operators(child)
        | st.lists(child, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "$$c"]), child, max_size=3)
        | st.dictionaries(NAMES, child, max_size=3)
    ),
    max_leaves=8,
)
ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("web"),
    lambda child: st.lists(child, max_size=3) | st.dictionaries(st.sampled_from(["a", "b"]), child, max_size=2),
    max_leaves=5,
)


def event_with(answers: Any) -> dict[str, Any]:
    event = example(TYPE).to_dict()
    return {"event": {**event, "data": {**event["data"], "answers": answers}}}


def rebuilt(value: Any, kept: list[Any]) -> bool:
    """Whether `value` is made of the values kept, in order, and of nothing else."""
    if kept and same(kept[0], value):
        kept.pop(0)
        return True
    if isinstance(value, dict):
        return all(rebuilt(child, kept) for child in value.values())
    if isinstance(value, list):
        return all(rebuilt(child, kept) for child in value)
    return False


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and (one == other or one != one)


@given(TREES, ANSWERS)
def test_a_mapping_is_refused_applied_or_fails_with_places_and_what_is_explained_is_what_is_sent(tree, answers):
    written = {**HEADER, "codes": CODES, "send": tree}
    mapping, values = Mapping.examine(written), event_with(answers)
    leaves = mapping.leaves(values)
    try:
        result = mapping.apply(values)
    except MappingError as error:
        failed = [each.pointer for each in leaves if each.failure]
        assert [each.pointer for each in error.violations] == ([v.pointer for v in mapping.violations] or failed)
        return
    assert not any(each.failure for each in leaves)
    kept = [each.value for each in leaves if each.kept]
    assert (result is None and not kept) or rebuilt(result, kept)
    assert kept == []


@given(TREES)
def test_any_tree_is_checked_without_a_crash_and_every_fault_has_words(tree):
    for written in (tree, {**HEADER, "codes": CODES, "send": tree}, {**HEADER, "send": {}, "return": tree}):
        checked = Mapping.check(written, TYPE)
        assert all(each.detail for each in (*checked.violations, *checked.remarks))


@given(ANSWERS)
def test_any_answer_is_read_or_refused_with_places(answer):
    back = {"code": "=answer.a", "number": {"$value": "=answer.b"}, "documents": {"$value": "=answer.b"}}
    mapping = Mapping.compile({**HEADER, "send": {}, "return": {**back, "statuses": {"web": "received"}}})
    assert mapping.back is not None
    mapping.back.leaves(answer)
    try:
        assert mapping.back.read(answer).returned.status in ("received", "in_progress")
    except MappingError as error:
        assert error.violations


@given(st.text())
def test_any_text_is_read_or_refused_in_words(text):
    assert read(text, TYPE) is not None
    assert read("mapping: 1\nsend: " + text) is not None


@given(TREES, TREES)
def test_two_versions_differ_exactly_when_they_are_not_the_same(one, other):
    assert differences(one, one) == []
    assert bool(differences(one, other)) == (yaml.safe_dump(one) != yaml.safe_dump(other))

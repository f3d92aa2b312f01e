import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from etoile.contract.schemas import example
from etoile.sdk import Mapping, MappingError

EVENT = {"event": example("org.etoile.case.submitted.v1").to_dict()}
TREE = yaml.safe_load(
    """
    Reference: "=event.data.case.reference"
    Origin: GRU
    Urgent: false
    Rank: 3
    Formula: "==A1+1"
    Requester:
      Name: "=event.data.applicant.given_names + ' ' + event.data.applicant.family_name"
      Phone: "=has(event.data.applicant.siret) ? event.data.applicant.siret : null"
    Kept: null
    Files: ["=event.data.documents.map(d, d.name)", fixed, "=null"]
    Each: "=event.data.documents.map(d, {'Name': d.name, 'Size': d.size})"
    """
)


def test_a_tree_is_computed_on_an_event():
    assert Mapping.compile(TREE).apply(EVENT) == {
        "Reference": "26-K7QM-3",
        "Origin": "GRU",
        "Urgent": False,
        "Rank": 3,
        "Formula": "=A1+1",
        "Requester": {"Name": "Lucie Garnier"},
        "Kept": None,
        "Files": [["nid-de-poule.jpg"], "fixed"],
        "Each": [{"Name": "nid-de-poule.jpg", "Size": 182044}],
    }


def test_a_single_leaf_is_a_tree():
    assert Mapping.compile("=event.type").apply(EVENT) == "org.etoile.case.submitted.v1"
    assert Mapping.compile("=null").apply(EVENT) is None
    assert Mapping.compile("text").apply({}) == "text"


def test_all_the_faulty_leaves_are_named_at_once_by_their_path():
    with pytest.raises(MappingError) as caught:
        Mapping.compile({"a": {"b/c": "=event.", "d": "fine"}, "list": ["=event.id", "=other.id", "=shout(1)"]})
    assert [each.pointer for each in caught.value.violations] == ["/a/b~1c", "/list/1", "/list/2"]
    assert "Nom inconnu : other" in str(caught.value)


def test_a_screen_can_show_what_is_wrong_without_an_exception():
    mapping = Mapping.examine({"a": "=event.", "b": "=event.id"})
    assert [each.pointer for each in mapping.violations] == ["/a"]
    with pytest.raises(MappingError):
        mapping.apply(EVENT)
    assert Mapping.examine(TREE).violations == ()


def test_all_the_leaves_without_a_value_are_named_at_once_and_no_value_is_repeated():
    mapping = Mapping.compile({"a": "=event.data.missing", "b": ["=event.id", "=event.data.applicant.family_name + 1"]})
    with pytest.raises(MappingError) as caught:
        mapping.apply(EVENT)
    assert [each.pointer for each in caught.value.violations] == ["/a", "/b/1"]
    assert "Garnier" not in str(caught.value)


def test_a_variable_that_was_declared_but_not_given_is_a_leaf_without_a_value():
    mapping = Mapping.compile("=response.body", variables=("event", "response"))
    with pytest.raises(MappingError, match="response"):
        mapping.apply(EVENT)


def test_a_tree_too_deep_is_refused():
    tree: object = "=1"
    for _ in range(40):
        tree = {"a": tree}
    with pytest.raises(MappingError, match="32 niveaux"):
        Mapping.compile(tree)


def test_applying_leaves_the_tree_and_the_event_as_they_were():
    before = json.dumps([TREE, EVENT])
    mapping = Mapping.compile(TREE)
    assert mapping.apply(EVENT) == mapping.apply(EVENT)
    mapping.apply(EVENT)["Requester"]["Name"] = "changed"
    assert mapping.apply(EVENT)["Requester"]["Name"] == "Lucie Garnier"
    assert json.dumps([TREE, EVENT]) == before


PLAIN = st.none() | st.booleans() | st.integers() | st.text().filter(lambda text: not text.startswith("="))
TREES = st.recursive(PLAIN, lambda child: st.lists(child, max_size=3) | st.dictionaries(st.text(), child, max_size=3))


@given(TREES)
def test_a_tree_without_expression_is_itself(tree):
    assert Mapping.compile(tree).apply({}) == tree


@given(st.text())
def test_any_text_can_be_written_by_doubling_the_sign(text):
    assert Mapping.compile({"a": "==" + text}).apply({}) == {"a": "=" + text}


@given(
    st.recursive(PLAIN | st.text().map("={}".format), lambda child: st.lists(child) | st.dictionaries(st.text(), child))
)
def test_any_tree_is_either_a_mapping_or_refused_with_paths(tree):
    try:
        Mapping.compile(tree)
    except MappingError as error:
        assert error.violations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from etoile.contract.schemas import example
from etoile.sdk.mapping import Mapping, MappingError, ReturnedDocument
from etoile.sdk.mapping.texts import read
from etoile.sdk.testing import make_context

TYPE = "org.etoile.case.submitted.v1"
EVENT = {"event": example(TYPE).to_dict()}
STREET = yaml.safe_load(Path(__file__).with_name("street.yaml").read_text())
SEEN = {
    "Number": 1204,
    "Status": {"Code": "PEC", "Label": "Prise en charge"},
    "ChangedAt": "02/09/2026 10:15",
    "Files": [{"Name": "arrete.pdf", "Link": "https://works.example/arrete.pdf"}],
}


def sending(send, event=None, **parts):
    header = {"mapping": 1, "name": "essai", "application": "app", "type": TYPE, "version": 1}
    return Mapping.compile({**header, **parts, "send": send}).apply({"event": event or EVENT["event"]})


def changed(**data):
    event = example(TYPE).to_dict()
    return {**event, "data": {**event["data"], **data}}


def test_a_file_computes_everything_on_an_event():
    assert Mapping.compile(STREET).apply(EVENT) == {
        "Reference": "26-K7QM-3",
        "Origin": "GRU",
        "$type": "street",
        "Nature": "CHA",
        "Channel": "W",
        "Danger": "O",
        "Received": "01/09/2026 10:30",
        "Phone": "+33 2 41 99 00 00",
        "Organisation": "Garnier",
        "Lines": [{"Text": "12 rue des Lavoirs"}],
        "Photo": {
            "FileName": "nid-de-poule.jpg",
            "Type": "image/jpeg",
            "Content": {**EVENT["event"]["data"]["documents"][0], "$content": "base64"},
        },
        "Files": ["nid-de-poule.jpg"],
        "Title": "Signaler un problème sur la voirie",
    }


def test_the_file_of_the_tests_is_sound_and_reads_the_same_once_kept_as_json():
    text = Path(__file__).with_name("street.yaml").read_text()
    assert read(text, TYPE).faults == ()
    kept = json.loads(json.dumps(STREET))
    assert Mapping.compile(kept).apply(EVENT) == Mapping.compile(STREET).apply(EVENT)


def test_a_plain_tree_keeps_names_that_begin_with_a_dollar():
    assert Mapping.compile({"$code": "x", "mapping": 1}).apply({}) == {"$code": "x", "mapping": 1}


def test_a_value_out_of_the_table_takes_the_default_or_is_refused_without_being_repeated():
    event = changed(answers={"category": "girafe"})
    tables = {"natures": {"values": {"eclairage": "LUM"}}}
    code = {"$code": "natures", "of": "=event.data.answers.category"}
    assert sending({"N": {**code, "default": "DIV"}}, event, codes=tables) == {"N": "DIV"}
    assert sending({"N": {**code, "default": None}}, event, codes=tables) == {}
    with pytest.raises(MappingError, match=r"/send/N : .*« natures »") as caught:
        sending({"N": code}, event, codes=tables)
    assert "girafe" not in str(caught.value)


def test_only_an_absent_value_takes_the_default():
    absent = {"$value": "=event.data.answers.nowhere", "default": "=event.source"}
    assert sending({"a": absent, "b": {"$value": "=event.data.answers.nowhere"}}) == {"a": "gru"}
    with pytest.raises(MappingError):
        sending({"a": {"$value": "=event.data.answers.category + 1", "default": "x"}})


def test_documents_are_chosen_by_field_and_an_absent_one_is_left_out_or_replaced():
    give = "=document.name"
    assert sending({"a": {"$document": "plan", "give": give}, "b": {"$documents": "plan", "give": give}}) == {"b": []}
    assert sending({"a": {"$document": "plan", "give": give, "default": "aucun"}}) == {"a": "aucun"}
    assert sending({"a": {"$documents": ["plan", "photo"], "give": give}}) == {"a": ["nid-de-poule.jpg"]}


def test_groups_nest_and_their_items_are_seen_inside():
    event = changed(answers={"children": [{"n": "A", "days": [1, 2]}, {"n": "B", "days": []}]})
    days = {"$each": "=child.days", "as": "day", "give": "=child.n + string(day)"}
    tree = {"$each": "=event.data.answers.children", "as": "child", "give": {"Name": "=child.n", "Days": days}}
    assert sending(tree, event) == [{"Name": "A", "Days": ["A1", "A2"]}, {"Name": "B", "Days": []}]


def test_groups_that_repeat_without_end_are_stopped():
    event = changed(answers={"many": list(range(300))})
    many = "=event.data.answers.many"
    inner = {"$each": many, "as": "b", "give": 1}
    with pytest.raises(MappingError, match="trop d'éléments"):
        sending({"$each": many, "as": "a", "give": inner}, event)


def test_a_group_is_bounded_by_the_work_it_asks_for():
    event = changed(answers={"rows": [{"n": index} for index in range(2000)]})
    rows = {"$each": "=event.data.answers.rows", "as": "row"}
    assert sending({**rows, "give": "=row.n * 2"}, event)[-1] == 3998
    with pytest.raises(MappingError, match="trop d'éléments"):
        sending({**rows, "give": "=string(row.n) + event.id"}, changed(answers={"rows": list(range(30_000))}))


def test_the_answer_of_an_application_comes_back_in_the_words_of_the_contract():
    back = Mapping.compile(STREET).back
    found = back.read(SEEN)
    assert found.known
    assert found.returned.status == "in_progress"
    assert found.returned.external_id == "1204"
    assert found.returned.business_code == "PEC"
    assert found.returned.business_label == "Prise en charge"
    assert found.returned.occurred_at == datetime(2026, 9, 2, 8, 15, tzinfo=UTC)
    assert found.documents == (ReturnedDocument("arrete.pdf", url="https://works.example/arrete.pdf"),)


def test_a_state_is_found_by_its_code_then_by_its_label_and_an_unknown_one_is_told_as_such():
    back = Mapping.compile(STREET).back
    now = datetime(2026, 1, 1, tzinfo=UTC)
    by_label = back.read({"Number": "1", "Status": {"Code": "99", "Label": "Terminé"}}, now)
    assert (by_label.returned.status, by_label.returned.occurred_at) == ("closed", now)
    unknown = back.read({"Number": "1", "Status": {"Code": "99"}}, now)
    assert (unknown.returned.status, unknown.known) == ("in_progress", False)


def test_a_connector_reads_an_answer_through_its_context():
    assert make_context(mapping=STREET).answered(SEEN).returned.external_id == "1204"
    assert make_context(mapping={"a": "=event.id"}).answered(SEEN) is None
    assert make_context().answered(SEEN) is None


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ({}, "/return/number"),
        ("<html>", "/return/number"),
        ({**SEEN, "Status": {"Code": {}}}, "/return/code"),
        ({**SEEN, "ChangedAt": "hier"}, "/return/at"),
        ({**SEEN, "Files": [{"Name": "a", "Link": 3}]}, "/return/documents/0"),
    ],
)
def test_an_answer_that_cannot_be_read_is_an_error_with_its_place(answer, place):
    with pytest.raises(MappingError) as caught:
        Mapping.compile(STREET).back.read(answer)
    assert place in [each.pointer for each in caught.value.violations]
    assert "hier" not in str(caught.value)


def test_a_table_is_read_backwards_on_the_way_back():
    codes = {"natures": STREET["codes"]["natures"]}
    back = {"code": "=answer.c", "label": {"$code": "natures", "of": "=answer.n"}, "statuses": {"*": "received"}}
    mapping = Mapping.compile({**STREET, "codes": codes, "send": {}, "return": back})
    labels = [mapping.back.read({"c": "1", "n": each}).returned.business_label for each in ("LUM", "CHA", "?")]
    assert labels == ["eclairage", "chaussee", "autre"]

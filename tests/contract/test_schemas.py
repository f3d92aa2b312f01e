import copy
import json

import jsonschema_rs
import pytest

from etoile.contract import schemas
from etoile.contract.envelope import make
from etoile.contract.schemas import MESSAGE_TYPES, UnknownType, example, rewrite, schema, violations

SUBMITTED = "org.etoile.case.submitted.v1"
FIRST_SET = [
    "case.submitted",
    "case.updated",
    "case.withdrawn",
    "case.status_changed",
    "case.message_posted",
    "case.document_added",
    "case.decided",
    "handoff.changed",
    "person.updated",
    "booking.changed",
    "payment.changed",
]
every_type = pytest.mark.parametrize("type", MESSAGE_TYPES)


def changed(path: str, value=None, *, remove=False, type=SUBMITTED):
    """The example with one value replaced or removed; `path` such as "applicant.email" or "documents.0.size"."""
    event = example(type)
    data = copy.deepcopy(event.data)
    *parents, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    node = data
    for step in parents:
        node = node[step]
    if remove:
        del node[last]
    else:
        node[last] = value
    return event.with_data(data)


def nodes(node, pointer=""):
    if isinstance(node, dict):
        yield pointer, node
        for name, child in node.items():
            yield from nodes(child, f"{pointer}/{name}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from nodes(child, f"{pointer}/{index}")


def test_the_first_set_of_messages_is_there():
    assert set(MESSAGE_TYPES) == {f"org.etoile.{name}.v1" for name in FIRST_SET}


@every_type
def test_a_schema_is_valid_json_schema_2020_12_and_stands_alone(type):
    content = schema(type)
    assert content["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(content)
    assert all(node["$ref"].startswith("#/$defs/") for _, node in nodes(content) if "$ref" in node)


@every_type
def test_an_example_is_a_valid_event_of_its_type(type):
    event = example(type)
    assert event.type == type
    assert violations(event) == []
    assert event.dataschema == schema(type)["$id"]


@every_type
def test_every_value_has_a_french_and_an_english_title(type):
    content = schema(type)
    named = [(pointer, node) for pointer, node in nodes(content) if pointer.rpartition("/")[0].endswith("properties")]
    assert named
    for pointer, node in [("", content), *named]:
        assert node.get("title"), pointer
        assert node.get("x-title-en"), pointer


@every_type
def test_every_object_is_closed_but_the_answers(type):
    for pointer, node in nodes(schema(type)):
        if node.get("type") == "object" and not pointer.endswith("/answers"):
            assert node.get("additionalProperties") is False, pointer


def test_what_is_defined_in_several_schemas_is_the_same_everywhere():
    seen: dict[str, str] = {}
    for type in MESSAGE_TYPES:
        for name, definition in schema(type).get("$defs", {}).items():
            written = json.dumps(definition, sort_keys=True)
            assert seen.setdefault(name, written) == written, (type, name)


def test_a_schema_given_out_can_be_modified_without_harm():
    schema(SUBMITTED)["properties"].clear()
    assert violations(example(SUBMITTED)) == []


def test_an_unknown_type_is_said_at_its_place():
    event = make("org.etoile.case.invented.v1", source="x", subject="s", authority="0" * 14, data={})
    assert [each.pointer for each in violations(event)] == ["/type"]
    for function in (schema, example):
        with pytest.raises(UnknownType):
            function(event.type)
    with pytest.raises(UnknownType):
        schema("org.etoile.../secrets.v1")


@pytest.mark.parametrize(
    ("path", "value", "pointer", "word"),
    [
        ("case.submitted_at", "2026-09-01T08:30:00", "/data/case/submitted_at", "offset"),
        ("case.id", "12", "/data/case/id", "UUID"),
        ("case.channel", "pigeon", "/data/case/channel", "one of: web"),
        ("case.reference", "", "/data/case/reference", "empty"),
        ("procedure.version", 0, "/data/procedure/version", "at least 1"),
        ("procedure.version", "3", "/data/procedure/version", "integer"),
        ("applicant.email", "lucie.garnier", "/data/applicant/email", "e-mail"),
        ("applicant.family_name", "x" * 101, "/data/applicant/family_name", "100 characters"),
        ("applicant.siret", "123", "/data/applicant/siret", "form"),
        ("applicant.address.lines", [], "/data/applicant/address/lines", "At least 1"),
        ("applicant.nickname", "Lulu", "/data/applicant/nickname", "no such value"),
        ("documents.0.sha256", "XYZ", "/data/documents/0/sha256", "form"),
        ("documents.0.url", "/documents/1", "/data/documents/0/url", "absolute"),
        ("documents.0.size", -1, "/data/documents/0/size", "at least 0"),
        ("documents", {}, "/data/documents", "list"),
        ("answers", {"not a field": 1}, "/data/answers", "name"),
    ],
)
def test_a_wrong_value_is_pointed_at_in_plain_words(path, value, pointer, word):
    (found,) = violations(changed(path, value))
    assert (found.pointer, word in found.detail) == (pointer, True), found


@pytest.mark.parametrize("path", ["case", "procedure", "applicant.person", "documents.0.url", "answers"])
def test_a_missing_value_is_pointed_at(path):
    (found,) = violations(changed(path, remove=True))
    assert found.pointer == "/data/" + path.replace(".", "/")
    assert "required" in found.detail


def test_all_that_is_wrong_is_said_at_once_and_never_repeats_what_was_sent():
    event = changed("applicant.email", "canary-9731")
    data = {**event.data, "answers": [], "surprise": "canary-9731"}
    found = violations(event.with_data(data))
    assert {each.pointer for each in found} == {"/data/applicant/email", "/data/answers", "/data/surprise"}
    assert "canary" not in "".join(each.detail for each in found)


def test_a_status_must_be_one_of_the_vocabulary_and_brings_at_least_one_business_word():
    type = "org.etoile.case.status_changed.v1"
    (found,) = violations(changed("status", "lost", type=type))
    assert "more_information_needed" in found.detail
    (found,) = violations(changed("business_status", {}, type=type))
    assert found.pointer == "/data/business_status"


def test_an_applicant_at_the_counter_may_have_no_email():
    assert violations(changed("applicant.email", remove=True)) == []


@every_type
def test_every_identifier_of_a_person_and_every_document_is_marked(type):
    text = json.dumps(schema(type))
    event = example(type)
    assert ('"x-etoile-kind": "person"' in text) == ('"person":' in json.dumps(event.data))
    if '"sha256"' in text:
        assert '"x-etoile-kind": "document"' in text


def test_persons_and_documents_are_rewritten_where_they_are_marked_and_nowhere_else():
    event = example(SUBMITTED)
    before = copy.deepcopy(event.data)
    aliased = rewrite(event, "person", lambda person: f"alias-of-{person}")
    signed = rewrite(aliased, "document", lambda document: {**document, "url": document["url"] + "?signed"})
    assert signed.data["applicant"]["person"] == f"alias-of-{before['applicant']['person']}"
    assert signed.data["documents"][0]["url"].endswith("?signed")
    assert violations(signed) == []
    assert event.data == before
    untouched = copy.deepcopy(signed.data)
    untouched["applicant"]["person"] = before["applicant"]["person"]
    untouched["documents"][0]["url"] = before["documents"][0]["url"]
    assert untouched == before


@pytest.mark.parametrize(
    "data", [{}, {"applicant": None}, {"applicant": []}, {"documents": [1, None]}, {"documents": {}}]
)
def test_rewriting_data_of_another_shape_leaves_it_alone(data):
    event = example(SUBMITTED).with_data(data)
    assert rewrite(event, "person", str.upper).data == data


def test_rewriting_an_event_without_a_mark_gives_the_same_event():
    withdrawn = example("org.etoile.case.withdrawn.v1")
    assert rewrite(withdrawn, "person", str.upper) is withdrawn
    unknown = make("org.etoile.case.invented.v1", source="x", subject="s", authority="0" * 14, data={"person": "a"})
    assert rewrite(unknown, "person", str.upper) is unknown


def test_the_schemas_are_part_of_the_package():
    assert all((schemas._FOLDER / name / "v1.json").is_file() for name in FIRST_SET)

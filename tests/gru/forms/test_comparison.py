import copy

import pytest

from etoile.gru.forms.comparison import Detail, differences

BEFORE = {
    "slug": "brocante",
    "title": {"fr": "Brocante"},
    "register": {"purpose": {"fr": "Placer"}, "retention": {"active": "P1Y"}},
    "documents": [{"id": "assurance", "label": {"fr": "Assurance"}}],
    "pages": [
        {"id": "stand", "title": {"fr": "Stand"}, "sections": [{"id": "s", "fields": [
            {"id": "genre", "type": "text", "label": {"fr": "Genre"}},
            {"id": "longueur", "type": "integer", "label": {"fr": "Longueur"}, "settings": {"maximum": 6}},
            {"id": "prise", "type": "yes_no", "label": {"fr": "Prise"}},
            {"id": "objets", "type": "repeated", "label": {"fr": "Objets"}, "fields": [
                {"id": "objet", "type": "text"}]},
        ]}]},
        {"id": "vous", "title": {"fr": "Vous"}, "sections": [{"id": "t", "fields": []}]},
    ],
}  # fmt: skip


def changed(change):
    after = copy.deepcopy(BEFORE)
    change(after, after["pages"][0]["sections"][0]["fields"])
    return [(each.how, each.kind, each.id) for each in differences(BEFORE, after)], after


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda raw, fields: None, []),
        (lambda raw, fields: fields[1].update(settings={"maximum": 8}), [("changed", "field", "longueur")]),
        (lambda raw, fields: fields.insert(0, {"id": "neuf", "type": "text"}), [("added", "field", "neuf")]),
        (lambda raw, fields: fields.pop(0), [("removed", "field", "genre")]),
        (lambda raw, fields: fields.append(fields.pop(0)), [("moved", "field", "genre")]),
        (lambda raw, fields: fields.insert(0, fields.pop()), [("moved", "field", "objets")]),
        (lambda raw, fields: raw["pages"][1]["sections"][0]["fields"].append(fields.pop()), [
            ("moved", "field", "objets")]),
        (lambda raw, fields: fields[3]["fields"].append({"id": "prix", "type": "amount"}), [
            ("added", "field", "prix")]),
        (lambda raw, fields: raw["documents"].clear(), [("removed", "document", "assurance")]),
        (lambda raw, fields: raw["register"]["retention"].update(active="P2Y"), [
            ("changed", "procedure", "brocante")]),
    ],
)  # fmt: skip
def test_each_change_is_told_once_by_the_identifier_of_what_changed(change, told):
    found, _after = changed(change)
    assert found == told


def test_a_change_says_each_property_before_and_after():
    after = copy.deepcopy(BEFORE)
    after["pages"][0]["sections"][0]["fields"][1] = {
        "id": "longueur", "type": "integer", "label": {"fr": "Longueur (m)"}, "settings": {"maximum": 8},
        "visible_when": {"field": "genre", "op": "filled"},
    }  # fmt: skip
    after["register"]["retention"]["active"] = "P2Y"
    procedure, field = differences(BEFORE, after)
    assert procedure.details == (Detail("register.retention.active", "P1Y", "P2Y"),)
    assert field.details == (
        Detail("label", {"fr": "Longueur"}, {"fr": "Longueur (m)"}),
        Detail("settings.maximum", 6, 8),
        Detail("visible_when", None, {"field": "genre", "op": "filled"}),
    )


def test_a_block_that_goes_takes_its_questions_with_it():
    _found, after = changed(lambda raw, fields: fields.pop())
    assert [each.node["id"] for each in differences(BEFORE, after)] == ["objets", "objet"]

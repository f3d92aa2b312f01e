"""Blocks, calculated fields, refusals, routes, prices and messages: how they are read, and what is refused of them."""

from typing import Any

import pytest

from etoile.gru.forms.definition import DefinitionError
from etoile.gru.forms.dependencies import Dependencies
from etoile.gru.forms.parsing import parse
from etoile.gru.forms.publication import missing

METRES = {"id": "metres", "type": "integer", "label": "Mètres"}


def stands(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "stands", "type": "repeated", "label": "Emplacements", "fields": list(fields) or [METRES], **more}


def computed(formula: str, result: str = "amount", **more: Any) -> dict[str, Any]:
    settings = {"formula": formula, "result": result}
    return {"id": "total", "type": "calculated", "label": "Total", "settings": settings, **more}


def text(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "text", "label": name, **more}


def when(field: str, op: str = "filled", **more: Any) -> dict[str, Any]:
    return {"field": field, "op": op, **more}


def form(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    section = {"id": "s", "fields": list(fields)}
    return {"slug": "essai", "title": "E", "pages": [{"id": "p", "title": "P", "sections": [section]}], **more}


RULES = {
    "ineligible": [{"id": "trop", "when": when("stands", "gt", value=4), "message": "Quatre au plus", "link": "/aide"}],
    "routing": [{"when": when("stands", "gte", value=3), "team": "voirie"}],
    "price": {
        "rules": [
            {"label": "Emplacements", "amount_from": "total"},
            {"label": "Remise", "when": when("ville"), "amount": -500},
        ]
    },
    "messages": {"decision": {"subject": "Demande {{ reference }}"}},
}


def test_a_procedure_says_its_blocks_its_formulas_and_its_rules():
    total = computed("sum(stands.map(s, s.metres)) * 150")
    read = parse(form(text("ville"), stands(), total, team="culture", **RULES))
    assert [each.id for each in read.fields] == ["ville", "stands", "total"]
    assert [each.id for each in read.every_field()] == ["ville", "stands", "metres", "total"]
    assert read.field("metres") is read.field("stands.aaaaaaaa.metres") is read.fields[1].fields[0]
    assert read.field("ville.aaaaaaaa.metres") is None
    assert read.page_of("stands.aaaaaaaa.metres") is read.pages[0]
    assert read.teams == ("culture", "voirie")
    assert [rule.amount_from or rule.amount for rule in read.price.rules] == ["total", -500]
    assert read.messages["decision"].subject.fr == "Demande {{ reference }}"
    uses = [(use.field, use.owner, use.role) for use in Dependencies(read).uses]
    assert uses == [
        ("stands", "total", "settings"),
        ("stands", "trop", "ineligible"),
        ("stands", "voirie", "routing"),
        ("total", "Emplacements", "price"),
        ("ville", "Remise", "price"),
    ]


def test_a_block_is_sensitive_as_its_questions_are():
    read = parse(form(stands(METRES, text("allergie", privacy="sensitive"))))
    assert read.fields[0].sensitive


REFUSED = [
    ("questions inside a text", form(text("a", fields=[text("b")])), "n'a pas de champs"),
    ("a block in a block", form(stands(stands(METRES, id="inner"))), "n'en contient pas d'autre"),
    ("two questions of one name, one in a block", form(text("metres"), stands()), "défini 2 fois"),
    ("an applicant in a row", form(stands(text("a", applicant="email"))), "ne décrit pas le demandeur"),
    ("a question called row", form(stands(text("row"))), "identifiant des lignes"),
    ("more rows than allowed", form(stands(settings={"maximum": 201})), "de 0 à 200 lignes"),
    ("fewer at most than at least", form(stands(settings={"minimum": 5, "maximum": 2})), "minimum"),
    ("a question of a row asked from outside", form(stands(), text("a", visible_when=when("metres"))), "du bloc"),
    ("a row about its own block", form(stands(METRES, text("a", visible_when=when("stands")))), "« stands »"),
    ("a later question of the row", form(stands(text("a", visible_when=when("metres")), METRES)), "placé avant"),
    ("a formula that cannot be read", form(text("a"), computed("a +")), "formule : Erreur d'écriture"),
    ("a formula that reads nothing known", form(computed("b * 2")), "« b » n'est pas un champ"),
    ("a formula that looks forward", form(computed("size(a)"), text("a")), "« a », qui n'est pas un champ placé avant"),
    ("a formula that takes all answers", form(text("a"), computed("answers")), "answers.nombre"),
    ("an unknown result", form(text("a"), computed("a", "colour")), "« result »"),
    ("a required calculation", form(text("a"), computed("a", "text", required=True)), "ne peut être obligatoire"),
    ("a calculation given", form(text("a"), computed("a", prefill={"from": "link", "attribute": "x"})), "prérempli"),
    ("a first answer from nowhere", form(text("a", prefill={"from": "sky", "attribute": "x"})), "prefill.from"),
    ("read only without a first answer", form(text("a", readonly_when_prefilled=True)), "« prefill »"),
    ("a price without amount", form(price={"rules": [{"label": "A"}]}), "amount_from"),
    ("a price from a text", form(text("a"), price={"rules": [{"label": "A", "amount_from": "a"}]}), "champ calculé"),
    ("a price in euros", form(price={"rules": [{"label": "A", "amount": 1.5}]}), "nombre entier"),
    ("a refusal that leads to a script",
     form(text("a"), ineligible=[{"id": "i", "when": when("a"), "message": "Non", "link": "javascript:x()"}]),
     "commence par https://"),
    ("a refusal without condition", form(ineligible=[{"id": "i", "message": "Non"}]), "when : manque"),
    ("a route about nothing", form(routing=[{"team": "voirie", "when": when("b")}]), "orientation vers « voirie »"),
    ("data nested without end", form(text("a", visible_when=None) | {"settings": [[[[]]]]}), "settings"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "raw", "told"), REFUSED, ids=[what for what, _raw, _told in REFUSED])
def test_a_procedure_is_refused_with(what, raw, told):
    with pytest.raises(DefinitionError) as refused:
        parse(raw)
    assert any(told in problem for problem in refused.value.problems), refused.value.problems


def test_a_draft_may_lack_what_a_published_procedure_may_not():
    found = missing(parse(form({**stands(), "fields": []}, computed(" "))))
    assert any(each.place == "field:stands" and "questions de chaque ligne" in each.words for each in found)
    assert any(each.place == "field:total" and "formule" in each.words for each in found)


def test_what_tells_a_secret_is_one():
    secret = text("allergie", privacy="sensitive", purpose="P")
    refused = {"text": "allergie", "yes_no": "allergie == 'x'"}
    for result, formula in (*refused.items(), ("integer", "size(allergie)")):
        told = [str(each) for each in missing(parse(form(secret, computed(formula, result))))]
        assert any("Total" in each and "déclarée sensible" in each for each in told) is (result in refused)
    declared = parse(form(secret, computed("allergie", "text", privacy="sensitive")))
    assert not any("déclarée sensible" in str(each) for each in missing(declared))


def test_a_circle_is_told_with_its_path():
    looped = form(
        text("a", visible_when=when("c")), text("b", required_when=when("a")), computed("size(b)", "integer", id="c")
    )
    with pytest.raises(DefinitionError) as refused:
        parse(looped)
    assert refused.value.problems == [
        "champ « a » : tourne en rond (champ « a » → champ « c » → champ « b » → champ « a »)"
    ]


def test_data_made_to_exhaust_the_server_are_refused_before_they_are_read():
    bomb: Any = []
    for _each in range(60):
        bomb = [bomb, bomb]
    for raw in (bomb, form(*[text("a")] * 20_000)):
        with pytest.raises(DefinitionError, match="trop grandes"):
            parse(raw)

"""What is refused when a definition is read, with every problem told and its place."""

from pathlib import Path
from typing import Any

import pytest

from etoile.gru.forms.blocks import names
from etoile.gru.forms.definition import DefinitionError
from etoile.gru.forms.fields import TYPES
from etoile.gru.forms.parsing import expanded, parse


def form(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    section = {"id": "s", "fields": list(fields)}
    return {"slug": "essai", "title": "Essai", "pages": [{"id": "p", "title": "P", "sections": [section]}], **more}


def text(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "text", "label": name, **more}


def problems(raw: Any) -> list[str]:
    with pytest.raises(DefinitionError) as refused:
        parse(raw)
    return refused.value.problems


def one(kind: str, **more: Any) -> dict[str, Any]:
    return form({"id": "a", "type": kind, "label": "A", **more})


def when(field: str) -> dict[str, Any]:
    return {"field": field, "op": "filled"}


TITLE = {"id": "t", "type": "title", "label": "T"}
REFUSED = [
    ("nothing", None, "slug : manque"),
    ("a list", [], "un ensemble de clés est attendu"),
    ("no slug", {"title": "x"}, "slug : manque"),
    ("a slug with an accent", form(slug="été"), "slug"),
    ("an unknown key", form(colour="red"), "colour : clé inconnue"),
    ("a text that is a number", form(summary=3), "summary : un texte s'écrit"),
    ("a language that is not known", form(summary={"de": "x"}), "summary : un texte s'écrit"),
    ("a link that is not https", form(feedback_link="http://avis.example"), "feedback_link : « http"),
    ("an unknown silence", form(silence={"regime": "maybe"}), "silence.regime"),
    ("a duration in words", form(silence={"duration": "deux mois"}), "silence.duration"),
    ("an empty duration", form(silence={"duration": "P"}), "silence.duration"),
    ("an unknown final fate", form(register={"retention": {"final_fate": "burn"}}), "register.retention.final_fate"),
    ("a flag in words", form(text("a", required="oui")), "required : true ou false"),
    ("an unknown type", one("colour"), "type inconnu « colour »"),
    ("two fields of one name", form(text("a"), text("a")), "champ « a » : défini 2 fois"),
    ("a declaration of the same name", form(text("a"), declarations=[{"id": "a", "label": "A"}]), "défini 2 fois"),
    ("an identifier with a capital", form(text("A")), "« A »"),
    ("an unknown setting", form(text("a", settings={"colour": "red"})), "réglage inconnu « colour »"),
    ("a setting of another type", form(text("a", settings={"max_length": "10"})), "« max_length » de type inattendu"),
    ("a limit above the ceiling", form(text("a", settings={"max_length": 5000})), "max_length"),
    ("a choice without options", one("single_choice"), "besoin d'options"),
    ("options on a text", form(text("a", options=[{"value": "x", "label": "X"}])), "n'a pas d'options"),
    (
        "two options of one value",
        form({"id": "a", "type": "single_choice", "label": "A", "options": [{"value": "x", "label": "X"}] * 2}),
        "même valeur",
    ),
    ("a token of another type", form(text("a", autocomplete="email")), "autocomplete « email »"),
    ("a token for a child's name", one("name", autocomplete="tel"), "autocomplete"),
    ("a title to answer", one("title", required=True), "on ne répond pas"),
    ("an unknown document", one("file", document="z"), "document inconnu « z »"),
    ("an unknown kind of file", one("file", settings={"accept": ["svg"]}), "« svg »"),
    ("a condition on a later field", form(text("a", visible_when=when("b")), text("b")), "« b »"),
    ("a condition on itself", form(text("a", visible_when=when("a"))), "« a »"),
    ("a requirement on a later field", form(text("a", required_when=when("b")), text("b")), "« b »"),
    ("a condition on a title", form(TITLE, text("a", visible_when=when("t"))), "« t »"),
    ("an unknown operator", form(text("a"), text("b", visible_when={"field": "a", "op": "like"})), "condition"),
    ("two fields for one e-mail", form(text("a", applicant="email"), text("b", applicant="email")), "plusieurs champs"),
    ("an unknown block", {"slug": "essai", "title": "E", "pages": [{"use": "nowhere"}]}, "bloc inconnu : nowhere"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "raw", "told"), REFUSED, ids=[what for what, _raw, _told in REFUSED])
def test_a_definition_is_refused_with(what, raw, told):
    assert any(told in problem for problem in problems(raw))


def test_every_problem_is_told_at_once():
    raw = form(text("a", visible_when=when("b"), colour=1), {"id": "b", "type": "nothing", "label": "B"}, category=3)
    assert len(problems(raw)) == 4


def test_a_circle_of_conditions_is_refused_since_one_of_them_looks_forward():
    raw = form(text("a", visible_when=when("b")), text("b", visible_when=when("a")))
    assert len(problems(raw)) == 1


def test_a_section_may_depend_on_an_earlier_page_only():
    raw = form(text("a"))
    raw["pages"].append(
        {"id": "q", "title": "Q", "sections": [{"id": "t", "visible_when": when("b"), "fields": [text("b")]}]}
    )
    assert any("section « t »" in problem for problem in problems(raw))
    raw["pages"][1]["sections"][0]["visible_when"] = when("a")
    assert parse(raw).pages[1].sections[0].visible_when == when("a")


def test_a_block_is_written_out_so_that_a_version_no_longer_depends_on_it():
    raw = expanded({"slug": "essai", "title": "E", "pages": [{"use": "applicant"}]})
    assert "use" not in str(raw)
    assert {each.applicant for each in parse(raw).fields} == {
        "civility", "family_name", "given_names", "email", "phone", "address",
    }  # fmt: skip


@pytest.mark.parametrize("name", names())
def test_every_shared_block_can_be_included(name):
    assert expanded({"use": name})


def test_a_field_that_says_no_privacy_has_that_of_its_type():
    read = parse(form(text("a"), {"id": "b", "type": "iban", "label": "B"}, {"id": "c", "type": "title", "label": "C"}))
    assert [each.privacy for each in read.fields] == ["ordinary", "sensitive", "none"]
    assert parse(form({"id": "b", "type": "iban", "label": "B", "privacy": "ordinary"})).fields[0].privacy == "ordinary"


def test_a_french_sentence_alone_is_a_text():
    assert str(parse(form(text("a"))).title) == "Essai"


def test_the_applicant_s_own_tokens_are_the_standard_ones():
    assert TYPES["email"].tokens == ("email",)
    assert "bday" in TYPES["date"].tokens


def test_the_page_on_procedures_names_every_type_and_operator():
    page = (Path(__file__).parents[3] / "docs" / "procedures.md").read_text("utf-8")
    known = {"declaration", *page.replace("`", " ").split()}
    assert sorted(name for name in TYPES if name not in known) == []
    assert sorted(name for name in names() if name not in known) == []

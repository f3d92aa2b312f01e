"""The server decides what is visible, required and right; what is hidden is neither kept nor heard."""

import pytest

from etoile.gru.forms import sensitive
from etoile.gru.forms.parsing import parse
from etoile.gru.forms.sensitive import SealError, is_sealed, open_sealed, seal
from etoile.gru.forms.validation import validate, validate_declarations

ASKED = {"label": "Question", "purpose": "Parce que"}


def questions(*fields):
    section = {"id": "s", "fields": [{**ASKED, **each} for each in fields]}
    return parse({"slug": "essai", "title": "E", "pages": [{"id": "p", "title": "P", "sections": [section]}]})


def when(field, value):
    return {"field": field, "op": "equals", "value": value}


CHAIN = questions(
    {"id": "danger", "type": "yes_no", "required": True},
    {"id": "blesse", "type": "yes_no", "required": True, "visible_when": when("danger", True)},
    {"id": "secours", "type": "text", "required": True, "visible_when": when("blesse", True)},
    {"id": "lieu", "type": "place", "required_when": when("danger", True)},
)


def test_a_hidden_answer_is_cleared_and_not_required():
    result = validate(CHAIN, {"danger": "no", "secours": "appelés"})
    assert result.valid
    assert result.cleaned == {"danger": False}
    assert result.visible == {"danger", "lieu"}


def test_a_hidden_answer_opens_no_other_question():
    """« blesse » is hidden, so what was typed there cannot show « secours »."""
    result = validate(CHAIN, {"danger": "no", "blesse": "yes", "secours": "appelés"})
    assert result.cleaned == {"danger": False}


def test_what_is_visible_and_required_is_missed():
    result = validate(CHAIN, {"danger": "yes", "blesse": "yes"})
    assert [error.field for error in result.errors] == ["secours", "lieu"]


def test_a_wrong_answer_is_shown_again_and_not_kept():
    result = validate(CHAIN, {"danger": "peut-être"})
    assert result.typed == {"danger": "peut-être"}
    assert result.cleaned == {}


def test_an_unknown_question_is_refused():
    result = validate(CHAIN, {"danger": "no", "is_admin": "true"})
    assert [error.field for error in result.errors] == ["is_admin"]


def test_only_the_page_asked_is_checked():
    def page(name):
        asked = {**ASKED, "id": name, "type": "text", "required": True}
        return {"id": name, "title": name, "sections": [{"id": name, "fields": [asked]}]}

    definition = parse({"slug": "essai", "title": "E", "pages": [page("un"), page("deux")]})
    assert [error.field for error in validate(definition, {}, page=definition.page("un")).errors] == ["un"]
    assert [error.field for error in validate(definition, {}).errors] == ["un", "deux"]


@pytest.mark.parametrize("raw", [12, 1.5, ["a"], {"x": "a"}])
def test_an_answer_of_another_shape_is_told_and_not_lost_in_silence(raw):
    definition = questions({"id": "a", "type": "text"})
    result = validate(definition, {"a": raw})
    assert [error.field for error in result.errors] == ["a"]
    assert "forme attendue" in result.errors[0].message


def test_a_file_is_required_by_its_documents_and_is_no_answer():
    definition = questions({"id": "photo", "type": "file", "required": True})
    assert [error.field for error in validate(definition, {"photo": "x"}).errors] == ["photo"]
    result = validate(definition, {}, documents={"photo": [object()]})
    assert result.valid
    assert result.cleaned == {}


def test_a_condition_may_depend_on_a_file():
    definition = questions(
        {"id": "photo", "type": "file"},
        {"id": "legende", "type": "text", "required": True, "visible_when": {"field": "photo", "op": "filled"}},
    )
    assert validate(definition, {}).valid
    assert not validate(definition, {}, documents={"photo": [object()]}).valid


def test_a_declaration_must_be_ticked(acte):
    definition = parse(acte)
    assert [error.field for error in validate_declarations(definition, {}).errors] == ["exactitude"]
    assert validate_declarations(definition, {"exactitude": "on"}).cleaned == {"exactitude": True}


HEALTH = questions(
    {"id": "ecole", "type": "text"},
    {"id": "allergie", "type": "text", "privacy": "sensitive"},
    {"id": "pai", "type": "yes_no", "privacy": "sensitive"},
)


class TestSensitiveAnswers:
    def test_are_sealed_one_by_one_and_open_again(self):
        answers = {"ecole": "Les Tilleuls", "allergie": "arachide", "pai": False}
        sealed = seal(HEALTH, answers, holder="d1")
        assert sealed["ecole"] == "Les Tilleuls"
        assert is_sealed(sealed["allergie"]) and is_sealed(sealed["pai"])
        assert "arachide" not in str(sealed)
        assert open_sealed(sealed, holder="d1") == answers

    def test_never_have_the_same_seal_twice(self):
        first, second = (seal(HEALTH, {"pai": True}, holder="d1") for _ in range(2))
        assert first != second

    def test_are_sealed_once_only(self):
        once = seal(HEALTH, {"allergie": "arachide"}, holder="d1")
        assert seal(HEALTH, once, holder="d1") == once

    def test_do_not_open_in_another_case_nor_under_another_question(self):
        sealed = seal(HEALTH, {"allergie": "arachide"}, holder="d1")
        with pytest.raises(SealError):
            open_sealed(sealed, holder="d2")
        with pytest.raises(SealError):
            open_sealed({"ecole": sealed["allergie"]}, holder="d1")

    def test_do_not_open_with_another_key(self, settings):
        sealed = seal(HEALTH, {"allergie": "arachide"}, holder="d1")
        settings.ENCRYPTION_KEYS = ["x" * 44]
        with pytest.raises(SealError):
            open_sealed(sealed, holder="d1")

    @pytest.mark.parametrize("damaged", ["", "!!", "AAAA"])
    def test_say_so_when_they_are_damaged(self, damaged):
        with pytest.raises(SealError):
            open_sealed({"allergie": {sensitive.MARK: damaged}}, holder="d1")

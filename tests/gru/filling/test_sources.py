"""What the server alone may say: rows of tables, answers of the hub, what was filled in beforehand."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from etoile.gru.filling import asking
from etoile.gru.filling.judging import judge, submitted, trusted
from etoile.gru.forms.services import load
from etoile.gru.forms.tables import services as tables
from etoile.gru.lookups.door import Question, Reply

STREET = {"lookup": "voies", "purpose": "situer", "inputs": {"texte": "debut"}}
CHOOSE = {"from": "items", "key": "code", "label": "nom"}
ONE, TWO = {"code": "1", "nom": "Rue A", "quartier": "Nord"}, {"code": "2", "nom": "Rue B", "quartier": "Sud"}


def fields(*more: dict[str, Any]) -> dict[str, Any]:
    begin = {"id": "debut", "type": "text", "label": "Rue"}
    asked = [{"label": each["id"], **each} for each in more]
    sections = [{"id": "s", "fields": [begin, *asked]}]
    return {
        "slug": "essai", "title": "Essai", "team": "etat-civil", "treatment": "team",
        "pages": [{"id": "p", "title": "P", "sections": sections}],
    }  # fmt: skip


@dataclass
class Hub:
    """In the door's place: what it was asked, what it replies."""

    reply: Reply
    asked: list[Question] = field(default_factory=list)

    def ask(self, questions: list[Question]) -> list[Reply]:
        self.asked += questions
        return [self.reply for _each in questions]


@pytest.fixture
def hub(monkeypatch):
    made = Hub(Reply("found", {"items": [ONE, TWO]}, "2026-11-28T08:00:00+00:00"))
    monkeypatch.setattr(asking, "door", lambda: made)
    return made


@dataclass
class Form:
    """A form being filled, in memory: what the draft keeps, and what was answered last."""

    version: Any
    kept: dict[str, Any] = field(default_factory=dict)

    def post(self, again: tuple[str, ...] = (), **answers: Any) -> Any:
        """As a page is saved: judged and kept, asked, judged with what came and kept."""
        before, pages = self.kept, self.version.definition.pages
        result = self.keep(judge(self.version, before, answers))
        asked = asking.ask(asking.due(self.version, result, self.kept, pages, again), before)
        return self.keep(judge(self.version, {**self.kept, **asked})) if asked else result

    def keep(self, result: Any) -> Any:
        self.kept = trusted(self.version.definition, json.loads(json.dumps(result.typed)))
        return result


def form(town, *more: dict[str, Any]) -> Form:
    return Form(load(town.authority, fields(*more)))


def errors(result: Any) -> list[str]:
    return [each.field for each in result.errors]


def test_a_lookup_is_asked_once_for_the_same_inputs_and_again_when_they_change(town, hub):
    filled = form(town, {"id": "rue", "type": "lookup", "settings": {**STREET, "choose": CHOOSE}})
    assert filled.post().cleaned == {}
    first = filled.post(debut="rue").cleaned["rue"]
    assert (first["state"], first["offered"], first.get("data")) == ("fetched", [ONE, TWO], None)
    chosen = filled.post(debut="rue", rue="2")
    assert chosen.cleaned["rue"]["data"] == TWO
    kept = submitted(filled.version.definition, chosen.cleaned)["rue"]
    assert kept == {"state": "fetched", "data": TWO, "at": "2026-11-28T08:00:00+00:00"}
    assert [dict(each.query) for each in hub.asked] == [{"texte": "rue"}]
    hub.reply = Reply("found", {"items": [ONE]})
    assert filled.post(debut="quai", rue="2").cleaned["rue"]["data"] == ONE
    assert len(hub.asked) == 2


def test_a_lookup_may_ask_what_a_formula_makes_of_the_answers(town, hub):
    made = {**STREET, "inputs": {"texte": "=debut + ' de la gare'"}}
    filled = form(town, {"id": "rue", "type": "lookup", "settings": made})
    filled.post()
    filled.post(debut="rue")
    assert [dict(each.query) for each in hub.asked] == [{"texte": "rue de la gare"}]


def test_a_lookup_keeps_nobody_from_going_on_unless_it_is_mandatory(town, hub):
    hub.reply = Reply("unavailable", message="Personne ne répond.", instead="le nom")
    shown = {"id": "sinon", "type": "text", "visible_when": {"field": "rue", "op": "equals", "value": "unavailable"}}
    filled = form(town, {"id": "rue", "type": "lookup", "settings": STREET}, shown)
    result = filled.post(debut="rue")
    assert (result.valid, result.cleaned["rue"]["state"], "sinon" in result.visible) == (True, "unavailable", True)
    assert filled.post(debut="rue").valid and len(hub.asked) == 1
    hub.reply = Reply("found", {"n": 1})
    assert filled.post(again=("rue",), debut="rue").cleaned["rue"]["data"] == {"n": 1}
    hub.reply = Reply("unavailable")
    needed = form(town, {"id": "rue", "type": "lookup", "settings": {**STREET, "mandatory": True}})
    assert errors(needed.post(debut="rue")) == ["rue"]
    assert "indispensable" in needed.post(debut="rue").errors[0].message


def test_nothing_of_a_lookup_is_accepted_from_outside(town, hub):
    hub.reply = Reply("unavailable")
    filled = form(town, {"id": "rue", "type": "lookup", "settings": {**STREET, "choose": CHOOSE}})
    forged = {"state": "fetched", "data": TWO, "at": "2026-11-28T08:00:00+00:00"}
    assert errors(filled.post(rue=forged)) == ["rue"]
    hub.reply = Reply("found", {"items": [ONE, TWO]})
    assert filled.post(debut="rue", rue="9").cleaned["rue"].get("data") is None


def test_a_family_quotient_is_obtained_or_declared_and_compared_as_a_number(town, hub):
    hub.reply = Reply("found", {"valeur": 850, "mois": 10})
    low = {"id": "aide", "type": "text", "visible_when": {"field": "qf", "op": "lte", "value": 900}}
    filled = form(town, {"id": "qf", "type": "quotient_familial", "settings": STREET}, low)
    result = filled.post(debut="rue")
    assert (result.cleaned["qf"]["value"], result.cleaned["qf"]["month"], "aide" in result.visible) == (850, 10, True)
    hub.reply = Reply("unavailable")
    filled.post(debut="quai")
    declared = filled.post(debut="quai", qf=" 1 200 ")
    assert (declared.cleaned["qf"]["value"], declared.cleaned["qf"]["declared"]) == (1200, True)
    assert "aide" not in declared.visible
    assert errors(filled.post(debut="quai", qf="beaucoup")) == ["qf"]


def test_what_was_filled_in_and_is_only_read_is_put_back_whatever_is_sent(town, hub):
    hub.reply = Reply("found", {"quartier": "Nord"})
    prefilled = {"prefill": {"from": "lookup", "attribute": "rue.quartier"}, "readonly_when_prefilled": True}
    filled = form(
        town,
        {"id": "rue", "type": "lookup", "settings": STREET},
        {"id": "quartier", "type": "text", **prefilled},
        {
            "id": "lien",
            "type": "text",
            "prefill": {"from": "link", "attribute": "lien"},
            "readonly_when_prefilled": True,
        },
    )
    assert filled.post(debut="rue", quartier="forged").cleaned["quartier"] == "Nord"
    hub.reply = Reply("unavailable")
    assert "quartier" not in filled.post(debut="quai").cleaned
    assert filled.post(debut="quai", quartier="Est").cleaned["quartier"] == "Est"
    given = judge(filled.version, filled.kept, {"lien": "forged"}, prefilled={"lien": "vu"})
    assert given.cleaned["lien"] == "vu"


def test_a_row_of_a_block_chooses_in_a_table_too_for_the_same_number_of_statements(town, django_assert_num_queries):
    tables.import_csv(town.authority, "voies", b"code;nom\n1;Rue A\n2;Rue B\n")
    street = {"id": "voie", "type": "reference", "label": "Voie", "settings": {"table": "voies"}}
    filled = form(town, {"id": "bloc", "type": "repeated", "fields": [street]})
    rows = [{"row": f"r000000{n}", "voie": {"key": n}} for n in "12129"]
    filled.version.procedure.authority  # noqa: B018 - read before counting
    with django_assert_num_queries(2):
        result = judge(filled.version, {}, {"bloc": rows})
    assert errors(result) == ["bloc.r0000009.voie"]
    assert [row.get("voie") for row in result.typed["bloc"]][:2] == [
        {"key": "1", "label": "Rue A"}, {"key": "2", "label": "Rue B"},
    ]  # fmt: skip

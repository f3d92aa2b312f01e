"""A procedure under construction, with something of everything."""

from etoile.gru.access.models import Account, Team
from etoile.gru.forms.editing import drafts, questions
from etoile.gru.forms.editing.change import Edit
from etoile.gru.forms.models import ProcedureVersion
from tests.browser.gru.designing_entries import HERE

__all__ = ["HERE", "build"]
ASKED = {"purpose": {"fr": "Préparer la fête"}}
FIELDS = (
    {
        **ASKED,
        "type": "single_choice",
        "label": {"fr": "Lieu"},
        "options": [{"value": "rue", "label": {"fr": "Dans la rue"}}, {"value": "parc", "label": {"fr": "Au parc"}}],
    },
    {
        **ASKED,
        "type": "repeated",
        "label": {"fr": "Tables"},
        "fields": [{**ASKED, "type": "integer", "label": {"fr": "Places"}}],
    },
    {
        "type": "calculated",
        "label": {"fr": "Prix"},
        "settings": {"formula": "sum(tables.map(ligne, ligne.places)) * 50", "result": "amount"},
    },
    {**ASKED, "type": "file", "label": {"fr": "Accord des riverains"}, "document": "+"},
    # What earns advice: a vague question, without a reason.
    {"type": "text", "label": {"fr": "Divers"}},
)
IN_THE_STREET = {
    "all": [
        {"field": "lieu", "op": "equals", "value": "rue"},
        {"any": [{"field": "tables", "op": "gte", "value": 2}, {"field": "prix", "op": "gt", "value": 1000}]},
    ]
}
REFUSED = {"message": {"fr": "Le parc est fermé."}, "when": {"field": "lieu", "op": "equals", "value": "parc"}}


def build(team: Team, agent: Account) -> ProcedureVersion:
    draft = drafts.create(team.authority, title={"fr": "Fête des voisins"}, team=team, by=agent)

    def now() -> Edit:
        draft.refresh_from_db()
        return Edit(draft.procedure, draft.revision, agent)

    for each in FIELDS:
        questions.add_field(now(), "demande", each)
    questions.set_condition(now(), "field", "accord_des_riverains", "visible_when", IN_THE_STREET)
    questions.add_listed(now(), "ineligible", REFUSED)
    questions.add_listed(now(), "declaration", {"label": {"fr": "J’ai prévenu mes voisins"}, **ASKED})
    rules = [{"label": {"fr": "Tables"}, "amount_from": "prix"}]
    questions.set_procedure(now(), {"price": {"rules": rules}}, verb="price_changed")
    return draft

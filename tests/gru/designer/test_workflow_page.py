"""The workflow of a procedure, written by forms: the source is the same as the YAML."""

import pytest

from etoile.gru.access.models import Role
from etoile.gru.designer.views.workflow import usual_moves
from tests.gru.conftest import text


def workflow(desk):
    return desk.source().get("workflow")


def test_a_step_a_timer_and_the_words_of_a_state_are_added_changed_and_removed(desk):
    question = next(each["id"] for each in desk.source()["pages"][-1]["sections"][0]["fields"])
    assert "étapes habituelles" in text(desk.get("etapes/"))
    step = {"label": "Passer en commission", "origins": ["in_progress"], "to": "in_progress", "who": ["manager"]}
    assert desk.post("etapes/passages/nouveau/", **step, reason="on", subject="Du nouveau").status_code == 302
    added = {
        "id": "passer_en_commission",
        "from": ["in_progress"],
        "to": "in_progress",
        "label": {"fr": "Passer en commission"},
        "who": ["manager"],
        "reason": True,
        "message": {"subject": {"fr": "Du nouveau"}},
    }
    assert workflow(desk)["transitions"] == [*usual_moves(), added]
    desk.post("conditions/transition/5/when/", **{
        "c.group": "all", "c.0.field": question, "c.0.op": "filled", "act": "save",
    })  # fmt: skip
    assert workflow(desk)["transitions"][5]["when"] == {"field": question, "op": "filled"}
    desk.post("etapes/passages/5/", **{**step, "label": "En commission"})
    changed = workflow(desk)["transitions"][5]
    assert (changed["id"], changed["label"], "when" in changed) == (added["id"], {"fr": "En commission"}, True)
    timer = {"after": "15 jours", "do": "close", "waiting": "documents_asked", "reason": "Pièces non reçues."}
    assert desk.post("etapes/echeances/nouveau/", **timer).status_code == 302
    assert workflow(desk)["timers"] == [
        {"id": "close_2", "after": "P15D", "waiting": "documents_asked", "do": "close",
         "reason": {"fr": "Pièces non reçues."}}
    ]  # fmt: skip
    desk.post("etapes/etats/in_progress/", label="En commission", explanation="Elle lit.")
    shown = text(desk.get("etapes/"))
    assert "Au bout de 15 jours" in shown and "Elle lit" not in shown and "En commission" in shown
    desk.post("etapes/passages/5/retirer/")
    assert workflow(desk)["transitions"] == usual_moves()
    desk.post("etapes/habituelles/")
    desk.post("etapes/echeances/0/retirer/")
    desk.post("etapes/etats/in_progress/")
    assert workflow(desk) is None


@pytest.mark.parametrize(
    ("part", "given"),
    [
        ("passages", {"label": "X", "to": "in_progress"}),
        ("passages", {"origins": ["in_progress"], "to": "in_progress"}),
        ("passages", {"label": "X", "origins": ["accepted"], "to": "refused"}),
        ("passages", {"label": "X", "origins": ["in_progress"], "to": "in_progress", "body": "{{ secret }}"}),
        ("echeances", {"after": "bientôt", "do": "remind"}),
        ("echeances", {"after": "15 jours"}),
    ],
)
def test_what_cannot_be_followed_is_refused_and_nothing_is_written(desk, part, given):
    assert desk.post(f"etapes/{part}/nouveau/", **given).status_code == 422
    assert workflow(desk) is None


def test_whoever_only_reads_sees_the_steps_and_changes_none(desk, town):
    town.agent.memberships.update(role=Role.DPO, team=None)
    page = text(desk.get("etapes/"))
    assert "Prendre en charge" in page and "Ajouter une étape" not in page
    assert desk.post("etapes/habituelles/").status_code == 403
    assert desk.get("etapes/passages/nouveau/").status_code == 403

"""The workflow of a procedure: read and checked, followed by agents, run by time."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from tests.gru.conftest import PROCEDURE

from etoile.gru.access.models import Membership, Role, Team
from etoile.gru.cases import actors, queries, services
from etoile.gru.cases.errors import CaseError, TransitionRefused
from etoile.gru.cases.models import Case, DocumentRequest, History
from etoile.gru.cases.states import OPEN, TRANSITIONS, ActorKind, State, Substate
from etoile.gru.cases.workflow import firing, steps
from etoile.gru.documents.models import Document
from etoile.gru.forms.definition import DefinitionError
from etoile.gru.forms.exchange import canonical, from_yaml, to_yaml
from etoile.gru.forms.parsing import parse
from etoile.gru.forms.services import load
from etoile.gru.forms.workflow import shapes
from etoile.gru.notices import wording
from etoile.gru.notices.models import Notice

DAY = timedelta(days=1)
RECEIVED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
WORKFLOW = {
    "states": {
        "submitted": {"label": {"fr": "À trier", "en": "To sort"}},
        "in_progress": {"label": {"fr": "En commission", "en": "Before the board"}, "explanation": "Elle est lue."},
        "payment_due": {"label": "Droits à régler"},
    },
    "transitions": [
        {"id": "trier", "from": ["submitted"], "to": "in_progress", "label": "Trier"},
        {
            "id": "completer", "from": ["in_progress"], "to": "in_progress", "label": "Demander les pièces d’usage",
            "documents": ["domicile"],
        },
        {
            "id": "commission", "from": ["submitted", "in_progress"], "to": "in_progress",
            "label": {"fr": "Passer en commission", "en": "Send to the board"}, "done": "Passée en commission",
            "who": ["manager"], "when": {"field": "motif", "op": "equals", "value": "Mariage"}, "reason": True,
            "message": {"subject": "Commission pour {{ reference }}", "body": "La commission lira votre demande."},
            "team": "direction",
        },
        {"id": "regler", "from": ["in_progress"], "to": "in_progress", "label": "À payer", "waits_for": "payment_due"},
        {"id": "accept", "from": ["in_progress"], "to": "accepted"},
        {"id": "accord_partiel", "from": ["in_progress"], "to": "accepted", "label": "Accord partiel", "reason": True},
        {"id": "reopen", "from": ["accepted", "closed"], "to": "in_progress"},
    ],
    "timers": [
        {"id": "relance", "after": "P10D", "waiting": "documents_asked", "do": "remind",
         "message": {"body": "Il manque une pièce à {{ reference }}."}},
        {"id": "fin", "after": "P45D", "waiting": "documents_asked", "do": "close", "reason": "Pièces non reçues."},
        {"id": "oubli", "after": "P5D", "from": ["submitted"], "do": "escalate", "team": "direction"},
        {"id": "lenteur", "after": "P20D", "from": ["in_progress"], "do": "remind"},
    ],
}  # fmt: skip
DOCUMENTS = [{"id": "domicile", "label": "Justificatif de domicile", "indispensable": True}]
TREATED_HERE = PROCEDURE | {"documents": DOCUMENTS, "workflow": WORKFLOW, "treatment": "team"}


@pytest.fixture
def board(town):
    Team.objects.create(authority=town.authority, sector=town.sector, slug="direction", name="Direction",
                        email="direction@valmont.example")  # fmt: skip
    town.version = load(town.authority, TREATED_HERE)
    return town


def verbs(case, agent) -> list[str]:
    return [each.id for each in queries.agent_case(agent, case.pk).moves]


def told(template: str) -> list[str]:
    return [each.recipient_email for each in Notice.objects.filter(template=template).order_by("created_at")]


def test_the_usual_workflow_is_the_table_of_moves_and_its_states_are_those_of_every_case():
    ruled = {verb: line for verb, line in TRANSITIONS.items() if verb in shapes.RULED and verb != "step"}
    assert {each.verb: (set(each.origins), each.target, each.reason) for each in shapes.USUAL_MOVES} == {
        verb: (set(line.origins), line.target, line.reason_required) for verb, line in ruled.items()
    }
    assert all(ActorKind.AGENT in line.actors for line in ruled.values())
    assert (set(shapes.STATES), set(shapes.OPEN)) == (set(State.values), set(OPEN))
    assert {*shapes.SUBSTATES, ""} == set(Substate.values)


def changed(**more):
    """The transitions with one more, which has one thing wrong."""
    line = {"id": "essai", "from": ["in_progress"], "to": "in_progress", "label": "Essai", **more}
    return {"transitions": [*WORKFLOW["transitions"], line]}


def timed(**more):
    return {"timers": [{"id": "essai", "after": "P1D", "do": "remind", **more}]}


@pytest.mark.parametrize(
    ("workflow", "words"),
    [
        ({"states": {"instruction": {"label": "x"}}}, "état inconnu"),
        (changed(id="trier"), "définie 2 fois"),
        (changed(label=""), "mots de son bouton"),
        (changed(to="submitted"), "aucune étape d'un agent"),
        (changed(to="accepted", **{"from": ["closed"]}), "aucune étape d'un agent"),
        (changed(id="close"), "nom d'une autre étape"),
        (changed(**{"from": []}), "de quels états"),
        (changed(**{"from": ["refused"]}), "où rien ne mène"),
        (changed(who=["chef"]), "choisir parmi"),
        (changed(who=["reader"]), "n'a pas ce droit (cases.treat)"),
        (changed(when={"field": "age", "op": "gt", "value": 3}), "n'est pas un champ"),
        (changed(when={"field": "motif", "op": "ressemble", "value": "x"}), "condition invalide"),
        (changed(documents=["passeport"]), "pièce inconnue"),
        (changed(to="closed", waits_for="payment_due"), "a son propre courrier"),
        (changed(message={"body": "{{ motif }}"}), "balise « motif »"),
        ({"transitions": WORKFLOW["transitions"][:2]}, "ne termine la demande"),
        (timed(after="P0D"), "sa durée"),
        (timed(do="escalate"), "le service qui reprend"),
        (timed(do="close", reason="x"), "que si la personne ne répond pas"),
        (timed(do="close", waiting="documents_asked"), "motif du classement"),
        (timed(waiting="payment_due"), "aucune étape ne met"),
        (timed(message={"body": "x"}), "ce qu'un rappel dit"),
        (timed(couleur="bleu"), "clé inconnue"),
    ],
)
def test_a_workflow_that_cannot_be_followed_is_refused_with_the_step_and_the_reason(workflow, words):
    with pytest.raises(DefinitionError, match=words.replace("(", r"\(").replace(")", r"\)")):
        parse(TREATED_HERE | {"workflow": workflow})


def test_a_team_of_the_workflow_that_the_town_has_not_is_named_at_loading(town):
    with pytest.raises(DefinitionError, match="direction"):
        load(town.authority, TREATED_HERE)


def test_a_workflow_is_written_read_and_written_again_the_same_and_a_usual_one_is_not_written():
    written = to_yaml(TREATED_HERE)
    assert to_yaml(from_yaml(written)) == written
    assert parse(from_yaml(written)).workflow == parse(TREATED_HERE).workflow
    assert "workflow" not in canonical(PROCEDURE | {"workflow": {"timers": []}})
    assert parse(PROCEDURE).workflow is shapes.USUAL


def test_an_agent_has_the_moves_of_the_procedure_in_its_words_and_no_other(board, django_assert_max_num_queries):
    case = board.submit()
    assert verbs(case, board.agent) == ["trier"]
    services.start(case.pk, board.agent)
    assert (board.case(case).state, board.case(case).assignee) == ("in_progress", board.agent)
    assert verbs(case, board.agent) == ["completer", "regler", "accept", "accord_partiel"]
    with pytest.raises(TransitionRefused, match="ne prévoit pas"):
        services.decide(case.pk, board.agent, outcome="refused", reasons="Hors délai.")
    with pytest.raises(TransitionRefused, match="autre rôle"):
        steps.take(case.pk, board.agent, "commission", reason="Avis")
    with pytest.raises(CaseError):
        steps.take(case.pk, board.agent, "accept")
    steps.take(case.pk, board.agent, "regler")
    seen = queries.tracking(board.case(case).tracking_key)
    assert (seen.word.code, seen.word.label) == ("to_pay", "Droits à régler")
    with pytest.raises(TransitionRefused, match="motif"):
        services.decide(case.pk, board.agent, outcome="accepted", transition="accord_partiel")
    services.decide(case.pk, board.agent, outcome="accepted", transition="accord_partiel", reasons="Une partie.")
    assert case.history.last().detail["transition"] == "accord_partiel"
    assert queries.chain_is_whole(board.case(case))


def test_a_step_is_for_its_role_and_its_answers_and_has_its_effects_at_once(board):
    Membership.objects.create(account=board.agent, team=board.team, role=Role.MANAGER)
    other = board.submit(answers={"motif": "Passeport"})
    with pytest.raises(TransitionRefused, match="réponses"):
        steps.take(other.pk, board.agent, "commission", reason="Avis")
    case = board.submit()
    with pytest.raises(TransitionRefused, match="motif"):
        steps.take(case.pk, board.agent, "commission")
    steps.take(case.pk, board.agent, "commission", reason="Cas rare", expected_version=1)
    moved = Case.objects.select_related("team").get(pk=case.pk)
    assert (moved.team.slug, moved.assignee, moved.state) == ("direction", None, "in_progress")
    notice = Notice.objects.get(template="status_changed")
    assert wording.say("status_changed", notice.context).subject == f"Commission pour {case.reference}"
    seen = queries.tracking(moved.tracking_key)
    assert seen.word.label == "En commission"
    assert seen.timeline[-1].label == "Passée en commission"
    assert [kind for kind, _sequence in board.published(case)] == ["case.submitted.v1", "case.status_changed.v1"]


def test_a_step_that_asks_for_documents_is_a_request_that_suspends_the_clock(board):
    case = board.submit()
    services.start(case.pk, board.agent)
    before = board.case(case).silence_date
    steps.take(case.pk, board.agent, "completer")
    request = DocumentRequest.objects.get()
    assert (request.names, request.indispensable) == (["Justificatif de domicile"], True)
    assert board.case(case).substate == "documents_asked"
    assert board.case(case).silence_date > before
    assert told("document_asked") == ["camille.martin@example.org"]


def run(after: timedelta) -> int:
    with time_machine.travel(RECEIVED + after, tick=False):
        return firing.fire_due() + firing.fire_due()


def test_each_timer_goes_off_once_on_its_day_and_the_request_is_closed_only_when_its_time_is_over(board):
    with time_machine.travel(RECEIVED, tick=False):
        case = board.submit()
        services.start(case.pk, board.agent)
        steps.take(case.pk, board.agent, "completer")
    assert [run(after) for after in (9 * DAY, 10 * DAY, 11 * DAY, 20 * DAY, 44 * DAY)] == [0, 1, 0, 0, 0]
    assert told("reminder") == ["camille.martin@example.org"]
    assert (
        "Il manque une pièce" in wording.say("reminder", Notice.objects.get(template="reminder").context).paragraphs[0]
    )
    DocumentRequest.objects.update(deadline=(RECEIVED + 50 * DAY).date())
    assert [run(after) for after in (45 * DAY, 50 * DAY, 51 * DAY, 60 * DAY)] == [0, 0, 1, 0]
    closed = board.case(case)
    assert (closed.state, closed.timer_at) == ("closed", None)
    assert [row.verb for row in History.objects.filter(actor_kind="system")] == ["reminded", "close"]
    assert queries.chain_is_whole(closed)


def test_a_worker_that_was_stopped_leaves_the_person_the_time_between_the_reminder_and_the_end(board):
    with time_machine.travel(RECEIVED, tick=False):
        case = board.submit()
        services.start(case.pk, board.agent)
        steps.take(case.pk, board.agent, "completer")
    assert [run(after) for after in (60 * DAY, 61 * DAY, 94 * DAY, 95 * DAY)] == [1, 0, 0, 1]
    assert board.case(case).state == "closed"


def test_what_the_person_does_stops_the_timers_of_what_was_waited_for(board):
    with time_machine.travel(RECEIVED, tick=False):
        case = board.submit()
        services.start(case.pk, board.agent)
        steps.take(case.pk, board.agent, "completer")
        paper = Document.objects.create(
            authority=board.authority, holder=case.pk, field="p", name="p.pdf", media_type="application/pdf", size=1,
            sha256="0" * 64,
        )  # fmt: skip
    with time_machine.travel(RECEIVED + 3 * DAY, tick=False):
        services.provide_document(case.pk, [paper], actor=actors.person(), request_id=DocumentRequest.objects.get().pk)
    assert [run(after) for after in (15 * DAY, 22 * DAY, 23 * DAY)] == [0, 0, 1]
    assert (told("reminder"), told("case_waiting")) == ([], ["etat-civil@valmont.example"])


def test_a_request_nobody_takes_up_goes_to_another_team_which_is_told(board):
    with time_machine.travel(RECEIVED, tick=False):
        case = board.submit()
    assert run(5 * DAY) == 1
    assert Case.objects.get(pk=case.pk).team.slug == "direction"
    assert told("case_escalated") == ["direction@valmont.example"]
    assert History.objects.last().detail == {"timer": "oubli", "to": "Direction"}

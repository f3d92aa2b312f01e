"""Whatever agents, the person, an application and the clock do to a case, in whatever order, nothing is lost."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.gru.cases.conftest import STEPS, paper, version_of

from etoile.gru.cases import actors, queries, returns, services
from etoile.gru.cases.clock import implicit, warnings
from etoile.gru.cases.errors import CaseError, StaleCase
from etoile.gru.cases.models import Case, Decision, DocumentRequest, History, Message
from etoile.gru.cases.states import BUSINESS_STATUSES, FINAL, OPEN, State
from etoile.gru.cases.workflow import firing, steps
from etoile.gru.documents.models import Document
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.models import OutgoingEvent

RECEIVED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
ACTS = {
    "start": lambda self, seen: services.start(self.pk, self.town.agent, expected_version=seen),
    "ask": lambda self, seen: services.ask_document(
        self.pk, self.town.agent, items=[{"name": "Acte"}], deadline=(self.now + timedelta(days=30)).date(),
        expected_version=seen,
    ),
    "reopen": lambda self, seen: services.reopen(self.pk, self.town.agent, reason="Erreur.", expected_version=seen),
    **{
        outcome: lambda self, seen, outcome=outcome: services.decide(
            self.pk, self.town.agent, outcome=outcome, reasons="Article 3.", expected_version=seen
        )
        for outcome in ("accepted", "refused", "closed")
    },
    **{
        step: lambda self, seen, step=step: steps.take(
            self.pk, self.town.agent, step, reason="Cas rare.", expected_version=seen
        )
        for step in STEPS
    },
}  # fmt: skip


class OneCase(RuleBasedStateMachine):
    """`seen`: the version each of two agents has on screen. `messages`, `papers`: what was given and must be there."""

    town = versions = None

    def __init__(self):
        super().__init__()
        self.within = transaction.atomic()
        self.within.__enter__()
        self.travel = time_machine.travel(RECEIVED, tick=False)
        self.clock = self.travel.start()
        self.messages = self.papers = 0
        self.said = -1
        self.before = None

    def teardown(self):
        self.travel.stop()
        transaction.set_rollback(True)
        self.within.__exit__(None, None, None)

    @property
    def now(self):
        return datetime.now(UTC)

    @property
    def case(self):
        return Case.objects.get(pk=self.pk)

    @initialize(regime=st.sampled_from(["accept", "reject"]))
    def request(self, regime):
        self.pk = self.town.submit(version=self.versions[regime]).pk
        self.seen = dict.fromkeys("AB", 1)

    def tried(self, act):
        """A refusal leaves no trace; what is done leaves one more version and one more row of history."""
        before = counted(self.pk)
        try:
            act()
        except CaseError as refusal:
            assert counted(self.pk) == before
            return refusal
        assert counted(self.pk)[0] == before[0] + 1
        return None

    @rule(agent=st.sampled_from("AB"), looks=st.sampled_from([True, True, False]), act=st.sampled_from(list(ACTS)))
    def an_agent_acts_on_what_they_saw(self, agent, looks, act):
        if looks:
            self.seen[agent] = self.case.version
        is_stale = self.seen[agent] != self.case.version
        refusal = self.tried(lambda: ACTS[act](self, self.seen[agent]))
        assert isinstance(refusal, StaleCase) == is_stale
        if refusal is None:
            self.seen[agent] = self.case.version

    @rule(act=st.sampled_from(list(ACTS)), before=st.sampled_from(list(ACTS)))
    def two_agents_act_on_the_same_screen(self, before, act):
        """The one who comes second is told to read again, when the first did something."""
        seen = self.case.version
        first = self.tried(lambda: ACTS[before](self, seen))
        second = self.tried(lambda: ACTS[act](self, seen))
        assert isinstance(second, StaleCase) == (first is None)

    @rule(by=st.sampled_from([actors.person(), actors.application("Voirie")]))
    def someone_writes(self, by):
        if by.kind == "person":
            services.post_message(self.pk, by, "Bonjour")
        else:
            returns.record_message(self.pk, "voirie", body="Bonjour", sent_at=self.now)
        self.messages += 1

    @rule(answers=st.booleans())
    def the_person_sends_a_document(self, answers):
        asked = DocumentRequest.objects.filter(case=self.pk, state="open").first() if answers else None
        with transaction.atomic():
            given = paper(self.town, self.case)
            provided = self.tried(
                lambda: services.provide_document(
                    self.pk, [given], actor=actors.person(), request_id=asked.pk if asked else None
                )
            )
        assert (provided is None) == (self.case.state in OPEN)
        self.papers += 1

    @rule(sure=st.sampled_from([True, False, False]))
    def the_person_gives_up(self, sure):
        if sure:
            was_open = self.case.state in OPEN
            assert (self.tried(lambda: services.withdraw(self.pk, actors.person())) is None) == was_open

    @rule(status=st.sampled_from(sorted(BUSINESS_STATUSES)), drift=st.sampled_from([-1, 0, 1, 1]))
    def an_application_answers(self, status, drift):
        """A word that comes late or twice, or after the end, is kept and moves nothing."""
        case, number = self.case, max(self.said + drift, 0)
        word = returns.Word("voirie", status, self.now, sequence=number, label="Vu")
        outcome = returns.record_business_status(self.pk, word)
        moves = BUSINESS_STATUSES[status].verb is not None
        known = number <= self.said
        assert outcome.applied == (not known and not (moves and case.state in FINAL))
        if outcome.applied:
            self.said = number
        else:
            assert (self.case.state, self.case.substate) == (case.state, case.substate)

    @rule(days=st.sampled_from([5, 11, 62]))
    def time_passes_and_the_worker_runs_twice(self, days):
        self.clock.shift(timedelta(days=days))
        implicit.decide_due()
        firing.fire_due()
        warnings.warn_teams()
        once = counted(self.pk)
        implicit.decide_due()
        warnings.warn_teams()
        assert counted(self.pk) == once
        assert Decision.objects.filter(case=self.pk, implicit=True).count() <= 1

    @invariant()
    @precondition(lambda self: hasattr(self, "pk"))
    def nothing_is_lost(self):
        case = self.case
        history = list(History.objects.filter(case=case).order_by("number"))
        assert queries.chain_is_whole(case)
        assert case.version == case.history_number == len(history)
        sent = (
            OutgoingEvent.objects.filter(subject=case.subject).order_by("position").values_list("sequence", flat=True)
        )
        assert list(sent) == list(range(1, case.sequence + 1))
        assert Message.objects.filter(case=case).count() == self.messages
        assert Document.objects.filter(holder=case.pk).count() == self.papers
        assert (case.decided_at is not None) == (case.state in FINAL)
        assert case.state in State.values
        assert case.timer_at is None or case.state in OPEN
        if self.before in FINAL and case.state != self.before:
            assert history[-1].verb == "reopen"
        self.before = case.state


def counted(pk):
    """How much is written of a case: version, history, outbox, notices, letters, requests."""
    case = Case.objects.get(pk=pk)
    return (
        case.version,
        History.objects.filter(case=pk).count(),
        OutgoingEvent.objects.filter(subject=case.subject).count(),
        Notice.objects.count(),
        Decision.objects.filter(case=pk).count(),
        DocumentRequest.objects.filter(case=pk).count(),
        (case.state, case.substate, case.team_id, case.silence_date, case.timer_at),
    )


@pytest.mark.django_db
def test_any_interleaving_of_agents_person_application_and_clock(hall):
    versions = {regime: version_of(hall, regime) for regime in ("accept", "reject")}
    run_state_machine_as_test(
        type("Machine", (OneCase,), {"town": hall, "versions": versions}),
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[phase for phase in Phase if phase != Phase.explain],
        ),
    )

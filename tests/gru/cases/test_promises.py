"""A promised answer has its own clock: near at the fifth day, late at the seventh, silent once answered."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from tests.gru.conftest import PROCEDURE

from etoile.gru.backoffice import listing
from etoile.gru.cases import actors, promises, services
from etoile.gru.cases.clock.dates import Length
from etoile.gru.cases.models import Case
from etoile.gru.cases.promises import Alert
from etoile.gru.cases.states import State
from etoile.gru.forms.services import load
from etoile.gru.notices.models import Notice

RECEIVED = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def report(town):
    version = load(town.authority, PROCEDURE | {"answer_within": "P7D"})
    with time_machine.travel(RECEIVED, tick=False):
        return services.submit(
            authority=town.authority,
            version=version,
            applicant={"kind": "natural", "family_name": "Martin", "email": "camille.martin@example.org"},
            answers={"motif": "Le bouton ne répond pas au clavier"},
        )


def told(case):
    found = Notice.objects.filter(template__in=promises.TEMPLATES.values()).order_by("pk")
    return [each.template for each in found if each.context["reference"] == case.reference]


@pytest.mark.exigence("A11Y-06")
@pytest.mark.parametrize(
    ("after", "alert", "letters"),
    [
        (5 * DAY - timedelta(seconds=1), Alert.NONE, []),
        (5 * DAY, Alert.NEAR, ["answer_near"]),
        (7 * DAY - timedelta(seconds=1), Alert.NEAR, ["answer_near"]),
        (7 * DAY, Alert.LATE, ["answer_late"]),
    ],
)
def test_the_team_is_warned_at_the_fifth_day_and_told_of_the_breach_at_the_seventh(report, after, alert, letters):
    with time_machine.travel(RECEIVED + after, tick=False):
        assert promises.alert_of(report, RECEIVED + after) == alert
        promises.warn_teams()
        promises.warn_teams()
    assert told(report) == letters


@pytest.mark.exigence("A11Y-06")
def test_each_alert_leaves_once_and_to_the_team_alone(report, town):
    for days in (5, 6, 7, 8):
        with time_machine.travel(RECEIVED + days * DAY, tick=False):
            promises.warn_teams()
    assert told(report) == ["answer_near", "answer_late"]
    notice = Notice.objects.get(template="answer_late")
    assert (notice.recipient_email, notice.case_id) == (town.team.email, None)


@pytest.mark.parametrize(
    "answer",
    [
        lambda case, agent: services.post_message(case.pk, actors.agent(agent), "Nous corrigeons la page."),
        lambda case, agent: services.decide(case.pk, agent, outcome=State.CLOSED, reasons="Corrigé."),
        lambda case, agent: services.ask_document(
            case.pk, agent, items=[{"name": "Une copie d’écran"}], deadline=date(2026, 12, 1)
        ),
    ],
)
def test_an_answer_of_an_agent_stops_the_clock(report, town, answer):
    with time_machine.travel(RECEIVED + DAY, tick=False):
        answer(report, town.agent)
    with time_machine.travel(RECEIVED + 8 * DAY, tick=False):
        assert promises.warn_teams() == 0
    assert Case.objects.get(pk=report.pk).answered_at == RECEIVED + DAY


def test_taking_the_case_up_or_a_message_of_the_person_is_no_answer(report, town):
    with time_machine.travel(RECEIVED + DAY, tick=False):
        services.start(report.pk, town.agent)
        services.post_message(report.pk, actors.person("Camille"), "Avez-vous vu ?")
    with time_machine.travel(RECEIVED + 8 * DAY, tick=False):
        assert promises.warn_teams() == 1


def test_the_receipt_leaves_at_once(report):
    assert Notice.objects.filter(case_id=report.pk, template="registration_receipt").count() == 1


def test_a_request_that_the_person_withdrew_is_not_late(report):
    with time_machine.travel(RECEIVED + DAY, tick=False):
        services.withdraw(report.pk, actors.person("Camille"))
    with time_machine.travel(RECEIVED + 8 * DAY, tick=False):
        assert promises.warn_teams() == 0


@pytest.mark.parametrize(("days", "tone"), [(1, ""), (5, "warning"), (7, "danger")])
def test_the_list_of_the_agents_shows_the_promise(report, days, tone):
    with time_machine.travel(RECEIVED + days * DAY, tick=False):
        shown = listing.deadline(report, (RECEIVED + days * DAY).date())
    assert shown.tone == tone
    assert shown.effect == "promis à la personne"


def test_a_procedure_that_promises_nothing_has_no_clock(town):
    assert town.submit().answer_due_at is None


def test_the_promise_keeps_its_local_hour_across_the_change_of_time():
    received = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)
    due = promises.due_at(received, timezone_name="Europe/Paris", length=Length(days=7))
    assert due.astimezone(UTC) == datetime(2026, 10, 27, 13, 0, tzinfo=UTC)
    assert promises.due_at(received, timezone_name="Europe/Paris", length=Length()) is None

"""The figures of a service: what is counted, for whom, at what cost, and what stays when cases go."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from tests.gru.conftest import log_in, make_town

from etoile.gru.access.models import Sector, Team
from etoile.gru.backoffice import procedure_choice
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import Case
from etoile.gru.steering import counting, figures
from etoile.gru.steering.figures import Flow, Standing
from etoile.gru.steering.models import Month

NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


def put(town, *, age=0, **fields):
    """A case received so many days ago, as it is now."""
    case = town.submit(submitted_at=NOW - age * DAY)
    Case.objects.filter(pk=case.pk).update(**{"silence_date": TODAY + 40 * DAY, **fields})
    return case


def ended(town, *, age, took, **fields):
    at = NOW - (age - took) * DAY
    return put(town, age=age, **{"state": "accepted", "decided_at": at, "silence_date": at.date() + 9 * DAY, **fields})


@pytest.fixture
def work(town):
    put(town)
    put(town, age=8, silence_date=TODAY - DAY, channel="counter")
    put(town, age=40, silence_date=TODAY, assignee=town.agent)
    put(town, age=91, silence_date=TODAY + 10 * DAY, state="in_progress", substate="documents_asked")
    ended(town, age=30, took=20)
    ended(town, age=70, took=30, silence_date=TODAY - 50 * DAY)
    ended(town, age=70, took=31, implicit_on=TODAY - 40 * DAY, silence_date=TODAY - 40 * DAY)
    ended(town, age=20, took=4, answer_due_at=NOW - 15 * DAY, answered_at=NOW - 16 * DAY)
    put(town, age=3, state="withdrawn", decided_at=NOW)
    return town


def read(town, **asked):
    return figures.of(town.agent, scope_of(town.agent), today=TODAY, **asked)


def test_what_is_open_is_counted_by_age_and_day_and_what_ended_by_month(work):
    found = read(work)
    assert found.work == Standing(
        open=4, to_take=3, waiting=1, late=1, soon=2, week=1, month=1, quarter=1, older=1
    )  # fmt: skip
    assert found.by_channel["counter"][0].open == 1
    assert found.by_team[work.team.pk][0] == found.by_procedure[work.version.procedure_id][0] == found.work
    assert found.months == {
        date(2026, 12, 1): Flow(received=1),
        date(2027, 1, 1): Flow(received=2, ended=0),
        date(2027, 2, 1): Flow(3, ended=3, days=65, legal=3, legal_kept=1, silent=1, promised=1, promised_kept=1),
        date(2027, 3, 1): Flow(3, ended=1, days=20, legal=1, legal_kept=1),
    }
    assert found.months[date(2027, 3, 1)].mean_days == 20
    assert (Flow(legal=3, legal_kept=2).legal_share, Flow().legal_share, Flow().mean_days) == (67, None, None)


def test_each_sees_their_own_services_and_other_towns_nothing(work):
    sector = Sector.objects.create(authority=work.authority, slug="voirie", name="Voirie")
    contact = {"address": "1 place", "email": "v@valmont.example", "phone": "02"}
    other = Team.objects.create(authority=work.authority, sector=sector, slug="voirie", name="Voirie", **contact)
    put(work, team=other, sector=sector)
    assert read(work).work.open == 4
    assert read(work, team=other.pk).work.open == 0
    assert read(make_town("21490998800012", "autre")).work == Standing()


def test_counted_again_a_finished_month_keeps_its_figures_whatever_became_of_its_cases(work):
    counting.count(work.authority)
    Month.objects.filter(first__in=[date(2027, 1, 1), date(2027, 2, 1)]).update(received=99)
    put(work)
    counting.count(work.authority)
    after = {first: flow.received for first, flow in read(work).months.items()}
    assert after == {date(2026, 12, 1): 1, date(2027, 1, 1): 99, date(2027, 2, 1): 3, date(2027, 3, 1): 4}
    assert read(work).work.open == 5


def test_a_worker_stopped_for_months_counts_those_it_missed(work):
    counting.count(work.authority)
    with time_machine.travel(NOW + 130 * DAY, tick=False):
        put(work, age=-60)
        counting.count(work.authority)
    assert set(Month.objects.filter(first__gt=TODAY).values_list("first", "received")) == {(date(2027, 5, 1), 1)}


def test_the_page_costs_the_same_whatever_there_is_and_each_figure_opens_its_list(
    client, work, django_assert_max_num_queries
):
    log_in(client, work.agent)
    counting.count(work.authority)
    with django_assert_max_num_queries(14):
        page = client.get(reverse("backoffice:dashboard")).content.decode()
    for asked in (
        "onglet=a-traiter&amp;echeance=retard",
        "onglet=a-traiter&amp;du=2027-02-13&amp;au=2027-03-07",
        "onglet=a-traiter&amp;demarche=acte",
        "onglet=a-traiter&amp;canal=counter",
        "onglet=terminees&amp;etat=accepted&amp;etat=closed&amp;etat=refused&amp;fin_du=2027-03-01&amp;fin_au=2027-03-31",
        "onglet=toutes&amp;du=2027-02-01&amp;au=2027-02-28",
    ):
        assert asked in page, asked
    listed = {
        "onglet=a-traiter": 4,
        "onglet=a-traiter&echeance=retard": 1,
        "onglet=a-traiter&du=2027-02-13&au=2027-03-07": 1,
        "onglet=terminees&fin_du=2027-02-01&fin_au=2027-02-28": 3,
        "onglet=toutes&du=2027-02-01&au=2027-02-28": 3,
    }
    for asked, number in listed.items():
        rows = client.get(f"{reverse('backoffice:inbox')}?{asked}").context["rows"]
        assert len(rows) == number, asked
    assert (
        "Comment ces chiffres"
        in client.get(reverse("backoffice:dashboard"), {"service": "etat-civil"}).content.decode()
    )


def test_among_many_procedures_those_with_the_most_open_cases_come_first(client, work, monkeypatch):
    monkeypatch.setattr(procedure_choice, "MANY", 0)
    log_in(client, work.agent)
    counting.count(work.authority)
    first = '<optgroup label="Les plus fréquentes"><option value="acte"{}>'
    for asked, marked in ([""], ""), (["", "acte"], " selected"):
        page = client.get(reverse("backoffice:inbox"), {"demarche": asked}).content.decode()
        assert first.format(marked) in page
        assert 'id="id_demarches" name="demarche" value="acte">' in page
        assert "field-wrong" not in page

"""Figures, alarms, reconciliation and the proof of the journal, as the operator sees them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from etoile.hub.journal.models import Seal
from etoile.hub.reconciliation.models import Difference, Report
from etoile.hub.registry.models import Application
from etoile.hub.watch.models import Alarm, Figure, Job
from tests.hub.console import scenery
from tests.hub.console.test_overview import Counted

PAGES = {"figures": 8, "alarms": 8, "reports": 6, "journal": 8}


@pytest.fixture
def watched(load_star):
    load_star(scenery.STAR)
    scenery.furnish({"voirie": [("dead", 2, 9), ("acknowledged", 2, 9)]})
    scenery.sealed()
    scenery.watched()


def opened(client, name, *args, **given):
    answer = client.get(reverse(f"console:{name}", args=args), given)
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return re.sub(r"\s+", " ", body.decode()) if not answer.streaming else body.decode("utf-8-sig")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_on_an_empty_hub_and_says_what_its_emptiness_means(client, operator, name):
    assert 'class="empty"' in opened(client, name)


def test_the_figures_of_a_day_are_in_the_drawing_and_in_the_table(client, operator, watched):
    Figure.objects.exclude(hour__date=timezone.localdate()).delete()
    voirie = Application.objects.get(slug="voirie")
    Figure.objects.filter(application_id=voirie.pk).update(
        accepted=120, delivered=100, retried=7, dead=3, published=50, latencies={"24": 100}
    )
    page = opened(client, "figures", application=voirie.pk, period="7")
    row = re.search(r"<tbody>(.*?)</tbody>", page)[1]
    assert re.findall(r'class="numeric"[^>]*>(\d+)<', row) == ["120", "100", "7", "3", "50"]
    assert page.count('class="chart-bar chart-look-1"') == 2  # the day, and the legend
    assert "Pas encore finis" in page


def test_the_figures_are_given_as_a_file_line_by_line(client, operator, watched):
    lines = opened(client, "figures-csv", period="90").splitlines()
    assert lines[0].startswith("day;application;accepted;delivered;retried;dead;p50_ms")
    assert len(lines) == 1 + Figure.objects.count()
    assert any(line.split(";")[1] == "voirie" for line in lines)
    voirie = Application.objects.get(slug="voirie").pk
    assert {line.split(";")[1] for line in opened(client, "figures-csv", application=voirie).splitlines()[1:]} == {
        "voirie"
    }


def test_open_alarms_are_said_with_where_their_cause_is_seen(client, operator, watched):
    page = opened(client, "alarms")
    assert "2 alertes ouvertes" in page
    assert "État civil n’a rien dit depuis 3 jours" in page
    assert 'href="/console/applications/etat-civil/"' in page
    assert "Urbanisme ne répondait plus" in page[page.index("Les dernières alertes closes") :]
    assert "en échec" in page


def test_a_job_that_did_not_run_in_time_is_shown_late(client, operator, watched):
    Alarm.objects.all().delete()
    Job.objects.all().delete()
    at = timezone.now()
    Job.objects.create(name="seal", enrolled_at=at, due=at, last_succeeded=at)
    assert "en retard" not in opened(client, "alarms")
    Job.objects.update(last_succeeded=at - timedelta(minutes=2))
    assert "en retard" in opened(client, "alarms")


def test_an_alarm_is_read_in_the_language_of_the_reader(client, operator, watched):
    at = timezone.now()
    Alarm.objects.create(
        kind="unrouted", cause="unrouted", words="4 messages n’ont aucun destinataire.", count=4, first_seen_at=at,
        seen_at=at, opened_at=at,
    )  # fmt: skip
    client.cookies["hub_language"] = "en"
    assert "4 messages have no receiver." in opened(client, "alarms")


def test_an_alarm_is_on_the_first_page_by_its_gravity_and_never_twice(client, operator, watched):
    Alarm.objects.filter(kind="job").update(kind="dead", words="Voirie : 2 envois ont épuisé leurs essais.")
    closed = Alarm.objects.filter(closed_at__isnull=False)
    closed.update(closed_at=None, kind="seal", words="Le journal n’est plus scellé.")
    page = re.sub(r"\s+", " ", client.get("/console/").content.decode())
    seal = page.index("Le journal n’est plus scellé")
    dead = page.index("Services techniques : 2 envois ont épuisé leurs essais")
    assert seal < dead < page.index("État civil n’a rien dit depuis 3 jours")
    assert "Voirie : 2 envois ont épuisé" not in page


def test_a_report_leads_to_its_lines_its_differences_and_its_file(client, operator, watched):
    report = Report.objects.get()
    assert reverse("console:report", args=[report.pk]) in opened(client, "reports")
    # The page shows the first fifty, and the journal keeps for ever what other tests of this process wrote in it.
    Difference.objects.filter(report=report).delete()
    Difference.objects.create(report=report, kind="missing_there", external_id="2024-17", reference="24-K7QM-3")
    page = opened(client, "report", report.pk)
    assert "voirie-demandes" in page
    assert "reçue selon le hub, absente de l" in page
    assert "24-K7QM-3" in page
    assert "missing_there;;;;2024-17;24-K7QM-3" in opened(client, "differences-csv", report.pk)
    assert opened(client, "report-csv", report.pk).startswith("day;application;subscription;accepted")


def test_the_last_seal_is_shown_whole_to_be_noted_elsewhere(client, operator, watched):
    page = opened(client, "journal")
    last = bytes(Seal.objects.first().hash).hex()
    assert f">{last}</pre>" in page
    assert f"etoile journal verify --known {last[:16]}" in page


@pytest.mark.parametrize(("name", "most"), PAGES.items())
def test_the_number_of_statements_does_not_grow_with_what_is_watched(client, operator, load_star, name, most):
    load_star(scenery.STAR)
    page = reverse(f"console:{name}")
    client.get(page)
    with connection.execute_wrapper(before := Counted()):
        client.get(page)
    scenery.watched()
    with connection.execute_wrapper(after := Counted()):
        client.get(page)
    assert after.number == before.number <= most

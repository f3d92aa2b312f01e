"""Deliveries are found by exact criteria that combine, page by page both ways, by index look-ups alone."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from etoile.hub.delivery import search
from etoile.hub.delivery.models import Delivery
from etoile.hub.delivery.search import Criteria, Place
from etoile.hub.registry.models import Application, Subscription
from tests.hub.conftest import STATUS, SUBMITTED
from tests.hub.console import scenery

LIST = "/console/envois/"


@pytest.fixture
def busy(load_star):
    load_star(scenery.STAR)
    scenery.furnish({slug: [(s, min(n, 3), age) for s, n, age in lines] for slug, lines in scenery.BUSY.items()})


def listed(client, **criteria):
    answer = client.get(LIST, criteria)
    assert answer.status_code == 200, answer.content.decode()
    page = re.sub(r"\s+", " ", answer.content.decode())
    return re.findall(r'<th scope="row"[^>]*><a href="/console/envois/([0-9a-f-]{36})/"', page)


def keys(**filters):
    return [str(key) for key in Delivery.objects.filter(**filters).order_by("-id").values_list("id", flat=True)]


def test_criteria_find_exactly_what_they_say(client, operator, busy):
    voirie, courrier = Application.objects.get(slug="voirie"), Application.objects.get(slug="courrier")
    assert listed(client, application=voirie.pk) == keys(application_id=voirie.pk)
    assert listed(client, state="dead") == keys(state="dead")
    assert listed(client, state="stuck") == keys(state__in=["dead", "rejected"])
    assert listed(client, application=courrier.pk, state="acknowledged") == keys(
        application_id=courrier.pk, state="acknowledged"
    )
    gru = Subscription.objects.get(slug="gru-demandes")
    assert listed(client, type=STATUS) == keys(subscription_id=gru.pk)
    assert listed(client, type=SUBMITTED, state="held") == keys(state="held")
    assert listed(client) == keys()


def test_a_number_is_found_whole_and_combines_with_the_rest(client, operator, busy):
    one = Delivery.objects.filter(state="acknowledged").first()
    assert str(one.pk) in listed(client, number=f" {one.external_id} ")
    assert listed(client, number=one.external_id, state="dead") == []
    assert listed(client, number=one.external_id[:-1]) == []


def test_the_words_of_an_error_lead_to_the_deliveries_that_met_it(client, operator, busy):
    assert sorted(listed(client, words="délai dépassé")) == sorted(keys(state="dead"))
    assert sorted(listed(client, words="occup")) == sorted(keys(state="retry_scheduled"))
    assert listed(client, words="délai occupée") == []
    assert listed(client, words="L’adresse & !terrain | ':*") == keys(state="rejected")
    assert listed(client, words="&|! _") == []
    assert listed(client, words="adresse du terrain") == keys(state="rejected")


def test_a_case_is_found_by_its_reference_its_subject_or_an_identifier(client, operator, delivery, event):
    for typed in (event.data["case"]["reference"].lower(), event.subject, str(event.id), str(delivery.pk),
                  str(delivery.message_id), event.subject.removeprefix("case/")):  # fmt: skip
        assert listed(client, case=typed) == [str(delivery.pk)], typed
    assert listed(client, case="99-ZZZZ-9") == []


def test_a_period_counts_both_its_days(client, operator, load_star):
    load_star(scenery.STAR)
    scenery.furnish({"voirie": [("dead", 1, 24 * 9), ("dead", 1, 24 * 3)]})
    old, recent = Delivery.objects.order_by("id")
    day = timezone.localtime(old.created_at).date()
    assert listed(client, since=day.isoformat(), until=day.isoformat()) == [str(old.pk)]
    assert listed(client, since=(day + timedelta(days=1)).isoformat()) == [str(recent.pk)]
    assert listed(client, since=day.isoformat(), state="dead") == [str(recent.pk), str(old.pk)]


@pytest.mark.parametrize("asked", [{"since": "hier"}, {"since": "2026-05-02", "until": "2026-05-01"}, {"state": "x"}])
def test_a_criterion_that_means_nothing_is_said_and_hides_nothing(client, operator, busy, asked):
    answer = client.get(LIST, asked)
    assert answer.status_code == 422
    assert 'id="erreurs"' in answer.content.decode()


@pytest.mark.parametrize("criteria", [{}, {"state": "dead"}, {"words": "délai"}])
@pytest.mark.parametrize("order", ["", "anciens"])
def test_pages_follow_one_another_both_ways_and_their_addresses_can_be_shared(
    client, operator, load_star, monkeypatch, criteria, order
):
    monkeypatch.setattr(search, "PAGE", 3)
    load_star(scenery.STAR)
    scenery.furnish({"voirie": [("dead", 5, 60)], "famille": [("dead", 3, 50)]})
    asked = {**criteria, "order": order}
    forward, seen = [], asked
    while seen:
        forward.append(listed(client, **seen))
        seen = neighbour(client, seen, "next")
    everything = keys() if not order else keys()[::-1]
    assert [key for page in forward for key in page] == everything
    backward, seen = [], {**asked, "apres": forward[1][-1]}
    while seen:
        backward.insert(0, listed(client, **seen))
        seen = neighbour(client, seen, "prev")
    assert backward == forward


def neighbour(client, asked, way):
    page = client.get(LIST, asked).content.decode()
    found = re.search(rf'rel="{way}" href="(\?[^"]*)"', page)
    return (
        {name: values[0] for name, values in parse_qs(urlsplit(found[1].replace("&amp;", "&")).query).items()}
        if found
        else None
    )


CROWD = """
INSERT INTO journal_message (id, received_at, source, event_id, type, subject, authority, reference, state, payload)
SELECT journal_first_key(now() - make_interval(secs => n)), now(), 'gru', n::text, 'org.etoile.case.submitted.v1',
       'case/' || n, '0', 'R-' || n, 'routed', '{}' FROM generate_series(1, %(number)s) n;
"""
CROWD_DELIVERIES = """
INSERT INTO delivery_delivery (id, message_id, subscription_id, application_id, subject, position, state, external_id,
                               created_at, attempts)
SELECT m.id, m.id, s.id, s.application_id, m.subject, row_number() OVER (),
       CASE WHEN m.event_id::int %% 200 = 0 THEN 'dead' ELSE 'acknowledged' END, 'N' || m.event_id, now(), 1
FROM journal_message m
JOIN (SELECT id, application_id, row_number() OVER (ORDER BY id) - 1 AS rank FROM registry_subscription) s
  ON s.rank = m.event_id::int %% 9
"""
CROWD_ATTEMPTS = """
INSERT INTO delivery_attempt (id, delivery_id, number, worker, started_at, finished_at, outcome, detail)
SELECT id, id, 1, 'w', now(), now(), CASE state WHEN 'dead' THEN 'retry' ELSE 'acknowledged' END,
       'panne ' || subject FROM delivery_delivery
"""


@pytest.fixture
def crowd(load_star):
    """Enough rows for a plan that would read them all to be the wrong one, and to be chosen if no index served."""
    load_star(scenery.STAR)
    with connection.cursor() as cursor:
        for statement in (CROWD, CROWD_DELIVERIES, CROWD_ATTEMPTS):
            cursor.execute(statement, {"number": 12_000})
        cursor.execute("ANALYZE journal_message, delivery_delivery, delivery_attempt")


QUESTIONS = [
    Criteria(),
    Criteria(states=("dead",)),
    Criteria(states=("pending", "leased", "retry_scheduled", "held")),
    Criteria(type=SUBMITTED),
    Criteria(case="R-4200"),
    Criteria(case="R-4200", states=("dead",), type=SUBMITTED),
    Criteria(number="N4200"),
    Criteria(number="N4200", words="panne"),
    Criteria(words="panne case/4200"),
    Criteria(since=timezone.localdate(), until=timezone.localdate()),
    Criteria(states=("dead",), since=timezone.localdate() - timedelta(days=9)),
]


def test_no_question_reads_a_whole_table(crowd, subtests):
    voirie = Application.objects.get(slug="voirie").pk
    for criteria in [*QUESTIONS, Criteria(application=voirie), Criteria(application=voirie, states=("dead",))]:
        with subtests.test(criteria=str(criteria)), connection.execute_wrapper(plans := Plans()):
            search.page(criteria, Place())
            search.page(criteria, Place(before=scenery.key(1), oldest_first=True))
            search.ids(criteria, up_to=search.LAST, limit=100)
            assert plans.found
            assert [plan for plan in plans.found if re.search(plans.whole, plan)] == []
            # Nor walks all the keys, hoping to meet soon what may not be there.
            assert [plan for plan in plans.found if "on unnest" in plan and "_pkey" in plan] == []


class Plans:
    """The plan of each statement on the tables that grow, as PostgreSQL makes it."""

    def __init__(self):
        self.found = []
        # The months that hold nothing are read any way: there is nothing to read.
        self.whole = rf"Seq Scan on \w+{timezone.now():_y%Ym%m}"

    def __call__(self, execute, sql, params, many, context):
        if "delivery_" in sql or "journal_" in sql:
            execute(f"EXPLAIN {sql}", params, many, context)
            self.found.append("\n".join(row[0] for row in context["cursor"].fetchall()))
        return execute(sql, params, many, context)

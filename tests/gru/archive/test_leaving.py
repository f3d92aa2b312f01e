"""An ended case is told of, set apart on its day, and seen then by whoever keeps the archives alone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from tests.gru.archive.conftest import APART, CANARIES, ENDED, OVER, TOLD

from etoile.gru.archive import holds, leaving, queries, rules
from etoile.gru.archive.errors import ArchiveRefused
from etoile.gru.archive.models import Standing
from etoile.gru.cases import queries as cases
from etoile.gru.cases.clock.dates import length
from etoile.gru.cases.lists.criteria import Criteria
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import Case, Handoff, Message
from etoile.gru.fees.models import Fee
from etoile.gru.notices.models import Notice
from etoile.gru.outbox.models import OutgoingEvent

DAY = timedelta(days=1)


@pytest.mark.parametrize("duration", ["P1M", "P6M", "P2Y", "P1Y1M10D", "P30D"])
def test_a_duration_has_run_out_on_a_day_for_the_days_up_to_its_start_and_no_other(duration):
    kept = length(duration)
    for number in range(800):
        day = date(2023, 12, 1) + number * DAY
        start = kept.before(day)
        assert kept.after(start) <= day < kept.after(start + DAY)


def test_the_person_is_told_a_fortnight_before_and_the_case_then_leaves_lists_search_pages_and_link(archives):
    case, agent = archives.ended(), archives.town.agent
    assert leaving.run(TOLD - 30 * DAY) == {"told": 0, "archived": 0}
    assert leaving.run(TOLD) == {"told": 1, "archived": 0}
    assert leaving.run(TOLD + DAY) == {"told": 0, "archived": 0}
    letter = Notice.objects.get(template="leaving_soon")
    assert letter.context["leaves_on"] == "2022-03-16"
    assert not any(word in str(letter.context) for word in CANARIES)
    Notice.objects.update(state="sent")
    assert leaving.run(APART)["archived"] == 1

    zone = archives.town.authority.timezone
    assert not scope_of(agent).cases().exists() and cases.agent_case(agent, case.pk) is None
    assert not Criteria(words=CANARIES[0]).narrow(scope_of(agent).cases(), me=(), zone=zone).exists()
    assert cases.by_tracking_key(case.tracking_key) is None
    assert not cases.of_authority(archives.town.authority).exists()
    assert list(queries.archived(scope_of(archives.archivist, "archives.read"))) == [case]
    assert not queries.archived(scope_of(agent, "archives.read")).exists()
    assert cases.chain_is_whole(Case.objects.get(pk=case.pk))


KEEPERS = {
    "held": lambda a, c: holds.place(c.pk, a.town.agent, "Recours au tribunal"),
    "an event to publish": lambda a, c: OutgoingEvent.objects.filter(subject=c.subject).update(state="refused"),
    "a hand-off": lambda a, c: Handoff.objects.create(
        case=c, delivery="d", message_type="t", application="voirie", application_name="Voirie", state="dead",
        occurred_at=timezone.now()),
    "a letter to send": lambda a, c: Notice.objects.filter(case_id=c.pk).update(state="created"),
    "an unread message": lambda a, c: Message.objects.filter(author="person").update(read_at=None),
    "a payment awaited": lambda a, c: Fee.objects.create(case=c, amount=1, asked_at=timezone.now()),
    "opened again": lambda a, c: Case.objects.filter(pk=c.pk).update(state="in_progress", decided_at=None),
    "ended again since": lambda a, c: Case.objects.filter(pk=c.pk).update(decided_at=TOLD + DAY),
}  # fmt: skip


@pytest.mark.parametrize("keeper", KEEPERS)
def test_what_is_not_settled_keeps_a_case_where_it_is(archives, keeper):
    case = archives.ended()
    leaving.run(TOLD)
    Notice.objects.update(state="sent")
    KEEPERS[keeper](archives, case)
    assert leaving.run(APART)["archived"] == 0
    assert not Standing.objects.filter(archived_at__isnull=False).exists()


def test_a_hold_has_a_reason_is_alone_and_once_lifted_lets_the_case_go(archives):
    case, agent = archives.ended(), archives.town.agent
    with pytest.raises(ArchiveRefused, match="pourquoi"):
        holds.place(case.pk, agent, "  ")
    holds.place(case.pk, agent, "Recours")
    with pytest.raises(ArchiveRefused, match="déjà"):
        holds.place(case.pk, agent, "Recours")
    assert leaving.run(TOLD)["told"] == 0
    holds.lift(case.pk, agent)
    with pytest.raises(ArchiveRefused, match="Rien"):
        holds.lift(case.pk, agent)
    assert leaving.run(TOLD)["told"] == 1


def test_the_preview_counts_each_procedure_in_one_statement(archives, django_assert_num_queries):
    archives.archived()
    archives.ended()
    rule = rules.rules_of(archives.town.authority)[0]
    scope = scope_of(archives.archivist, "archives.read")
    with django_assert_num_queries(1):
        (now,) = queries.outlooks(scope, [rule], ENDED + 730 * DAY, days=90)
        assert (now.leaving, now.archived, now.to_list, now.held) == (1, 1, 0, 0)
    (later,) = queries.outlooks(scope, [rule], OVER, days=90)
    assert (later.leaving, later.archived, later.to_list) == (1, 1, 1)


def test_an_archived_case_comes_back_for_a_reason_and_its_person_is_told_again(archives):
    case = archives.archived()
    leaving.bring_back(case.pk, archives.archivist, "Recours gracieux reçu")
    assert cases.agent_case(archives.town.agent, case.pk) is not None
    assert leaving.run(APART) == {"told": 1, "archived": 0}
    with pytest.raises(ArchiveRefused, match="archivée"):
        leaving.bring_back(case.pk, archives.archivist, "Encore")

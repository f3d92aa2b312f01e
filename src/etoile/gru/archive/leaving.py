"""From the lists to the archive: the person is told, the day comes, the case is set apart. One transaction a case."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Authority
from etoile.gru.archive import queries
from etoile.gru.archive.errors import ArchiveRefused
from etoile.gru.archive.models import SlipLine, Standing
from etoile.gru.archive.obstacles import free, obstacles_of
from etoile.gru.archive.rules import Rule, rules_of
from etoile.gru.cases import actors, telling
from etoile.gru.cases.lists.scope import Scope
from etoile.gru.cases.models import Case
from etoile.gru.cases.moves import write
from etoile.gru.cases.typed import readable

log = structlog.get_logger(__name__)

# What one run takes of one procedure: a town's first night would otherwise write a hundred thousand e-mails.
BATCH = 500


def run(now: datetime | None = None) -> dict[str, int]:
    """Tell and set apart what is due in every authority; how many of each. Killed anywhere, the next run goes on."""
    now = now or timezone.now()
    done = {"told": 0, "archived": 0}
    for authority in Authority.objects.order_by("pk"):
        everywhere = whole(authority)
        for rule in rules_of(authority):
            due = queries.to_tell(queries.ended(everywhere, rule), rule.leaving_before(now, days=notice_days()))
            done["told"] += _each(due.order_by("decided_at"), lambda case, rule=rule: _tell(case, rule, now))
        today = now.astimezone(authority.zone).date()
        ready = Standing.objects.filter(archived_at=None, told_at__isnull=False, leaves_on__lte=today)
        cases = free(Case.objects.filter(authority=authority, pk__in=ready.order_by().values("pk")))
        done["archived"] += _each(cases, lambda case: _set_apart(case, now))
    log.info("retention", **done)
    return done


def bring_back(case_id: uuid.UUID, account: Account, reason: str) -> None:
    """An archived case returns to the lists, for a reason kept in its history; the person is told again before it
    leaves them. Raises `ArchiveRefused` when it is not archived, or is on a list."""
    reason = readable(reason)[:300]
    if not reason:
        raise ArchiveRefused(_("Dites pourquoi la demande revient dans les listes."))
    with transaction.atomic():
        case = _taken(Case.objects.filter(pk=case_id))
        if case is None or not Standing.objects.filter(case=case, archived_at__isnull=False).exists():
            raise ArchiveRefused(_("Cette demande n’est pas archivée."))
        if SlipLine.objects.filter(listed_case=case.pk).exclude(state=SlipLine.State.KEPT).exists():
            raise ArchiveRefused(_("Cette demande est sur un bordereau : retirez-la d’abord de ce bordereau."))
        Standing.objects.filter(case=case).delete()
        write(case, "brought_back", actors.agent(account), reason=reason)


def whole(authority: Authority) -> Scope:
    """Every team of the authority: what the worker acts on."""
    return Scope(authority.pk, None, tuple(authority.teams.all()))


def notice_days() -> int:
    return int(settings.RETENTION_NOTICE_DAYS)


def _each(cases: QuerySet[Case], act: Callable[[Case], bool]) -> int:
    done = 0
    for pk in list(cases.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            case = _taken(cases.order_by().filter(pk=pk))
            done += case is not None and act(case)
    return done


def _taken(cases: QuerySet[Case]) -> Case | None:
    """Its row locked; None when it no longer answers, or when another transaction has it."""
    beside = ("authority", "procedure_version__procedure", "team")
    return cases.select_for_update(of=("self",), skip_locked=True).select_related(*beside).first()


def _tell(case: Case, rule: Rule, now: datetime) -> bool:
    if case.decided_at is None:
        return False
    soonest = now.astimezone(rule.zone).date() + timedelta(days=notice_days())
    leaves_on = max(rule.leaves_on(case.decided_at.astimezone(rule.zone).date()), soonest)
    Standing.objects.update_or_create(case=case, defaults={"told_at": now, "leaves_on": leaves_on})
    telling.tell(case, "leaving_soon", leaves_on=leaves_on.isoformat())
    return True


def _set_apart(case: Case, now: datetime) -> bool:
    if obstacles_of(case):
        return False
    since = Standing.objects.filter(case=case, archived_at=None, told_at__gte=case.decided_at)
    if not since.update(archived_at=now):
        return False
    write(case, "archived", actors.system())
    return True

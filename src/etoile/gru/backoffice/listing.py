"""The list of cases as an agent reads it: who is in charge, what is new, how long is left before the silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.design.parts import Cell
from etoile.gru.backoffice.reading import state_cell
from etoile.gru.cases import promises
from etoile.gru.cases.lists import groups
from etoile.gru.cases.models import Case, Message
from etoile.gru.cases.states import Substate
from etoile.gru.desk import labels

# What a list shows of a case: neither its answers nor the text of its procedure, which are long.
_BESIDE = ("procedure_version", "team", "assignee")
_LONG = ("answers", "procedure_version__source")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day on which silence decides, in words; `tone` is empty while nothing presses."""

    day: str
    words: str
    effect: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    case: Case
    state: Cell
    deadline: Deadline | None
    unread: int
    labels: Sequence[str] = ()

    @property
    def unread_words(self) -> str:
        return ngettext("%(n)s message non lu", "%(n)s messages non lus", self.unread) % {"n": self.unread}


def needed(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related(*_BESIDE).defer(*_LONG)


def rows(cases: Sequence[Case]) -> list[Row]:
    """Two statements more than the list itself, however long it is."""
    shown = [case.pk for case in cases]
    unread, put = unread_by_case(shown), labels.by_case(shown)
    today = timezone.localdate()
    return [
        Row(case, state_cell(case), deadline(case, today), unread.get(case.pk, 0), put.get(case.pk, ()))
        for case in cases
    ]


def found(number: int, *, more: bool) -> str:
    """How many the page shows: the whole is not counted when it is longer than a page."""
    if more:
        return ngettext("%(n)s demande sur cette page", "%(n)s demandes sur cette page", number) % {"n": number}
    return ngettext("%(n)s demande", "%(n)s demandes", number) % {"n": number}


def unread_by_case(cases: Sequence[UUID]) -> dict[UUID, int]:
    """How many messages of the person no agent has read yet; what an application writes is for the person."""
    found = Message.objects.filter(case__in=cases, read_at=None, author=Message.Author.PERSON)
    return dict(found.order_by().values("case").annotate(n=Count("pk")).values_list("case", "n"))


def deadline(case: Case, today: date) -> Deadline | None:
    """CRPA L231-1 and following: past this day the silence of the authority is an answer. Before it, or without it,
    the day on which a first answer is promised."""
    if not case.is_open:
        return None
    promised = _promised(case, today)
    # The silence of the authority it was passed on to presses nobody here (docs/adr/0036).
    is_elsewhere = case.substate == Substate.TRANSFERRED and case.competent_on is not None
    if case.silence_date is None or promised is not None or is_elsewhere:
        return promised
    left = (case.silence_date - today).days
    if left < 0:
        words = ngettext("passée depuis %(n)s jour", "passée depuis %(n)s jours", -left) % {"n": -left}
    elif left == 0:
        words = _("c’est aujourd’hui")
    else:
        words = ngettext("dans %(n)s jour", "dans %(n)s jours", left) % {"n": left}
    effect = _("sinon acceptée d’office") if case.silence_regime == "accept" else _("sinon refusée d’office")
    tone = "danger" if left < 0 else "warning" if left <= groups.SOON else ""
    return Deadline(date_format(case.silence_date, "j N Y"), words, effect, tone)


def _promised(case: Case, today: date) -> Deadline | None:
    if case.answer_due_at is None or case.answered_at is not None:
        return None
    day = timezone.localdate(case.answer_due_at)
    left = (day - today).days
    alert = promises.alert_of(case, timezone.now())
    tone = {promises.Alert.LATE: "danger", promises.Alert.NEAR: "warning"}.get(alert, "")
    if alert == promises.Alert.LATE:
        words = _("réponse en retard")
    elif left == 0:
        words = _("c’est aujourd’hui")
    else:
        words = ngettext("dans %(n)s jour", "dans %(n)s jours", left) % {"n": left}
    return Deadline(date_format(day, "j N Y"), words, _("promis à la personne"), tone)

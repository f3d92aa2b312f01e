"""Why a case may not leave: asked under the lock of its row, in one statement."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from etoile.gru.archive.queries import is_held
from etoile.gru.cases.models import Case, Handoff, Message
from etoile.gru.cases.states import FINAL
from etoile.gru.fees.models import Difference, Fee
from etoile.gru.fees.models import State as FeeState
from etoile.gru.notices.models import Notice
from etoile.gru.notices.models import State as Sending
from etoile.gru.outbox.models import OPEN, OutgoingEvent

# A hand-off that an application has, or that a person gave up in writing, keeps nothing.
SETTLED = (Handoff.State.ACKNOWLEDGED, Handoff.State.CANCELLED)


@dataclass(frozen=True, slots=True)
class _Obstacle:
    words: object
    stands: Q


def _obstacles() -> dict[str, _Obstacle]:
    subject = Concat(Value("case/"), Cast(OuterRef("pk"), CharField()))
    return {
        "open": _Obstacle(_("elle n’est pas terminée"), ~Q(state__in=sorted(FINAL))),
        "held": _Obstacle(_("elle est gardée"), is_held()),
        "outgoing": _Obstacle(
            _("un évènement n’est pas encore remis au hub"),
            Q(Exists(OutgoingEvent.objects.filter(subject=subject, state__in=OPEN))),
        ),
        "handoff": _Obstacle(
            _("un logiciel métier ne l’a pas encore reçue"),
            Q(Exists(Handoff.objects.filter(case=OuterRef("pk")).exclude(state__in=SETTLED))),
        ),
        "notice": _Obstacle(
            _("un courriel n’est pas encore parti"),
            Q(Exists(Notice.objects.filter(case_id=OuterRef("pk"), state__in=[Sending.CREATED, Sending.SENDING]))),
        ),
        "fee": _Obstacle(
            _("un paiement est encore attendu"),
            Q(Exists(Fee.objects.filter(case=OuterRef("pk"), state=FeeState.DUE))),
        ),
        "difference": _Obstacle(
            _("une différence de prix est à décider"),
            Q(Exists(Difference.objects.filter(case=OuterRef("pk"), state=Difference.State.OPEN))),
        ),
        "unread": _Obstacle(
            _("un message de la personne n’a pas été lu"),
            Q(Exists(Message.objects.filter(case=OuterRef("pk"), author=Message.Author.PERSON, read_at=None))),
        ),
    }


def obstacles_of(case: Case) -> list[str]:
    """In words, none when it may leave."""
    found = _obstacles()
    row = Case.objects.filter(pk=case.pk).values_list(*(each.stands for each in found.values())).get()
    return [str(each.words) for each, stands in zip(found.values(), row, strict=True) if stands]


def free(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Those that nothing keeps."""
    for each in _obstacles().values():
        cases = cases.filter(~each.stands)
    return cases

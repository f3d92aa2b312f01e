"""Questions of people who give no name: written down, answered at once or by the team that knows; erased after a year.

Whoever comes back for the answer gives its number. No name, no address is asked nor kept.
"""

import re
from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Team
from etoile.gru.access.queries import teams_of
from etoile.gru.cases.errors import CaseError, Incomplete
from etoile.gru.cases.states import Channel
from etoile.gru.cases.typed import readable
from etoile.gru.counter.models import Question

KEPT = timedelta(days=365)
LONGEST = 2000
SHOWN = 50
_NUMBER = re.compile(r"\s*[rR]?\s*-?\s*(\d{1,9})\s*")


def ask(account: Account, team: Team, channel: Channel, asked: str, answer: str = "") -> Question:
    """Write a question down, with its answer when it was given at once. Any agent, for any team of the authority."""
    asked, answer = _read(asked), _read(answer)
    if not asked:
        raise Incomplete(_("Écrivez ce que la personne demande."))
    if team.authority != account.authority:
        raise CaseError(_("Ce service n’est pas de votre collectivité."))
    now = timezone.now()
    return Question.objects.create(
        authority=team.authority,
        team=team,
        channel=channel,
        asked=asked,
        asked_at=now,
        asked_of=account,
        answer=answer,
        answered_at=now if answer else None,
        answered_by=account if answer else None,
    )


def answer(account: Account, number: int, words: str) -> Question:
    """Answer a question of one's teams, once: what was said to somebody is not written over."""
    words = _read(words)
    if not words:
        raise Incomplete(_("Écrivez la réponse."))
    changed = mine(account).filter(pk=number, answered_at=None)
    if not changed.update(answer=words, answered_at=timezone.now(), answered_by=account):
        raise CaseError(_("Cette question a déjà une réponse, ou n’est pas de vos services."))
    return Question.objects.get(pk=number)


def mine(account: Account) -> QuerySet[Question]:
    return Question.objects.filter(team__in=teams_of(account, "cases.treat").values("pk"))


def waiting(account: Account) -> Sequence[Question]:
    """Those without an answer, the oldest first. One statement."""
    return list(mine(account).filter(answered_at=None).select_related("team").order_by("pk")[:SHOWN])


def answered(account: Account, number: str = "") -> Sequence[Question]:
    """The last answers of one's teams; with a number, that question, whatever the team: the person came back for it.
    One statement."""
    asked = _NUMBER.fullmatch(number)
    every = Question.objects.filter(answered_at__isnull=False).select_related("team")
    if asked is not None:
        return list(every.filter(pk=int(asked[1]), authority=account.authority))
    return list(every.filter(pk__in=mine(account).values("pk")).order_by("-answered_at")[:SHOWN])


def purge() -> int:
    """Erase what is older than a year. Returns how many."""
    gone, _each = Question.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()
    return gone


def _read(text: str) -> str:
    return readable(text)[:LONGEST]

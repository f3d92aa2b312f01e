"""The verbs of a rating: given by the person once the request is answered, its comment read by a manager."""

import uuid
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.access.queries import teams_of
from etoile.gru.cases.models import Case
from etoile.gru.cases.typed import readable
from etoile.gru.ratings.models import BEST, WORST, CommentState, Rating

COMMENT_LIMIT = 1000
_GIVEN = ("score", "comment", "comment_state", "rated_at", "team", "read_by", "read_at")


class RatingRefused(Exception):
    """In plain words, shown as they are."""


def rate(case: Case, score: str, comment: str = "") -> None:
    """Rate an answered request; said again, the last word counts. One statement. Raises `RatingRefused`."""
    if case.is_open:
        raise RatingRefused(_("Vous pourrez donner votre avis quand la demande sera terminée."))
    if score not in {str(each) for each in range(WORST, BEST + 1)}:
        raise RatingRefused(_("Choisissez une réponse, par exemple : Bien."))
    comment = readable(comment)
    if len(comment) > COMMENT_LIMIT:
        raise RatingRefused(_("Le commentaire est trop long : %(most)d caractères au plus.") % {"most": COMMENT_LIMIT})
    given = Rating(
        authority=case.authority,
        procedure=case.procedure_version.procedure,
        team=case.team,
        case_id=case.pk,
        score=int(score),
        comment=comment,
        comment_state=CommentState.TO_READ if comment else CommentState.NONE,
        rated_at=timezone.now(),
    )
    Rating.objects.bulk_create([given], update_conflicts=True, unique_fields=["case_id"], update_fields=_GIVEN)


def keep(rating_id: uuid.UUID, account: Account, *, seen: datetime) -> bool:
    """Let the comment be read by the agents of the team. False when it is no longer the one that was seen."""
    return _decide(rating_id, account, seen, comment_state=CommentState.KEPT)


def set_aside(rating_id: uuid.UUID, account: Account, *, seen: datetime) -> bool:
    """Erase a comment that names somebody, insults, or says nothing of the procedure; the score stays."""
    return _decide(rating_id, account, seen, comment_state=CommentState.SET_ASIDE, comment="")


def _decide(rating_id: uuid.UUID, account: Account, seen: datetime, **said: str) -> bool:
    waiting = Rating.objects.filter(pk=rating_id, comment_state=CommentState.TO_READ, rated_at=seen)
    theirs = waiting.filter(team__in=teams_of(account, "ratings.moderate").values("pk"))
    return bool(theirs.update(**said, read_by=account, read_at=timezone.now()))

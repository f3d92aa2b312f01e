"""One rating a request. It names nobody; the request is known by its identifier only, and may go before it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from etoile.gru.outbox.identifiers import uuid7

WORST, BEST = 1, 5


class CommentState(models.TextChoices):
    NONE = "none", _("sans commentaire")
    TO_READ = "to_read", _("à relire")
    KEPT = "kept", _("gardé")
    SET_ASIDE = "set_aside", _("écarté")


class Rating(models.Model):
    """`score` goes from `WORST` to `BEST`. A comment set aside is erased; its score still counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    authority = models.ForeignKey("access.Authority", on_delete=models.PROTECT, related_name="+")
    procedure = models.ForeignKey("forms.Procedure", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("access.Team", on_delete=models.PROTECT, null=True, related_name="+")
    case_id = models.UUIDField(unique=True)
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(default="")
    comment_state = models.CharField(max_length=10, choices=CommentState.choices, default=CommentState.NONE)
    rated_at = models.DateTimeField()
    read_by = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ratings_rating"
        constraints = [
            models.CheckConstraint(name="ratings_score_known", condition=models.Q(score__range=(WORST, BEST))),
            models.CheckConstraint(
                name="ratings_comment_state_known", condition=models.Q(comment_state__in=CommentState.values)
            ),
        ]
        indexes = [
            models.Index(name="ratings_by_procedure", fields=["procedure", "-rated_at"]),
            models.Index(name="ratings_by_team", fields=["team", "-rated_at"]),
            models.Index(
                name="ratings_comments",
                fields=["team", "comment_state", "-rated_at"],
                condition=models.Q(comment_state__in=["to_read", "kept"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score}/{BEST}"

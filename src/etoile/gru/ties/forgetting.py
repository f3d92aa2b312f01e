"""What ends by itself: ties long over, and whoever was only told of by them."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from etoile.gru.people import scope
from etoile.gru.people.services import forget_unused
from etoile.gru.ties.models import Concerned, Tie, Told

# As long as an act done in somebody's name may be disputed (Code civil, article 2224).
KEPT = timedelta(days=5 * 366)


def forget() -> int:
    """How many persons are forgotten. Each in its transaction; those who have a request or an account of their own are
    no longer said to be only told of. While a request is about somebody, they stay."""
    with scope.of_task("ties"):
        Tie.objects.filter(ends_on__lt=(timezone.now() - KEPT).date()).delete()
        left = Tie.objects.filter(Q(holder=OuterRef("person")) | Q(subject=OuterRef("person")))
        about = Concerned.objects.filter(person=OuterRef("person"))
        told = Told.objects.filter(~Exists(left), ~Exists(about), person__merged_into=None)
        alone = list(told.values_list("person", flat=True))
        for person in alone:
            with transaction.atomic():
                Told.objects.filter(person=person).delete()
                forget_unused(person)
    return len(alone)

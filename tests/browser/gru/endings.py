"""Requests after their answer: taken back, rated, and one whose e-mail did not arrive."""

from etoile.gru.cases import actors, services
from etoile.gru.cases.models import Case
from etoile.gru.notices.bounces.dsn import Returned
from etoile.gru.notices.bounces.services import record
from etoile.gru.notices.models import Notice
from etoile.gru.notices.wishes import token_of
from etoile.gru.ratings.models import Rating
from etoile.gru.ratings.services import rate


def build(withdrawn: Case, answered: Case) -> dict[str, str]:
    receipt = Notice.objects.filter(case_id=withdrawn.pk, template="registration_receipt")[0]
    services.withdraw(withdrawn.pk, actors.person())
    # The server gave up: the address itself is not marked, since every request of this town was made with it.
    record(Returned(receipt.pk, "4.4.7"))
    rate(answered, "4", "Réponse claire, un peu longue à venir.")
    rating = Rating.objects.get(case_id=answered.pk)
    return {
        "wishes": token_of(receipt),
        "returned": str(withdrawn.pk),
        "withdrawn_key": withdrawn.tracking_key,
        "rating": str(rating.pk),
        "rated_at": rating.rated_at.isoformat(),
    }

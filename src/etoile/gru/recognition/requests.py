"""Who sent a request, written beside it. The only writer of `Identified`."""

from django.utils import timezone

from etoile.gru.accounts.models import PersonSession
from etoile.gru.cases.models import Case
from etoile.gru.people import scope
from etoile.gru.people.models import Attribute, Level
from etoile.gru.recognition.models import Identified


def note(case: Case, session: PersonSession) -> None:
    """In the transaction that sends it; nothing for a session that no platform opened. Two statements."""
    if not session.platform:
        return
    person = session.account.person_id
    with scope.of_person(person):
        known = Attribute.objects.filter(person_id=person, key__in=("given_names", "family_name"))
        names = dict(known.filter(level__gte=Level.FRANCECONNECT).values_list("key", "value"))
    name = f"{names.get('given_names', '')} {names.get('family_name', '')}".strip()
    kept = {"platform": session.platform, "level": session.level, "name": name, "at": timezone.now()}
    Identified.objects.get_or_create(case=case, defaults=kept)


def of_case(case: Case) -> Identified | None:
    return Identified.objects.filter(case=case).first()

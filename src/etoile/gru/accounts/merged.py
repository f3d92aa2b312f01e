"""What becomes of a person's account when two records of the base are merged (`gru.matching`).

Whoever holds the account of one would read in it what is known of the other: the agent's word is not enough for that.
Of two accounts, that of the record kept stays; the other opens nothing any more, and what it held goes to it, line by
line of the ledger, until the merge is undone. Sessions alone are not given back.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from etoile.gru.accounts import belongings, journal, letters, sessions
from etoile.gru.accounts.models import How, OwnRequest, PersonAccount
from etoile.gru.cases.models import Case
from etoile.gru.matching import asking, holders
from etoile.gru.matching.errors import MatchingError
from etoile.gru.matching.holders import Taken
from etoile.gru.matching.models import Merge
from etoile.gru.people.models import Attribute, Level

PROVEN = ("family_name", "given_names")
# What a line of the ledger begins with: an account that changed person, one that is asleep, a request found in it.
MOVED, ASLEEP, FOUND = "moved", "asleep", "found"


def declare() -> None:
    holders.register(Accounts())
    holders.register_obstacle(refusal)
    asking.register(addresses)


def refusal(master: uuid.UUID, merged: uuid.UUID) -> str:
    having = list(PersonAccount.objects.filter(person__in=[master, merged]).values_list("person", "pk"))
    if len(having) == 2:
        return _of_two([account for _person, account in having], asking.is_confirmed(master, merged))
    if not having or _is_proven(having[0][0]) or asking.is_confirmed(master, merged):
        return ""
    return _(
        "L’une de ces personnes a un espace personnel, où elle lirait ce que l’on sait de l’autre. Vérifiez d’abord son"
        " nom et ses prénoms sur une pièce officielle, qu’elle se connecte avec FranceConnect, ou demandez-lui."
    )


class Accounts:
    """A `holders.Holder`."""

    name = "accounts.personaccount.person"
    keeps_alive = True

    def take(self, *, merged: uuid.UUID, master: uuid.UUID) -> list[Taken]:
        found = PersonAccount.objects.select_for_update(of=("self",)).select_related("authority")
        having = {each.person_id: each for each in found.filter(person__in=[merged, master]).order_by("pk")}
        other, kept = having.get(merged), having.get(master)
        stays = kept or other
        if stays is None:
            return []
        taken = []
        if kept is None:
            PersonAccount.objects.filter(person=merged).update(person=master)
            taken.append(f"{MOVED}:{stays.pk}")
        elif other is not None:
            taken += _join(kept, other)
        if asking.is_confirmed(master, merged):
            taken += _find(stays, [merged, master])
        return [Taken(each) for each in taken]

    def give_back(self, rows: Sequence[str], *, merged: uuid.UUID, master: uuid.UUID) -> int:
        lines: dict[str, list[str]] = defaultdict(list)
        for each in rows:
            kind, _colon, key = each.partition(":")
            lines[kind].append(key)
        OwnRequest.objects.filter(pk__in=lines.pop(FOUND, [])).delete()
        for key in lines.pop(MOVED, []):
            _refuse_with_guests(uuid.UUID(key), master)
            PersonAccount.objects.filter(pk=key, person=master).update(person=merged)
        for key in lines.pop(ASLEEP, []):
            other = PersonAccount.objects.select_related("authority", "joined_to").filter(pk=key).first()
            if other is not None and other.joined_to is not None:
                _part(other.joined_to, other, lines)
        return len(rows)


def addresses(persons: Collection[uuid.UUID]) -> dict[uuid.UUID, asking.Reached]:
    """That of the account, which a code proved; else the one the record has. Two statements."""
    known = Attribute.objects.filter(person__in=list(persons), key="email").values_list("person", "value")
    found = {person: asking.Reached(str(email), "fr", has_account=False) for person, email in known}
    for each in PersonAccount.objects.filter(person__in=list(persons), joined_to=None):
        email = each.email or (found[each.person_id].email if each.person_id in found else "")
        found[each.person_id] = asking.Reached(email, each.language, has_account=True)
    return found


def _of_two(accounts: list[uuid.UUID], confirmed: bool) -> str:
    if not confirmed:
        return _("Ces deux personnes ont chacune un espace personnel : demandez d’abord à la personne.")
    if belongings.are_two(accounts):
        return _("FranceConnect dit que ces espaces sont à deux personnes : on ne les réunit pas.")
    return ""


def _is_proven(person: uuid.UUID) -> bool:
    sure = Attribute.objects.filter(person=person, key__in=PROVEN, level__gte=Level.OFFICIAL_PROOF_SEEN)
    return sure.count() == len(PROVEN)


def _join(kept: PersonAccount, other: PersonAccount) -> list[str]:
    """The lines of the ledger; the owner is told at the address that opens nothing any more."""
    sessions.end(other)
    moved = belongings.take(kept.pk, other.pk)
    other.joined_to = kept
    other.save(update_fields=["joined_to"])
    letters.tell(other, "space_joined")
    journal.note_of(other, "space.joined", to=str(kept.pk))
    return [f"{ASLEEP}:{other.pk}", *moved]


def _part(kept: PersonAccount, other: PersonAccount, lines: dict[str, list[str]]) -> None:
    belongings.give_back(kept.pk, other.pk, lines)
    other.joined_to = None
    other.save(update_fields=["joined_to"])
    letters.tell(other, "space_parted")
    journal.note_of(other, "space.parted")


def _find(account: PersonAccount, records: list[uuid.UUID]) -> list[str]:
    """The person proved that both records are theirs: the requests of both are found in the account that stays."""
    known = OwnRequest.objects.filter(account=account).values("case_id")
    cases = Case.objects.filter(person__in=records).exclude(pk__in=known).values_list("pk", flat=True)
    now = timezone.now()
    made = [OwnRequest(account=account, case_id=each, how=How.JOINED, since=now) for each in cases]
    return [f"{FOUND}:{each.pk}" for each in OwnRequest.objects.bulk_create(made)]


def _refuse_with_guests(account: uuid.UUID, master: uuid.UUID) -> None:
    """An account of a third record was joined to this one by another merge of the same master: it would go to somebody
    who is not its owner."""
    guests = PersonAccount.objects.filter(joined_to=account).values("person")
    if Merge.objects.filter(merged__in=guests, master=master, undone_at=None).exists():
        raise MatchingError(_("Un autre espace a été réuni à celui-là depuis. Annulez d’abord cette fusion-là."))

"""Whether two records are one person, asked of that person: who holds both addresses, and says so, is believed.

An e-mail goes to the address of each record, when the other has an account, with a link of its own. The proof is to be
signed in to the account of one and to hold the link of the other; until then nothing is told of either. Where names do
not agree, or nobody ever checked them, an agent decides, who reads what was proved.
"""

import hmac
import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account, Authority
from etoile.gru.audit import persons
from etoile.gru.matching import examining, locking, merging
from etoile.gru.matching.errors import MatchingError
from etoile.gru.matching.keeping import rules_of
from etoile.gru.matching.models import Asking, Suspicion
from etoile.gru.matching.reach import task
from etoile.gru.matching.score import Known, score
from etoile.gru.notices.services import Recipient, send_later
from etoile.gru.people import scope
from etoile.gru.people.models import Level
from etoile.runtime import base64url

LIFE = timedelta(days=15)
# Nobody is written to over and over.
AGAIN = timedelta(days=1)
TEMPLATE = "records_asked"
NAMES = ("family_name", "given_names")
SIDES = ("first", "second")
_SALT = "etoile.gru.matching.asking"
_SAME = ("exact", "normalised")


@dataclass(frozen=True, slots=True)
class Reached:
    """Where somebody is written to, and whether they have an account."""

    email: str
    language: str
    has_account: bool


Addresses = Callable[[Collection[uuid.UUID]], Mapping[uuid.UUID, Reached]]
_addresses: list[Addresses] = []


def register(find: Addresses) -> None:
    """Who knows the accounts, which this room may not read. Under `reach.task`; two statements."""
    _addresses[:] = [find]


def ask(pk: uuid.UUID, account: Account) -> Asking:
    """Write to the person of this pair, which the agent holds and leaves; the links of an earlier time open nothing any
    more. Raises `MatchingError`."""
    with transaction.atomic(), task(account):
        found = locking.held(pk, account)
        merging.may_be_one(account, found.first_id, found.second_id)
        reached = _reached(found)
        _refuse_again(found)
        Asking.objects.filter(first=found.first_id, second=found.second_id).delete()
        now = timezone.now()
        asked = Asking.objects.create(
            authority_id=found.authority_id, first_id=found.first_id, second_id=found.second_id, asked_by=account,
            asked_at=now, ends_at=now + LIFE,
        )  # fmt: skip
        for side, opposite in zip(SIDES, reversed(SIDES), strict=True):
            # The link to one address serves in the account of the other.
            if reached[opposite].has_account:
                _write(asked, side, reached[side])
            _note("person.asked", asked, account, getattr(asked, f"{side}_id"))
        locking.release(pk, account)
    return asked


def of_pair(one: uuid.UUID, other: uuid.UUID) -> Asking | None:
    """What was last asked of these two. Under `reach.task`."""
    first, second = examining.ordered(one, other)
    return Asking.objects.select_related("asked_by").filter(first=first, second=second).first()


def is_confirmed(one: uuid.UUID, other: uuid.UUID) -> bool:
    """Whether the person said that both are theirs, after having proved it."""
    found = of_pair(one, other)
    return found is not None and found.state == Asking.State.CONFIRMED


def opened(authority: Authority, identifier: uuid.UUID, key: str, own: uuid.UUID) -> Asking | None:
    """What this link asks of whoever is signed in as the record `own`: nothing unless the link is that of the other.
    One statement."""
    with scope.of_task("asking", authority=authority.pk, author="person"):
        found = Asking.objects.select_related("asked_by").filter(pk=identifier, authority=authority).first()
    return found if found is not None and _proves(found, key, own) else None


def answer(
    authority: Authority, identifier: uuid.UUID, key: str, own: uuid.UUID, space: uuid.UUID, *, yes: bool
) -> Asking:
    """What the person of the account `space`, known as `own`, says. Merged at once when nothing speaks against it,
    `own` being kept. Raises `MatchingError` when the question is no longer asked."""
    with transaction.atomic(), scope.of_task("asking", authority=authority.pk, author="person"):
        asked = Asking.objects.select_for_update(of=("self",)).select_related("asked_by").filter(pk=identifier).first()
        if asked is None or asked.authority_id != authority.pk or not _proves(asked, key, own):
            raise MatchingError(_("On ne vous demande plus rien : une réponse a été donnée, ou le délai est passé."))
        asked.state = Asking.State.CONFIRMED if yes else Asking.State.REFUSED
        asked.answered_at, asked.space = timezone.now(), space
        asked.save(update_fields=["state", "answered_at", "space"])
        _note("person.answered", asked, persons.ONESELF, own, yes=yes)
        if yes:
            asked.left = _left(asked) or _merged(asked, own)
            asked.save(update_fields=["left"])
    return asked


def key_of(asking: uuid.UUID, side: str) -> str:
    """What the link sent to the address of this side holds; 43 characters."""
    made = salted_hmac(_SALT, f"{asking.hex}/{side}", algorithm="sha256").digest()
    return base64url.encoded(made)


def other_of(asked: Asking, own: uuid.UUID) -> uuid.UUID:
    other: uuid.UUID = asked.second_id if asked.first_id == own else asked.first_id
    return other


def _proves(asked: Asking, key: str, own: uuid.UUID) -> bool:
    other = {asked.first_id: "second", asked.second_id: "first"}.get(own)
    return other is not None and asked.is_open and hmac.compare_digest(key.encode(), key_of(asked.pk, other).encode())


def _reached(found: Suspicion) -> dict[str, Reached]:
    """By side. Raises `MatchingError` when the person could prove nothing."""
    known = _addresses[0]([found.first_id, found.second_id]) if _addresses else {}
    sides = {side: known.get(getattr(found, f"{side}_id")) for side in SIDES}
    reached = {side: each for side, each in sides.items() if each is not None and each.email}
    if len(reached) < len(SIDES):
        raise MatchingError(_("L’une de ces fiches n’a pas de courriel : on ne peut pas demander à la personne."))
    if not any(each.has_account for each in reached.values()):
        raise MatchingError(
            _("Aucune de ces fiches n’a d’espace personnel : sans lui, la personne ne peut rien prouver ici.")
        )
    return reached


def _write(asked: Asking, side: str, to: Reached) -> None:
    context = {"asking": asked.pk.hex, "side": side, "authority": asked.authority.name, "days": LIFE.days}
    send_later(asked.authority, Recipient("", to.email, to.language), TEMPLATE, context)


def _refuse_again(found: Suspicion) -> None:
    lately = Asking.objects.filter(first=found.first_id, second=found.second_id, asked_at__gt=timezone.now() - AGAIN)
    if lately.exists():
        raise MatchingError(
            _("La question est déjà partie depuis moins d’un jour. Laissez à la personne le temps de répondre.")
        )


def _left(asked: Asking) -> str:
    """Why an agent decides, though the person said yes; empty, nobody needs to."""
    known = examining.known_of([asked.first_id, asked.second_id])
    reached = _addresses[0]([asked.first_id, asked.second_id])
    if len({each.email.lower() for each in reached.values()}) < len(SIDES):
        return Asking.Left.ADDRESS
    first, second = known.get(asked.first_id, {}), known.get(asked.second_id, {})
    return "" if _agree(asked.authority_id, first, second) else Asking.Left.NAMES


def _agree(authority: int, first: Known, second: Known) -> bool:
    """The same names on both sides, checked on one of them, and nothing else of who they are that differs."""
    rules = rules_of(authority)
    manners = {each.key: each.manner for each in score(rules, first, second).evidence if each.key in rules.identity}
    checked = any(
        all(name in side and side[name].level >= Level.OFFICIAL_PROOF_SEEN for name in NAMES)
        for side in (first, second)
    )
    return checked and all(manners.get(name) in _SAME for name in NAMES) and set(manners.values()) <= set(_SAME)


def _merged(asked: Asking, own: uuid.UUID) -> str:
    try:
        with transaction.atomic():
            merging.merge(own, other_of(asked, own), asked.asked_by, asking=asked)
    except MatchingError:
        return Asking.Left.RULES
    return ""


def _note(action: str, asked: Asking, by: Any, person: uuid.UUID, **detail: Any) -> None:
    persons.note(
        action, authority=asked.authority_id, by=by, person_id=person, detail={"asking": str(asked.pk), **detail}
    )

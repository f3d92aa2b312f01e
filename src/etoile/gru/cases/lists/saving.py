"""The lists an agent keeps under a name. The only writer of `SavedList`."""

from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import SavedList

MOST = 30
LONGEST = 2000


def kept_by(account: Account) -> list[SavedList]:
    return list(SavedList.objects.filter(account=account).order_by("name")[:MOST])


def keep(account: Account, name: str, query: str) -> SavedList:
    """Keep what an address asks (`mots=acte&etat=submitted`) under a name; the same name again takes its place.

    Raises `CaseError` with what to do."""
    name = " ".join(name.split())
    if not name:
        raise CaseError(_("Donnez un nom à cette liste, par exemple : Naissances de la semaine."))
    if len(name) > SavedList.NAME:
        raise CaseError(_("Le nom est trop long : %(most)d caractères au plus.") % {"most": SavedList.NAME})
    asked = urlencode([pair for pair in parse_qsl(query) if pair[0] != "apres"])
    if len(asked) > LONGEST:
        raise CaseError(_("Cette liste a trop de critères pour être gardée. Enlevez-en quelques-uns."))
    with transaction.atomic():
        Account.objects.select_for_update().only("pk").get(pk=account.pk)
        others = SavedList.objects.filter(account=account).exclude(name=name)
        if others.count() >= MOST:
            raise CaseError(_("Vous gardez déjà %(most)d listes. Retirez-en une.") % {"most": MOST})
        kept, _created = SavedList.objects.update_or_create(account=account, name=name, defaults={"query": asked})
    return kept


def forget(account: Account, pk: int) -> bool:
    """False when this agent keeps no such list."""
    return bool(SavedList.objects.filter(account=account, pk=pk).delete()[0])

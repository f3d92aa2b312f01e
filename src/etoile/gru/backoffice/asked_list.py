"""The list that an address asks for: read the same way by the page that shows it and by what is done on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext_lazy

from etoile.gru.access.models import Account
from etoile.gru.backoffice.list_form import ListForm
from etoile.gru.batches.selection import Selection
from etoile.gru.cases.lists import groups
from etoile.gru.cases.lists.groups import Group
from etoile.gru.cases.lists.scope import Scope, scope_of
from etoile.gru.desk import labels
from etoile.gru.forms.models import Procedure

TABS = {
    "a-prendre": (Group.TO_TAKE, gettext_lazy("à prendre en charge")),
    "a-moi": (Group.MINE, gettext_lazy("suivies par moi")),
    "pressees": (Group.PRESSING, gettext_lazy("en retard ou urgentes")),
    "a-lire": (Group.UNREAD, gettext_lazy("avec un message à lire")),
    "en-attente": (Group.PERSON, gettext_lazy("en attente de la personne")),
    "transmissions": (Group.HANDOFFS, gettext_lazy("transmissions en difficulté")),
    "courriels-revenus": (Group.RETURNED, gettext_lazy("courriels non reçus")),
    "a-traiter": (Group.OPEN, gettext_lazy("À traiter")),
    "terminees": (Group.ENDED, gettext_lazy("Terminées")),
    "toutes": (Group.ALL, gettext_lazy("Toutes")),
}
FIRST = "a-traiter"


@dataclass(frozen=True, slots=True)
class AskedList:
    """`form` says what of the address could not be read; `scope` is what the account sees."""

    tab: str
    label: str
    form: ListForm
    scope: Scope
    selection: Selection


def read(account: Account, address: Mapping[str, str]) -> AskedList:
    """Three statements: the teams of the account, the procedures and the labels it may choose from."""
    tab = address.get("onglet", FIRST)
    tab = tab if tab in TABS else FIRST
    group, label = TABS[tab]
    scope = scope_of(account)
    offered = Procedure.objects.filter(authority=scope.authority, current__isnull=False)
    procedures = offered.select_related("current").defer("current__source").order_by("slug")
    form = ListForm(
        address,
        teams=scope.teams,
        procedures=list(procedures),
        offered=labels.offered(scope.authority),
        account=scope.account,
        sorts=group in groups.STILL_OPEN,
    )
    return AskedList(tab, label, form, scope, Selection(group, form.criteria(), form.sort))


def selection(account: Account, query: str) -> Selection:
    """The list of an address kept as text (`onglet=a-traiter&service=…`)."""
    return read(account, QueryDict(query)).selection

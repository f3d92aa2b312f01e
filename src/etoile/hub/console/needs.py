"""What needs a human, the gravest first, each with the page where it is dealt with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.hub.console.standings import Standing
from etoile.hub.delivery import quarantine
from etoile.hub.delivery.circuits import Circuit
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.watch.models import Alarm, AlarmKind
from etoile.hub.watch.words import of as said_of
from etoile.hub.watch.words import say

# Read from the index of what is stuck or held, by state.
DOUBTFUL = "SELECT count(*) FROM delivery_delivery WHERE state = 'held' AND outcome = 'doubtful'"
UNROUTED = "SELECT count(*) FROM journal_message WHERE state = 'unrouted'"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to deal with. `what` happened, `next` is what a person does; `act` are the words of the link."""

    tone: str
    icon: str
    what: str
    next: str
    href: str
    act: str


def needs(found: Sequence[Standing], *, first: Iterable[Need] = ()) -> list[Need]:
    """`first`: the alarms, before what is as grave. Three statements."""
    with connection.cursor() as cursor:
        cursor.execute(DOUBTFUL)
        (doubtful,) = cursor.fetchone()
        cursor.execute(UNROUTED)
        (unrouted,) = cursor.fetchone()
        quarantined = quarantine.waiting_count(cursor)
    told = [
        *first,
        *(_dead(each) for each in found if each.number(DeliveryState.DEAD)),
        *(_rejected(each) for each in found if each.number(DeliveryState.REJECTED)),
        *([_quarantined(quarantined)] if quarantined else []),
        *([_unrouted(unrouted)] if unrouted else []),
        *([_doubtful(doubtful)] if doubtful else []),
    ]
    return sorted(told, key=lambda need: need.tone != "danger")


# What the standings tell better, application by application: not said twice on one page.
TOLD_OTHERWISE = (
    *(AlarmKind.DEAD, AlarmKind.REJECTED, AlarmKind.DOUBTFUL, AlarmKind.UNROUTED, AlarmKind.QUARANTINE),
    AlarmKind.CIRCUIT,
)
GRAVE = (AlarmKind.DEAD, AlarmKind.CIRCUIT, AlarmKind.SEAL, AlarmKind.RECONCILIATION, AlarmKind.BLIND)


def alarm_needs(found: Iterable[Alarm]) -> list[Need]:
    """The alarms that nothing else on the first page says."""
    return [alarm_need(each) for each in found if each.kind not in TOLD_OTHERWISE]


def cut_needs(found: Sequence[Standing], cut: Mapping[int, Circuit]) -> list[Need]:
    """The subscriptions that are cut now, with what the last try said. The alarm of each comes a little later, and
    stays a little longer: beside a star that says what is true now, it would contradict it."""
    return [
        _cut(standing, each.slug, cut[each.pk])
        for standing in found
        for each in standing.subscriptions
        if each.pk in cut
    ]


def _cut(standing: Standing, subscription: str, circuit: Circuit) -> Need:
    now = timezone.now()
    since = circuit.since or now
    application = standing.application
    facts = {
        "name": application.name,
        "subscription": subscription,
        "of": circuit.reason,
        "since": since.isoformat(),
    }
    return Need(
        "danger",
        "cut",
        say(AlarmKind.CIRCUIT, facts, standing.waiting, now).what,
        circuit.words,
        reverse("console:subscription", args=[subscription]),
        _("Vérifier et reprendre"),
    )


def alarm_need(alarm: Alarm) -> Need:
    """An open alarm, with the page where its cause is seen."""
    icon, href, act = _where(alarm)
    since = timesince(alarm.opened_at) if alarm.opened_at else "–"
    said = _("%(kind)s, depuis %(time)s.") % {"kind": AlarmKind(alarm.kind).label.capitalize(), "time": since}
    tone = "danger" if alarm.kind in GRAVE else "warning"
    return Need(tone, icon, said_of(alarm).what, said, href, act)


def _where(alarm: Alarm) -> tuple[str, str, str]:
    """The icon, the page where the cause is seen, and the words of its link."""
    kind, deliveries, told = AlarmKind(alarm.kind), reverse("console:deliveries"), _("Voir les envois")
    slug = str(alarm.detail.get("application") or "")
    application = reverse("console:application", args=[slug]) if slug else reverse("console:applications")
    places = {
        AlarmKind.DEAD: ("cross", f"{deliveries}?state=dead&order=anciens", told),
        AlarmKind.REJECTED: ("warning", f"{deliveries}?state=rejected&order=anciens", told),
        AlarmKind.DOUBTFUL: ("pause", f"{deliveries}?state=held&order=anciens", told),
        AlarmKind.OLDEST: ("clock", f"{deliveries}?state=waiting&order=anciens", told),
        AlarmKind.CIRCUIT: ("cut", application, _("Voir l’application")),
        AlarmKind.POLL: ("plug", application, _("Voir l’application")),
        AlarmKind.SILENT: ("silent", application, _("Voir l’application")),
        AlarmKind.QUARANTINE: ("tray", reverse("console:quarantine"), _("Ouvrir la quarantaine")),
        AlarmKind.UNREADABLE: ("tray", reverse("console:quarantine"), _("Ouvrir la quarantaine")),
        AlarmKind.UNROUTED: ("mail", f"{reverse('console:messages')}?state=unrouted", _("Voir ces messages")),
        AlarmKind.RECONCILIATION: ("scales", reverse("console:reports"), _("Voir les écarts")),
        AlarmKind.SEAL: ("seal", reverse("console:journal"), _("Voir le journal")),
    }
    return places.get(kind, ("bell", reverse("console:alarms"), _("Voir les alertes")))


def _dead(standing: Standing) -> Need:
    number, since = standing.number(DeliveryState.DEAD), standing.since(DeliveryState.DEAD)
    what = ngettext(
        "%(application)s : %(n)s envoi a épuisé ses essais",
        "%(application)s : %(n)s envois ont épuisé leurs essais",
        number,
    )
    said = {"application": standing.application.name, "n": number, "time": timesince(since) if since else "–"}
    return Need(
        "danger",
        "cross",
        what % said,
        _("Le plus ancien attend depuis %(time)s. Voyez pourquoi, puis envoyez de nouveau.") % said,
        _several(standing, DeliveryState.DEAD),
        _("Traiter ces envois"),
    )


def _rejected(standing: Standing) -> Need:
    number = standing.number(DeliveryState.REJECTED)
    what = ngettext(
        "%(application)s : %(n)s envoi refusé, à corriger",
        "%(application)s : %(n)s envois refusés, à corriger",
        number,
    )
    return Need(
        "danger",
        "warning",
        what % {"application": standing.application.name, "n": number},
        _("Un nouvel essai ne changerait rien tant que la cause reste. Lisez ce que dit l’application."),
        _several(standing, DeliveryState.REJECTED),
        _("Traiter ces envois"),
    )


def _quarantined(number: int) -> Need:
    return Need(
        "warning",
        "tray",
        ngettext("%(n)s statut d’un dossier inconnu", "%(n)s statuts de dossiers inconnus", number) % {"n": number},
        _("Le hub les garde : appliquez-les quand leur demande est connue, ou écartez-les."),
        reverse("console:quarantine"),
        _("Ouvrir la quarantaine"),
    )


def _unrouted(number: int) -> Need:
    return Need(
        "warning",
        "mail",
        ngettext("%(n)s message sans destinataire", "%(n)s messages sans destinataire", number) % {"n": number},
        _("Aucun abonnement ne les prend. Ils sont gardés : créez l’abonnement qui manque, ou vérifiez les filtres."),
        f"{reverse('console:messages')}?state=unrouted",
        _("Voir ces messages"),
    )


def _doubtful(number: int) -> Need:
    return Need(
        "warning",
        "pause",
        ngettext("%(n)s envoi retenu dans le doute", "%(n)s envois retenus dans le doute", number) % {"n": number},
        _("Un filtre n’a pas pu dire si l’application a le droit de les voir. À vous de décider s’ils partent."),
        f"{reverse('console:deliveries')}?{urlencode({'state': DeliveryState.HELD.value})}",
        _("Décider"),
    )


def _several(standing: Standing, state: DeliveryState) -> str:
    asked = {"application": standing.application.pk, "state": state.value}
    return f"{reverse('console:deliveries')}?{urlencode({**asked, 'order': 'anciens'})}"

"""How an application stands, in one word, one shape and one sentence: the gravest first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.hub.console.standings import Standing
from etoile.hub.delivery import circuits
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.watch.models import Rhythm


class Health(StrEnum):
    """In the order of gravity. STOPPED waits for a person, CUT is no longer called, SILENT gives no news, LATE waits
    too long, HELD was switched off by a person."""

    STOPPED = "stopped"
    CUT = "cut"
    SILENT = "silent"
    LATE = "late"
    HELD = "held"
    WELL = "well"


# Tone, icon, and the lines drawn from the hub and back.
LOOKS: dict[Health, tuple[str, str, str, str]] = {
    Health.STOPPED: ("danger", "cross", "broken", "whole"),
    Health.CUT: ("danger", "cut", "broken", "whole"),
    Health.SILENT: ("warning", "silent", "whole", "dotted"),
    Health.LATE: ("warning", "clock", "dashed", "whole"),
    Health.HELD: ("neutral", "pause", "dotted", "whole"),
    Health.WELL: ("success", "check", "whole", "whole"),
}


@dataclass(frozen=True, slots=True)
class Signals:
    """What other rooms know: the circuits that are open, by subscription, the applications that are silent."""

    cut: Mapping[int, circuits.Circuit] = field(default_factory=dict)
    silent: Collection[int] = ()


def signals(cursor: Any) -> Signals:
    """Two statements."""
    silent = Rhythm.objects.filter(silent_since__isnull=False).values_list("application_id", flat=True)
    return Signals(cut=circuits.all(cursor), silent=frozenset(silent))


def health_of(standing: Standing, signals: Signals) -> Health:
    if standing.stuck:
        return Health.STOPPED
    if any(each.pk in signals.cut for each in standing.subscriptions):
        return Health.CUT
    if standing.application.pk in signals.silent:
        return Health.SILENT
    if standing.is_late:
        return Health.LATE
    if standing.number(DeliveryState.HELD) or (standing.subscriptions and not _has_active(standing)):
        return Health.HELD
    return Health.WELL


def words_of(standing: Standing, health: Health, signals: Signals) -> str:
    """A few words, for the drawing and the table."""
    if health == Health.STOPPED:
        return ngettext("%(n)s envoi à traiter", "%(n)s envois à traiter", standing.stuck) % {"n": standing.stuck}
    if health == Health.CUT:
        reasons = {signals.cut[each.pk].reason for each in standing.subscriptions if each.pk in signals.cut}
        return _("réglage à corriger") if reasons == {circuits.CONFIGURATION} else _("ne répond plus")
    if health == Health.SILENT:
        return _("ne donne plus de nouvelles")
    if health == Health.LATE:
        return _("en retard de %(time)s") % {"time": brief(standing)}
    if health == Health.HELD:
        held = standing.number(DeliveryState.HELD)
        return ngettext("suspendue, %(n)s retenu", "suspendue, %(n)s retenus", held) % {"n": held}
    return _("tout va bien")


def brief(standing: Standing) -> str:
    """For how long the oldest has waited, in its largest unit only; nothing when nothing waits."""
    since = standing.waiting_since
    return timesince(since, depth=1) if since else ""


def _has_active(standing: Standing) -> bool:
    return any(each.active for each in standing.subscriptions)

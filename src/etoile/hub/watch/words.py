"""What an alarm says, in the language in force: what happened, how many cases wait, what to do, and where."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.design.moments import spelled
from etoile.hub.watch.models import Alarm, AlarmKind

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """One or two sentences for what happened, one or two for what to do, and the address of the page to open."""

    what: str
    todo: str
    link: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its name in the console; `of`: the fact that names what it shows; `state`: what its list is cut to."""

    name: str
    of: str = ""
    state: str = ""


def say(kind: str, facts: Facts, count: int, now: datetime) -> Said:
    """`facts`: the detail of the alarm. Its moments are ISO texts."""
    known = AlarmKind(kind)
    told = {**facts, "count": count, "age": _age(facts.get("since"), now)}
    what, todo = SENTENCES[known](told)
    return Said(what, todo, link(known, facts))


def of(alarm: Alarm, now: datetime | None = None) -> Said:
    """The sentences of an alarm as it was last seen, in the language in force; as they were written, if an older
    version kept other facts."""
    try:
        return say(alarm.kind, alarm.detail, alarm.count, now or alarm.closed_at or alarm.seen_at)
    except KeyError:
        return Said(alarm.words, "", link(AlarmKind(alarm.kind), alarm.detail))


def link(kind: AlarmKind, facts: Facts) -> str:
    """The page of the console where the cause is looked at; the overview when it has none of its own."""
    page = PAGES.get(kind, Page("alarms"))
    try:
        path = reverse(f"console:{page.name}", args=[facts[page.of]] if page.of else [])
    except (NoReverseMatch, KeyError):
        return f"{settings.HUB_PUBLIC_URL}{reverse('console:overview')}"
    asked = {"state": page.state, "application": facts.get("application_id") if page.name == "deliveries" else ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{settings.HUB_PUBLIC_URL}{path}{'?' + query if query else ''}"


def duration(seconds: float) -> str:
    """In its largest unit, rounded down: « 3 jours », « 2 heures », « 12 minutes »."""
    days, hours, minutes = int(seconds // 86400), int(seconds // 3600), max(int(seconds // 60), 1)
    if days:
        return ngettext("%(n)s jour", "%(n)s jours", days) % {"n": days}
    if hours:
        return ngettext("%(n)s heure", "%(n)s heures", hours) % {"n": hours}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def moment(at: datetime) -> str:
    return spelled(timezone.localtime(at), "j F Y H:i")


def _age(since: str | None, now: datetime) -> str:
    return duration((now - datetime.fromisoformat(since)).total_seconds()) if since else ""


def _dead(told: Facts) -> tuple[str, str]:
    what = ngettext(
        "%(count)s envoi vers « %(name)s » a épuisé ses essais (abonnement %(subscription)s).",
        "%(count)s envois vers « %(name)s » ont épuisé leurs essais (abonnement %(subscription)s).",
        told["count"],
    )
    return what % told, _(
        "Lisez la réponse de l’application sur la page d’un envoi. Une fois la panne réparée, relancez-les ; "
        "rien n’est perdu d’ici là."
    )


def _rejected(told: Facts) -> tuple[str, str]:
    what = ngettext(
        "%(count)s envoi refusé par « %(name)s » attend une personne (abonnement %(subscription)s).",
        "%(count)s envois refusés par « %(name)s » attendent une personne (abonnement %(subscription)s).",
        told["count"],
    )
    return what % told, _(
        "Ouvrez l’envoi, lisez le motif, corrigez la donnée ou le réglage, puis relancez ou annulez avec un motif. "
        "Ce qui suit dans la même demande attend."
    )


def _doubtful(told: Facts) -> tuple[str, str]:
    what = ngettext(
        "Le filtre de l’abonnement %(subscription)s n’a pas pu être évalué : %(count)s envoi est retenu.",
        "Le filtre de l’abonnement %(subscription)s n’a pas pu être évalué : %(count)s envois sont retenus.",
        told["count"],
    )
    return what % told, _("Corrigez le filtre, puis relancez les envois que « %(name)s » doit recevoir.") % told


def _circuit(told: Facts) -> tuple[str, str]:
    if told.get("of") == "configuration":
        what = ngettext(
            "Plus rien ne peut partir vers « %(name)s » depuis %(age)s : un réglage est à corriger, "
            "%(count)s envoi attend.",
            "Plus rien ne peut partir vers « %(name)s » depuis %(age)s : un réglage est à corriger, "
            "%(count)s envois attendent.",
            told["count"],
        )
        return what % told, _(
            "Lisez le dernier essai de l’abonnement %(subscription)s, puis corrigez ce qu’il dit (adresse, secret, clé "
            "du serveur, droits) ; un essai part dès qu’un réglage change."
        ) % told
    what = ngettext(
        "« %(name)s » ne répond plus depuis %(age)s : le hub n’essaie plus que de temps en temps, "
        "%(count)s envoi attend.",
        "« %(name)s » ne répond plus depuis %(age)s : le hub n’essaie plus que de temps en temps, "
        "%(count)s envois attendent.",
        told["count"],
    )
    return what % told, _("Prévenez qui exploite l’application. Les envois repartiront seuls dès qu’elle répondra.")


def _oldest(told: Facts) -> tuple[str, str]:
    what = ngettext(
        "Un envoi vers « %(name)s » attend depuis %(age)s (abonnement %(subscription)s).",
        "Des envois vers « %(name)s » attendent depuis %(age)s : %(count)s en retard (abonnement %(subscription)s).",
        told["count"],
    )
    return what % told, _(
        "Regardez les derniers essais : si l’application est lente ou arrêtée, prévenez qui l’exploite ; "
        "si elle va bien, vérifiez que les processus d’envoi tournent."
    )


def _unrouted(told: Facts) -> tuple[str, str]:
    what = ngettext(
        "%(count)s message n’a aucun destinataire.", "%(count)s messages n’ont aucun destinataire.", told["count"]
    )
    return what % told, _(
        "Vérifiez les abonnements à ces types de message : aucun filtre ne les laisse passer. Ils sont conservés."
    )


def _quarantine(told: Facts) -> tuple[str, str]:
    what = ngettext(
        "%(count)s réponse de « %(name)s » n’a pas pu être appliquée : elle est en quarantaine.",
        "%(count)s réponses de « %(name)s » n’ont pas pu être appliquées : elles sont en quarantaine.",
        told["count"],
    )
    return what % told, _(
        "Retrouvez la demande par son numéro ; appliquez la réponse quand elle est connue, ou écartez-la avec un motif."
    )


def _unreadable(told: Facts) -> tuple[str, str]:
    what = ngettext(
        "Un fichier rendu par « %(name)s » est illisible : %(file)s. Aucun statut n’en est lu.",
        "%(count)s fichiers rendus par « %(name)s » sont illisibles, le dernier est %(file)s. "
        "Aucun statut n’en est lu.",
        told["count"],
    )
    return what % told, _(
        "La quarantaine dit ce qui ne va pas et où le fichier est rangé. Faites-le corriger, remettez-le dans le "
        "dossier de relève, puis écartez la ligne."
    )


def _poll(told: Facts) -> tuple[str, str]:
    return _(
        "Le hub n’arrive plus à interroger « %(name)s » depuis %(age)s : ses réponses n’arrivent plus "
        "(abonnement %(subscription)s)."
    ) % told, _(
        "Vérifiez l’adresse et l’accès de l’application. Rien n’est perdu : la lecture reprendra où elle était."
    )


def _lookup(told: Facts) -> tuple[str, str]:
    what = _("Plus personne ne répond à la consultation « %(name)s » depuis %(age)s.") % told
    if told.get("of") == "configuration":
        return what, _(
            "Ouvrez la consultation : chaque fournisseur dit quel réglage est à revoir. "
            "D’ici là, les demandes continuent avec un justificatif."
        )
    return what, _(
        "Prévenez qui exploite les fournisseurs. Les demandes continuent : le justificatif est demandé à la place."
    )


def _certificate(told: Facts) -> tuple[str, str]:
    day = spelled(timezone.localtime(datetime.fromisoformat(told["ends"])), "j F Y")
    facts = {**told, "day": day}
    held = (
        _("fournisseur %(subscription)s de la consultation %(lookup)s")
        if told["lookup"]
        else _("abonnement %(subscription)s")
    )
    facts["held"] = held % told
    if told.get("of") == "ended":
        what = _(
            "Notre certificat pour « %(name)s » a expiré le %(day)s (secret « %(secret)s », %(held)s) : l’application "
            "ne nous laisse plus entrer."
        )
    else:
        what = _("Notre certificat pour « %(name)s » expire le %(day)s (secret « %(secret)s », %(held)s).")
    ask = _("Demandez-en un nouveau à l’éditeur de l’application.") + " "
    if told["lookup"]:
        return what % facts, ask + _(
            "Puis remplacez ce secret et celui de sa clé privée dans le fichier d’étoile, et rechargez-le."
        )
    todo = ngettext(
        "Puis remplacez ce secret et celui de sa clé privée sur la page de l’abonnement, et vérifiez-le.",
        "Puis remplacez ce secret et celui de sa clé privée partout où il sert (%(count)s réglages de cette "
        "application), et vérifiez chacun.",
        told["count"],
    )
    return what % facts, ask + todo % facts


def _silent(told: Facts) -> tuple[str, str]:
    todo = _(
        "Demandez à qui exploite l’application si elle traite les demandes et si ses réponses partent ; "
        "prévenez le service si le retard dure."
    )
    if told.get("of") == "events":
        return _("Aucune nouvelle de « %(name)s » depuis %(age)s, ce qui n’est pas habituel.") % told, todo
    what = ngettext(
        "Aucun statut de « %(name)s » depuis %(age)s, %(count)s demande attend.",
        "Aucun statut de « %(name)s » depuis %(age)s, %(count)s demandes attendent.",
        told["count"],
    )
    return what % told, todo


def _reconciliation(told: Facts) -> tuple[str, str]:
    what = ngettext(
        "Les comptes du %(day)s ne tombent pas juste : %(count)s écart.",
        "Les comptes du %(day)s ne tombent pas juste : %(count)s écarts.",
        told["count"],
    )
    day = spelled(date.fromisoformat(told["day"]), "j F Y")
    return what % {**told, "day": day}, _(
        "Ouvrez le rapport, qui nomme chaque écart. Une fois corrigé, refaites les comptes de ce jour."
    )


def _job(told: Facts) -> tuple[str, str]:
    return _("La tâche programmée « %(job)s » n’a pas abouti depuis %(age)s.") % told, _(
        "Lisez son erreur avec « etoile hub jobs » ; « etoile hub jobs run %(job)s » la lance tout de suite."
    ) % told


def _seal(told: Facts) -> tuple[str, str]:
    what = ngettext(
        "Le journal n’est plus scellé depuis %(age)s : %(count)s ligne attend.",
        "Le journal n’est plus scellé depuis %(age)s : %(count)s lignes attendent.",
        told["count"],
    )
    return what % told, _(
        "Une transaction très longue en est souvent la cause : cherchez-la dans PostgreSQL. Les envois continuent."
    )


def _notice(told: Facts) -> tuple[str, str]:
    what = ngettext(
        "%(count)s message d’alerte n’a pas pu partir.",
        "%(count)s messages d’alerte n’ont pas pu partir.",
        told["count"],
    )
    return what % told, _("Vérifiez le serveur de messagerie (HUB_SMTP_URL) et l’adresse HUB_ALARM_WEBHOOK_URL.")


def _blind(told: Facts) -> tuple[str, str]:
    return _("Une partie de la surveillance est en panne (%(check)s).") % told, _(
        "Ce qu’elle surveillait n’est plus vérifié. L’erreur est dans les journaux techniques ; signalez-la."
    )


SENTENCES: dict[AlarmKind, Callable[[Facts], tuple[str, str]]] = {
    AlarmKind.DEAD: _dead,
    AlarmKind.REJECTED: _rejected,
    AlarmKind.DOUBTFUL: _doubtful,
    AlarmKind.CIRCUIT: _circuit,
    AlarmKind.OLDEST: _oldest,
    AlarmKind.UNROUTED: _unrouted,
    AlarmKind.QUARANTINE: _quarantine,
    AlarmKind.UNREADABLE: _unreadable,
    AlarmKind.POLL: _poll,
    AlarmKind.LOOKUP: _lookup,
    AlarmKind.CERTIFICATE: _certificate,
    AlarmKind.SILENT: _silent,
    AlarmKind.RECONCILIATION: _reconciliation,
    AlarmKind.JOB: _job,
    AlarmKind.SEAL: _seal,
    AlarmKind.NOTICE: _notice,
    AlarmKind.BLIND: _blind,
}

PAGES: dict[AlarmKind, Page] = {
    AlarmKind.DEAD: Page("deliveries", state="dead"),
    AlarmKind.REJECTED: Page("deliveries", state="rejected"),
    AlarmKind.DOUBTFUL: Page("deliveries", state="held"),
    AlarmKind.OLDEST: Page("deliveries", state="waiting"),
    AlarmKind.CIRCUIT: Page("subscription", of="subscription"),
    AlarmKind.POLL: Page("subscription", of="subscription"),
    AlarmKind.LOOKUP: Page("lookup", of="lookup"),
    AlarmKind.CERTIFICATE: Page("application", of="application"),
    AlarmKind.SILENT: Page("application", of="application"),
    AlarmKind.UNROUTED: Page("messages", state="unrouted"),
    AlarmKind.QUARANTINE: Page("quarantine"),
    AlarmKind.UNREADABLE: Page("quarantine"),
    AlarmKind.RECONCILIATION: Page("report", of="report"),
    AlarmKind.SEAL: Page("journal"),
}

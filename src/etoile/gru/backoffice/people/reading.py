"""The file of a person as its page shows it, in words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.design.moments import said
from etoile.design.parts import Cell, Table, TimelineEntry
from etoile.gru.access.models import Account
from etoile.gru.audit import persons as audit
from etoile.gru.audit.models import Entry
from etoile.gru.backoffice.reading import state_cell
from etoile.gru.cases.models import Case
from etoile.gru.cases.queries import visible_to
from etoile.gru.people.certifying import CERTIFIABLE
from etoile.gru.people.models import Attribute, Change, Level, Person
from etoile.gru.people.words import LABELS, label, lines, source
from etoile.gru.ties import services as ties

CASES, CHANGES, READINGS = 20, 40, 20
_DONE: Mapping[str, str | Promise] = {
    audit.READ: gettext_lazy("Fiche ouverte"),
    audit.CERTIFIED: gettext_lazy("Justificatif attesté"),
    ties.TIED: gettext_lazy("Lien noté"),
    ties.CERTIFIED: gettext_lazy("Lien attesté"),
    ties.CORRECTED: gettext_lazy("Lien corrigé"),
    ties.ENDED: gettext_lazy("Lien terminé"),
}
_AGENT = re.compile(r"agent/(\d+)\Z")


@dataclass(frozen=True, slots=True)
class Known:
    """One attribute: what it says, how sure it is, where from and when; `attest`: where an agent says they saw it."""

    key: str
    label: str
    lines: list[str]
    level: str
    tone: str
    source: str
    at: datetime
    expires_at: datetime | None
    has_expired: bool
    attest: str


def attributes(person: Person, known: Mapping[str, Attribute], *, may_certify: bool) -> list[Known]:
    """In the order of `LABELS`, then the others."""
    order = {key: rank for rank, key in enumerate(LABELS)}
    ranked = sorted(known.values(), key=lambda each: (order.get(each.key, len(order)), each.key))
    return [_known(person, each, may_certify) for each in ranked]


def _known(person: Person, each: Attribute, may_certify: bool) -> Known:
    level = each.level_now
    attested = may_certify and each.key in CERTIFIABLE and level < Level.OFFICIAL_PROOF_SEEN
    return Known(
        key=each.key,
        label=label(each.key),
        lines=lines(each.key, each.value),
        level=str(level.label),
        tone="neutral" if level == Level.DECLARED else "success",
        source=source(each.source),
        at=each.certified_at,
        expires_at=each.expires_at,
        has_expired=each.has_expired,
        attest=reverse("backoffice:person-certify", args=[person.pk, each.key]) if attested else "",
    )


def cases(person: Person, account: Account) -> Table:
    """Those of the agent's own sectors, latest first. One statement."""
    found = visible_to(account).filter(person=person).select_related("procedure_version__procedure", "team")
    rows = [_case(each) for each in found.order_by("-submitted_at")[:CASES]]
    columns = [_("Demande"), _("Démarche"), _("État"), _("Reçue")]
    return Table(_("Ses demandes dans vos services"), columns, rows, empty=_("Aucune demande dans vos services."))


def _case(case: Case) -> list[Cell]:
    return [
        Cell(case.reference, href=reverse("backoffice:case", args=[case.pk])),
        Cell(str(case.procedure_version.name), note=str(case.team or "")),
        state_cell(case),
        Cell(said(case.submitted_at), at=case.submitted_at),
    ]


def history(person: Person) -> list[TimelineEntry]:
    """Who wrote what, latest first; one statement, one more for the names of agents."""
    changes = list(Change.objects.filter(person=person).order_by("-pk")[:CHANGES])
    agents = names(each.author for each in changes)
    return [_change(each, agents) for each in changes]


def _change(change: Change, agents: Mapping[str, str]) -> TimelineEntry:
    what = label(change.key)
    if change.level is None:
        return TimelineEntry(_("%(what)s : retiré") % {"what": what}, change.at, author=author(change.author, agents))
    new = str(Level(change.level).label)
    before = str(Level(change.level_before).label) if change.level_before is not None else ""
    levels = f"{before} → {new}" if before and before != new else new
    text = ", ".join(lines(change.key, change.value))
    return TimelineEntry(f"{what} : {text}", change.at, detail=levels, author=author(change.author, agents))


def names(authors: Iterable[str]) -> dict[str, str]:
    keys = {int(found[1]) for found in map(_AGENT.match, authors) if found}
    return {f"agent/{each.pk}": str(each) for each in Account.objects.filter(pk__in=keys)} if keys else {}


def author(author: str, agents: Mapping[str, str]) -> str:
    kind, _slash, who = author.partition("/")
    if kind == "agent":
        return agents.get(author) or _("un agent")
    if kind == "application":
        return _("l’application « %(name)s »") % {"name": who}
    return _("la personne") if kind == "person" else _("le serveur")


def readings(person: Person) -> Table:
    """Who opened or changed this file; one statement. The cases have theirs, in the audit log."""
    rows = [_reading(each) for each in audit.readings(person.pk, most=READINGS)]
    return Table(_("Qui a ouvert cette fiche"), [_("Quand"), _("Qui"), _("Quoi")], rows, empty=_("Personne encore."))


def _reading(entry: Entry) -> list[Cell]:
    what = _DONE.get(entry.action, entry.action)
    return [Cell(said(entry.at), at=entry.at), Cell(entry.actor), Cell(str(what))]

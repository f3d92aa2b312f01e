"""Who read or treated the requests of a person: by which service or application, when, why. From the audit log, which
keeps a year, from what left for the applications, and from the lists that were exported.

Those who act on a request are named where they act (messages, decisions, path of the request): the agent who treats a
request may be known (CRPA L111-2), its decision is signed (L212-1). Of who only reads, the day and the purpose are
owed; the name is not, but where the person could not make use of their rights without it (CJEU, 22 June 2023, Pankki S,
C-579/21): the service is told, and the officer judges who asks for more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.gru.access.models import Membership, Role
from etoile.gru.administration.views.journal import words_of
from etoile.gru.audit.models import Entry
from etoile.gru.audit.persons import MANDATED, ONESELF
from etoile.gru.audit.services import COMMAND_LINE
from etoile.gru.batches.models import Exported
from etoile.gru.batches.models import State as BatchState
from etoile.gru.cases.models import Case, Handoff
from etoile.gru.rights.subject import Subject

MOST = 200
# What is read without being treated, in the words of the person it is about, and why.
_READ: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "case.read": (gettext_lazy("A ouvert votre demande"), gettext_lazy("La traiter ou en suivre l’avancement")),
    "mandate.read": (gettext_lazy("A ouvert cette demande"), gettext_lazy("Agir par le mandat donné")),
    "case.document": (gettext_lazy("A ouvert un de vos fichiers"), gettext_lazy("L’examiner")),
    "person.read": (gettext_lazy("A ouvert votre fiche"), gettext_lazy("Traiter vos demandes")),
    "person.compared": (gettext_lazy("A comparé votre fiche à une autre"), gettext_lazy("Savoir si c’est la vôtre")),
    "person.read_by_application": (gettext_lazy("A reçu des informations sur vous"), ""),
    "person.written_by_application": (gettext_lazy("A complété votre fiche"), ""),
    "archive.read": (gettext_lazy("A ouvert votre dossier archivé"), ""),
    "rights.read": (gettext_lazy("A ouvert ce que nous savons de vous"), gettext_lazy("Répondre à votre demande")),
    "rights.redacted": (gettext_lazy("A relu les notes qui vous sont données"), gettext_lazy("Votre droit")),
    "rights.answered": (gettext_lazy("A répondu à votre demande sur vos données"), gettext_lazy("Votre droit")),
    "rights.extended": (gettext_lazy("A prolongé le délai de réponse"), gettext_lazy("Votre droit")),
}
# What was done, as it is said to that person; the others read well as the audit log says them.
_DONE: Mapping[str, Promise] = {
    "case.wait": gettext_lazy("A mis votre demande en attente"),
    "case.edit": gettext_lazy("A modifié des réponses de votre demande"),
    "case.opinion_asked": gettext_lazy("A demandé un avis sur votre demande"),
    "case.held": gettext_lazy("A noté que votre demande ne doit pas être supprimée"),
    "case.hold_lifted": gettext_lazy("A noté que votre demande peut de nouveau être supprimée à son terme"),
    "case.frozen": gettext_lazy("A gelé votre demande"),
    "case.thawed": gettext_lazy("A levé le gel de votre demande"),
    "person.certified": gettext_lazy("A noté un justificatif que vous avez montré"),
    "person.tied": gettext_lazy("A noté un de vos liens : famille, organisme ou mandat"),
    "person.tie_certified": gettext_lazy("A vérifié un de vos liens : famille, organisme ou mandat"),
    "person.flagged": gettext_lazy("A signalé une autre fiche, peut-être la vôtre"),
    "person.merged": gettext_lazy("A réuni deux fiches en une, la vôtre"),
    "person.unmerged": gettext_lazy("A séparé deux fiches réunies par erreur"),
    "person.excluded": gettext_lazy("A noté qu’une autre fiche n’est pas la vôtre"),
}
_OTHERWISE = gettext_lazy("Traiter votre demande")
_LEFT = gettext_lazy("Un service que l’agent a quitté depuis")


@dataclass(frozen=True, slots=True)
class Reading:
    """`who`: a service or an application. `is_act`: something was done, not only read."""

    at: datetime
    reference: str
    who: str
    what: str
    why: str
    is_act: bool


def readings(subject: Subject, *, most: int = MOST) -> list[Reading]:
    """The last ones, newest first. Four statements, whatever their number."""
    theirs = Q(case_id__in=subject.case_ids) | Q(person_id__in=subject.people)
    entries = list(Entry.objects.filter(theirs).order_by("-at", "-id")[:most])
    lists = list(_lists(subject)[:most])
    readers = {each.account_id for each in entries} | {each.batch.account_id for each in lists}
    services = _services({each for each in readers if each is not None}, subject)
    sent = Handoff.objects.filter(case_id__in=subject.case_ids, state__in=_RECEIVED).order_by("-occurred_at")[:most]
    cases = {each.pk: each for each in subject.cases}
    found = [_of_entry(each, services) for each in entries] + [_of_handoff(each, cases[each.case_id]) for each in sent]
    found += [_of_list(each, cases[key], services) for each in lists for key in each.cases if key in cases]
    return sorted(found, key=lambda each: each.at, reverse=True)[:most]


def _lists(subject: Subject) -> QuerySet[Exported]:
    """Those whose file was finished; until then nobody could have it."""
    found = Exported.objects.filter(cases__overlap=subject.case_ids, batch__state=BatchState.DONE)
    return found.select_related("batch").order_by("-pk")


def _of_list(exported: Exported, case: Case, services: Mapping[int, str]) -> Reading:
    batch = exported.batch
    return Reading(
        batch.ended_at or batch.created_at,
        case.reference,
        services.get(batch.account_id) or str(_LEFT),
        _("A exporté une liste où figure votre demande"),
        _("Suivre les demandes dans un tableur"),
        is_act=False,
    )


_RECEIVED = (Handoff.State.SENT, Handoff.State.ACKNOWLEDGED)


def _of_entry(entry: Entry, services: Mapping[int, str]) -> Reading:
    known = _READ.get(entry.action)
    what, why = known if known is not None else (_DONE.get(entry.action) or words_of(entry.action), _OTHERWISE)
    if entry.action == "archive.read":
        why = entry.detail.get("reason", "")
    # The purpose of the service contract.
    why = entry.detail.get("purpose") or why
    return Reading(entry.at, entry.subject, _who(entry, services), str(what), str(why), known is None)


def _who(entry: Entry, services: Mapping[int, str]) -> str:
    if entry.account_id is not None:
        return services.get(entry.account_id) or str(_LEFT)
    if entry.actor == COMMAND_LINE:
        return _("Administration technique")
    if entry.action == MANDATED:
        return _("%(name)s, par mandat") % {"name": entry.actor}
    if entry.actor == str(ONESELF):
        return _("Vous-même")
    return _("Application « %(name)s »") % {"name": entry.actor}


def _of_handoff(handoff: Handoff, case: Case) -> Reading:
    return Reading(
        handoff.occurred_at,
        case.reference,
        _("Application « %(name)s »") % {"name": handoff.application_name or handoff.application},
        _("A reçu votre demande"),
        _purpose(case) or str(_OTHERWISE),
        is_act=True,
    )


def _purpose(case: Case) -> str:
    return str(case.procedure_version.definition.register.purpose)


def _services(accounts: Iterable[int], subject: Subject) -> dict[int, str]:
    """The service of each: the one in charge when they are of it, else the first of theirs. One statement."""
    in_charge = {each.team_id for each in subject.cases if each.team_id is not None}
    found: dict[int, str] = {}
    held = Membership.objects.filter(account_id__in=accounts).select_related("team").order_by("team__name", "pk")
    for each in sorted(held, key=lambda one: one.team_id not in in_charge):
        found.setdefault(each.account_id, _service(each, subject))
    return found


def _service(held: Membership, subject: Subject) -> str:
    if held.team is not None:
        return str(held.team.name)
    if held.role in {Role.DPO, Role.ARCHIVIST}:
        return str(Role(held.role).label)
    return subject.authority.name

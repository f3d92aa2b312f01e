"""Answers written once for a team. Their tags are filled when an agent takes one up: what is sent is what they read."""

from collections.abc import Iterable, Mapping

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from etoile.design.moments import spelled
from etoile.gru.access.models import Account, Team
from etoile.gru.cases.clock.running import received_on
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.models import Case
from etoile.gru.cases.typed import readable
from etoile.gru.desk.models import Reply
from etoile.gru.notices import tags

MOST = 60
# A message is read on line, by the person alone: it may name them.
TAGS: Mapping[str, str | Promise] = {
    **tags.COMMON,
    "person": gettext_lazy("le nom de la personne"),
    "agent": gettext_lazy("votre nom"),
    "received_on": gettext_lazy("le jour où la demande est arrivée"),
    "due_on": gettext_lazy("le jour avant lequel répondre"),
}


def of_team(team: int | None, use: str = "") -> list[Reply]:
    """Those of a team, for one use or for both, by name. One statement."""
    found = Reply.objects.filter(team=team) if team else Reply.objects.none()
    return list((found.filter(use=use) if use else found).order_by("use", "name"))


def of_teams(teams: Iterable[Team]) -> list[Reply]:
    """Those of several teams, by team, use and name. One statement."""
    return list(Reply.objects.filter(team__in=teams).select_related("team").order_by("team__name", "use", "name"))


def save(reply: Reply, account: Account) -> Reply:
    """Write a new answer or a changed one. Raises `CaseError` with what to do."""
    reply.name, reply.body = " ".join(reply.name.split()), readable(reply.body)
    reply.changed_by = account
    _check(reply)
    try:
        with transaction.atomic():
            Team.objects.select_for_update(no_key=True).only("pk").get(pk=reply.team_id)
            if Reply.objects.filter(team=reply.team_id).exclude(pk=reply.pk).count() >= MOST:
                raise CaseError(_("Ce service garde déjà %(most)d réponses types. Retirez-en une.") % {"most": MOST})
            reply.save()
    except IntegrityError as taken:
        raise CaseError(_("« %(name)s » existe déjà. Choisissez un autre nom.") % {"name": reply.name}) from taken
    return reply


def remove(reply: Reply) -> None:
    """What was sent from it stays as it was sent."""
    reply.delete()


def filled(reply: Reply, case: Case, account: Account) -> str:
    """The words of an answer for this case, as an agent reads them before they send them. No statement when the
    version and the team of the case are there."""
    due = case.due_on
    return tags.filled(
        reply.body,
        {
            "reference": case.reference,
            "procedure": str(case.procedure_version.name),
            "service": case.team.name if case.team else "",
            "authority": case.authority.name,
            "person": case.contact_name,
            "agent": str(account),
            "received_on": spelled(received_on(case), "j F Y"),
            "due_on": spelled(due, "j F Y") if due else "",
        },
    )


def example(reply: Reply, account: Account) -> str:
    """The words of an answer for a case that does not exist."""
    said = {
        "reference": "26-K7QM-3",
        "procedure": _("Demander un acte de naissance"),
        "service": reply.team.name,
        "authority": reply.team.authority.name,
        "person": "Camille Martin",
        "agent": str(account),
        "received_on": _("3 novembre 2026"),
        "due_on": _("3 janvier 2027"),
    }
    return tags.filled(reply.body, said)


def _check(reply: Reply) -> None:
    if not reply.name or not reply.body:
        raise CaseError(_("Donnez un nom et un texte à cette réponse."))
    if len(reply.name) > Reply.NAME or len(reply.body) > Reply.BODY:
        raise CaseError(
            _("C’est trop long : %(name)d caractères au plus pour le nom, %(body)d pour le texte.")
            % {"name": Reply.NAME, "body": Reply.BODY}
        )
    strange = tags.unknown(reply.body, TAGS)
    if strange:
        raise CaseError(
            _("Ce mot entre accolades n’existe pas : %(tags)s. Choisissez-en un dans la liste.")
            % {"tags": ", ".join(strange)}
        )

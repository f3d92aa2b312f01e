"""What publishing a version touches: the requests under way, the forms being filled, and whoever uses what goes."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.gru.cases.models import Case
from etoile.gru.cases.states import OPEN
from etoile.gru.designer.receivers import Told
from etoile.gru.filling.models import Draft
from etoile.gru.forms.comparison import CHANGED, REMOVED, Difference, differences
from etoile.gru.forms.models import ProcedureVersion
from etoile.gru.forms.texts import Text

# Past it, how many there are changes nothing to the decision, and counting them would make the page wait.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Touched:
    """A question that goes or changes its nature: what of it, and who uses it."""

    label: str
    what: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """`facts` are sentences about requests and forms; `touched` the questions whose answers others use."""

    facts: tuple[str, ...]
    touched: tuple[Touched, ...]
    changes: tuple[Difference, ...]


def impact(version: ProcedureVersion, told: Told) -> Impact:
    """Of publishing this draft; nothing when the procedure was never in service. Three statements at the most."""
    current = version.procedure.current
    if current is None or current.pk == version.pk:
        return Impact((), (), ())
    changes = tuple(differences(current.source, version.source))
    filled = Draft.objects.filter(
        version__procedure=version.procedure, confirmed_at__isnull=True, expires_at__gt=timezone.now()
    )
    return Impact(
        facts=tuple(_facts(version, filled.count())),
        touched=tuple(
            Touched(str(Text.of(each.node.get("label"))) or each.id, what, tuple(_users(each.id, told, filled)))
            for each in changes
            if (what := _what(each))
        ),
        changes=changes,
    )


def _facts(version: ProcedureVersion, filled: int) -> Iterator[str]:
    under_way = Case.objects.filter(procedure_version__procedure=version.procedure, state__in=OPEN)
    cases = under_way.order_by()[: MOST + 1].count()
    if cases > MOST:
        words = _("Plus de %(count)d demandes en cours gardent la version dans laquelle elles ont été faites.")
        yield words % {"count": MOST}
    elif cases:
        words = ngettext(
            "%(count)d demande en cours garde la version dans laquelle elle a été faite.",
            "%(count)d demandes en cours gardent la version dans laquelle elles ont été faites.",
            cases,
        )
        yield words % {"count": cases}
    if filled:
        words = ngettext(
            "%(count)d formulaire commencé passera à cette version : aucune réponse n’est perdue.",
            "%(count)d formulaires commencés passeront à cette version : aucune réponse n’est perdue.",
            filled,
        )
        yield words % {"count": filled}


def _what(each: Difference) -> str:
    if each.kind != "field":
        return ""
    if each.how == REMOVED:
        return _("Cette question n’est plus posée.")
    keys = {detail.key for detail in each.details}
    if each.how == CHANGED and "type" in keys:
        return _("La sorte de réponse change.")
    gone = [
        str(Text.of(option.get("label")))
        for detail in each.details
        if detail.key == "options"
        for option in detail.before or []
        if option.get("value") not in {kept.get("value") for kept in detail.after or []}
    ]
    return _("Réponses retirées : %(names)s.") % {"names": ", ".join(gone)} if gone else ""


def _users(identifier: str, told: Told, filled: QuerySet[Draft]) -> Iterator[str]:
    for name in told.readers_of.get(identifier, ()):
        yield _("« %(application)s » lit cette réponse.") % {"application": name}
    count = filled.filter(answers__has_key=identifier).count()
    if count:
        words = ngettext(
            "%(count)d formulaire commencé y répond : la réponse est mise de côté et montrée.",
            "%(count)d formulaires commencés y répondent : la réponse est mise de côté et montrée.",
            count,
        )
        yield words % {"count": count}

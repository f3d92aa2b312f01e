"""Works on many cases as their agent reads them: rows, progress, report."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from etoile.design.moments import said, spelled
from etoile.design.parts import Cell, Table
from etoile.gru.access.models import Account
from etoile.gru.batches import queries
from etoile.gru.batches.models import Batch, Item, Kind, State
from etoile.gru.batches.services import MOST
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import Case

TONES = {
    State.WAITING: "neutral",
    State.RUNNING: "progress",
    State.STOPPED: "warning",
    State.DONE: "success",
    State.FAILED: "danger",
}


def counted(number: int) -> str:
    return ngettext("%(n)s demande", "%(n)s demandes", number) % {"n": number}


def too_many(number: int) -> str:
    if not number:
        return _("Aucune demande n’est choisie : cochez-en dans la liste, ou prenez toute la liste.")
    return _("Cette liste a plus de %(most)d demandes. Ajoutez un critère, puis recommencez.") % {"most": MOST}


def theirs(account: Account, chosen: Sequence[object]) -> str:
    """How many of them the account may treat, when that is not all: the others will be refused. Two statements."""
    able = scope_of(account, "cases.treat").cases().filter(pk__in=chosen).count()
    if able == len(chosen):
        return ""
    told = _("Vous n’en traitez que %(n)s : le rapport dira pourquoi les autres n’ont pas changé.")
    return told % {"n": able}


def own(batches: Sequence[Batch]) -> Table:
    rows = [
        (
            Cell(str(Kind(each.kind).label), href=reverse("backoffice:batch", args=[each.pk])),
            Cell(said(each.created_at), at=each.created_at),
            Cell(str(State(each.state).label), tone=TONES[State(each.state)]),
            Cell(_kept_until(each) or "–"),
        )
        for each in batches
    ]
    empty = _("Rien encore. Cochez des demandes dans une liste, ou exportez-la.")
    return Table(
        _("Vos dernières actions"), [_("Action"), _("Demandée"), _("Où elle en est"), _("Fichier")], rows, empty
    )


def report(batch: Batch) -> dict[str, Any]:
    """What the page of one work shows. Three statements at most."""
    progress = queries.progress(batch)
    refused = list(queries.refused(batch)) if progress.refused else []
    return {
        "batch": batch,
        "title": str(Kind(batch.kind).label),
        "state": Cell(str(State(batch.state).label), tone=TONES[State(batch.state)]),
        "progress": progress,
        "treated": _treated(batch, progress),
        "done": counted(progress.done),
        "left": progress.total - progress.treated,
        "refused": _refused(refused),
        "kept_until": _kept_until(batch),
        "back": f"{reverse('backoffice:inbox')}?{batch.query}" if batch.query else reverse("backoffice:inbox"),
    }


def _treated(batch: Batch, progress: queries.Progress) -> str:
    if batch.state == State.WAITING:
        return _("En attente : le travail commence dans quelques secondes.")
    return ngettext("%(done)s sur %(n)s demande", "%(done)s sur %(n)s demandes", progress.total) % {
        "done": progress.treated,
        "n": progress.total,
    }


def _refused(items: Sequence[Item]) -> Table:
    """A case eliminated since has no reference any more."""
    references = dict(Case.objects.filter(pk__in=[each.case_id for each in items]).values_list("pk", "reference"))
    rows = [
        (
            Cell(
                references.get(each.case_id, _("demande supprimée")),
                href=reverse("backoffice:case", args=[each.case_id]) if each.case_id in references else "",
            ),
            Cell(each.words),
        )
        for each in items
    ]
    return Table(_("Demandes qui n’ont pas changé"), [_("Demande"), _("Pourquoi")], rows)


def _kept_until(batch: Batch) -> str:
    if not batch.has_file or batch.expires_at is None:
        return ""
    until = timezone.localtime(batch.expires_at)
    return _("Gardé jusqu’au %(day)s") % {"day": spelled(until, "j F, H \\h i")}

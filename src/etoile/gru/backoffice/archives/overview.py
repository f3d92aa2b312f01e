"""What goes and when, procedure by procedure; the lists made for the departmental archives."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from etoile.design.moments import spelled
from etoile.design.parts import Cell, Choice, Pages, Table
from etoile.gru.access.rights import has_right
from etoile.gru.archive import queries, rules
from etoile.gru.archive.models import Slip
from etoile.gru.archive.queries import MOST, Outlook
from etoile.gru.archive.rules import Rule
from etoile.gru.archive.slips import KINDS
from etoile.gru.backoffice.archives.said import FATES, SLIP_TONES, kept_for
from etoile.gru.backoffice.guard import right_required
from etoile.gru.backoffice.reading import state_cell
from etoile.gru.cases.lists import pages
from etoile.gru.cases.lists.scope import scope_of
from etoile.gru.cases.models import Case
from etoile.gru.forms.models import Procedure

HORIZONS = {"30": gettext_lazy("30 jours"), "90": gettext_lazy("3 mois"), "365": gettext_lazy("un an")}
PAGE = 50
SHOWN_SLIPS = 50


@dataclass(frozen=True, slots=True)
class Part:
    """One of the lists of a procedure: its word in an address, its name."""

    number: str
    words: str


PARTS = {
    "a-archiver": Part("leaving", gettext_lazy("Quittent les listes")),
    "archivees": Part("archived", gettext_lazy("Archivées")),
    "au-bout": Part("to_list", gettext_lazy("Au bout de leur durée")),
    "gardees": Part("held", gettext_lazy("Gardées")),
}


@right_required("archives.read")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    days = _days(request)
    found = rules.rules_of(request.user.authority)
    lines = queries.outlooks(scope_of(request.user, "archives.read"), found, timezone.now(), days=int(days))
    slips = queries.slips_of(request.user).select_related("procedure")[:SHOWN_SLIPS]
    context = {
        "table": _table([line for line in lines if line.is_moving], days),
        "still": _still([line for line in lines if not line.is_moving]),
        "horizons": [Choice(str(words), f"?jours={key}", here=key == days) for key, words in HORIZONS.items()],
        "slips": _slips(list(slips)),
        "most": MOST,
    }
    return render(request, "backoffice/archives/overview.html", context)


@right_required("archives.read")
@require_safe
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    procedure = get_object_or_404(
        Procedure.objects.select_related("current", "team", "authority"),
        authority=request.user.authority_id,
        slug=slug,
    )
    rule, part = rules.rule_of(procedure), request.GET.get("quoi", "archivees")
    if rule is None or part not in PARTS:
        raise Http404
    scope, now = scope_of(request.user, "archives.read"), timezone.now()
    found = queries.cases_of(PARTS[part].number, scope, rule, now, days=int(_days(request)))
    after = _position(request.GET.get("apres", ""))
    cases = list(queries.oldest(found, after=after, limit=PAGE + 1))
    context = {
        "rule": rule,
        "kept": kept_for(rule),
        "fate": FATES[rule.fate],
        "part": PARTS[part],
        "tabs": [_tab(key, part, _days(request)) for key in PARTS],
        "table": _cases(cases[:PAGE], rule, opens=part in {"archivees", "au-bout"}),
        "pages": _pages(cases, part, _days(request), is_first=after is None),
        "kinds": [(kind.value, kind.label) for kind in KINDS[rule.fate]]
        if part == "au-bout" and cases and has_right(request.user, "archives.manage")
        else [],
    }
    return render(request, "backoffice/archives/listing.html", context)


def _days(request: HttpRequest) -> str:
    asked = request.GET.get("jours", "90")
    return asked if asked in HORIZONS else "90"


def _table(lines: list[Outlook], days: str) -> Table:
    columns = [_("Démarche"), _("Conservation"), *(str(part.words) for part in PARTS.values())]
    rows = [
        (
            Cell(str(line.rule.title), note=line.rule.service),
            Cell(kept_for(line.rule), note=str(FATES[line.rule.fate])),
            *(_number(line, key, part, days) for key, part in PARTS.items()),
        )
        for line in lines
    ]
    return Table(_("Démarche par démarche"), columns, rows, _("Rien ne part d’ici là."))


def _still(lines: list[Outlook]) -> Table:
    rows = [(Cell(str(line.rule.title)), Cell(kept_for(line.rule), note=str(FATES[line.rule.fate]))) for line in lines]
    return Table(_("Démarches dont rien ne part"), [_("Démarche"), _("Conservation")], rows)


def _number(line: Outlook, key: str, part: Part, days: str) -> Cell:
    number = getattr(line, part.number)
    words = f"{MOST}+" if number >= MOST else str(number)
    if not number:
        return Cell("–", numeric=True)
    return Cell(words, href=f"{reverse('backoffice:archives-of', args=[line.rule.slug])}?quoi={key}&jours={days}",
                numeric=True)  # fmt: skip


def _slips(found: list[Slip]) -> Table:
    columns = [_("Bordereau"), _("Démarche"), _("Sort"), _("État"), _("Proposé le")]
    rows = [
        (
            Cell(slip.number, href=reverse("backoffice:slip", args=[slip.pk])),
            Cell(slip.rule["title"].get("fr", slip.procedure.slug)),
            Cell(str(slip.get_kind_display())),
            Cell(str(slip.get_state_display()), tone=SLIP_TONES[slip.state]),
            Cell(spelled(slip.proposed_at, "j F Y")),
        )
        for slip in found
    ]
    empty = _("Aucun bordereau. Ouvrez une démarche dont des dossiers sont au bout de leur durée pour en faire un.")
    return Table(_("Bordereaux"), columns, rows, empty)


def _cases(cases: list[Case], rule: Rule, *, opens: bool) -> Table:
    columns = [_("Référence"), _("Issue"), _("Terminée le"), _("Quitte les listes le")]
    rows = []
    for case in cases:
        ended = case.decided_at.astimezone(rule.zone).date() if case.decided_at else None
        href = reverse("backoffice:archived-case", args=[case.pk]) if opens else ""
        state = state_cell(case)
        rows.append(
            (
                Cell(case.reference, href=href),
                state,
                Cell(spelled(ended, "j F Y") if ended else "–"),
                Cell(spelled(rule.leaves_on(ended), "j F Y") if ended else "–"),
            )
        )
    return Table(_("Demandes"), columns, rows, _("Aucune demande ici."))


def _tab(key: str, here: str, days: str) -> Choice:
    return Choice(str(PARTS[key].words), f"?quoi={key}&jours={days}", here=key == here)


def _position(text: str) -> pages.Position | None:
    return pages.read(text, pages.Sort.RECENT)


def _pages(cases: list[Case], part: str, days: str, *, is_first: bool) -> Pages:
    more = len(cases) > PAGE
    last = cases[PAGE - 1] if more else None
    following = ""
    if last is not None and isinstance(last.decided_at, datetime):
        position = pages.written((last.decided_at.astimezone(ZoneInfo("UTC")).isoformat(), last.pk))
        following = f"?quoi={part}&jours={days}&apres={position.replace('+', '%2B')}"
    return Pages(previous_href="" if is_first else f"?quoi={part}&jours={days}", next_href=following)

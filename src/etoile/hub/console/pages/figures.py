"""Figures: what was accepted, delivered, retried and dead, and how long it took, per application and day."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from etoile.design.chart import Chart, Series
from etoile.design.parts import Cell, Table
from etoile.hub.console import criteria, words
from etoile.hub.console.access import operator_required
from etoile.hub.console.exports import attachment, csv_line
from etoile.hub.console.forms import FigureFilter
from etoile.hub.registry.models import Application
from etoile.hub.watch import figures
from etoile.hub.watch.figures import Day

COLUMNS = ("day", "application", "accepted", "delivered", "retried", "dead", "p50_ms", "p95_ms", "p99_ms", "published")


@operator_required
@require_safe
def figure_page(request: HttpRequest) -> HttpResponse:
    form = FigureFilter(request.GET or None, applications=criteria.application_choices())
    application, since, until = form.asked(timezone.localdate())
    found = {each.day: each for each in figures.days(application, since, until)}
    dates = [since + timedelta(days=rank) for rank in range((until - since).days + 1)]
    days = [found.get(day) or Day(day, application, 0, 0, 0, 0, None, None, None) for day in dates]
    context = {
        "form": form,
        "volumes": _volumes(days),
        "latencies": _latencies(days),
        "table": _table([each for each in reversed(days) if each.accepted or each.published]),
        "has_any": bool(found),
        "csv_href": f"{reverse('console:figures-csv')}?{request.GET.urlencode()}",
    }
    return render(request, "console/figures.html", context)


@operator_required
@require_safe
def figure_csv(request: HttpRequest) -> StreamingHttpResponse:
    """One line for each application and day."""
    form = FigureFilter(request.GET or None, applications=criteria.application_choices())
    application, since, until = form.asked(timezone.localdate())
    names = dict(Application.objects.values_list("pk", "slug"))
    return attachment(f"etoile-chiffres-{since}-{until}.csv", _lines(application, since, until, names))


def _lines(application: int | None, since: date, until: date, names: dict[int, str]) -> Iterator[str]:
    yield csv_line(COLUMNS)
    for each in figures.by_application(since, until):
        if application in (None, each.application_id):
            numbers = [getattr(each, name) for name in COLUMNS[2:]]
            yield csv_line([each.day.isoformat(), names.get(each.application_id or 0, ""), *numbers])


def _short(day: date) -> str:
    return date_format(day, "j N")


def _volumes(days: Sequence[Day]) -> Chart:
    return Chart(
        title=_("Envois par jour"),
        description=_("Ce qui a été accepté chaque jour, et ce qui en est advenu. Le tableau donne les nombres."),
        labels=[_short(each.day) for each in days],
        series=[
            Series(_("Reçus par l’application"), [each.delivered for each in days]),
            Series(_("Pas encore finis"), [max(each.accepted - each.delivered - each.dead, 0) for each in days], 2),
            Series(_("Essais épuisés"), [each.dead for each in days], 3),
        ],
        id="volumes",
    )


def _latencies(days: Sequence[Day]) -> Chart:
    highest = max((each.p99_ms or 0 for each in days), default=0)
    unit, one = next((pair for pair in (("h", 3.6e6), ("min", 6e4), ("s", 1e3)) if highest > 4 * pair[1]), ("ms", 1.0))

    def scaled(values: Sequence[float | None]) -> list[float | None]:
        return [None if value is None else value / one for value in values]

    return Chart(
        title=_("Temps de l’acceptation à la réception"),
        description=_("La moitié des envois, 95 % et 99 % ont pris moins que cela. Le tableau donne les temps."),
        labels=[_short(each.day) for each in days],
        series=[
            Series(_("la moitié"), scaled([each.p50_ms for each in days]), 1),
            Series(_("95 %"), scaled([each.p95_ms for each in days]), 2),
            Series(_("99 %"), scaled([each.p99_ms for each in days]), 3),
        ],
        unit=unit,
        lines=True,
        id="temps",
    )


def _table(days: Sequence[Day]) -> Table:
    return Table(
        caption=_("Jour par jour"),
        columns=[
            _("Jour"), _("Acceptés"), _("Reçus"), _("Relancés"), _("Épuisés"), _("Émis"), _("La moitié en"),
            _("95 % en"), _("99 % en"),
        ],
        rows=[
            [
                Cell(date_format(each.day, "j N")),
                *(Cell(str(number), numeric=True) for number in
                  (each.accepted, each.delivered, each.retried, each.dead, each.published)),
                *(Cell(words.latency(value), numeric=True) for value in (each.p50_ms, each.p95_ms, each.p99_ms)),
            ]
            for each in days
        ],
        empty=_("Rien n’a encore été compté sur cette période."),
    )  # fmt: skip

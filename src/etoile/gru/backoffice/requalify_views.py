"""A request under the wrong procedure: choose the right one, see what is kept, then do it."""

import uuid
from dataclasses import dataclass

from django import forms
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from etoile.design.parts import SummaryRow
from etoile.gru.backoffice import foreseen, views
from etoile.gru.backoffice.forms import Version
from etoile.gru.backoffice.guard import agent_required
from etoile.gru.backoffice.reading import summary
from etoile.gru.cases import queries
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.views_of_agent import AgentCase
from etoile.gru.forms.models import Procedure, ProcedureVersion
from etoile.gru.forms.queries import open_procedures
from etoile.gru.forms.rows import all_said
from etoile.gru.requalification import services
from etoile.gru.requalification.fitting import fit


class Choice(forms.Form):
    demarche = forms.ChoiceField(
        label=gettext_lazy("La bonne démarche"),
        error_messages={"required": gettext_lazy("Choisissez la démarche que la demande doit suivre.")},
    )

    def __init__(self, *args: object, procedures: list[Procedure], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        named = sorted((str(each.current.name), each.slug) for each in procedures if each.current)
        self.fields["demarche"].choices = [("", "–"), *((slug, name) for name, slug in named)]  # type: ignore[attr-defined]


class Reason(Version):
    prefix = "requalification"

    reason = forms.CharField(
        label=gettext_lazy("Pourquoi"),
        max_length=500,
        help_text=gettext_lazy("Une phrase simple. La personne la lira."),
        error_messages={"required": gettext_lazy("Écrivez pourquoi la demande change de démarche.")},
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """`refused` says why it cannot be; the rest is what would become of the answers."""

    procedure: Procedure
    refused: str
    kept: list[SummaryRow]
    aside: list[SummaryRow]
    missing: tuple[str, ...]
    silence: str
    price: tuple[str, ...]


@agent_required
@require_http_methods(["GET", "HEAD", "POST"])
def requalify(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    seen = views.case_of(request, pk, "cases.treat")
    others = open_procedures(request.user.authority).exclude(pk=seen.case.procedure_version.procedure.pk)
    procedures = list(others.select_related("team__sector"))
    choice = Choice(request.POST or request.GET or None, procedures=procedures)
    chosen = next((each for each in procedures if each.slug == choice.data.get("demarche")), None)
    version = _version(chosen)
    reason = Reason(request.POST if request.method == "POST" else None, initial={"version": seen.version})
    if request.method == "POST" and version is not None and reason.is_valid():
        try:
            services.requalify(
                pk,
                request.user,
                version,
                reason=reason.cleaned_data["reason"],
                expected_version=reason.cleaned_data["version"],
            )
        except CaseError as refusal:
            reason.add_error(None, str(refusal))
        else:
            notes.success(request, _("La demande suit la nouvelle démarche. La personne est prévenue."))
            mine = queries.visible_to(request.user).filter(pk=pk).exists()
            return redirect("backoffice:case", pk) if mine else redirect("backoffice:inbox")
    refused = reason if reason.errors else choice if choice.is_bound and choice.errors else None
    context = {
        "case": seen.case,
        "choice": choice,
        "reason": reason,
        "preview": _preview(seen, chosen, version),
        "refused": refused,
    }
    return render(request, "backoffice/requalify.html", context, status=422 if refused is not None else 200)


def _version(chosen: Procedure | None) -> ProcedureVersion | None:
    """With the procedure that was read, its team and its authority."""
    if chosen is None or chosen.current is None:
        return None
    chosen.current.procedure = chosen
    return chosen.current


def _preview(view: AgentCase, chosen: Procedure | None, version: ProcedureVersion | None) -> Preview | None:
    if chosen is None or version is None:
        return None
    case = view.case
    found = fit(case, version)
    clock = services.clock_under(case, version)
    return Preview(
        procedure=chosen,
        refused=services.refusal(case, version, timezone.now()),
        kept=summary(all_said(version.definition, found.answers)),
        aside=summary(all_said(case.procedure_version.definition, found.aside)),
        missing=found.missing,
        silence=clock.date.strftime("%d/%m/%Y") if clock.date else "",
        price=tuple(foreseen.price(case, *found.prices)),
    )

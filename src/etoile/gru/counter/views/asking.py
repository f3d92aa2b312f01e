"""Questions of people who give no name."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.gru.backoffice.guard import right_required
from etoile.gru.cases.errors import CaseError
from etoile.gru.cases.states import Channel
from etoile.gru.counter import questions
from etoile.gru.counter.forms import AnswerForm, NumberForm, QuestionForm


@right_required("cases.treat")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Those that wait for an answer, the last answers; or the one whose number the person gives."""
    return _listing(request)


def _listing(request: HttpRequest, refused: tuple[int, Form] | None = None) -> HttpResponse:
    number = NumberForm(request.GET or None)
    asked = str(number.data.get("numero", "")).strip()[:12] if number.is_bound else ""
    waiting = [
        (each, refused[1] if refused is not None and refused[0] == each.pk else AnswerForm(prefix=f"r{each.pk}"))
        for each in questions.waiting(request.user)
    ]
    context = {
        "number": number,
        "asked": asked,
        "waiting": waiting,
        "answered": questions.answered(request.user, asked),
        "refused": refused[1] if refused is not None else None,
    }
    return render(request, "counter/questions.html", context, status=422 if refused is not None else 200)


@right_required("cases.treat")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = QuestionForm(request.user.authority, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = questions.ask(
                request.user, given["team"], Channel(given["channel"]), given["asked"], given["answer"]
            )
        except CaseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _said(made.number, bool(made.answer)))
            return redirect("counter:questions")
    return render(request, "counter/question.html", {"form": form}, status=422 if form.errors else 200)


@right_required("cases.treat")
@require_POST
def answer(request: HttpRequest, number: int) -> HttpResponse:
    form = AnswerForm(request.POST, prefix=f"r{number}")
    if form.is_valid():
        try:
            questions.answer(request.user, number, form.cleaned_data["answer"])
        except CaseError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("La réponse est enregistrée. La personne l’aura en donnant son numéro."))
        return redirect("counter:questions")
    return _listing(request, (number, form))


def _said(number: str, is_answered: bool) -> str:
    if is_answered:
        return _("La question et sa réponse sont enregistrées.")
    return _("La question est transmise. Donnez ce numéro à la personne : %(number)s.") % {"number": number}

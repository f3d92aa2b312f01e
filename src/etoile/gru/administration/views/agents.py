"""The agents of the authority: who they are, what they may do, since when they were not seen."""

from collections import defaultdict
from collections.abc import Iterable
from typing import get_args

from django import forms
from django.conf import settings
from django.contrib import messages as notes
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from etoile.design.forms import Plain
from etoile.design.moments import said
from etoile.design.parts import Cell, Pages, Table
from etoile.gru.access import agents, factors, review, sessions
from etoile.gru.access.models import Account, Role
from etoile.gru.access.rights import RIGHTS, Right, has_right
from etoile.gru.access.services import Refused
from etoile.gru.administration import invitations
from etoile.gru.administration.agent_form import AgentForm, InviteForm
from etoile.gru.administration.words import RIGHT_WORDS
from etoile.gru.backoffice.guard import right_required
from etoile.gru.identity import agents as identities
from etoile.gru.identity import leaving, ruling

SIZE = 50
RULED = gettext_lazy(
    "Ce compte vient de l’annuaire de la collectivité : c’est là que se changent son nom et ses rôles."
)
BACK = {"back": "administration:agents", "back_words": gettext_lazy("Agents")}


class Search(Plain):
    q = forms.CharField(label=gettext_lazy("Nom ou courriel"), required=False, max_length=100)


@right_required("accounts.manage")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Two statements besides those of the frame, however many agents there are."""
    form = Search(request.GET)
    asked = form.cleaned_data.get("q", "") if form.is_valid() else ""
    number = max(1, int(page)) if (page := request.GET.get("page", "1")).isdecimal() and len(page) < 6 else 1
    found = Account.objects.filter(authority=request.user.authority_id)
    for word in asked.split():
        found = found.filter(Q(given_name__icontains=word) | Q(family_name__icontains=word) | Q(email__icontains=word))
    start = (number - 1) * SIZE
    found = found.select_related("directory")
    ordered = found.order_by("-is_active", "family_name", "given_name", "pk").prefetch_related("memberships__team")
    rows = list(ordered[start : start + SIZE + 1])
    pages = Pages(
        previous_href=_address(request, asked, number - 1) if number > 1 else "",
        next_href=_address(request, asked, number + 1) if len(rows) > SIZE else "",
    )
    rows = rows[:SIZE]
    told = ngettext("%(n)s agent sur cette page", "%(n)s agents sur cette page", len(rows)) % {"n": len(rows)}
    table = Table(
        told,
        [_("Agent"), _("Rôles"), _("Dernière connexion"), _("Accès")],
        [_row(each) for each in rows],
        empty=_("Personne ne correspond. Cherchez un autre nom, ou invitez cette personne."),
    )
    held = settings.IDENTITY.directory is not None and leaving.held(request.user.authority)
    shown = {"table": table, "pages": pages, "form": form, "title": _("Agents"), "held": held}
    shown["reads_log"] = held and has_right(request.user, "audit.read")
    return render(request, "administration/agents.html", shown)


@right_required("accounts.manage")
@require_safe
def review_of_all(request: HttpRequest) -> HttpResponse:
    """The list to be gone through once a year."""
    day = request.user.authority.today().isoformat()
    answer = HttpResponse(
        review.as_csv(request.user.authority, by=request.user), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="agents-{day}.csv"'
    return answer


@right_required("accounts.manage")
@require_POST
def let_directory(request: HttpRequest) -> HttpResponse:
    """Somebody has looked: the directory may close again."""
    leaving.allow(request.user.authority, by=request.user)
    notes.success(request, _("L’annuaire peut de nouveau fermer des accès, sans limite pendant une heure."))
    return redirect("administration:agents")


def _address(request: HttpRequest, asked: str, number: int) -> str:
    return f"{request.path}?{urlencode({'q': asked, 'page': number})}"


def _row(account: Account) -> list[Cell]:
    state, tone = state_of(account)
    seen = said(account.last_login) if account.last_login else _("jamais")
    return [
        Cell(str(account), href=reverse("administration:agent", args=[account.pk]), note=account.email),
        Cell(said_roles(account) or _("aucun")),
        Cell(seen, at=account.last_login),
        Cell(state, tone=tone),
    ]


def state_of(account: Account) -> tuple[str, str]:
    """In a word, and its tone."""
    if not account.is_active:
        return _("fermé"), "neutral"
    link = getattr(account, "directory", None)
    waits = agents.is_waiting(account) and account.last_login is None and not (link and link.is_made)
    return (_("invitation envoyée"), "info") if waits else (_("ouvert"), "success")


def said_roles(account: Account) -> str:
    """« instruction et signature (État civil), administration »."""
    held: dict[str, list[str]] = defaultdict(list)
    for each in account.memberships.all():
        held[each.team.name if each.team else ""].append(str(Role(each.role).label))
    return " ; ".join(
        f"{', '.join(sorted(words))} ({team})" if team else ", ".join(sorted(words))
        for team, words in sorted(held.items())
    )


@right_required("accounts.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.user.authority, None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                account = agents.invite(
                    request.user.authority, form.cleaned_data["email"], form.names(), form.held(), by=request.user
                )
                invitations.send(request.user.authority, account, by=request.user)
        except Refused as refusal:
            form.add_error("email", " ".join(refusal.problems))
        else:
            notes.success(request, _("L’invitation part par courriel. Son lien sert une fois, pendant sept jours."))
            return redirect("administration:agent", account.pk)
    shown = {**BACK, "form": form, "title": _("Inviter un agent"), "button": _("Envoyer l’invitation")}
    return render(request, "administration/agent.html", shown, status=422 if form.errors else 200)


@right_required("accounts.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    account = _agent(request, pk)
    form = AgentForm(request.user.authority, account, request.POST or None)
    ruled = ruling.rules(account)
    if request.method == "POST" and ruled:
        notes.error(request, RULED)
        return redirect("administration:agent", pk)
    if request.method == "POST" and form.is_valid():
        try:
            agents.change(account, form.names(), form.held(), by=request.user)
        except Refused as refusal:
            form.add_error(None, " ".join(refusal.problems))
        else:
            notes.success(request, _("C’est enregistré. Les droits changent dès la prochaine page de cet agent."))
            return redirect("administration:agents")
    state, tone = state_of(account)
    shown = {
        **BACK,
        "form": form,
        "account": account,
        "title": str(account),
        "button": _("Enregistrer"),
        "state": state,
        "tone": tone,
        "waiting": agents.is_waiting(account) and not ruled,
        "own": account.pk == request.user.pk,
        "ruled": ruled,
        "roles": said_roles(account),
        "linked": identities.is_linked(account),
        "directory": ruling.link_of(account),
        "enrolled": factors.is_enrolled(account),
        "sessions": sessions.of_account(account),
    }
    return render(request, "administration/agent.html", shown, status=422 if form.errors else 200)


@right_required("accounts.manage")
@require_POST
def access(request: HttpRequest, pk: int) -> HttpResponse:
    """Close, open again, end the sessions, forget the telephone or an identity told from elsewhere, or send a link to
    choose a password."""
    account = _agent(request, pk)
    try:
        if "close" in request.POST:
            agents.cut(account, by=request.user)
            leaving.closed_here(account)
            notes.success(request, _("L’accès est fermé. Cet agent ne peut plus ouvrir aucune page."))
        elif "open" in request.POST:
            ruling.may_open(account)
            agents.restore(account, by=request.user)
            notes.success(request, _("L’accès est rouvert, avec les rôles affichés ici."))
        elif "sessions" in request.POST:
            ended = sessions.end(account, by=request.user)
            told = ngettext("%(n)s session est fermée.", "%(n)s sessions sont fermées.", ended) % {"n": ended}
            notes.success(request, told if ended else _("Aucune session n’était ouverte."))
        elif "factor" in request.POST:
            agents.forget_factor(account, by=request.user)
            notes.success(request, _("C’est fait. À sa prochaine connexion, cet agent installe un téléphone."))
        elif "identity" in request.POST:
            identities.unlink(account, by=request.user)
            notes.success(request, _("C’est fait. La prochaine identité ProConnect à ce courriel ouvrira ce compte."))
        elif "directory" in request.POST:
            ruling.unlink(account, by=request.user)
            notes.success(
                request, _("C’est fait. La prochaine personne de l’annuaire à ce courriel ouvrira ce compte.")
            )
        elif account.is_active and ruling.rules(account):
            notes.error(request, RULED)
        elif account.is_active:
            with transaction.atomic():
                invitations.send(request.user.authority, account, by=request.user)
            notes.success(request, _("Le lien part par courriel. L’ancien mot de passe sert jusqu’à ce qu’il change."))
    except Refused as refusal:
        notes.error(request, " ".join(refusal.problems))
    return redirect("administration:agent", pk)


@right_required("accounts.manage")
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """The table of the rights, as the code has it."""
    columns = [_("Ce que l’on peut faire"), *(str(role.label) for role in Role)]
    rows = [[Cell(str(RIGHT_WORDS[right])), *_ticks(right, Role)] for right in get_args(Right)]
    shown = {"table": Table(_("Rôles et droits"), columns, rows), "title": _("Rôles et droits")}
    return render(request, "administration/roles.html", shown)


def _ticks(right: Right, listed: Iterable[Role]) -> list[Cell]:
    return [Cell(_("oui"), tone="success") if right in RIGHTS[role] else Cell("–") for role in listed]


def _agent(request: HttpRequest, pk: int) -> Account:
    mine = Account.objects.filter(authority=request.user.authority_id).select_related("authority", "directory")
    return get_object_or_404(mine.prefetch_related("memberships__team"), pk=pk)

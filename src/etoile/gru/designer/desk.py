"""What every page of a procedure stands on: the procedure, the version at hand, and who is there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from etoile.gru.access.models import Account
from etoile.gru.access.rights import has_right
from etoile.gru.backoffice.guard import View, right_required
from etoile.gru.forms.definition import Definition
from etoile.gru.forms.editing.change import Edit
from etoile.gru.forms.editing.errors import EditRefused
from etoile.gru.forms.models import Procedure, ProcedureVersion, VersionState


@dataclass
class Desk:
    """`version` is the draft when there is one, else the version in service."""

    procedure: Procedure
    version: ProcedureVersion
    account: Account

    @property
    def definition(self) -> Definition:
        return self.version.definition

    @property
    def slug(self) -> str:
        return self.procedure.slug

    @property
    def is_draft(self) -> bool:
        return self.version.state == VersionState.DRAFT

    @cached_property
    def may_edit(self) -> bool:
        return has_right(self.account, "procedures.edit", self.procedure.team)

    @property
    def editable(self) -> bool:
        return self.is_draft and self.may_edit

    def edit(self, request: HttpRequest) -> Edit:
        """What a verb of `forms.editing` wants: the revision is the one the page showed."""
        seen = request.POST.get("revision", "")
        return Edit(
            self.procedure, int(seen) if seen.isdecimal() else -1, self.account, request.POST.get("why", "")[:500]
        )


def desk_of(account: Account, slug: str) -> Desk:
    """One statement. A 404 for what this authority has not."""
    versions = ProcedureVersion.objects.select_related("procedure__team", "procedure__authority", "procedure__current")
    found = versions.filter(procedure__authority=account.authority_id, procedure__slug=slug)
    # The draft first; then the one in service, which is the last published.
    version = found.order_by("-number").first()
    if version is None:
        raise Http404(_("Cette démarche n’existe pas."))
    return Desk(version.procedure, version, account)


def on_procedure(view: View) -> View:
    """`view(request, desk, …)` for whoever may read procedures. What a verb refuses is said on the outline."""

    @right_required("procedures.read")
    @wraps(view)
    def wrapper(request: HttpRequest, slug: str, **rest: Any) -> HttpResponse:
        desk = desk_of(request.user, slug)
        try:
            return view(request, desk, **rest)
        except EditRefused as refusal:
            for problem in refusal.problems:
                notes.error(request, problem)
            return redirect("designer:outline", slug)

    return wrapper


def on_draft(view: Callable[..., HttpResponse]) -> View:
    """As `on_procedure`, for whoever may change this one, and only while there is a draft to change."""

    @on_procedure
    @wraps(view)
    def wrapper(request: HttpRequest, desk: Desk, **rest: Any) -> HttpResponse:
        if not desk.may_edit:
            raise PermissionDenied
        if not desk.is_draft:
            notes.info(request, _("Cette version est en service : commencez-en une nouvelle pour la modifier."))
            return redirect("designer:outline", desk.slug)
        return view(request, desk, **rest)

    return wrapper

"""What somebody was sending, or typing, when their session ended: kept sealed for their account, for an hour, and given
back once they are in. Of agents and of persons: `holder` names the account (`agent/12`, `person/…`).

Nobody loses what they typed because they were called away, with a script or without: the form sent too late is the one
that is kept. Files are not, and the page says so; nor is what proves who one is.

Sent on, it is kept until the page it goes to has accepted it, in one transaction with what that page does: a process
killed meanwhile has done neither, and whoever sends it on twice is told that it was done.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from etoile.gru.access.models import LateForm
from etoile.gru.sealing.boxes import Box, SealError

Answer = TypeVar("Answer", bound=HttpResponseBase)

BOX = Box(b"etoile gru late forms")
KEPT = timedelta(hours=1)
LARGEST = 100_000
# Of one account: one page a tab.
MOST = 5
# Of the number and of the button: no names that the form being sent on may have.
NUMBER, SEND = "unsent", "unsent-send"
OURS = frozenset({"csrfmiddlewaretoken", NUMBER, SEND})
# Names of what proves who one is: a form that has one is not kept, nor is anything else of it.
SECRETS = frozenset(
    {"password", "old_password", "new_password1", "new_password2", "passphrase", "again", "current", "code", "recovery"}
)
# A text that somebody wrote, rather than a choice or a number of the page.
LEAST_TEXT = 12


@dataclass(frozen=True, slots=True)
class Unsent:
    """`path`: where it was going when it was `sent`; else the page where it was being typed. `fields`: names and
    values, in order, the same name as often as it was there. `number`: how a page names it; `place`: what a person
    calls the page it is of; `refused_at`: when that page, sent it on, last did not accept it."""

    path: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool
    sent: bool = True
    number: int = 0
    place: str = ""
    kept_at: datetime | None = None
    refused_at: datetime | None = None

    @property
    def until(self) -> datetime | None:
        return self.kept_at and self.kept_at + KEPT

    @property
    def texts(self) -> list[str]:
        return [value for _name, value in self.fields if len(value) >= LEAST_TEXT and " " in value]


def keep(request: HttpRequest, holder: str, *, never: tuple[str, ...]) -> bool:
    """Keep what was sent too late; False when it is not to be kept: no form, one of a page of `never` (beginnings of
    paths), a secret in it, too large."""
    if request.method != "POST" or request.path.startswith(never):
        return False
    if SEND in request.POST and _rows(request, holder).exists():
        return True
    return _keep(Unsent(request.get_full_path(), _fields(request.POST), bool(request.FILES)), holder)


def keep_typed(request: HttpRequest, where: str, holder: str, *, without: tuple[str, ...], had_files: bool) -> bool:
    """Keep what was being typed on the page `where`, and was not sent; False when there was no text, or a secret."""
    fields = tuple(each for each in _fields(request.POST) if each[0] not in without)
    late = Unsent(where, fields, had_files, sent=False)
    return bool(late.texts) and _keep(late, holder)


def of(holder: str, named: Callable[[str], str] = str) -> list[Unsent]:
    """What is kept for this account, the last one first; `named` gives the name of the page at a path. One statement,
    and those of `named`."""
    rows = LateForm.objects.filter(holder=holder, accepted_at=None, kept_at__gt=timezone.now() - KEPT).order_by("-pk")
    found = [each for each in map(_opened, rows) if each is not None]
    return [replace(each, place=named(each.path)) for each in found]


def answered(request: HttpRequest, holder: str, *, back: str, home: str) -> HttpResponse:
    """What the page that gives back (`back`) was told: send one on (the browser sends the same form again, where it was
    going), or forget it. Then it shows what is left, if anything; else `home`."""
    row = _rows(request, holder).first()
    found = _opened(row) if row is not None else None
    if SEND not in request.POST:
        if row is not None and row.accepted_at is None:
            row.delete()
        messages.success(request, _("C’est oublié : rien n’a été envoyé."))
    elif row is None or found is None or row.accepted_at is not None:
        _say_why_not(request, row)
    elif found.sent:
        return HttpResponse(status=307, headers={"Location": found.path})
    return redirect(back if of(holder) else home)


def sent_on(request: HttpRequest, holder: str, view: Callable[[], Answer], *, back: str) -> Answer | HttpResponse:
    """The answer of `view`, to any request; to a late form sent on, once: it is then kept no more if the view accepted
    it. Accepted: it leads elsewhere, without a message of error."""
    if request.method != "POST" or SEND not in request.POST or request.path == back:
        return view()
    with transaction.atomic():
        row = _rows(request, holder).select_for_update().first()
        found = _opened(row) if row is not None else None
        if row is None or found is None or row.accepted_at is not None or found.path != request.get_full_path():
            _say_why_not(request, row)
            return redirect(back)
        answer = view()
        if 300 <= answer.status_code < 400 and not _complained(request):
            row.accepted_at = timezone.now()
            row.sealed = _sealed(replace(found, fields=()), holder)
        else:
            row.refused_at = timezone.now()
        row.save()
    return answer


def forget() -> int:
    """Remove those whose hour has passed."""
    return LateForm.objects.filter(kept_at__lte=timezone.now() - KEPT).delete()[0]


def _rows(request: HttpRequest, holder: str) -> QuerySet[LateForm]:
    number = request.POST.get(NUMBER, "")
    return LateForm.objects.filter(holder=holder, pk=int(number) if number.isdecimal() else 0)


def _say_why_not(request: HttpRequest, row: LateForm | None) -> None:
    if row is not None and row.accepted_at is not None:
        at = date_format(timezone.localtime(row.accepted_at), "H:i")
        messages.info(request, _("C’était déjà envoyé, à %(at)s. Rien n’a été envoyé une deuxième fois.") % {"at": at})
        return
    words = _("Rien n’a été envoyé : plus d’une heure a passé. Revenez en arrière pour copier ce que vous aviez écrit.")
    messages.error(request, words)


def _complained(request: HttpRequest) -> bool:
    # Those said during this request: to iterate over them would take them from the page they wait for.
    said = getattr(messages.get_messages(request), "_queued_messages", ())
    return any(each.level >= messages.ERROR for each in said)


def _fields(form: QueryDict) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, values in form.lists() if name not in OURS for value in values)


def _keep(late: Unsent, holder: str) -> bool:
    if _has_secret(name for name, _value in late.fields) or len(_written(late)) > LARGEST:
        return False
    LateForm.objects.create(holder=holder, sealed=_sealed(late, holder), kept_at=timezone.now())
    rows = LateForm.objects.filter(holder=holder, accepted_at=None)
    rows.exclude(pk__in=list(rows.order_by("-pk").values_list("pk", flat=True)[:MOST])).delete()
    return True


def _written(late: Unsent) -> str:
    return json.dumps({"path": late.path, "fields": late.fields, "had_files": late.had_files, "sent": late.sent})


def _sealed(late: Unsent, holder: str) -> bytes:
    return BOX.seal(_written(late).encode(), holder.encode())


def _has_secret(names: Iterable[str]) -> bool:
    return not SECRETS.isdisjoint(names)


def _opened(row: LateForm) -> Unsent | None:
    """None when no key opens it any more: an hour is short for a change of key."""
    try:
        found = json.loads(BOX.unseal(row.sealed, row.holder.encode()))
    except SealError:
        return None
    fields = tuple((name, value) for name, value in found["fields"])
    late = Unsent(found["path"], fields, found["had_files"], found["sent"])
    return replace(late, number=row.pk, kept_at=row.kept_at, refused_at=row.refused_at)

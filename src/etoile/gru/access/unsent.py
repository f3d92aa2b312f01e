"""What somebody was sending, or typing, when their session ended: kept sealed for their account, for an hour, and given
back once they are in. Of agents and of persons: `holder` names the account (`agent/12`, `person/…`).

Nobody loses what they typed because they were called away, with a script or without: the form sent too late is the one
that is kept. Files are not, and the page says so; nor is what proves who one is.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from etoile.gru.access.models import LateForm
from etoile.gru.sealing.boxes import Box, SealError

BOX = Box(b"etoile gru late forms")
KEPT = timedelta(hours=1)
LARGEST = 100_000
# Of one account: one page a tab.
MOST = 5
# Of the button: no name that the form being sent on may have.
SEND = "unsent-send"
TOKEN = "csrfmiddlewaretoken"  # noqa: S105
# Names of what proves who one is: a form that has one is not kept, nor is anything else of it.
SECRETS = frozenset(
    {"password", "old_password", "new_password1", "new_password2", "passphrase", "again", "current", "code", "recovery"}
)
# A text that somebody wrote, rather than a choice or a number of the page.
LEAST_TEXT = 12


@dataclass(frozen=True, slots=True)
class Unsent:
    """`path`: where it was going when it was `sent`; else the page where it was being typed. `fields`: names and
    values, in order, the same name as often as it was there. `number`: how a page names it."""

    path: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool
    sent: bool = True
    number: int = 0

    @property
    def texts(self) -> list[str]:
        return [value for _name, value in self.fields if len(value) >= LEAST_TEXT and " " in value]


def keep(request: HttpRequest, holder: str, *, never: tuple[str, ...]) -> bool:
    """Keep what was sent too late; False when it is not to be kept: no form, one of a page of `never` (beginnings of
    paths), a secret in it, too large."""
    if request.method != "POST" or request.path.startswith(never):
        return False
    return _keep(Unsent(request.get_full_path(), _fields(request.POST), bool(request.FILES)), holder)


def keep_typed(request: HttpRequest, where: str, holder: str, *, without: tuple[str, ...], had_files: bool) -> bool:
    """Keep what was being typed on the page `where`, and was not sent; False when there was no text, or a secret."""
    fields = tuple(each for each in _fields(request.POST) if each[0] not in without)
    late = Unsent(where, fields, had_files, sent=False)
    return bool(late.texts) and _keep(late, holder)


def of(holder: str) -> list[Unsent]:
    """What is kept for this account, the last one first. One statement."""
    rows = LateForm.objects.filter(holder=holder, kept_at__gt=timezone.now() - KEPT).order_by("-pk")
    return [found for found in map(_opened, rows) if found is not None]


def answered(request: HttpRequest, holder: str) -> HttpResponse | None:
    """What the page that gives back was told: send one on, which is then kept no more (the browser sends the same form
    again, where it was going), or forget it. None when it was to forget."""
    number = request.POST.get("unsent", "")
    row = LateForm.objects.filter(holder=holder, pk=int(number) if number.isdecimal() else 0).first()
    found = _opened(row) if row is not None else None
    if row is not None:
        row.delete()
    if found is None or not found.sent or SEND not in request.POST:
        return None
    return HttpResponse(status=307, headers={"Location": found.path})


def forget() -> int:
    """Remove those whose hour has passed."""
    return LateForm.objects.filter(kept_at__lte=timezone.now() - KEPT).delete()[0]


def _fields(form: QueryDict) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, values in form.lists() if name != TOKEN for value in values)


def _keep(late: Unsent, holder: str) -> bool:
    text = json.dumps(asdict(late))
    if len(text) > LARGEST or _has_secret(name for name, _value in late.fields):
        return False
    LateForm.objects.create(holder=holder, sealed=BOX.seal(text.encode(), holder.encode()), kept_at=timezone.now())
    kept = LateForm.objects.filter(holder=holder).order_by("-pk").values_list("pk", flat=True)[:MOST]
    LateForm.objects.filter(holder=holder).exclude(pk__in=list(kept)).delete()
    return True


def _has_secret(names: Iterable[str]) -> bool:
    return not SECRETS.isdisjoint(names)


def _opened(row: LateForm) -> Unsent | None:
    """None when no key opens it any more: an hour is short for a change of key."""
    try:
        found = json.loads(BOX.unseal(row.sealed, row.holder.encode()))
    except SealError:
        return None
    fields = tuple((name, value) for name, value in found.pop("fields"))
    return replace(Unsent(**found, fields=fields), number=row.pk)

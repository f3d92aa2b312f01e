"""/scim/v2: the users of the authority, one by one. The directory closes and opens; what somebody may do comes from its
groups, at the sign-in."""

import json
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from etoile.gru.access.accounts import to_the_letter
from etoile.gru.access.models import Account
from etoile.gru.administration import braked
from etoile.gru.identity import leaving
from etoile.gru.identity.directories import Directory
from etoile.gru.notices import links
from etoile.gru.scim import asked, shown
from etoile.gru.scim.asked import Unreadable, User
from etoile.gru.scim.door import asked_by_directory

# A directory tries again by itself; somebody has to look first.
AGAIN_SECONDS = 600


@asked_by_directory("GET")
def configuration(request: HttpRequest, directory: Directory) -> HttpResponse:
    return shown.answer(shown.configuration(_base(request)))


@asked_by_directory("GET")
def resource_types(request: HttpRequest, directory: Directory) -> HttpResponse:
    return shown.answer(shown.listed([shown.resource_type(_base(request))], 1, 1))


@asked_by_directory("GET")
def schemas(request: HttpRequest, directory: Directory) -> HttpResponse:
    return shown.answer(shown.listed([shown.schema(_base(request))], 1, 1))


@asked_by_directory("GET", "POST")
def users(request: HttpRequest, directory: Directory) -> HttpResponse:
    if request.method == "POST":
        return _arrive(request, directory)
    found = _accounts(request)
    if text := request.GET.get("filter", ""):
        column, value = asked.filtered(text)
        found = to_the_letter(found, value) if column == "email" else found.filter(**{column: value})
    start, count = max(1, _number(request, "startIndex", 1)), _number(request, "count", shown.MOST)
    page = found.order_by("pk")[start - 1 : start - 1 + max(0, min(count, shown.MOST))]
    return shown.answer(shown.listed([shown.user(each, _base(request)) for each in page], found.count(), start))


@asked_by_directory("GET", "PUT", "PATCH", "DELETE")
def user(request: HttpRequest, directory: Directory, pk: int) -> HttpResponse:
    account = _accounts(request).filter(pk=pk).first()
    if account is None:
        return shown.error(404, "No such user.")
    if request.method == "GET":
        return shown.answer(shown.user(account, _base(request)))
    if request.method == "DELETE":
        # Nothing of what an agent did is erased: the account stays, closed.
        return _left(request, directory, account) or HttpResponse(status=204)
    before = shown.as_user(account)
    wanted = asked.patched(before, _body(request)) if request.method == "PATCH" else asked.user(_body(request))
    return _become(request, directory, account, wanted)


def _arrive(request: HttpRequest, directory: Directory) -> HttpResponse:
    wanted = asked.user(_body(request))
    authority = request.authority  # type: ignore[attr-defined]
    account = leaving.arrived(directory, authority, wanted.email, wanted.names, wanted.outside)
    if not wanted.active and (held := _left(request, directory, account)) is not None:
        return held
    answer = shown.answer(shown.user(_accounts(request).get(pk=account.pk), _base(request)), 201)
    answer["Location"] = f"{_base(request)}/Users/{account.pk}"
    return answer


def _become(request: HttpRequest, directory: Directory, account: Account, wanted: User) -> HttpResponse:
    """Leaving comes first: an e-mail that is taken does not keep somebody in."""
    if not wanted.active and (held := _left(request, directory, account)) is not None:
        return held
    if wanted.active and not account.is_active:
        leaving.back(directory, account)
    leaving.described(directory, account, wanted.names, wanted.email, wanted.outside)
    return shown.answer(shown.user(_accounts(request).get(pk=account.pk), _base(request)))


def _left(request: HttpRequest, directory: Directory, account: Account) -> HttpResponse | None:
    """Nothing when the account is closed; else the answer that says why not."""
    with transaction.atomic():
        brake = leaving.left(directory, account)
        if brake.is_new:
            braked.alarm(request.authority)  # type: ignore[attr-defined]
    if not brake.held:
        return None
    answer = shown.error(503, "Too many accounts were closed within the hour: an administrator has to let it go on.")
    answer["Retry-After"] = str(AGAIN_SECONDS)
    return answer


def _accounts(request: HttpRequest) -> QuerySet[Account]:
    authority = request.authority  # type: ignore[attr-defined]
    return Account.objects.filter(authority=authority).select_related("directory", "authority")


def _body(request: HttpRequest) -> Any:
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("invalidSyntax", "the body is not JSON") from error


def _number(request: HttpRequest, name: str, usual: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 8 else usual


def _base(request: HttpRequest) -> str:
    return f"{links.site(request.authority)}/scim/v2"  # type: ignore[attr-defined]

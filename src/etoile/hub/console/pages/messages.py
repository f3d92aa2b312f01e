"""Messages: the list, one of them with its deliveries, and the opening of its content."""

import json
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from etoile.hub.console import queries, tables, words
from etoile.hub.console.access import may_decide, operator_required
from etoile.hub.console.forms import MessageSearch
from etoile.hub.console.journeys import journeys
from etoile.hub.console.paging import keys_of, pages
from etoile.hub.delivery.models import Delivery
from etoile.hub.journal import services as journal
from etoile.hub.journal.models import Message


@operator_required
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    form = MessageSearch(request.GET or None)
    asked = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    unrouted = request.GET.get("state") == "unrouted"
    after, before = keys_of(request)
    page = queries.messages(words=asked, unrouted=unrouted, after=after, before=before)
    context = {
        "form": form,
        "unrouted": unrouted,
        "table": tables.messages_table(page.rows),
        "found": tables.found(len(page.rows), more=bool(page.next_key or page.previous_key)),
        "pages": pages(request, page.next_key, page.previous_key),
    }
    return render(request, "console/messages.html", context)


def message_page(request: HttpRequest, message: Message, content: str = "") -> HttpResponse:
    found = list(Delivery.objects.filter(message_id=message.pk).order_by("id"))
    context = {
        "message": message,
        "page_address": reverse("console:message", args=[message.pk]),
        "kind": words.kind(message.type),
        "reference": queries.reference_of(message),
        "journeys": journeys(found),
        "entries": [] if found else words.journal(queries.entries_of(message.pk, [])),
        "may_decide": may_decide(request),
        "content": content,
    }
    return render(request, "console/message.html", context)


@operator_required
@require_safe
def message_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return message_page(request, get_object_or_404(Message, pk=pk))


@operator_required("operator")
@require_POST
def message_content(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The content holds personal data: opening it is a decision of its own, written in the journal."""
    message = get_object_or_404(Message, pk=pk)
    with connection.cursor() as cursor:
        journal.record(cursor, "message.opened", actor=request.user.email, message_id=message.pk)
    content = json.dumps(json.loads(message.payload), ensure_ascii=False, indent=2)
    return message_page(request, message, content)

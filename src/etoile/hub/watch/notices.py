"""What is to be told, and to whom: rows written in the transaction of what they tell, sent afterwards."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from etoile.contract.wire import format_time
from etoile.hub.watch import words
from etoile.hub.watch.models import Alarm, Channel, Notice


def about(alarm: Alarm, what: str, now: datetime) -> int:
    """Tell every recipient that an alarm `opened`, still stands (`reminder`) or `closed`. Returns how many rows."""
    key = f"alarm-{alarm.pk}-{what}-{int(now.timestamp())}"
    with translation.override(settings.HUB_ALARM_LANGUAGE):
        mail = _mail(alarm, what, now)
        called = _called(alarm, what, now)
    rows = [_row(f"{key}-{rank}", Channel.EMAIL, mail, recipient=each, what=what, now=now, alarm=alarm)
            for rank, each in enumerate(settings.HUB_ALARM_EMAILS)]  # fmt: skip
    if settings.HUB_ALARM_WEBHOOK_URL:
        rows.append(_row(key, Channel.WEBHOOK, called, what=what, now=now, alarm=alarm))
    return _write(rows)


def digest(name: str, content: dict[str, Any], now: datetime) -> int:
    """The daily message to each address, once for each `name`: made again the same day, nothing more leaves."""
    rows = [
        _row(f"digest-{name}-{rank}", Channel.EMAIL, content, recipient=each, what="digest", now=now)
        for rank, each in enumerate(settings.HUB_ALARM_EMAILS)
    ]
    return _write(rows)


def _row(key: str, channel: Channel, content: dict[str, Any], *, now: datetime, **values: Any) -> Notice:
    return Notice(key=key, channel=channel, content=content, created_at=now, due=now, **values)


def _write(rows: list[Notice]) -> int:
    return len(Notice.objects.bulk_create(rows, ignore_conflicts=True))


def _mail(alarm: Alarm, what: str, now: datetime) -> dict[str, Any]:
    said = words.of(alarm, now)
    first = {"opened": _("Alerte"), "reminder": _("Rappel"), "closed": _("Fin d’alerte")}[what]
    began = _("Depuis le %(at)s.") % {"at": words.moment(alarm.first_seen_at)}
    after: list[str] = []
    link = ""
    if what == "closed":
        lines = [
            _("C’est réglé : ce qui suit n’est plus constaté."),
            f"« {alarm.words if settings.HUB_ALARM_LANGUAGE == 'fr' else said.what} »",
            _("Du %(start)s au %(end)s.") % {"start": words.moment(alarm.first_seen_at), "end": words.moment(now)},
        ]
    else:
        todo = _("Que faire : %(todo)s") % {"todo": said.todo}
        rhythm = _("Un seul message par cause ; un rappel par jour au plus ; vous saurez quand ce sera réglé.")
        lines, after, link = [said.what, began, todo], [rhythm], said.link
    why = _("Vous recevez ce message car votre adresse est dans HUB_ALARM_EMAILS, le réglage des alertes du hub.")
    subject = f"[Étoile] {first} : {said.what}"[:200]
    text = "\n\n".join([*lines, *([link] if link else []), *after, "-- \n" + why]) + "\n"
    shown = {"language": settings.HUB_ALARM_LANGUAGE, "heading": first, "subject": subject, "why": why}
    shown |= {"lines": lines, "link": link, "after": after}
    return {"subject": subject, "text": text, "html": render_to_string("watch/mail/alarm.html", shown)}


def _called(alarm: Alarm, what: str, now: datetime) -> dict[str, Any]:
    """The body of the webhook, in the shape Standard Webhooks advises: a type, a time, the data."""
    said = words.of(alarm, now)
    data = {
        "id": alarm.pk,
        "kind": str(alarm.kind),
        "cause": alarm.cause,
        "count": alarm.count,
        "words": said.what,
        "todo": said.todo,
        "link": said.link,
        "first_seen_at": format_time(alarm.first_seen_at),
        "closed_at": format_time(alarm.closed_at) if alarm.closed_at else None,
    }
    event = {"type": f"alarm.{what}", "timestamp": format_time(now), "data": data}
    return {"body": json.dumps(event, ensure_ascii=False)}

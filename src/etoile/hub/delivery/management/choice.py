"""From what was typed to the deliveries meant; a name that does not exist is an error, never "all of them"."""

import getpass
from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from etoile.hub.delivery.engine import Selection
from etoile.hub.delivery.management.arguments import CHOOSING
from etoile.hub.delivery.states import DeliveryState
from etoile.hub.journal.models import Message
from etoile.hub.registry import directory
from etoile.hub.registry.directory import Snapshot, SubscriptionView


def actor() -> str:
    return f"{getpass.getuser()} (command line)"


def registry() -> Snapshot:
    with connection.cursor() as cursor:
        return directory.current(cursor)


def subscription_of(slug: str, snapshot: Snapshot) -> SubscriptionView:
    for view in snapshot.subscriptions.values():
        if view.slug == slug:
            return view
    raise CommandError(f"There is no subscription {slug}.")


def application_of(slug: str, snapshot: Snapshot) -> int:
    if slug not in snapshot.applications:
        raise CommandError(f"There is no application {slug}.")
    return snapshot.applications[slug].id


def selection(given: Mapping[str, Any], snapshot: Snapshot) -> Selection:
    """CommandError when nothing narrows the choice, or a name is not known."""
    if not any(given.get(name) for name in ("ids", *CHOOSING)):
        raise CommandError("Say which deliveries: identifiers, or at least one criterion.")
    return Selection(
        ids=list(given["ids"]),
        message_id=given["message"],
        subscription_id=subscription_of(given["subscription"], snapshot).id if given["subscription"] else None,
        application_id=application_of(given["application"], snapshot) if given["application"] else None,
        states=[DeliveryState(each) for each in given["state"] or ()],
        subject=_subject(given["case"]) if given["case"] else None,
        since=given["since"],
        until=given["until"],
        words=given["words"],
    )


def _subject(reference: str) -> str:
    subjects = list(Message.objects.filter(reference=reference).values_list("subject", flat=True).distinct()[:2])
    if len(subjects) != 1:
        found = "several cases" if subjects else "no case"
        raise CommandError(f"The hub knows {found} of reference {reference}.")
    return str(subjects[0])

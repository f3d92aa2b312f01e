from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from etoile.hub.delivery import circuits
from etoile.hub.delivery.management import arguments
from etoile.hub.delivery.management.choice import actor, registry, subscription_of
from etoile.hub.delivery.reasons import ReasonMissingError
from etoile.hub.journal.management.said import as_json, as_table, leave


class Command(BaseCommand):
    help = (
        "The subscriptions paused because their application does not answer, or refuses us; or go on with one of them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        arguments.guarding(parser)

    def handle(self, *args: Any, verb: str, subscription: str | None, reason: str | None, json: bool, **_: Any) -> None:
        if verb == "close":
            self._close(subscription, reason)
            return
        names = registry().subscriptions
        with connection.cursor() as cursor:
            opened = circuits.all(cursor)
        lines = [
            {"subscription": names[id].slug if id in names else f"#{id}", "state": each.state, "reason": each.reason,
             "since": each.since, "next probe": each.next_probe, "words": each.words}
            for id, each in sorted(opened.items())
        ]  # fmt: skip
        if json:
            as_json(self.stdout, lines)
        else:
            as_table(self.stdout, lines)

    def _close(self, subscription: str | None, reason: str | None) -> None:
        if not subscription:
            raise CommandError("Say which subscription.")
        view = subscription_of(subscription, registry())
        try:
            closed = circuits.close(view.id, actor=actor(), reason=reason or "")
        except ReasonMissingError as error:
            raise CommandError("A reason in words is needed.") from error
        self.stdout.write(f"{subscription}: {'what waits leaves now' if closed else 'it was not paused'}.")
        if not closed:
            leave()

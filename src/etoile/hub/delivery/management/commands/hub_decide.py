from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from etoile.hub.delivery import engine, services
from etoile.hub.delivery.management import arguments
from etoile.hub.delivery.management.choice import actor, registry, selection
from etoile.hub.delivery.states import CANCELLABLE, REPLAYABLE
from etoile.hub.journal.management.said import as_json, leave

VERBS = {"replay": (services.replay, REPLAYABLE), "cancel": (services.cancel, CANCELLABLE)}
DONE = {"replay": "sent again", "cancel": "cancelled"}


class Command(BaseCommand):
    help = "Send deliveries again, or close them without delivering. Status 1 when none of them could be."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=sorted(VERBS))
        arguments.deciding(parser)

    def handle(self, *args: Any, verb: str, reason: str, dry_run: bool, json: bool, **options: Any) -> None:
        chosen = selection(options, registry())
        decide, states = VERBS[verb]
        if dry_run:
            with connection.cursor() as cursor:
                number = engine.span(cursor, chosen, states).number
        else:
            try:
                number = decide(chosen, actor=actor(), reason=reason, progress=self._progress)
            except services.ReasonMissingError as error:
                raise CommandError("A reason in words is needed.") from error
        if json:
            as_json(self.stdout, {"verb": verb, "deliveries": number, "done": not dry_run})
        else:
            self.stdout.write(f"{number} deliveries {'would be ' if dry_run else ''}{DONE[verb]}.")
        if not number:
            leave()

    def _progress(self, done: int, number: int) -> None:
        if number > services.CHUNK:
            self.stderr.write(f"{done} of {number}")

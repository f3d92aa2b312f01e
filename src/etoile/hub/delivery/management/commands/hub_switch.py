from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from etoile.hub.delivery import services
from etoile.hub.delivery.management import arguments
from etoile.hub.delivery.management.choice import actor, registry, subscription_of
from etoile.hub.journal.management.said import as_json


class Command(BaseCommand):
    help = "Switch a subscription off, and hold what waits for it; or on again, and let it go."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=("hold", "release"))
        arguments.switching(parser)

    def handle(self, *args: Any, verb: str, subscription: str, reason: str, json: bool, **options: Any) -> None:
        found = subscription_of(subscription, registry())
        try:
            number = services.switch(found.id, active=verb == "release", actor=actor(), reason=reason)
        except services.ReasonMissingError as error:
            raise CommandError("A reason in words is needed.") from error
        if json:
            as_json(self.stdout, {"verb": verb, "subscription": subscription, "deliveries": number})
            return
        state = "off" if verb == "hold" else "on"
        self.stdout.write(f"{subscription} is {state}; {number} deliveries {'held' if verb == 'hold' else 'released'}.")

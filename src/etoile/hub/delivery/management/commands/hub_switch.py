from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from etoile.hub.delivery import services
from etoile.hub.delivery.management import arguments
from etoile.hub.delivery.management.choice import actor, registry, subscription_of
from etoile.hub.journal.management.said import as_json
from etoile.hub.registry.models import Subscription
from etoile.hub.registry.services import switch


class Command(BaseCommand):
    help = "Switch a subscription off, and hold what waits for it; or on again, and let it go."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=("hold", "release"))
        arguments.switching(parser)

    def handle(self, *args: Any, verb: str, subscription: str, reason: str, json: bool, **options: Any) -> None:
        if not reason.strip():
            raise CommandError("A reason in words is needed.")
        found = Subscription.objects.get(pk=subscription_of(subscription, registry()).id)
        move = services.hold_subscription if verb == "hold" else services.release_subscription
        # Switched without being held, or the other way round, would be seen by the workers for half a minute.
        with transaction.atomic():
            switch(found, active=verb == "release", actor=actor())
            number = move(found.pk, actor=actor(), reason=reason)
        if json:
            as_json(self.stdout, {"verb": verb, "subscription": subscription, "deliveries": number})
            return
        state = "off" if verb == "hold" else "on"
        self.stdout.write(f"{subscription} is {state}; {number} deliveries {'held' if verb == 'hold' else 'released'}.")

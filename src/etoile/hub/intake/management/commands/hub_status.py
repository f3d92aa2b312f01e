from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from etoile.hub.delivery import engine
from etoile.hub.journal.models import Message, MessageState
from etoile.hub.registry import directory


class Command(BaseCommand):
    help = "What the hub knows and what it still has to deliver."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            snapshot = directory.current(cursor)
            stats = engine.stats(cursor)
        unrouted = Message.objects.filter(state=MessageState.UNROUTED).count()
        self.stdout.write(f"{len(snapshot.applications)} applications, {len(snapshot.subscriptions)} subscriptions.")
        self.stdout.write(f"{unrouted} messages without a receiver.")
        for each in stats:
            subscription = snapshot.subscription(each.subscription_id)
            counts = ", ".join(f"{count} {state}" for state, count in sorted(each.by_state.items()))
            self.stdout.write(f"{subscription.slug}: {counts}; the oldest since {each.oldest:%Y-%m-%d %H:%M} UTC.")

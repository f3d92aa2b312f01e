import asyncio
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from nats.errors import Error

from etoile.hub.delivery import engine
from etoile.hub.delivery.engine.nats import NatsEngine, broker, offers
from etoile.hub.journal.management.said import as_json


class Command(BaseCommand):
    help = "Which engine brings deliveries to the workers, and how its servers stand. Fails if they cannot be reached."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, json: bool = False, **options: Any) -> None:
        found = _look()
        if json:
            as_json(self.stdout, found)
        elif found["engine"] == "postgres":
            self.stdout.write("PostgreSQL brings deliveries to the workers.")
        elif found["stream"] is None:
            self.stdout.write(f"NATS answers at {found['servers']}; no worker has offered anything yet.")
        else:
            self.stdout.write(
                f"NATS {found['version']} answers at {found['server']}; {found['waiting']} offers wait there"
                f" ({found['replicas']} copies of each), {found['outstanding']} deliveries are offered and due."
            )


def _look() -> dict[str, Any]:
    chosen = engine.ENGINE
    if not isinstance(chosen, NatsEngine):
        return {"engine": "postgres"}
    servers = ", ".join(chosen.address.urls)
    try:
        standing = asyncio.run(broker.look(chosen.address))
    except (OSError, Error, TimeoutError) as problem:
        raise CommandError(
            f"NATS cannot be reached at {servers} ({type(problem).__name__}). Events are accepted, and deliveries wait."
            " Start the servers, mend HUB_NATS_URL, or set HUB_ENGINE=postgres and restart the workers."
        ) from problem
    with connection.cursor() as cursor:
        outstanding = offers.outstanding(cursor)
    known = asdict(standing) if standing else {}
    return {
        "engine": "nats",
        "servers": servers,
        "stream": chosen.address.stream if standing else None,
        "outstanding": outstanding,
        **known,
    }

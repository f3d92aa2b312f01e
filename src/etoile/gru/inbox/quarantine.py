"""The inbox as `cases.quarantine` asks for it."""

from etoile.gru.cases.quarantine import Held, NotHeld
from etoile.gru.inbox import queries, services
from etoile.gru.inbox.models import State


class InboxQuarantine:
    def held(self, siret: str) -> list[Held]:
        return [
            Held(row.pk, row.type, row.source, row.received_at, row.why) for row in queries.quarantined(siret)[:100]
        ]

    def count(self, siret: str) -> int:
        return queries.quarantined(siret).count()

    def retry(self, siret: str, identifier: int) -> bool:
        self._check(siret, identifier)
        try:
            return services.retry(identifier) != State.QUARANTINED
        except services.NotInQuarantine as gone:
            raise NotHeld from gone

    def dismiss(self, siret: str, identifier: int, *, reason: str) -> None:
        self._check(siret, identifier)
        try:
            services.dismiss(identifier, reason=reason)
        except services.NotInQuarantine as gone:
            raise NotHeld from gone

    def _check(self, siret: str, identifier: int) -> None:
        if not queries.quarantined(siret).filter(pk=identifier).exists():
            raise NotHeld

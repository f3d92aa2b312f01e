"""What a connector is called with: its configuration, validated once, and the doors of this process."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError

from etoile.contract.envelope import Event
from etoile.hub.registry.directory import SubscriptionView
from etoile.sdk import Connector, Context, Door, MailDoor


class NotConfigured(Exception):
    """The subscription cannot be delivered as it is. `message` is French; `detail` names the fields."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Calls:
    """The installed connectors and the doors they are given."""

    connectors: Mapping[str, Connector]
    http: Door
    mail: MailDoor
    _configurations: dict[int, tuple[SubscriptionView, Any]]

    @classmethod
    def make(cls, connectors: Mapping[str, Connector], http: Door, mail: MailDoor) -> "Calls":
        return cls(connectors, http, mail, {})

    def connector(self, subscription: SubscriptionView) -> Connector:
        """Raises NotConfigured for one that is not installed."""
        found = self.connectors.get(subscription.connector)
        if found is None:
            raise NotConfigured(f"Le connecteur « {subscription.connector} » n'est pas installé.")
        return found

    def context(
        self,
        subscription: SubscriptionView,
        *,
        key: UUID | str,
        attempt: int,
        event: Event | None = None,
        timeout: float | None = None,
    ) -> Context:
        """Raises NotConfigured when the configuration is not what the connector asks for."""
        return Context(
            configuration=self._configuration(subscription),
            secrets=subscription.secrets,
            http=self.http,
            mail=self.mail,
            idempotency_key=str(key),
            attempt=attempt,
            deadline=time.monotonic() + (timeout or subscription.policy.timeout),
            application=subscription.application.slug,
            subscription=subscription.slug,
            event=event,
            mapping=subscription.mapping,
        )

    def _configuration(self, subscription: SubscriptionView) -> BaseModel:
        known = self._configurations.get(subscription.id)
        if known is not None and known[0] is subscription:
            validated: BaseModel = known[1]
            return validated
        try:
            validated = self.connector(subscription).configured(subscription.configuration, self.http.folders)
        except ValidationError as error:
            fields = ", ".join(
                ".".join(str(part) for part in each["loc"]) or "configuration" for each in error.errors()
            )
            raise NotConfigured("La configuration de l'abonnement n'est pas valable.", fields) from None
        self._configurations[subscription.id] = (subscription, validated)
        return validated

"""Django application of the inbox."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "etoile.gru.inbox"
    label = "inbox"
    verbose_name = "Boîte de réception du concentrateur"

    def ready(self) -> None:
        from etoile.gru.archive import erasure
        from etoile.gru.cases import quarantine
        from etoile.gru.inbox.models import IncomingEvent
        from etoile.gru.inbox.quarantine import InboxQuarantine
        from etoile.gru.inbox.services import forget_case

        quarantine.register(InboxQuarantine())
        erasure.register(IncomingEvent, forget_case)

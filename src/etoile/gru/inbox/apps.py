"""Django application of the inbox."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "etoile.gru.inbox"
    label = "inbox"
    verbose_name = "Boîte de réception du concentrateur"

    def ready(self) -> None:
        from etoile.gru.cases import quarantine
        from etoile.gru.inbox.quarantine import InboxQuarantine

        quarantine.register(InboxQuarantine())

"""Django application of the outbox."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "etoile.gru.outbox"
    label = "outbox"
    verbose_name = "Boîte d'envoi vers le concentrateur"

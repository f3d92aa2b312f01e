"""Django application of the API."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "etoile.gru.api"
    label = "api"
    verbose_name = "Interface de programmation"

    def ready(self) -> None:
        """That a case is gone stays said: the trigger of its removal writes it."""
        from etoile.gru.api.models import Change
        from etoile.gru.archive import erasure

        erasure.keep(Change)

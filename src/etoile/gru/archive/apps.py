"""Django application of the archives."""

from django.apps import AppConfig


class ArchiveConfig(AppConfig):
    name = "etoile.gru.archive"
    label = "archive"
    verbose_name = "Archives"

    def ready(self) -> None:
        """Tell the cases which of them are set apart: the room below may not know ours."""
        from etoile.gru.archive.queries import is_set_apart
        from etoile.gru.cases.apart import register

        register(is_set_apart)

"""Django application of the filling."""

from django.apps import AppConfig


class FillingConfig(AppConfig):
    name = "etoile.gru.filling"

    def ready(self) -> None:
        """Give the notices the address that takes a draft up: the room below may not know ours."""
        from etoile.gru.filling.links import resuming_address
        from etoile.gru.filling.sealed import HOLDER
        from etoile.gru.notices.links import register_own
        from etoile.gru.sealing import holders

        register_own("draft_link", resuming_address)
        holders.declare(HOLDER)

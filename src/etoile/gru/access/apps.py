from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "etoile.gru.access"

    def ready(self) -> None:
        """What Django tells of a wrong password is written down."""
        from etoile.gru.access import failed

        failed.watch()

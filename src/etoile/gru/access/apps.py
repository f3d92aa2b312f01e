from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "etoile.gru.access"

    def ready(self) -> None:
        """What Django tells of a wrong password is written down; what is sealed here is said."""
        from etoile.gru.access import factors, failed
        from etoile.gru.sealing import holders

        failed.watch()
        holders.declare(factors.HOLDER)

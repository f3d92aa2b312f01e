from django.apps import AppConfig


class RequalificationConfig(AppConfig):
    name = "etoile.gru.requalification"
    label = "requalification"

    def ready(self) -> None:
        """Say what is sealed here."""
        from etoile.gru.requalification.sealed import HOLDER
        from etoile.gru.sealing import holders

        holders.declare(HOLDER)

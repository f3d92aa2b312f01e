from django.apps import AppConfig


class CorrectionsConfig(AppConfig):
    name = "etoile.gru.corrections"
    label = "corrections"
    verbose_name = "Corrections"

    def ready(self) -> None:
        """Say what is sealed here."""
        from etoile.gru.corrections.sealed import HOLDER
        from etoile.gru.sealing import holders

        holders.declare(HOLDER)

from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "etoile.gru.recognition"
    label = "recognition"

    def ready(self) -> None:
        """Say what an account has here, and what is sealed."""
        from etoile.gru.accounts import belongings
        from etoile.gru.recognition.belonging import Civil
        from etoile.gru.recognition.sealing import HOLDER
        from etoile.gru.sealing import holders

        belongings.register(Civil())
        holders.declare(HOLDER)

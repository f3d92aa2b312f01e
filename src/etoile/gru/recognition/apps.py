from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "etoile.gru.recognition"
    label = "recognition"

    def ready(self) -> None:
        from etoile.gru.accounts import belongings
        from etoile.gru.recognition.belonging import Civil

        belongings.register(Civil())

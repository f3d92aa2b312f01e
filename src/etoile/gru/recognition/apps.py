from django.apps import AppConfig


class RecognitionConfig(AppConfig):
    name = "etoile.gru.recognition"
    label = "recognition"

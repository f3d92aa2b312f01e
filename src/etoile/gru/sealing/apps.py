from django.apps import AppConfig


class SealingConfig(AppConfig):
    name = "etoile.gru.sealing"
    label = "sealing"

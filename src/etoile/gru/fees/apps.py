from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "etoile.gru.fees"
    label = "fees"

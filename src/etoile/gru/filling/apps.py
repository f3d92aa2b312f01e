from django.apps import AppConfig


class FillingConfig(AppConfig):
    name = "etoile.gru.filling"

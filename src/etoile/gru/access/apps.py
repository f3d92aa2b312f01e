from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "etoile.gru.access"

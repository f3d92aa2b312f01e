from django.apps import AppConfig


class LookupsConfig(AppConfig):
    name = "etoile.hub.lookups"
    label = "lookups"

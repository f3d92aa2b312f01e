from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "etoile.hub.console"
    label = "console"

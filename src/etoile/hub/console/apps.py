from django.apps import AppConfig
from django.core.checks import register

from etoile.hub.console.declaration import check


class ConsoleConfig(AppConfig):
    name = "etoile.hub.console"
    label = "console"

    def ready(self) -> None:
        register(check)

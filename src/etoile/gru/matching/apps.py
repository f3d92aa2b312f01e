from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "etoile.gru.matching"
    label = "matching"

    def ready(self) -> None:
        from etoile.gru.matching import declarations

        declarations.declare()

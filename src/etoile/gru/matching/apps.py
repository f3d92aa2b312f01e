from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "etoile.gru.matching"
    label = "matching"

    def ready(self) -> None:
        from etoile.gru.contracts.noted import register_former
        from etoile.gru.matching import declarations, letters
        from etoile.gru.matching.places import former

        declarations.declare()
        letters.register()
        register_former(former)

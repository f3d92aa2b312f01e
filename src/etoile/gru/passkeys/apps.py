from django.apps import AppConfig


class PasskeysConfig(AppConfig):
    name = "etoile.gru.passkeys"
    label = "passkeys"

    def ready(self) -> None:
        from etoile.gru.access import factors
        from etoile.gru.passkeys.services import forget_agent

        factors.forgotten_together(forget_agent)

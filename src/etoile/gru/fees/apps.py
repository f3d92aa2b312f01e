from django.apps import AppConfig


class FeesConfig(AppConfig):
    name = "etoile.gru.fees"
    label = "fees"

    def ready(self) -> None:
        """Say which cases wait for a payment."""
        from etoile.gru.cases import waits
        from etoile.gru.cases.states import Substate
        from etoile.gru.fees.queries import is_due

        waits.register(Substate.PAYMENT_DUE, is_due)

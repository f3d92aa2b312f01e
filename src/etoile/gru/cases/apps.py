"""Django application of the cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "etoile.gru.cases"
    label = "cases"
    verbose_name = "Demandes"

    def ready(self) -> None:
        """Give the notices the address of a case, and who is told when one comes back, and the contracts where people
        are known, and say what is sealed: the rooms below may not know ours."""
        from etoile.gru.cases.links import tracking_address
        from etoile.gru.cases.places import places
        from etoile.gru.cases.sealed import HOLDER
        from etoile.gru.cases.unreached import tell
        from etoile.gru.contracts.noted import register as known_by
        from etoile.gru.notices.bounces.services import register as returned
        from etoile.gru.notices.links import register
        from etoile.gru.sealing import holders

        register(tracking_address)
        returned(tell)
        known_by(places)
        holders.declare(HOLDER)

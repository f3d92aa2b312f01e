from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "etoile.gru.documents"

    def ready(self) -> None:
        """The outbox knows the contract, this room does not: it checks the signatures of the hub for us."""
        from etoile.gru.documents.access import register_verifier
        from etoile.gru.outbox.signatures import signed_by_hub

        register_verifier(signed_by_hub)

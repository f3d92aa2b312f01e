from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "etoile.gru.backoffice"
    label = "backoffice"

    def ready(self) -> None:
        """Tell the works on many cases how the address of a list is read: the room below does not know our pages."""
        from etoile.gru.backoffice.asked_list import selection
        from etoile.gru.batches.selection import register

        register(selection)

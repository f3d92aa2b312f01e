"""Django application of the rights of people over their data."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "etoile.gru.rights"
    label = "rights"

    def ready(self) -> None:
        """Tell the cases which of them are frozen: the room below may not know ours."""
        from etoile.gru.cases import apart
        from etoile.gru.rights.freezes import is_frozen

        apart.register("rights", is_frozen, from_person=False, from_archives=True)

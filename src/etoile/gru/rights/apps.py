"""Django application of the rights of people over their data."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RightsConfig(AppConfig):
    name = "etoile.gru.rights"
    label = "rights"

    def ready(self) -> None:
        """Tell the cases which of them are frozen, and the space of a person our tab: the rooms below may not know
        ours."""
        from etoile.gru.cases import apart
        from etoile.gru.portal.space import frame
        from etoile.gru.rights.freezes import is_frozen

        apart.register("rights", is_frozen, from_person=False, from_archives=True, events_wait=True)
        frame.register(frame.Tab("rights:space", _("Mes données")))

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "etoile.gru.portal"
    label = "portal"
    verbose_name = "Portail des usagers"

    def ready(self) -> None:
        """Give the notices the address of the page of wishes: the room below may not know ours."""
        from etoile.gru.notices.links import register_wishes
        from etoile.gru.portal.links import wishes_address

        register_wishes(wishes_address)

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "etoile.hub.routing"
    label = "routing"

    def ready(self) -> None:
        from etoile.hub.delivery import publication
        from etoile.hub.routing.services import accept_many

        publication.register(accept_many)

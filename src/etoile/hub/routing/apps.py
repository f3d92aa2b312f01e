from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "etoile.hub.routing"
    label = "routing"

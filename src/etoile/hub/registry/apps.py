from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "etoile.hub.registry"
    label = "registry"

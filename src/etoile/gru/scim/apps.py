from django.apps import AppConfig


class ScimConfig(AppConfig):
    name = "etoile.gru.scim"
    label = "scim"

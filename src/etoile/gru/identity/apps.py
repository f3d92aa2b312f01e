from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "etoile.gru.identity"
    label = "identity"

from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "etoile.gru.backoffice"
    label = "backoffice"

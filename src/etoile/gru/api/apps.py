"""Django application of the API."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "etoile.gru.api"
    label = "api"
    verbose_name = "Interface de programmation"

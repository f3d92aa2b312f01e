"""Django application of the service contracts."""

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "etoile.gru.contracts"
    label = "contracts"
    verbose_name = "Contrats de service"

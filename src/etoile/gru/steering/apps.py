"""Django application of the figures."""

from django.apps import AppConfig


class SteeringConfig(AppConfig):
    name = "etoile.gru.steering"
    label = "steering"
    verbose_name = "Pilotage"

"""Django application of the notices."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "etoile.gru.notices"
    label = "notices"
    verbose_name = "Avis aux usagers"

"""Django application of the batches."""

from django.apps import AppConfig


class BatchesConfig(AppConfig):
    name = "etoile.gru.batches"
    label = "batches"
    verbose_name = "Actions groupées"

from django.apps import AppConfig


class CorrectionsConfig(AppConfig):
    name = "etoile.gru.corrections"
    label = "corrections"
    verbose_name = "Corrections"

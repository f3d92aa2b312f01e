from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "etoile.hub.intake"
    label = "intake"

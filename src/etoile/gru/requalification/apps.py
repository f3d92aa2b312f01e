from django.apps import AppConfig


class RequalificationConfig(AppConfig):
    name = "etoile.gru.requalification"
    label = "requalification"

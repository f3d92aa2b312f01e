from django.apps import AppConfig


class DesignerConfig(AppConfig):
    name = "etoile.gru.designer"
    label = "designer"

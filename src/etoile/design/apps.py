from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "etoile.design"
    label = "design"
    verbose_name = "Charte et composants"

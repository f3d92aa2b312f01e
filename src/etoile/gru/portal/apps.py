from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "etoile.gru.portal"
    label = "portal"
    verbose_name = "Portail des usagers"

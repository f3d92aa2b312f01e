from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "etoile.gru.desk"
    label = "desk"

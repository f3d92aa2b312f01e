from django.apps import AppConfig


class TablesConfig(AppConfig):
    name = "etoile.gru.forms.tables"
    label = "tables"

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "etoile.gru.papers"
    label = "papers"

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "etoile.hub.journal"
    label = "journal"

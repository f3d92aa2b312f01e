from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "etoile.hub.watch"
    label = "watch"
